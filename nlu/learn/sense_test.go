package learn

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBaseForms(t *testing.T) {
	for word, want := range map[string]string{
		"cards": "card", "stole": "steal", "stopping": "stop", "cancelled": "cancel", "tries": "try", "tried": "try",
		"charges": "charges", "sending": "send", "was": "be", "this": "this", "bus": "bus", "address": "address", "happily": "happily",
		"xyzzies": "xyzzy", "foobaring": "foobar", "foobared": "foobar", "foobars": "foobar", "a": "a", "": "",
	} {
		if got := senses().base(word); got != want {
			t.Errorf("base(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestWordsOfOneGroup(t *testing.T) {
	l := senses()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"buy", "purchased", true},
		{"phone", "mobiles", true},
		{"monday", "friday", true},
		{"london", "chicago", true},
		{"six", "forty", true},
		{"12,5", "7", true},
		{"7", "seven", false},
		{"buy", "sell", false},
		{"increase", "decrease", false},
		{"activate", "deactivate", false},
		{"foobars", "foobar", true},
		{"foobar", "barfoo", false},
	} {
		if same := l.look(c.a).sense == l.look(c.b).sense; same != c.same {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, same, c.same)
		}
	}
}

func TestPhrases(t *testing.T) {
	for text, want := range map[string]int{"turn on the light": 2, "cash machine": 2, "how much is it": 2, "paid time off": 3, "light on": 0, "": 0} {
		var words []based
		for w := range strings.FieldsSeq(text) {
			words = append(words, senses().look(w))
		}
		if _, used := senses().phrase(words); used != want {
			t.Errorf("%q: a phrase of %d words, want %d", text, used, want)
		}
	}
}

func TestGroupsAreWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(sensesEn + namesEn + sensesZh) {
		words := strings.Fields(line)
		if len(words) < 2 {
			t.Errorf("the group %q stands for nothing but itself", line)
		}
		for _, w := range words {
			if seen[w] {
				t.Errorf("%q stands twice", w)
			}
			seen[w] = true
			if w != strings.ToLower(w) || strings.Count(w, "_") >= longestPhrase+1 {
				t.Errorf("%q is no word in normal form", w)
			}
			if r, _ := utf8.DecodeRuneInString(w); isHan(r) && utf8.RuneCountInString(w) > longestHan {
				t.Errorf("%q is too long to be found", w)
			}
		}
	}
	for line := range strings.Lines(irregularEn) {
		if slices.Contains(strings.Fields(line)[1:], strings.Fields(line)[0]) {
			t.Errorf("%q is its own form", line)
		}
	}
}

func TestLongChineseWordsFirst(t *testing.T) {
	var got []uint64
	for _, f := range extract(nil, "转人工客服") {
		if f.kind == kindSense {
			got = append(got, f.hash)
		}
	}
	if want := extract(nil, "人工"); len(got) != 2 || got[0] != got[1] || !slices.Contains(want, raw{got[0], kindSense}) {
		t.Errorf("转人工 and 客服 have the senses %v, want twice the one of 人工", got)
	}
}
