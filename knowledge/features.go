package knowledge

import (
	"math"
	"slices"
)

// The features that order the articles. The first ones compare the question with the phrasing that is nearest to it.
const (
	fAsked       = iota // share of the question's weight that the phrasing has
	fPhrasing           // share of the phrasing's weight that the question has
	fExact              // the same normal form
	fNumbers            // one names a number that the other does not
	fNegation           // one is negated and the other is not
	fLanguage           // another language than the question's
	fSecond             // how near the second nearest phrasing is
	fArticle            // share of the question's weight that the article has anywhere
	fAll                // similarity to all phrasings together
	fWordOdds           // how much likelier the words are in this article than in general
	fPieceOdds          // the same of the pieces of words
	fAnswer             // similarity to the answer
	rankFeatures        // how many order the articles

	fMargin  = iota - 1 // how far the score is above the best other article's
	fChance             // share of all candidates' odds that this one holds
	features            // how many there are in all
)

func featureName(i int) string {
	return [features]string{"question_covered", "phrasing_covered", "exact", "numbers_differ", "negation_differs", "other_language",
		"second_phrasing", "article_covered", "all_phrasings", "word_odds", "piece_odds", "answer_similarity", "margin", "chance"}[i]
}

type measured [features]float64

// overlap sums the weights of what two rising lists share, and their squares.
func (c *corpus) overlap(a, b []uint32) (sum, squares float64) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			w := float64(c.idf[a[i]])
			sum, squares = sum+w, squares+w*w
			i, j = i+1, j+1
		}
	}
	return sum, squares
}

func (c *corpus) weights(list []uint32) (sum, squares float64) {
	for _, n := range list {
		w := float64(c.idf[n])
		sum, squares = sum+w, squares+w*w
	}
	return sum, squares
}

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

// near is how one phrasing compares with the question.
type near struct {
	phrasing       *phrasing
	likeness       float64
	asked, covered float64
}

func (c *corpus) compare(q *question, p *phrasing) near {
	shared, squares := c.overlap(q.words, p.words)
	all, own := c.weights(p.words)
	words := cosine(squares, q.wordSquares, own)
	pieces := words
	if len(p.pieces)+len(q.pieces) > 0 {
		_, squares = c.overlap(q.pieces, p.pieces)
		_, own = c.weights(p.pieces)
		pieces = cosine(squares, q.pieceSquares, own)
	}
	return near{p, (words + pieces) / 2, share(shared, q.wordWeight), share(shared, all)}
}

// nearest finds the two phrasings nearest to the question.
func (c *corpus) nearest(q *question, v *variant) (best, second near) {
	for i := range v.phrasings {
		n := c.compare(q, &v.phrasings[i])
		switch {
		case best.phrasing == nil || n.likeness > best.likeness:
			best, second = n, best
		case second.phrasing == nil || n.likeness > second.likeness:
			second = n
		}
	}
	return best, second
}

func (c *corpus) measure(q *question, v *variant) (measured, near) {
	var f measured
	best, second := c.nearest(q, v)
	if best.phrasing == nil {
		return f, best
	}
	f[fAsked], f[fPhrasing], f[fSecond] = best.asked, best.covered, second.likeness
	f[fExact] = flag(best.phrasing.normalized == q.normalized)
	f[fNumbers] = flag(numbersDiffer(q.signs, best.phrasing.signs))
	f[fNegation] = flag(q.signs.negated != best.phrasing.signs.negated)
	f[fLanguage] = flag(q.language != "" && q.language != best.phrasing.language)
	f[fArticle] = c.covered(q, v)
	f[fAll] = (c.similarity(q.words, v.words, q.unknownSquares()) + c.similarity(q.pieces, v.pieces, 0)) / 2
	f[fWordOdds] = c.odds(q.words, v.words, len(q.words)+len(q.unknown))
	f[fPieceOdds] = c.odds(q.pieces, v.pieces, q.allPieces)
	f[fAnswer] = c.answerSimilarity(q, v)
	return f, best
}

// covered is the share of the question's weight that occurs anywhere in the article.
func (c *corpus) covered(q *question, v *variant) float64 {
	sum := 0.0
	for _, n := range q.words {
		if v.mentions(n) {
			sum += float64(c.idf[n])
		}
	}
	return share(sum, q.wordWeight)
}

func (v *variant) mentions(n uint32) bool {
	if _, found := slices.BinarySearch(v.words.terms, n); found {
		return true
	}
	for _, words := range v.answers {
		if _, found := slices.BinarySearch(words, n); found {
			return true
		}
	}
	return false
}

func (c *corpus) answerSimilarity(q *question, v *variant) float64 {
	best := 0.0
	for _, words := range v.answers {
		_, squares := c.overlap(q.words, words)
		_, own := c.weights(words)
		best = max(best, cosine(squares, q.wordSquares, own))
	}
	return best
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
