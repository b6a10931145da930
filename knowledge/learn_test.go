package knowledge

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"huiyin/nlu"
)

// lectures is a base of many ways to ask for few things; even ones are written down, odd ones are asked.
func lectures() (articles []entry, asked map[string]int64) {
	asked = map[string]int64{}
	openings := []string{"how do i %s my %s", "please %s the %s", "i want to %s a %s", "can you %s this %s", "%s %s"}
	for n, pair := range [][2]string{{"cancel", "order"}, {"track", "parcel"}, {"reset", "password"}, {"change", "address"}, {"download", "invoice"}, {"cancel", "subscription"}} {
		c := Content{Question: map[string]string{}, Answer: map[string]string{"en": fmt.Sprint("answer ", n)}, Similar: map[string][]string{}}
		for i, opening := range openings {
			text := fmt.Sprintf(opening, pair[0], pair[1])
			switch {
			case i == 0:
				c.Question["en"] = text
			case i%2 == 0:
				c.Similar["en"] = append(c.Similar["en"], text)
			default:
				asked[text] = int64(n + 1)
			}
		}
		articles = append(articles, entry{id: int64(n + 1), live: &variant{revision: int64(n + 10), number: 1, content: c}})
	}
	return articles, asked
}

func corpusFrom(articles []entry) *corpus {
	c := newCorpus()
	for _, a := range articles {
		c.put(a.id, &entry{id: a.id, live: c.variant(a.live.revision, 1, a.live.content)})
	}
	c.weigh()
	return c
}

func TestLearningIsTheSameOnEveryNode(t *testing.T) {
	articles, asked := lectures()
	other := slices.Clone(articles)
	slices.Reverse(other)
	one, two := corpusFrom(articles), corpusFrom(other)
	a, b := learn(slices.Clone(articles), nil), learn(other, nil)
	if !reflect.DeepEqual(a.matcher.weights, b.matcher.weights) || a.rank != b.rank || a.sure != b.sure {
		t.Error("the order of the articles changed what was learnt")
	}
	one.install(a)
	two.install(b)
	for text := range asked {
		x, y := ranking(one, text, Options{}), ranking(two, text, Options{})
		for i := range x {
			if x[i].ArticleID != y[i].ArticleID || x[i].Score != y[i].Score || math.Abs(x[i].Confidence-y[i].Confidence) > 1e-9 {
				t.Errorf("%q: %+v and %+v", text, x[i], y[i])
			}
		}
	}
}

func TestLearntAnswersAreRightAndSure(t *testing.T) {
	articles, asked := lectures()
	c := corpusFrom(articles)
	c.install(learn(articles, nil))
	right, stated := 0.0, 0.0
	for text, want := range asked {
		hits := ranking(c, text, Options{})
		if len(hits) > 0 && hits[0].ArticleID == want {
			right++
		}
		stated += hits[0].Confidence
	}
	n := float64(len(asked))
	if right/n < 0.9 || math.Abs(right-stated)/n > 0.25 {
		t.Errorf("%v of %v right, %.2f stated", right, n, stated)
	}
	for _, far := range []string{"what is the weather on mars", "sing something"} {
		if hits := ranking(c, far, Options{}); len(hits) > 0 && hits[0].Confidence > 0.4 {
			t.Errorf("%q has %.2f", far, hits[0].Confidence)
		}
	}
}

func TestAChangedArticleCountsAsWhatItWasAndIs(t *testing.T) {
	articles, _ := lectures()
	c := corpusFrom(articles)
	c.install(learn(articles, nil))
	changed := Content{Question: map[string]string{"en": "how do i feed my cat"}, Answer: map[string]string{"en": "fish"}}
	c.put(1, &entry{id: 1, live: c.variant(99, 2, changed)})
	c.weigh()
	if _, fresh := c.learned.classOf(1, 99); fresh {
		t.Error("the new revision counts as learnt")
	}
	if at, fresh := c.learned.classOf(99, 1); at != -1 || fresh {
		t.Errorf("an article that was not there has place %d", at)
	}
	if hits := ranking(c, "feed the cat", Options{}); len(hits) == 0 || hits[0].ArticleID != 1 {
		t.Errorf("%+v", hits)
	}
	if learn(nil, nil) != nil {
		t.Error("something was learnt from nothing")
	}
}

