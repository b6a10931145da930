package wecom

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWhatCustomersWriteDoesNothingInWeCom(t *testing.T) {
	for in, want := range map[string]string{
		"hello":                     "hello",
		"<@zhangsan> <@all>":        "＜＠zhangsan＞ ＜＠all＞",
		"[pay](http://evil)":        "［pay］（http：//evil）",
		`<font color="info">`:       `＜font color="info"＞`,
		"**bold** `code`":           "＊＊bold＊＊ ｀code｀",
		"a\n# title\n> quote":       "a ＃ title ＞ quote",
		"right\u202eleft\u200b\x00": "rightleft",
		"  👩‍💻  ":                   "👩‍💻",
		"bad \xff":                  "bad ",
	} {
		if got := plain(in, 100); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"", "<@all>", "[a](b)", "\xff\n"} {
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, in string, most int) {
		most = 2 + max(most, -most)%500
		got := plain(in, max(2, most))
		if !utf8.ValidString(got) || strings.ContainsAny(got, "<>[]()*`#@\n\r") {
			t.Errorf("%q becomes %q", in, got)
		}
		if cut := cutBytes(got, 10); len(cut) > 10 || !utf8.ValidString(cut) {
			t.Errorf("%q is cut to %q", got, cut)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"errcode":0}`, `{"errcode":93000,"errmsg":"x"}`, `{}`, `<html>`, `{"errcode":"0"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if answer(200, text) == nil && !strings.Contains(strings.ToLower(string(text)), "errcode") {
			t.Errorf("%q is taken for success", text)
		}
	})
}
