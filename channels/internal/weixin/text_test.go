package weixin

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"huiyin/conversation"
)

func TestSplit(t *testing.T) {
	cases := map[string]struct {
		text string
		most int
		want []string
	}{
		"nothing":         {"  ", 10, nil},
		"short":           {" hello ", 10, []string{"hello"}},
		"at words":        {"hello brave world", 12, []string{"hello brave", "world"}},
		"at lines":        {"first line\nsecond one", 16, []string{"first line", "second one"}},
		"at paragraphs":   {"first\nx\n\nsecond", 14, []string{"first\nx", "second"}},
		"at sentences":    {"你好吗。我很好。谢谢", 26, []string{"你好吗。我很好。", "谢谢"}},
		"inside a word":   {"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		"whole runes":     {"你好世界", 7, []string{"你好", "世界"}},
		"smaller than it": {"你好", 2, []string{"你", "好"}},
		"emoji":           {"😀😀😀", 9, []string{"😀😀", "😀"}},
	}
	for name, c := range cases {
		if got := Split(c.text, c.most); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestSplitAround(t *testing.T) {
	brackets := regexp.MustCompile(`\[[^]]*\]`)
	spans := func(text string) [][]int { return brackets.FindAllStringIndex(text, -1) }
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"before a span":        {"abcdefg [h i j] k", []string{"abcdefg", "[h i j] k"}},
		"behind a span":        {"[a b c] defghijkl", []string{"[a b c]", "defghijkl"}},
		"a span that is a lot": {"[abcdefghijklmn]", []string{"[abcdefghi", "jklmn]"}},
	} {
		if got := SplitAround(c.text, 10, spans); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestCutAndClean(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{{"hello", 5, "hello"}, {"hello world", 8, "hello…"}, {"你好世界", 9, "你好…"}, {"abc", 2, "ab"}, {"", 5, ""}} {
		if got := Cut(c.text, c.most); got != c.want {
			t.Errorf("%q cut to %d: %q", c.text, c.most, got)
		}
	}
	if got := Clean("a\u2028b\x00c\xffd\te\n<&>"); got != "a\nbcd\te\n<&>" {
		t.Errorf("clean: %q", got)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("你好，world. 再见！\n\nx", 7)
	f.Add("", 1)
	f.Fuzz(func(t *testing.T, text string, most int) {
		if most < 4 || most > 4096 || !utf8.ValidString(text) {
			return
		}
		parts := Split(text, most)
		for _, part := range parts {
			if len(part) > most || part == "" || !utf8.ValidString(part) {
				t.Errorf("a part of %d bytes of %d: %q", len(part), most, part)
			}
		}
		if squeeze(strings.Join(parts, "")) != squeeze(text) {
			t.Errorf("%q became %q", text, parts)
		}
	})
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

func TestQuotas(t *testing.T) {
	q, err := ParseQuotas("message=5/48h\n\n  menu = 3 / 1m \npaid=0/48h", "message", "menu", "paid")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]conversation.Grant{"message": {Name: "message", Sends: 5, For: 48 * time.Hour}, "menu": {Name: "menu", Sends: 3, For: time.Minute}, "paid": {Name: "paid", For: 48 * time.Hour}} {
		if got := q.Grant(name); got == nil || *got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if q.Grant("scan") != nil {
		t.Error("a grant that nothing set")
	}
	for _, text := range []string{"message", "message=5", "message=x/48h", "message=-1/48h", "message=5/two", "message=5/0s", "message=5/-1h", "other=5/48h", "message=5/48h x"} {
		if _, err := ParseQuotas(text, "message"); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