func TestWhatIsLearntIsSwappedUnderLoad(t *testing.T) {
	articles, asked := lectures()
	x := &Index{corpus: corpusFrom(articles), read: make(chan struct{})}
	close(x.read)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			for text := range asked {
				x.mu.RLock()
				_, list := x.corpus.best(nlu.Analyze(text), Options{}, nil)
				x.mu.RUnlock()
				if len(list) == 0 {
					t.Errorf("%q found nothing", text)
				}
			}
		}
	})
	for range 5 {
		if err := x.Learn(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
	if x.Learned() == 0 {
		t.Error("nothing was learnt")
	}
}

func TestALargeMatcherKeepsOnlyWhatMet(t *testing.T) {
	lessons := []lesson{{rows: []int32{0, 1}, share: []float32{1, 1}, class: 0}, {rows: []int32{0, 2}, share: []float32{1, 1}, class: 1}}
	rows := map[string]int32{"a": 0, "b": 1, "c": 2}
	m := &matcher{classes: 2, rows: rows, bias: make([]float32, 2)}
	m.meet(lessons)
	m.learn(lessons, noFold)
	if len(m.weights) != 4 || m.score(&lessons[0], 0) <= m.score(&lessons[0], 1) || m.score(&lessons[1], 1) <= m.score(&lessons[1], 0) {
		t.Errorf("%+v", m)
	}
}

// Between a change and the next learning an article is found as surely as before.
func TestAChangeMakesNoArticleWorse(t *testing.T) {
	articles, asked := lectures()
	c := corpusFrom(articles)
	c.install(learn(articles, nil))
	before := map[string][]Hit{}
	for text := range asked {
		before[text] = ranking(c, text, Options{})
	}
	for _, a := range articles {
		content := a.live.content
		content.Answer = map[string]string{"en": "another answer"}
		c.put(a.id, &entry{id: a.id, live: c.variant(a.live.revision+100, 2, content)})
	}
	c.weigh()
	for text, hits := range before {
		after := ranking(c, text, Options{})
		if after[0].ArticleID != hits[0].ArticleID || after[0].Confidence < hits[0].Confidence-0.1 {
			t.Errorf("%s: article %d at %.2f, was %d at %.2f", text, after[0].ArticleID, after[0].Confidence, hits[0].ArticleID, hits[0].Confidence)
		}
	}
}

// Of a large base a supposition learns the words anew and keeps how much the features count; of a small one it learns all, as Learn
// does.
func TestLearningAgain(t *testing.T) {
	articles, asked := lectures()
	before := learn(slices.Clone(articles[:5]), nil)
	whole := learn(slices.Clone(articles), nil)
	again := learnAgain(slices.Clone(articles), nil, before)
	if !reflect.DeepEqual(again.matcher.weights, whole.matcher.weights) || again.rank != whole.rank || again.sure != whole.sure {
		t.Error("several parts at once teach something else than one after the other")
	}
	before.sampled = true
	again = learnAgain(slices.Clone(articles), nil, before)
	if !reflect.DeepEqual(again.matcher.weights, whole.matcher.weights) || again.rank != before.rank || again.sure != before.sure || len(again.classes) != 6 {
		t.Error("the fits are not kept, or the words are not learnt")
	}
	c, right := corpusFrom(articles), 0
	c.install(again)
	for text, want := range asked {
		if hits := ranking(c, text, Options{}); len(hits) > 0 && hits[0].ArticleID == want {
			right++
		}
	}
	if right < len(asked)*9/10 {
		t.Errorf("%d of %d right", right, len(asked))
	}
	if learnAgain(nil, nil, before) != nil {
		t.Error("nothing teaches something")
	}
}

// A draft teaches nothing, so that an editor at work does not keep the machine learning.
func TestDraftsAreNotLearnt(t *testing.T) {
	live := &entry{id: 1, live: &variant{revision: 3}}
	for _, c := range []struct {
		e    *entry
		want int64
	}{{nil, 0}, {&entry{id: 1, draft: &variant{revision: 2}}, 0}, {live, 3}} {
		if got := c.e.revision(); got != c.want {
			t.Errorf("%+v: %d, want %d", c.e, got, c.want)
		}
	}
}
