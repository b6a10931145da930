package knowledge

import (
	"math"
	"slices"
)

// The features that order the articles. Each compares the question with the phrasing of the article that is nearest to it.
const (
	fWords    = iota // cosine of the words' weights
	fPieces          // cosine of the pieces' weights: forgives misspelling and endings
	fAsked           // share of the question's weight that the phrasing has
	fPhrasing        // share of the phrasing's weight that the question has
	fExact           // the same normal form
	fAnswer          // share of the question's weight that the answer or any phrasing has
	fSupport         // how near the second nearest phrasing is
	fNumbers         // one names a number that the other does not
	fNegation        // one is negated and the other is not
	fLanguage        // another language than the question's
	featureCount
)

// The features that tell how sure the order is, beside those above.
const (
	fScore   = featureCount + iota // what the ordering made of the features above
	fMargin                        // how far the score is above the best other article's
	fUnknown                       // share of the question's weight that the knowledge base never mentions
	fShort                         // 1 / number of words
	fChance                        // share of all candidates' odds that this one holds
	confidenceCount
)

func featureName(i int) string {
	return [confidenceCount]string{"words", "pieces", "question_covered", "phrasing_covered", "exact", "answer_covered", "second_phrasing",
		"numbers_differ", "negation_differs", "other_language", "score", "margin", "unknown_words", "short", "chance"}[i]
}

type features [confidenceCount]float64

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

func (c *corpus) mass(list []uint32) (sum, squares float64) {
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

// near is how one phrasing compares with the question.
type near struct {
	phrasing          *phrasing
	words, pieces     float64
	asked, phrasedAll float64
}

func (n near) blend() float64 { return n.words + n.pieces }

func (c *corpus) compare(q *question, p *phrasing) near {
	n := near{phrasing: p}
	sum, squares := c.overlap(q.words, p.words)
	mass, own := c.mass(p.words)
	_, asked := c.mass(q.words)
	asked += q.unknownW * q.unknownW * float64(len(q.unknown))
	n.words = cosine(squares, asked, own)
	if q.mass > 0 {
		n.asked = sum / q.mass
	}
	if mass > 0 {
		n.phrasedAll = sum / mass
	}
	_, squares = c.overlap(q.pieces, p.pieces)
	_, own = c.mass(p.pieces)
	_, asked = c.mass(q.pieces)
	n.pieces = cosine(squares, asked, own)
	if len(p.pieces) == 0 && len(q.pieces) == 0 {
		n.pieces = n.words
	}
	return n
}

// nearest finds the two phrasings nearest to the question.
func (c *corpus) nearest(q *question, v *variant) (best, second near) {
	for i := range v.phrasings {
		n := c.compare(q, &v.phrasings[i])
		switch {
		case best.phrasing == nil || n.blend() > best.blend():
			best, second = n, best
		case second.phrasing == nil || n.blend() > second.blend():
			second = n
		}
	}
	return best, second
}

func (c *corpus) features(q *question, v *variant) (features, near) {
	var f features
	best, second := c.nearest(q, v)
	if best.phrasing == nil {
		return f, best
	}
	f[fWords], f[fPieces], f[fAsked], f[fPhrasing] = best.words, best.pieces, best.asked, best.phrasedAll
	f[fSupport] = second.blend() / 2
	f[fAnswer] = c.covered(q, v)
	f[fExact] = flag(best.phrasing.normalized == q.normalized)
	f[fNumbers] = flag(numbersDiffer(q.signs, best.phrasing.signs))
	f[fNegation] = flag(q.signs.negated != best.phrasing.signs.negated)
	f[fLanguage] = flag(q.language != "" && q.language != best.phrasing.language)
	return f, best
}

// covered is the share of the question's weight that occurs anywhere in the article.
func (c *corpus) covered(q *question, v *variant) float64 {
	if q.mass <= 0 {
		return 0
	}
	sum := 0.0
	for _, n := range q.words {
		if v.mentions(n) {
			sum += float64(c.idf[n])
		}
	}
	return min(1, sum/q.mass)
}

func (v *variant) mentions(n uint32) bool {
	for _, words := range v.answers {
		if _, found := slices.BinarySearch(words, n); found {
			return true
		}
	}
	for i := range v.phrasings {
		if _, found := slices.BinarySearch(v.phrasings[i].words, n); found {
			return true
		}
	}
	return false
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
