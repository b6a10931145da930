package help

import (
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/knowledge"
)

func TestSpellings(t *testing.T) {
	for word, want := range map[string]string{"fapiao": "fa+ piao+", "fapi": "fa+ pi", "fp": "f p", "kaifp": "kai+ f p", "zhsh": "zh sh", "guojim": "guo+ ji+ m"} {
		var all []string
		for _, way := range spellings(word) {
			var list []string
			for _, u := range way {
				list = append(list, u.text+map[bool]string{true: "+"}[u.whole])
			}
			all = append(all, strings.Join(list, " "))
		}
		if !slices.Contains(all, want) {
			t.Errorf("%q is read %q, want %q", word, all, want)
		}
	}
	for _, word := range []string{"", "x", "iu", strings.Repeat("a", 40)} {
		if ways := spellings(word); ways != nil {
			t.Errorf("%q is read %v", word, ways)
		}
	}
}

func TestDull(t *testing.T) {
	for syllable, want := range map[string]string{"zhang": "zan", "zan": "zan", "ming": "min", "shi": "si", "hong": "hong", "a": "a", "ge": "ge", "weng": "wen"} {
		if got := dull(syllable); got != want {
			t.Errorf("%s sounds like %s, want %s", syllable, got, want)
		}
	}
}

// Walking the list finds what comparing with each word finds.
func TestNearIsExhaustive(t *testing.T) {
	var l lexicon
	for _, w := range strings.Fields("invoice invoices invert invite indoor network networks notwork router routers route roaming roam refund refunds fund broadband broad broadcast") {
		l = l.insert(w)
	}
	for _, typed := range []string{"invoce", "invioce", "rotuer", "netwrok", "brodband", "refnud", "xxxxxx", "rout", "broadbandd", "inv", "roamng"} {
		for _, unfinished := range []bool{false, true} {
			var got, want []string
			l.near(typed, unfinished, func(w string, _ int) { got = append(got, w) })
			for _, w := range l {
				lexicon{w}.near(typed, unfinished, func(w string, _ int) { want = append(want, w) })
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q (%v): %q, one by one %q", typed, unfinished, got, want)
			}
		}
	}
}

