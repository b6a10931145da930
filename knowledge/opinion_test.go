package knowledge

import (
	"fmt"
	"math"
	"testing"
)

// taught is a base of articles with a few phrasings each.
func taught(articles map[int64]Content) *corpus {
	c := newCorpus()
	var list []entry
	for id, content := range articles {
		e := entry{id: id, live: c.variant(id, 1, content)}
		c.put(id, &e)
		list = append(list, e)
	}
	c.weigh()
	c.install(learn(list, nil))
	return c
}

func sayings(question, answer string, similar ...string) Content {
	return Content{Question: map[string]string{"en": question}, Answer: map[string]string{"en": answer}, Similar: map[string][]string{"en": similar}}
}

func smallTaught() *corpus {
	return taught(map[int64]Content{
		1: sayings("I lost my card", "We block it at once.", "my card was stolen", "somebody took my card"),
		2: sayings("When do you open", "From nine to five.", "opening hours please", "are you open on sunday"),
		3: sayings("How much do I owe", "Your invoice says it.", "what is on my bill", "show me what I have to pay"),
		4: sayings("Can I use it in other countries", "Switch roaming on in the settings, and mind the tariff abroad."),
	})
}

func TestOpinionKnowsWhatStandsInForAWord(t *testing.T) {
	c := smallTaught()
	if c.learned == nil || c.learned.model == nil {
		t.Fatal("no opinion")
	}
	for text, want := range map[string]int64{"my plastic was robbed": 1, "the bill i must settle": 3, "roaming tariff": 4} {
		hits := c.rank(c.ask(text, "en", nil), Options{}, nil)
		if len(hits) == 0 || hits[0].slot.entry.id != want {
			t.Errorf("%q: %d hits, want article %d first", text, len(hits), want)
		}
	}
}

func TestOpinionsAreShares(t *testing.T) {
	c := smallTaught()
	q := c.ask("when is my card open", "en", nil)
	sum := 0.0
	for _, r := range c.rank(q, Options{}, nil) {
		sum += math.Exp(r.f[fLearned])
	}
	if sum < 0.99 || sum > 1.01 {
		t.Errorf("the shares add up to %v", sum)
	}
}

func TestNoOpinionOnTooMuch(t *testing.T) {
	s := &student{corpus: newCorpus(), lessons: make([]lesson, maxOpinion+1)}
	if s.opinion(noFold) != nil {
		t.Error("an opinion on everything")
	}
}

func TestOpinionIsTheSameEveryTime(t *testing.T) {
	a, b := smallTaught(), smallTaught()
	for _, text := range []string{"lost card", "open sunday", "pay my bill", "countries"} {
		x, y := a.rank(a.ask(text, "en", nil), Options{}, nil), b.rank(b.ask(text, "en", nil), Options{}, nil)
		if fmt.Sprint(scoresOf(x)) != fmt.Sprint(scoresOf(y)) {
			t.Errorf("%q: %v and %v", text, scoresOf(x), scoresOf(y))
		}
	}
}

func scoresOf(list []ranked) (scores []float64) {
	for _, r := range list {
		scores = append(scores, float64(r.slot.entry.id), r.score)
	}
	return scores
}
