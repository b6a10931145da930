package learn

import (
	"slices"
	"strings"
	"testing"
)

// common counts the features of one kind that two texts share.
func common(a, b string, k kind) int {
	n := 0
	theirs := extract(nil, b)
	for _, f := range extract(nil, a) {
		if f.kind == k && slices.Contains(theirs, f) {
			n++
		}
	}
	return n
}

func TestFeaturesThatTextsShare(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		kind       kind
		want       int
	}{
		{"same words", "lost card", "card lost", kindWord, 2},
		{"no stop words", "what is it", "what is it", kindWord, 3},
		{"apostrophes do not count", "don't", "dont", kindWord, 1},
		{"pairs keep the order", "lost card", "card lost", kindPair, 0},
		{"a pair with the start", "lost card", "lost it", kindPair, 1},
		{"a pair with the end", "lost card", "my card", kindPair, 1},
		{"a typing error shares pieces", "balance", "balanse", kindPiece, 7},
		{"other words share none", "balance", "weather", kindPiece, 0},
		{"words that stand in", "my card was stolen", "somebody robbed me of my card", kindSense, 3}, // my, card, steal
		{"senses near each other, in any order", "stolen card", "card theft", kindTwo, 1},
		{"a phrase", "switch on roaming", "activate roaming", kindSense, 2},
		{"numbers", "wait 12 days", "wait 40 days", kindSense, 3},
		{"Chinese characters", "发票", "开发票", kindWord, 2},
		{"Chinese pairs", "发票", "开发票", kindPair, 2}, // 发票, and 票 with the end
		{"Chinese triples", "电子发票", "开电子发票", kindPiece, 2},
		{"Chinese words that stand in", "如何开通", "怎么激活", kindSense, 2},
		{"mixed", "我的sim卡丢了", "sim", kindWord, 1},
	} {
		if got := common(c.a, c.b, c.kind); got != c.want {
			t.Errorf("%s: %q and %q share %d, want %d", c.name, c.a, c.b, got, c.want)
		}
	}
}

func TestFeaturesOfNothing(t *testing.T) {
	for _, text := range []string{"", "  ", "?!.,", "\xff\xfe"} {
		if got := extract(nil, text); len(got) != 0 {
			t.Errorf("%q has %d features", text, len(got))
		}
	}
}

func TestFeaturesAreBounded(t *testing.T) {
	for name, text := range map[string]string{
		"words":    strings.Repeat("word after word ", 100_000),
		"one word": strings.Repeat("a", 1<<20),
		"Chinese":  strings.Repeat("一直等到现在", 100_000),
		"emoji":    strings.Repeat("😀 ", 100_000),
	} {
		if got := extract(nil, text); len(got) > maxFeatures {
			t.Errorf("%s: %d features", name, len(got))
		}
	}
}

func TestFeaturesAreAppended(t *testing.T) {
	first := extract(nil, "card")
	both := extract(first, "balance")
	if !slices.Equal(both[:len(first)], first) || !slices.Equal(both[len(first):], extract(nil, "balance")) {
		t.Error("what was there is not what is there")
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("it's 12,5 发票 😀\x00")
	f.Fuzz(func(t *testing.T, text string) {
		for _, x := range extract(nil, text) {
			if x.kind >= kinds {
				t.Errorf("%q: kind %d", text, x.kind)
			}
		}
	})
}
