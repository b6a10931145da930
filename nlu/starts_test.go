package nlu

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestFormsFindWhatASearchFinds asks every form, at every place of many texts, for what a search of the whole text finds.
func TestFormsFindWhatASearchFinds(t *testing.T) {
	pieces := strings.Fields("我家的宽带 昨天晚上 下周三下午三点 明天 order #20261121 no. 订单号： A1b2c3d4 13812345678 +86-138-1234-5678 (010)62345678 400-800-1234 " +
		"4111111111111111 11010519491231002X 2026-11-21 11/21/2026 三月五号 nov 21st 2026 ¥12.5万 12块5 三百元 3pm www.example.com a@b.cn https://x.io/y? in 3 days 月底 \xff 😀 - _ border reference")
	chance := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var text string
		for range 1 + chance.IntN(12) {
			text += pieces[chance.IntN(len(pieces))] + []string{"", " ", "，"}[chance.IntN(3)]
		}
		sameAsASearch(t, fold(text).text)
	}
}

func sameAsASearch(t *testing.T, text string) {
	t.Helper()
	for _, x := range finders() {
		whole := regexp.MustCompile(strings.TrimPrefix(x.pattern.here.String(), "^"))
		for from := 0; from < len(text); from = nextRune(text, from) {
			if from > 0 && isWord(text[from-1]) && isWord(text[from]) {
				continue // a search of the rest takes the cut for the beginning of a word
			}
			want := whole.FindStringSubmatchIndex(text[from:])
			if got := x.pattern.find(text, from); !slices.Equal(got, moved(want, from)) {
				t.Fatalf("%q from %d: %v, a search finds %v (%s)", text, from, got, want, whole)
			}
		}
	}
}

func FuzzFormsFindWhatASearchFinds(f *testing.F) {
	f.Add("你好，我的订单 no. 20261121 明天下午三点能到吗？ call +86 138 1234 5678")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 {
			return
		}
		sameAsASearch(t, fold(text).text)
	})
}

// A word that ends like the word for an order is none.
func TestFormsBeginAtWords(t *testing.T) {
	for text, want := range map[string]string{"order 1234567": "1234567", "ref no. ab12345": "AB12345", "border 98765": "", "my_order 98765": "", "第order 98765": "98765"} {
		got := ""
		for _, x := range keyedOrderFinders() {
			x.each(fold(text), func(hit found) bool { got = hit.value; return true })
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
