package knowledge

import (
	"math"
	"slices"
	"testing"
)

func TestRanking(t *testing.T) {
	c := telecomCorpus()
	for question, want := range map[string]string{
		"怎么开电子发票":                  "怎么开电子发票？",
		"电子发票哪里可以开":                "怎么开电子发票？",
		"200M宽带多少钱":                "200M 宽带多少钱？",
		"100M 的宽带一个月多少钱":           "100M 宽带多少钱？",
		"上不了网了":                    "为什么不能上网？",
		"i forgot my pasword":      "怎么重置密码？",
		"how to reset a password?": "怎么重置密码？",
	} {
		hits := ranking(c, question, Options{})
		if len(hits) == 0 || hits[0].Key != want {
			t.Errorf("%q: %+v", question, hits)
		}
	}
}

func TestHitsAreOrderedAndLimited(t *testing.T) {
	c := telecomCorpus()
	hits := ranking(c, "宽带多少钱", Options{Limit: 50})
	if len(hits) < 2 || !slices.IsSortedFunc(hits, func(a, b Hit) int { return int(math.Copysign(1, b.Score-a.Score)) }) {
		t.Errorf("%+v", hits)
	}
	for limit, want := range map[int]int{0: min(defaultHits, len(hits)), 1: 1, -5: min(defaultHits, len(hits)), 1000: len(hits)} {
		if got := len(ranking(c, "宽带多少钱", Options{Limit: limit})); got != want {
			t.Errorf("limit %d gave %d, want %d", limit, got, want)
		}
	}
}

func TestConfidence(t *testing.T) {
	c := telecomCorpus()
	sure := func(question string) float64 {
		hits := ranking(c, question, Options{})
		if len(hits) == 0 {
			return 0
		}
		return hits[0].Confidence
	}
	for _, pair := range [][2]string{
		{"怎么开电子发票？", "开电子发票要本人去吗"},   // the very words, and more than the article says
		{"怎么开电子发票", "今天晚上哪里有电影"},     // in scope and far out of it
		{"100M 宽带多少钱", "宽带多少钱"},      // one article meant, and two possible
		{"200M 宽带多少钱", "300M 宽带多少钱"}, // a number that is there, and one that is not
		{"为什么不能上网", "为什么能上网"},        // and the other way round
	} {
		if a, b := sure(pair[0]), sure(pair[1]); a <= b {
			t.Errorf("%q has %.3f, %q has %.3f", pair[0], a, pair[1], b)
		}
	}
	if exact := sure("怎么开电子发票？"); exact < 0.9 {
		t.Errorf("the article's own question has %.3f", exact)
	}
	if far := sure("今天晚上哪里有电影"); far > 0.45 {
		t.Errorf("a question about something else has %.3f", far)
	}
}

func TestEveryFeatureIsExplained(t *testing.T) {
	c := telecomCorpus()
	h := ranking(c, "怎么开发票", Options{})[0]
	seen := map[string]bool{}
	sum := 0.0
	for _, f := range h.Why {
		if f.Name == "" || seen[f.Name] || math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
		sum += f.Value * f.Weight
	}
	if len(h.Why) != features || math.Abs(sum-h.Score) > 1e-9 {
		t.Errorf("%d reasons that add up to %v, score %v", len(h.Why), sum, h.Score)
	}
	odds := 0.0
	for _, f := range h.Why {
		odds += f.Value * f.Confidence
	}
	if math.Abs(logistic(odds)-h.Confidence) > 1e-9 {
		t.Errorf("the reasons do not make the confidence %v", h.Confidence)
	}
}

func TestSignsOfTheWeights(t *testing.T) {
	against := map[int]bool{fNumbers: true, fNegation: true, fLanguage: true, fUnknown: true}
	for i, w := range shippedConfidence() {
		if i != fConstant && (against[i] && w > 0 || !against[i] && w < 0) {
			t.Errorf("%s has the weight %v in the confidence", featureName(i), w)
		}
	}
	for i, w := range shippedRank() {
		if against[i] && w >= 0 || !against[i] && w < 0 {
			t.Errorf("%s has the weight %v in the score", featureName(i), w)
		}
	}
}

func TestFeaturesAreShares(t *testing.T) {
	c := telecomCorpus()
	for _, question := range []string{"怎么开发票", "zebra 宽带", "200", "how do I", "宽带宽带宽带宽带多少钱多少钱"} {
		for _, h := range ranking(c, question, Options{Limit: maxHits}) {
			for _, name := range []string{"question_covered", "phrasing_covered", "exact", "nearest_phrasing", "second_phrasing", "all_words", "all_pieces", "all_pairs", "all_ideas",
				"article_covered", "all_phrasings", "answer", "article_text", "answer_ideas", "chance", "unknown"} {
				if v := h.Value(name); v < 0 || v > 1+1e-9 {
					t.Errorf("%q, %s: %s is %v", question, h.Key, name, v)
				}
			}
		}
	}
}

func TestAnswerLanguage(t *testing.T) {
	both := Content{Question: map[string]string{"zh": "问", "en": "q"}, Answer: map[string]string{"zh": "答", "en": "a"}}
	chineseOnly := chinese("问", "答")
	for _, c := range []struct {
		content Content
		wanted  []string
		want    string
	}{
		{both, []string{"en", "zh"}, "en"}, {both, []string{"zh"}, "zh"}, {both, []string{"fr", "en"}, "en"}, {both, []string{""}, "zh"},
		{chineseOnly, []string{"en", "en"}, "zh"}, {Content{}, []string{"en"}, ""},
	} {
		if got := c.content.answerLanguage(c.wanted...); got != c.want {
			t.Errorf("%v: %q, want %q", c.wanted, got, c.want)
		}
	}
}

func TestCosineAndShareOfNothing(t *testing.T) {
	if cosine(1, 0, 1) != 0 || cosine(1, 1, 0) != 0 || share(1, 0) != 0 || share(3, 2) != 1 {
		t.Error("nothing compared with something is no number")
	}
	if got := cosine(2, 4, 4); got != 0.5 {
		t.Errorf("cosine %v", got)
	}
}

func TestConfidenceIsShared(t *testing.T) {
	c, q := newCorpus(), &question{}
	for name, scores := range map[string][]float64{"alone": {2}, "a close rival": {4, 3.9, 0}, "a distant rival": {4, -3}} {
		var list []ranked
		for _, s := range scores {
			list = append(list, ranked{score: s})
		}
		c.state(q, list)
		all, chance := 0.0, 0.0
		for i, r := range list {
			all, chance = all+r.confidence, chance+r.value(fChance)
			if want := scores[i] - scores[0]; i > 0 && math.Abs(r.value(fMargin)-want) > 1e-9 {
				t.Errorf("%s: margin %d is %v, want %v", name, i, r.value(fMargin), want)
			}
		}
		if all >= 1 || all <= 0 || chance >= 1 || chance <= 0 {
			t.Errorf("%s: the confidences add up to %v, the chances to %v", name, all, chance)
		}
	}
}