func TestMark(t *testing.T) {
	for _, c := range []struct{ typed, text, want string }{
		{"发票", "怎么开电子发票？", "怎么开电子[发票]？"}, {"fapiao", "发票", "[发票]"}, {"fp", "开发票", "开[发票]"}, {"發漂", "发票", "[发票]"}, {"los", "LOS 灯", "[LOS] 灯"},
		{"invoce", "An invoice.", "An [invoice]."}, {"票", "发票 票", "发[票] [票]"}, {"", "发票", "发票"}, {"x<y", "a <x> b", "a <[x]> b"}, {"电票", "电子发票", "电子发票"},
	} {
		var b strings.Builder
		for _, p := range newMarker(c.typed).mark(c.text) {
			if p.Mark {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		if b.String() != c.want {
			t.Errorf("%q in %q: %s, want %s", c.typed, c.text, b.String(), c.want)
		}
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{"怎么开发票？": "zen-me-kai-fa-piao", "How do I get an invoice?": "how-do-i-get-an-invoice", "Don't": "dont", "？？": "", "光猫的 LOS 灯": "guang-mao-de-los-deng",
		"發票": "fa-piao", "../../etc": "etc"} {
		if got := slugOf(title); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
	if got := slugOf(strings.Repeat("长", 100)); len(got) == 0 || len(got) > maxSlug {
		t.Errorf("a long title is %q", got)
	}
}

func TestSummariesHaveNoDashes(t *testing.T) {
	if got := oneLine(unlisted("有三种：\n- 短信；\n  - 电话 1055-1；\n减 - 不是列表")); got != "有三种： 短信； 电话 1055-1； 减 - 不是列表" {
		t.Error(got)
	}
}

func TestPresent(t *testing.T) {
	shown, contents := present("<h1>One &amp; first</h1><p>"+strings.Repeat("长", 1300)+"</p><h3>Two</h3><h2>Three</h2>", nil)
	if len(contents) != 3 || contents[0] != (heading{"s1", "One & first", false}) || !contents[1].Deep || contents[2].Deep {
		t.Errorf("contents: %+v", contents)
	}
	if !strings.HasPrefix(shown, `<h2 id="s1">One &amp; first</h2>`) || !strings.Contains(shown, `<h3 id="s2">Two</h3>`) {
		t.Errorf("shown: %.120s", shown)
	}
	key := strings.Repeat("A", 26)
	shown, contents = present(`<h2>a</h2><p><img src="/x.png" alt="&lt;x&gt;"></p><p><img src="/files/`+key+`/y.png"></p><table><tr><td>1</td></tr></table>`, map[string][2]int{key: {640, 480}})
	if contents != nil {
		t.Error("a short article has a list of contents")
	}
	for _, want := range []string{`loading="lazy"`, `alt="&lt;x&gt;" loading`, `y.png" width="640" height="480" loading`, `<div class="wide" tabindex="0"><table>`, `</table></div>`} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %s in %s", want, shown)
		}
	}
}

func FuzzFind(f *testing.F) {
	x := library("怎么开话费电子发票？", "How do I get an invoice?", "宽带网速很慢怎么办？", "重置密码")
	for _, s := range []string{"发票", "fp", "a b c d e f g h i j", "发fp票", "\xff\x00", "zzhsh", "'''", "１２３", "invo ice"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, one := range x.find(typed, time.Time{}, 5) {
			text := ""
			for _, p := range newMarker(typed).mark(one.title) {
				text += p.Text
			}
			if text != one.title {
				t.Fatalf("%q: marking changes %q to %q", typed, one.title, text)
			}
		}
	})
}

func TestTheme(t *testing.T) {
	for _, text := range []string{"#3b5bdb", "#ffee00", "#000000", "#ffffff", "#0b7a6f", "#808080", "#ff0000"} {
		c, ok := parseColour(text)
		if !ok || c.String() != text {
			t.Errorf("%s is read as %s", text, c)
		}
		for ground, goal := range map[colour]colour{white(): black(), night(): white()} {
			if got := contrast(towards(c, goal, ground), ground); got < readable {
				t.Errorf("%s as text on %s has a contrast of %.1f", text, ground, got)
			}
		}
		if strings.Count(theme(text), "--accent:") != 2 {
			t.Errorf("theme of %s: %s", text, theme(text))
		}
	}
	for _, wrong := range []string{"", "red", "#12345", "#12345g", "#1234567"} {
		if _, ok := parseColour(wrong); ok {
			t.Errorf("%q is a colour", wrong)
		}
	}
	if on, text := Legible("red"); on+text != 0 {
		t.Error("no colour is legible")
	}
}

func TestCleanSettings(t *testing.T) {
	good := Settings{BaseURL: " https://Help.Example.com/ ", Name: map[string]string{"zh": " 帮助  中心 ", "en": ""}, Links: []Link{{}, {Text: map[string]string{"en": "Home"}, URL: "/"}, {Text: map[string]string{"zh": "电话"}, URL: "tel:1055"}}}
	s, err := good.Clean()
	if err != nil || s.BaseURL != "https://help.example.com" || s.Name["zh"] != "帮助 中心" || len(s.Name) != 1 || len(s.Links) != 2 || s.Colour != DefaultColour {
		t.Errorf("clean: %+v, %v", s, err)
	}
	for field, wrong := range map[string]Settings{
		"base_url": {BaseURL: "javascript:alert(1)"}, "colour": {Colour: "#fff"}, "name": {Name: map[string]string{"zh": strings.Repeat("长", 41)}}, "intro": {Intro: map[string]string{"xx": "a"}},
		"logo": {Logo: "https://x.example/logo.png"}, "links": {Links: []Link{{Text: map[string]string{"en": "x"}, URL: "//evil.example"}}},
	} {
		_, err := wrong.Clean()
		if invalid, ok := err.(*knowledge.Invalid); !ok || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, address := range []string{"https://user@x.example", "https://x.example/a", "https://x.example?a", "ftp://x.example", "x.example"} {
		if _, err := cleanBase(address); err == nil {
			t.Errorf("%s is an address", address)
		}
	}
}

func TestRobotsAreKnown(t *testing.T) {
	for agent, want := range map[string]bool{"Mozilla/5.0 (X11)": false, "Googlebot/2.1": true, "Baiduspider": true, "": true} {
		if isRobot(agent) != want {
			t.Errorf("%q: %v", agent, !want)
		}
	}
}
