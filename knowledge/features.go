package knowledge

import (
	"math"
	"slices"
)

// The features that order the articles. The first ones compare the question with the phrasing that is nearest to it.
const (
	fAsked        = iota // share of the question's weight that the phrasing has
	fPhrasing            // share of the phrasing's weight that the question has
	fExact               // the same normal form
	fNumbers             // one names a number that the other does not
	fNegation            // one is negated and the other is not
	fLanguage            // another language than the question's
	fNearest             // how near it is
	fSecond              // how near the second nearest phrasing is
	fVotes               // how near all phrasings are, the nearest most
	fWords               // similarity to the words of all phrasings together
	fPieces              // the same of the pieces of words
	fPairs               // the same of neighbouring words
	fIdeas               // the same of what words stand for
	fAll                 // the same of everything
	fWordOdds            // how much likelier the words are in this article than in general
	fPieceOdds           // the same of the pieces of words
	fIdeaOdds            // the same of what words stand for
	fArticle             // share of the question's weight that the article has anywhere
	fIdeasCovered        // share of what the words stand for that the phrasings have
	fAnswer              // how much of the question the answer speaks of
	fText                // the same of answer and phrasings together
	fAnswerIdeas         // share of what the words stand for that the answer has
	fLearned             // how likely the article is by what was learnt from its phrasings
	rankFeatures         // how many order the articles
)

type measured [rankFeatures]float64

func cosine(dot, a, b float64) float64 {
	if a <= 0 || b <= 0 {
		return 0
	}
	return dot / math.Sqrt(a*b)
}

func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return min(1, part/whole)
}

// measure fills in what can be said about one candidate by itself.
func (c *corpus) measure(q *question, n *candidate, mark []int64) (measured, *phrasing) {
	var f measured
	best := c.nearest(q, n, mark, &f)
	if best == nil {
		return f, nil
	}
	c.compareNearest(q, best, &f)
	c.compareArticle(q, n, &f)
	c.compareAnswer(q, n, &f)
	return f, best
}

// fixed is a weight in whole numbers, whose sums do not depend on the order of adding.
func fixed(weight float32) int64 { return int64(float64(weight) * (1 << 24)) }

// maxNear is how many phrasings of one article are compared one by one.
const maxNear = 150

// nearest finds the phrasing nearest to the question, whose terms are marked with their weights.
func (c *corpus) nearest(q *question, n *candidate, mark []int64, f *measured) *phrasing {
	length, cubes := q.length(), 0.0
	best := -1
	for i := range n.slot.variant.phrasings[:min(maxNear, len(n.slot.variant.phrasings))] {
		if w := q.without; w != nil && w.slot == n.at && w.phrasing == i {
			continue
		}
		dot := int64(0)
		for _, t := range n.slot.variant.phrasings[i].terms {
			dot += mark[t]
		}
		near := cosine(float64(dot)/(1<<24), length, n.slot.lengths[i])
		cubes += near * near * near
		switch {
		case best < 0 || near > f[fNearest]:
			f[fSecond], f[fNearest], best = f[fNearest], near, i
		case near > f[fSecond]:
			f[fSecond] = near
		}
	}
	f[fVotes] = math.Cbrt(cubes)
	if best < 0 {
		return nil
	}
	return &n.slot.variant.phrasings[best]
}

func (c *corpus) compareNearest(q *question, p *phrasing, f *measured) {
	shared, all := 0.0, 0.0
	for _, n := range p.terms {
		if c.kinds[n] == kindWord {
			all += float64(c.idf[n])
		}
	}
	for _, a := range q.terms {
		if a.kind != kindWord {
			continue
		}
		if _, has := slices.BinarySearch(p.terms, a.n); has {
			shared += a.idf
		}
	}
	f[fAsked], f[fPhrasing] = share(shared, q.weight[kindWord]), share(shared, all)
	f[fExact] = flag(p.normalized == q.normalized)
	f[fNumbers] = flag(numbersDiffer(q.signs, p.signs))
	f[fNegation] = flag(q.signs.negated != p.signs.negated)
	f[fLanguage] = flag(q.language != "" && q.language != p.language)
}

// priorTerms is how many terms of a general text an article counts as having beside its own, so that one with few
// phrasings is not too sure of what it never says.
const priorTerms = 30

func (c *corpus) compareArticle(q *question, n *candidate, f *measured) {
	squares, totals := n.slot.squares, n.slot.totals
	left := q.without != nil && q.without.slot == n.at
	var dot, odds [kinds]float64
	ideas := 0.0
	for i, a := range q.terms {
		if left {
			squares[a.kind] -= a.weight
			totals[a.kind]--
		}
		count := n.counts[i]
		if count == 0 {
			continue
		}
		dot[a.kind] += a.weight * root(count)
		if a.kind != kindPair {
			general := float64(c.df[a.n]) / c.occurrences[a.kind]
			odds[a.kind] += math.Log(1 + float64(count)/(priorTerms*general))
		}
		if a.kind == kindIdea {
			ideas += a.idf
		}
	}
	f[fIdeasCovered] = share(ideas, q.weight[kindIdea])
	var all, length, asked float64
	for k, at := range [kinds]int{fWords, fPieces, fPairs, fIdeas} {
		f[at] = cosine(dot[k], q.squares[k], squares[k])
		all, length, asked = all+dot[k], length+max(0, squares[k]), asked+q.squares[k]
	}
	f[fAll] = cosine(all, asked, length)
	for k, at := range [kinds]int{fWordOdds, fPieceOdds, -1, fIdeaOdds} {
		if at >= 0 && q.all[k] > 0 {
			f[at] = odds[k]/q.all[k] + math.Log(priorTerms/(max(0, totals[k])+priorTerms))
		}
	}
}

// compareAnswer compares with the text of the answer; a phrasing that has a word counts like two occurrences.
func (c *corpus) compareAnswer(q *question, n *candidate, f *measured) {
	covered, answer, text, ideas := 0.0, 0.0, 0.0, 0.0
	for i, a := range q.terms {
		inText, count := float64(n.inText[i]), n.counts[i]
		switch {
		case a.kind == kindIdea && inText > 0:
			ideas += a.idf
		case a.kind == kindWord && (inText > 0 || count > 0):
			covered += a.idf
			answer += a.answerIDF * c.table.saturation(inText, n.at)
			if count > 0 {
				inText += 2
			}
			text += a.answerIDF * c.table.saturation(inText, n.at)
		}
	}
	f[fArticle], f[fAnswerIdeas] = share(covered, q.weight[kindWord]), share(ideas, q.weight[kindIdea])
	f[fAnswer], f[fText] = share(answer, q.answer), share(text, q.answer)
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
