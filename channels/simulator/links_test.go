package simulator

import "testing"

func TestLinksThatCanBePressed(t *testing.T) {
	line := Line{Text: "您是想问？\n<a href=\"weixin://bizmsgmenu?msgmenucontent=查 %26 改&msgmenuid=article:1\">查 & 改</a>\n<a href=\"weixin://bizmsgmenu?msgmenucontent=人工&msgmenuid=\">人工</a>"}.withLinks()
	if line.Text != "您是想问？" || len(line.Choices) != 1 || line.Choices[0] != (Choice{Kind: "click", ID: "article:1", Text: "查 & 改"}) {
		t.Errorf("%+v", line)
	}
	plain := Line{Text: `见 <a href="https://x.example">价目</a>`}
	if got := plain.withLinks(); got.Text != plain.Text || got.Choices != nil {
		t.Errorf("%+v", got)
	}
}
