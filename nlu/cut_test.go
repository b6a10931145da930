package nlu

import (
	"strings"
	"testing"
)

func TestCut(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"Han", "转人工", "转·人·工"},
		{"words", "speak to me", "speak·to·me"},
		{"clauses", "好的,谢谢", "好·的/谢·谢"},
		{"apostrophe", "don't", "dont"},
		{"hyphen and quotes keep the clause", "a \"real-live\" person", "a·real·live·person"},
		{"mixed", "转vip客服", "转·vip·客·服"},
		{"emoji", "好👍", "好·👍"},
		{"number", "1,200.5 yuan", "1,200.5·yuan"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			pieces := cut(c.text)
			var b strings.Builder
			for i, p := range pieces {
				switch {
				case i > 0 && p.clause != pieces[i-1].clause:
					b.WriteString("/")
				case i > 0:
					b.WriteString("·")
				}
				b.WriteString(p.text)
				if p.start >= p.end || p.end > len(c.text) {
					t.Errorf("piece %q at %d-%d", p.text, p.start, p.end)
				}
			}
			if b.String() != c.want {
				t.Errorf("got %s, want %s", b.String(), c.want)
			}
		})
	}
}

func TestJoin(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"转 人工":                "转人工",
		"speak  to a human":   "speak to a human",
		"我要 human agent":      "我要human agent",
		"i don't, i can't":    "i dont i cant",
		"转vip 客服, please now": "转vip客服please now",
	} {
		if got := join(cut(text)); got != want {
			t.Errorf("join(cut(%q)) = %q, want %q", text, got, want)
		}
	}
}

func TestClauses(t *testing.T) {
	groups := clauses(cut("你好,转人工!please?"))
	got := make([]string, len(groups))
	for i, g := range groups {
		got[i] = join(g)
	}
	if want := "你好/转人工/please"; strings.Join(got, "/") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if len(clauses(nil)) != 0 {
		t.Error("nothing has clauses")
	}
}

func TestLexicon(t *testing.T) {
	book := lexicon[int]{}
	book.add(1, "垃圾|thank you")
	book.add(2, "垃圾短信|thank you very much")
	cases := []struct {
		text string
		want int
	}{
		{"垃圾", 1},
		{"垃圾短信怎么办", 2},
		{"垃圾,短信", 1},
		{"thank you", 1},
		{"thank you very", 1},
		{"thank you very much", 2},
		{"thankyou", 0},
		{"圾", 0},
	}
	for _, c := range cases {
		e, ok := book.longest(cut(c.text))
		if e.role != c.want || ok != (c.want > 0) {
			t.Errorf("longest(%q) = %d, %v, want %d", c.text, e.role, ok, c.want)
		}
	}
}

func TestLexiconAcrossClauses(t *testing.T) {
	book := lexicon[int]{}
	book.add(1, "hi there")
	found := 0
	book.at(cut("hi, there"), false, func(entry[int]) { found++ })
	if found != 1 {
		t.Errorf("found %d phrases across a comma, want 1", found)
	}
	book.at(cut("hi, there"), true, func(entry[int]) { found++ })
	if found != 1 {
		t.Error("found a phrase across a comma that must stay inside a clause")
	}
}

func TestFold(t *testing.T) {
	text := "ＡB，\u200b１\xff客"
	f := fold(text)
	if f.text != "ab，1 客" || f.digits != 1 {
		t.Errorf("folded to %q with %d digits", f.text, f.digits)
	}
	if len(f.starts) != len(f.text) || len(f.ends) != len(f.text) {
		t.Fatalf("%d starts and %d ends for %d bytes", len(f.starts), len(f.ends), len(f.text))
	}
	at := strings.Index(f.text, "1")
	if got := text[f.starts[at]:f.ends[at]]; got != "１" {
		t.Errorf("the digit came from %q", got)
	}
	for i := range f.starts {
		if i > 0 && f.starts[i] < f.starts[i-1] || f.ends[i] <= f.starts[i] || f.ends[i] > len(text) {
			t.Errorf("byte %d came from %d-%d", i, f.starts[i], f.ends[i])
		}
	}
}

func TestStandsAlone(t *testing.T) {
	f := fold("a12 12b 客12服 12")
	cases := []struct {
		start, end int
		want       bool
	}{
		{0, 3, true},
		{1, 3, false},
		{4, 6, false},
		{4, 7, true},
		{11, 13, true},
		{17, 19, true},
	}
	for _, c := range cases {
		if got := f.standsAlone(c.start, c.end); got != c.want {
			t.Errorf("standsAlone(%q) = %v, want %v", f.text[c.start:c.end], got, c.want)
		}
	}
}
