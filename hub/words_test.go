package hub

import (
	"testing"

	"huiyin/knowledge"
)

func TestOneArticleIsOfferedAsOne(t *testing.T) {
	one := []knowledge.Hit{{ArticleID: 7, Question: "A?"}}
	two := append(one, knowledge.Hit{ArticleID: 8, Question: "B?"})
	for _, w := range []words{chinese(), english()} {
		if w.offer(1) != w.confirm || w.offer(2) != w.clarify {
			t.Errorf("%q, %q", w.offer(1), w.offer(2))
		}
		if got := w.choices(one)[1]; got.Label != w.other || got.Value != choiceNone {
			t.Errorf("one: %+v", got)
		}
		if got := w.choices(two)[2]; got.Label != w.none || got.Value != choiceNone {
			t.Errorf("two: %+v", got)
		}
	}
}

func TestFillerAloneOffersNothing(t *testing.T) {
	hit := func(terms ...string) knowledge.Hit {
		return knowledge.Hit{ArticleID: 1, Answer: "yes", Confidence: 0.3, Terms: terms}
	}
	for _, c := range []struct {
		hit  knowledge.Hit
		want int
	}{{hit("of", "the", "who"), 0}, {hit("not"), 0}, {hit("the", "invoice"), 1}, {hit("路由"), 1}, {hit(), 1}} {
		if got := choices(DefaultPolicy(), []knowledge.Hit{c.hit}); len(got) != c.want {
			t.Errorf("shares %q: %d offered, want %d", c.hit.Terms, len(got), c.want)
		}
	}
}
