package search

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct{ text, words, parts string }{
		{"", "", ""},
		{"宽带", "宽带 带", ""},
		{"開發票 ok", "开发 发票 票 ok", ""},
		{"Invoices, GLASS", "invoice glass", ""},
		{"订单A1234", "订单 单 a1234", "1234 234"},
		{"HY20-b7", "hy20 b7", ""},
		{"HY2026", "hy2026", "2026 026"},
		{"138-0013", "138 0013", "1380013 380013 80013 0013 013 013"},
		{"🙂", "", ""},
		{"\xff\xfe", "", ""},
	} {
		words, parts := terms(c.text)
		if words != c.words || parts != c.parts {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, words, parts, c.words, c.parts)
		}
	}
}

func TestShow(t *testing.T) {
	for _, c := range []struct{ text, query, want string }{
		{"我想开发票，谢谢", "发票", "我想开[发票]，谢谢"},
		{"My Invoices", "invoice", "My [Invoice]s"},
		{"order HY2026-8899", "899", "order HY2026-8[899]"},
		{strings.Repeat("很长", 40) + "寬帶", "宽带", "…" + strings.Repeat("很长", 12) + "[寬帶]"},
		{"a cat sat", "at", "a cat sat"},
		{"nothing", "", "nothing"},
	} {
		var b strings.Builder
		for _, p := range show(c.text, parse(c.query)) {
			if p.Hit {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		if b.String() != c.want {
			t.Errorf("%q in %q: %q, want %q", c.query, c.text, b.String(), c.want)
		}
	}
}

// FuzzShow checks that whatever is searched in whatever text, what is shown is a stretch of it.
func FuzzShow(f *testing.F) {
	f.Add("我想开发票 138-0013-8000", "发票 0013")
	f.Add("\xff宽", "宽")
	f.Add("ABC\u200bdef", "abcdef")
	f.Fuzz(func(t *testing.T, text, query string) {
		list := parse(query)
		_ = match(list, nil)
		var b strings.Builder
		for _, p := range show(text, list) {
			b.WriteString(p.Text)
		}
		shown := strings.TrimSuffix(strings.TrimPrefix(b.String(), "…"), "…")
		if utf8.ValidString(text) && !strings.Contains(text, shown) {
			t.Errorf("%q is no part of %q", shown, text)
		}
		words, parts := terms(text)
		if utf8.ValidString(text) && !utf8.ValidString(words+parts) {
			t.Errorf("%q, %q", words, parts)
		}
	})
}
