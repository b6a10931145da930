package channels

import (
	"strings"
	"testing"
)

func TestRenderMarkdown(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"words", "你好", "<p>你好</p>"},
		{"emphasis", "**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>"},
		{"list", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"},
		{"numbers", "3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>"},
		{"link", "[a](https://x.example)", `<p><a href="https://x.example" rel="nofollow noreferrer noopener" target="_blank">a</a></p>`},
		{"own link", "[a](/help)", `<p><a href="/help" rel="nofollow noreferrer">a</a></p>`},
		{"bare link", "see https://x.example.", `<p>see <a href="https://x.example" rel="nofollow noreferrer noopener" target="_blank">https://x.example</a>.</p>`},
		{"script", "<script>alert(1)</script>", ""},
		{"script in a link", "[a](javascript:alert(1))", "<p>a</p>"},
		{"data in a link", "[a](data:text/html,x)", "<p>a</p>"},
		{"handler", `<img src=x onerror=alert(1)>a`, "<p>a</p>"},
		{"frame", "<iframe src=https://x.example></iframe>", ""},
	} {
		if got := RenderMarkdown(c.text); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestSanitizeHTML(t *testing.T) {
	got := SanitizeHTML(`<p style="position:fixed" onclick="x()">a<style>b</style><form><input></form><svg><script>c</script></svg></p>`)
	if got != "<p>a</p>" {
		t.Error(got)
	}
}

func TestPlainText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"words", "你好", "你好"},
		{"emphasis", "# Title\n\n**a** & *b*", "Title\n\na & b"},
		{"list", "Do:\n\n- a\n- b", "Do:\n\n- a\n- b"},
		{"steps", "Do:\n\n1. a\n2. b\n\nor\n\n- c", "Do:\n\n1. a\n2. b\n\nor\n\n- c"},
		{"steps from another number", "3. a\n4. b", "3. a\n4. b"},
		{"steps apart", "1. a\n\n2. b", "1. a\n\n2. b"},
		{"a list in a step", "1. a\n   - x\n   - y\n2. b", "1. a\n\n- x\n- y\n\n2. b"},
		{"no list", "1 <ol> 2 <li>", "1  2"},
		{"link", "[a](https://x.example/?q=1&r=2)", "a (https://x.example/?q=1&r=2)"},
		{"bare link", "https://x.example", "https://x.example"},
		{"mail", "[us](mailto:us@x.example)", "us (us@x.example)"},
		{"image", "![a bill](/bill.png)", "a bill (/bill.png)"},
		{"table", "Prices:\n\n|a|b|\n|-|-|\n|1|2|\n|3|4|\n\nDone.", "Prices:\n\na  b\n1  2\n3  4\n\nDone."},
		{"less than", "1 < 2", "1 < 2"},
	} {
		if got := PlainText(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzRenderMarkdown(f *testing.F) {
	for _, s := range []string{"**a**", "<script>", "[a](javascript:x)", "<a href=\"java\nscript:x\">", "![a](x \"y\" onerror=z)", "|a|\n|-|\n|b|", "\x00<\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := strings.ToLower(RenderMarkdown(text))
		for _, bad := range []string{"<script", "<iframe", "<style", "<form", "<svg", "href=\"javascript:", "href=\"data:", "href=\"vbscript:"} {
			if strings.Contains(got, bad) {
				t.Fatalf("%q becomes %q", text, got)
			}
		}
		if again := SanitizeHTML(got); strings.Count(again, "<") != strings.Count(got, "<") {
			t.Fatalf("%q is not clean: %q becomes %q", text, got, again)
		}
		PlainText(text)
	})
}

func TestPlainTextWithLinksOfTheChannel(t *testing.T) {
	mark := func(words, address string) string { return "<" + words + "|" + address + ">" }
	for _, c := range []struct{ name, text, want string }{
		{"link", "see [a **b**](https://x.example/?q=1&r=2)!", "see <a b|https://x.example/?q=1&r=2>!"},
		{"no markup of the words", `[a \<b>](https://x.example)`, "<a <b>|https://x.example>"},
		{"no link", "1 < 2 & **3**", "1 < 2 & 3"},
	} {
		if got := PlainTextWith(c.text, mark); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
