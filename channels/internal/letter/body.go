package letter

import (
	"html"
	"strings"
)

// body is a letter that is being written, paragraph by paragraph.
type body struct {
	text, rich []string
	below      Body // the history
}

func (b *body) add(text, rich string) {
	if text = strings.TrimSpace(text); text != "" {
		b.text, b.rich = append(b.text, text), append(b.rich, rich)
	}
}

// line adds words as a paragraph.
func (b *body) line(words string) {
	words = strings.TrimSpace(strings.ReplaceAll(words, "\r\n", "\n"))
	b.add(words, "<p>"+breaks(words)+"</p>")
}

// note adds words that are beside the matter.
func (b *body) note(words string) {
	b.add(words, `<p style="color:#5b6472;font-size:13px">`+breaks(words)+"</p>")
}

func breaks(text string) string {
	return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\n")
}

func (b *body) finish() Body {
	rich := `<div style="font:15px/1.7 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;max-width:680px">` + "\n" + strings.Join(b.rich, "\n") + "\n</div>"
	text := strings.Join(b.text, "\n\n")
	if b.below.Text != "" {
		text, rich = text+"\n\n"+b.below.Text, rich+"\n<br>\n"+b.below.HTML
	}
	return Body{Text: text + "\n", HTML: rich}
}
