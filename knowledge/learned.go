package knowledge

import (
	"math"

	learner "huiyin/nlu/learn"
)

// learned is what one knowledge base taught: which terms point to which article, how much each feature counts here, and
// how sure a search may be. It never changes; the next one takes its place as a whole. A nil learned stands for the
// shipped weights alone.
type learned struct {
	matcher *matcher       // nil when the base is too large to learn from in time
	model   *learner.Model // shares the matcher's say; nil when the base is too large
	classes map[int64]classAt
	rank    measured
	sure    [features]float64
	slope   float64 // what the matcher says of an article, from how near all its phrasings are
	offset  float64

	sampled bool // only one part of the phrasings was asked, for there are many

	rehearsal []Rehearsed
}

// classAt is the place of an article in the matcher, and the revision that was learnt.
type classAt struct {
	class    int
	revision int64
}

// classOf gives an article's place in the matcher, -1 when it was not learnt, and whether it was learnt from this revision.
func (l *learned) classOf(id, revision int64) (class int, fresh bool) {
	if l == nil || l.matcher == nil {
		return -1, false
	}
	at, known := l.classes[id]
	if !known {
		return -1, false
	}
	return at.class, at.revision == revision
}

func (l *learned) rankWeights() measured {
	if l == nil {
		return shippedRank()
	}
	return l.rank
}

func (l *learned) confidenceWeights() [features]float64 {
	if l == nil {
		return shippedConfidence()
	}
	return l.sure
}

// install makes the corpus use what was learnt.
func (c *corpus) install(l *learned) {
	c.learned = l
	for i := range c.table.slots {
		s := &c.table.slots[i]
		s.class, s.fresh = l.classOf(s.entry.id, s.variant.revision)
	}
	c.rowOf = nil
	if l == nil || l.matcher == nil {
		return
	}
	c.rowOf = make([]int32, len(c.df))
	for i := range c.rowOf {
		c.rowOf[i] = -1
	}
	for term, row := range l.matcher.rows {
		if n, known := c.numbers[term]; known {
			c.rowOf[n] = row
		}
	}
}

// lesson is the question in the numbers of the matcher.
func (c *corpus) lesson(q *question) lesson {
	var l lesson
	for _, a := range q.terms {
		if int(a.n) >= len(c.rowOf) || c.rowOf[a.n] < 0 {
			continue
		}
		length := math.Sqrt(q.squares[a.kind] / kindShare(a.kind))
		l.rows = append(l.rows, c.rowOf[a.n])
		l.share = append(l.share, float32(matcherShare(a.kind)*a.idf/length))
	}
	return l
}

// leastLearned bounds how unlikely the matcher may call an article.
const leastLearned = -8

// addLearned asks the matcher about the candidates. What it has not learnt yet is estimated from how near the phrasings are;
// an article that has changed since counts as what it was or as what it is, whichever speaks more for it, so that no
// change makes it worse until it is learnt again.
func (c *corpus) addLearned(q *question, list []ranked) {
	if c.learned == nil || c.learned.matcher == nil || len(list) == 0 {
		return
	}
	l := c.lesson(q)
	for i := range list {
		r := &list[i]
		near := c.learned.offset + c.learned.slope*r.f[fAll]
		switch {
		case r.slot.class < 0:
			r.f[fLearned] = near
		case r.slot.fresh:
			r.f[fLearned] = c.learned.matcher.score(&l, r.slot.class)
		default:
			r.f[fLearned] = max(near, c.learned.matcher.score(&l, r.slot.class))
		}
		r.learned = r.f[fLearned]
	}
	normalizeLearned(list)
	c.addOpinion(q, list)
}

// normalizeLearned turns scores into logarithms of shares.
func normalizeLearned(list []ranked) {
	top, sum := math.Inf(-1), 0.0
	for i := range list {
		top = max(top, list[i].f[fLearned])
	}
	for i := range list {
		sum += math.Exp(list[i].f[fLearned] - top)
	}
	by := top + math.Log(sum)
	for i := range list {
		list[i].f[fLearned] = max(leastLearned, list[i].f[fLearned]-by)
	}
}
