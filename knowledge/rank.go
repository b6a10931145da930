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
	f       features
}

// rank compares the candidates with the question and gives the best ones, with confidence.
func (c *corpus) rank(q *question, ids []int64, o Options) []Hit {
	list := c.compareAll(q, ids, o.IncludeDrafts)
	slices.SortFunc(list, func(a, b ranked) int {
		if a.f[fScore] != b.f[fScore] {
			return cmp.Compare(b.f[fScore], a.f[fScore])
		}
		return cmp.Compare(a.entry.id, b.entry.id)
	})
	c.addContext(q, list)
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
		hits = append(hits, r.hit(c, q, language))
	}
	return hits
}

func (c *corpus) compareAll(q *question, ids []int64, drafts bool) []ranked {
	seen := make(map[int64]bool, len(ids))
	list := make([]ranked, 0, len(ids))
	for _, id := range ids {
		e := c.entries[id]
		if seen[id] || e == nil {
			continue
		}
		seen[id] = true
		v := e.variantFor(drafts)
		if v == nil {
			continue
		}
		f, best := c.features(q, v)
		if best.phrasing == nil || f[fWords]+f[fPieces]+f[fAnswer] == 0 {
			continue
		}
		for i, w := range rankWeights() {
			f[fScore] += w * f[i]
		}
		list = append(list, ranked{e, v, best, f})
	}
	return list
}

// addContext fills in the features that compare the candidates with each other.
func (c *corpus) addContext(q *question, list []ranked) {
	odds := 0.0
	for _, r := range list {
		odds += math.Exp(r.f[fScore])
	}
	for i := range list {
		f := &list[i].f
		other := 0.0
		if i == 0 && len(list) > 1 {
			other = list[1].f[fScore]
		} else if i > 0 {
			other = list[0].f[fScore]
		}
		f[fMargin] = f[fScore] - other
		f[fChance] = math.Exp(f[fScore]) / odds
		f[fShort] = 1 / float64(q.length)
		if q.mass > 0 {
			f[fUnknown] = q.unknownW * float64(len(q.unknown)) / q.mass
		}
	}
}

func (r ranked) hit(c *corpus, q *question, language string) Hit {
	h := Hit{ArticleID: r.entry.id, Key: r.entry.key, RevisionID: r.variant.revision, Revision: r.variant.number, Matched: r.best.phrasing.text,
		Score: r.f[fScore], Confidence: confidence(r.f), Why: r.why()}
	h.Language = r.variant.content.answerLanguage(language, r.best.phrasing.language)
	h.Question, h.Answer = r.variant.content.Question[h.Language], r.variant.content.Answer[h.Language]
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
	why := make([]Feature, 0, confidenceCount)
	for i, value := range r.f {
		weight := sure[i]
		if i < featureCount {
			weight = rank[i]
		}
		why = append(why, Feature{featureName(i), value, weight})
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
