package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// ranked is a candidate article with its features.
type ranked struct {
	entry   *entry
	variant *variant
	best    near
	f       measured
	score   float64
}

// rank compares the candidates with the question and gives the best ones, with confidence.
func (c *corpus) rank(q *question, ids []int64, o Options) []Hit {
	list := c.compareAll(q, ids, o)
	slices.SortFunc(list, func(a, b ranked) int {
		if a.score != b.score {
			return cmp.Compare(b.score, a.score)
		}
		return cmp.Compare(a.entry.id, b.entry.id)
	})
	addContext(list)
	limit := o.Limit
	if limit <= 0 {
		limit = defaultHits
	}
	list = list[:min(len(list), limit, maxHits)]
	language := o.Language
	if language == "" {
		language = q.language
	}
	hits := make([]Hit, 0, len(list))
	for _, r := range list {
		hits = append(hits, r.hit(c, q, language, o))
	}
	return hits
}

func (c *corpus) compareAll(q *question, ids []int64, o Options) []ranked {
	seen := make(map[int64]bool, len(ids))
	list := make([]ranked, 0, len(ids))
	for _, id := range ids {
		e := c.entries[id]
		if seen[id] || e == nil {
			continue
		}
		seen[id] = true
		v := e.variantFor(o.IncludeDrafts)
		if v == nil || !v.content.Serves(o) {
			continue
		}
		f, best := c.measure(q, v)
		if best.phrasing != nil && f[fArticle]+f[fAll] > 0 {
			list = append(list, ranked{e, v, best, f, score(f)})
		}
	}
	return list
}

// addContext fills in the features that compare the candidates with each other.
func addContext(list []ranked) {
	odds := math.Exp(noArticle)
	for _, r := range list {
		odds += math.Exp(r.score)
	}
	for i := range list {
		r := &list[i]
		rival := noArticle
		if i > 0 {
			rival = list[0].score
		} else if len(list) > 1 {
			rival = max(rival, list[1].score)
		}
		r.f[fMargin], r.f[fChance] = r.score-rival, math.Exp(r.score)/odds
	}
}

func (r ranked) hit(c *corpus, q *question, language string, o Options) Hit {
	h := Hit{ArticleID: r.entry.id, Key: r.entry.key, RevisionID: r.variant.revision, Revision: r.variant.number, Matched: r.best.phrasing.text,
		Score: r.score, Confidence: confidence(r.f), Why: r.why()}
	h.Language = r.variant.content.answerLanguage(language, r.best.phrasing.language)
	h.Question, h.Answer = r.variant.content.Question[h.Language], r.variant.content.AnswerFor(h.Language, o)
	h.Internal = r.variant.content.Audience == Internal
	for _, n := range q.words {
		if _, shared := slices.BinarySearch(r.best.phrasing.words, n); shared {
			h.Terms = append(h.Terms, q.names[n])
		}
	}
	slices.Sort(h.Terms)
	return h
}

func (r ranked) why() []Feature {
	rank, sure := rankWeights(), confidenceWeights()
	why := make([]Feature, 0, features)
	for i, value := range r.f {
		f := Feature{Name: featureName(i), Value: value, Confidence: sure[i]}
		if i < rankFeatures {
			f.Weight = rank[i]
		}
		why = append(why, f)
	}
	return why
}

// answerLanguage chooses the language to answer in: the asker's, else that of the phrasing, else any with an answer.
func (c Content) answerLanguage(wanted ...string) string {
	for _, l := range wanted {
		if c.Answer[l] != "" {
			return l
		}
	}
	for _, l := range c.Languages() {
		if c.Answer[l] != "" {
			return l
		}
	}
	return ""
}
