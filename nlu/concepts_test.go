package nlu

import (
	"slices"
	"strings"
	"testing"
)

func TestConcepts(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		meet       bool
	}{
		{"the same word", "refund", "refund", true},
		{"another word", "I want my money back", "refund please", true},
		{"another language", "退款", "refund", true},
		{"an inflected word", "cancelled", "cancelling", true},
		{"Chinese words", "怎么开发票", "如何开票", true},
		{"a longer phrase wins", "晚安", "安全", false},
		{"nothing in common", "路由器", "wedding", false},
		{"nothing at all", "", "refund", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := Concepts(Normalize(c.b))
			meet := slices.ContainsFunc(Concepts(Normalize(c.a)), func(n uint16) bool { return slices.Contains(b, n) })
			if meet != c.meet {
				t.Errorf("%q and %q: meet %v, want %v", c.a, c.b, meet, c.meet)
			}
		})
	}
}

func TestConceptLists(t *testing.T) {
	for n, line := range strings.Split(strings.TrimSpace(everydayConcepts+serviceConcepts), "\n") {
		if !strings.HasPrefix(line, "#") && strings.Count(line, ",") == 0 {
			t.Errorf("line %d is an idea of one phrase: %q", n+1, line)
		}
		if strings.Contains(line, ",,") {
			t.Errorf("line %d has an empty phrase: %q", n+1, line)
		}
	}
}

func TestStem(t *testing.T) {
	for _, words := range []string{"remove removes removed removing", "stop stops stopped stopping", "study studies studied", "cancel cancels canceled canceling",
		"box boxes", "class classes", "quick quickly", "pay pays paying payment's"} {
		list := strings.Fields(words)
		for _, w := range list[1:] {
			w, _ = strings.CutSuffix(w, "ment's")
			if Stem(w) != Stem(list[0]) {
				t.Errorf("%s: %s, %s: %s", list[0], Stem(list[0]), w, Stem(w))
			}
		}
	}
	for _, same := range []string{"bus", "is", "sim", "5g", "发票", "this", "wi-fi"} {
		if Stem(same) != same {
			t.Errorf("%s became %s", same, Stem(same))
		}
	}
}

func FuzzConcepts(f *testing.F) {
	f.Add("I want my money back 退款")
	f.Fuzz(func(t *testing.T, text string) {
		if n := len(Concepts(Normalize(text))); n > 4*len(text) {
			t.Errorf("%d ideas of %d bytes", n, len(text))
		}
	})
}

func BenchmarkConcepts(b *testing.B) {
	text := Normalize("How do I get my money back for an order that was never delivered? 退款要多久到账")
	for b.Loop() {
		Concepts(text)
	}
}
