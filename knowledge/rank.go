package knowledge

import (
	"math"
)

// The context features say how a candidate stands beside the others. Only the confidence uses them.
const (
	fMargin   = iota + rankFeatures // how far its score is above the best other article's
	fChance                         // its share of all candidates' odds
	fScore                          // its score
	fUnknown                        // share of the question's words, by weight, that no phrasing has
	fConstant                       // always 1
	features                        // how many there are in all
)

func featureName(i int) string {
	return [features]string{"question_covered", "phrasing_covered", "exact", "numbers_differ", "negation_differs", "other_language", "nearest_phrasing",
		"second_phrasing", "votes", "all_words", "all_pieces", "all_pairs", "all_ideas", "all_phrasings", "word_odds", "piece_odds", "idea_odds",
		"article_covered", "ideas_covered", "answer", "article_text", "answer_ideas", "learned", "margin", "chance", "score", "unknown", "constant"}[i]
}

// ranked is a candidate article with its features.
type ranked struct {
	at         uint32
	slot       *slot
	best       *phrasing
	f          measured
	learned    float64 // what the matcher says, before it is compared with the others
	score      float64
	confidence float64
	context    [features - rankFeatures]float64
}

// rank compares the question with the candidates and gives the best ones, with confidence.
func (c *corpus) rank(q *question, o Options, more []int64) []ranked {
	s := c.take()
	defer c.giveBack(s)
	list := c.compareAll(q, c.candidates(q, s, o, more), s)
	weights := c.learned.rankWeights()
	order(list, &weights)
	c.state(q, list)
	return list
}

// compareAll measures the candidates; those that share nothing of their own are left out.
func (c *corpus) compareAll(q *question, candidates []candidate, s *scratch) []ranked {
	for _, a := range q.terms {
		s.mark[a.n] = fixed(c.weight[a.n])
	}
	list := make([]ranked, 0, len(candidates))
	for i := range candidates {
		n := &candidates[i]
		f, best := c.measure(q, n, s.mark)
		if best != nil && f[fArticle]+f[fAll] > 0 {
			list = append(list, ranked{at: n.at, slot: n.slot, best: best, f: f})
		}
	}
	for _, a := range q.terms {
		s.mark[a.n] = 0
	}
	c.addLearned(q, list)
	return list
}

func score(f *measured, weights *measured) float64 {
	sum := 0.0
	for i, w := range weights {
		sum += float64(w * f[i])
	}
	return math.Round(sum*1e9) / 1e9
}

// state fills in how sure each of the ordered candidates is. What the first leaves is shared among the others.
func (c *corpus) state(q *question, list []ranked) {
	if len(list) == 0 {
		return
	}
	all, others := math.Exp(noArticle-list[0].score), 0.0
	for i := range list {
		odds := math.Exp(list[i].score - list[0].score)
		all += odds
		if i > 0 {
			others += odds
		}
	}
	weights := c.learned.confidenceWeights()
	for i := range list {
		r := &list[i]
		q.addContext(list, i, all)
		if i == 0 {
			r.confidence = logistic(r.odds(&weights))
			continue
		}
		r.confidence = (1 - list[0].confidence) * restShare * math.Exp(r.score-list[0].score) / others
	}
}

// noArticle is the score of the thought that no article answers: it takes part in margin and chance like one more candidate, so
// that an article without rivals is not sure for want of them.
const noArticle = 3.0

// restShare is how likely one of the other candidates is right when the first is not.
const restShare = 0.7

func (q *question) addContext(list []ranked, i int, all float64) {
	r, rival := &list[i], noArticle
	if i > 0 {
		rival = list[0].score
	} else if len(list) > 1 {
		rival = max(rival, list[1].score)
	}
	unknown := 0.0
	if q.weight[kindWord] > 0 {
		unknown = 1 - share(q.knownWeight(), q.weight[kindWord])
	}
	r.context = [features - rankFeatures]float64{r.score - rival, math.Exp(r.score-list[0].score) / all, r.score, unknown, 1}
}

// knownWeight is what the words weigh that some phrasing has.
func (q *question) knownWeight() float64 {
	sum := 0.0
	for _, a := range q.terms {
		if a.kind == kindWord && !a.foreign {
			sum += a.idf
		}
	}
	return sum
}

func (r *ranked) value(i int) float64 {
	if i < rankFeatures {
		return r.f[i]
	}
	return r.context[i-rankFeatures]
}

func (r *ranked) odds(weights *[features]float64) float64 {
	sum := 0.0
	for i, w := range weights {
		sum += float64(w * r.value(i))
	}
	return sum
}

func logistic(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }
