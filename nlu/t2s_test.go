package nlu

import (
	"testing"
	"unicode/utf8"
)

func TestSimplifyRune(t *testing.T) {
	cases := map[rune]rune{'轉': '转', '機': '机', '專': '专', '號': '号', '人': '人', 'a': 'a', '😀': '😀', '龍': '龙', firstHan: firstHan, lastHan: lastHan}
	for from, want := range cases {
		if got := simplifyRune(from); got != want {
			t.Errorf("simplifyRune(%c) = %c, want %c", from, got, want)
		}
	}
}

func TestSimplifyPair(t *testing.T) {
	cases := []struct{ from, want string }{
		{"瞭解", "了解"},
		{"计画", "计划"},
		{"项炼", "项链"},
		{"打坏", "打坏"},
		{"巨万", "巨万"},
		{"你好", "你好"},
	}
	for _, c := range cases {
		from := []rune(c.from)
		a, b := simplifyPair(from[0], from[1])
		if got := string([]rune{a, b}); got != c.want {
			t.Errorf("simplifyPair(%s) = %s, want %s", c.from, got, c.want)
		}
	}
}

// TestTables checks what the lookups rely on: three bytes a character, code order, final targets.
func TestTables(t *testing.T) {
	for name, table := range map[string]string{"t2sFrom": t2sFrom, "t2sTo": t2sTo, "t2sWords": t2sWords} {
		if len(table) == 0 || len(table) != hanBytes*utf8.RuneCountInString(table) {
			t.Fatalf("%s: %d bytes for %d characters", name, len(table), utf8.RuneCountInString(table))
		}
	}
	if len(t2sFrom) != len(t2sTo) {
		t.Fatalf("%d bytes of characters, %d of targets", len(t2sFrom), len(t2sTo))
	}
	last := rune(0)
	for _, r := range t2sFrom {
		if r <= last {
			t.Fatalf("%c does not come after %c", r, last)
		}
		last = r
	}
	for _, r := range t2sTo {
		if to := simplifyRune(r); to != r {
			t.Errorf("target %c folds on to %c", r, to)
		}
	}
	words := []rune(t2sWords)
	for i := 0; i+3 < len(words); i += 4 {
		if i > 0 && string(words[i-4:i-2]) >= string(words[i:i+2]) {
			t.Errorf("%s does not come after %s", string(words[i:i+2]), string(words[i-4:i-2]))
		}
		a, b := simplifyPair(words[i], words[i+1])
		if a != words[i+2] || b != words[i+3] {
			t.Errorf("simplifyPair(%s) = %c%c", string(words[i:i+2]), a, b)
		}
	}
}
