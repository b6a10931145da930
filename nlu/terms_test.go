package nlu

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTerms(t *testing.T) {
	cases := []struct {
		name, text string
		want       string
	}{
		{"nothing", "", ""},
		{"marks only", "?!,", ""},
		{"one Han", "退", "退"},
		{"two Han", "退款", "退 退款 款"},
		{"three Han", "改地址", "改 改地 地 地址 址"},
		{"marks part pairs", "退,款", "退 款"},
		{"short word", "ok", "ok ~<ok ~ok>"},
		{"word", "card", "card ~<ca ~car ~ard ~rd> ~<car ~card ~ard> ~<card ~card>"},
		{"number whole", "12.50", "12.50"},
		{"thousands", "1,000", "1000"},
		{"number ends before a stop", "12.", "12"},
		{"mixed scripts", "开5g", "开 5g ~<5g ~5g>"},
		{"apostrophe", "don't", "dont ~<do ~don ~ont ~nt> ~<don ~dont ~ont> ~<dont ~dont>"},
		{"possessive", "card's", "card ~<ca ~car ~ard ~rd> ~<car ~card ~ard> ~<card ~card>"},
		{"stop words stay", "是的", "是 是的 的"},
		{"repeats stay", "卡 卡", "卡 卡"},
		{"kana", "カード", "カ カー ー ード ド"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(Terms(c.text), " "); got != c.want {
				t.Errorf("Terms(%q) = %s, want %s", c.text, got, c.want)
			}
		})
	}
}

func TestTermsOfTypos(t *testing.T) {
	right, typo := Terms("statement"), Terms("statment")
	shared := 0
	for _, term := range typo {
		if slices.Contains(right, term) {
			shared++
		}
	}
	if shared < len(typo)/3 {
		t.Errorf("a typo shares %d of %d terms, want a third", shared, len(typo))
	}
}

func TestTermsOfLongWords(t *testing.T) {
	word := strings.Repeat("é", 4000)
	terms := Terms(word)
	if len(terms) > 3*maxGramWord {
		t.Errorf("a word of %d bytes has %d terms", len(word), len(terms))
	}
	for _, term := range terms {
		if !utf8.ValidString(term) {
			t.Fatalf("term %q is not UTF-8", term)
		}
	}
}

func TestIsGram(t *testing.T) {
	for term, want := range map[string]bool{"card": false, "~car": true, "退款": false, "": false} {
		if got := IsGram(term); got != want {
			t.Errorf("IsGram(%q) = %v, want %v", term, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"English", "how do i pay?", "how do i pay"},
		{"Han pairs", "怎么退款", "怎么 么退 退款"},
		{"lone Han", "退", "退"},
		{"mixed", "我的iphone15怎么退", "我的 iphone15 怎么 么退"},
		{"hyphen parts", "wi-fi", "wi fi"},
		{"number", "1,200.50元", "1200.50 元"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(Words(c.text), " "); got != c.want {
				t.Errorf("Words(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func BenchmarkTerms(b *testing.B) {
	for b.Loop() {
		Terms("how do i change the address of my order")
	}
}
