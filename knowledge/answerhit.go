package knowledge

import "slices"

// hits turns the ranking into what the caller sees.
func (c *corpus) hits(q *question, list []ranked, o Options) []Hit {
	limit := o.Limit
	if limit <= 0 {
		limit = defaultHits
	}
	list = list[:min(len(list), limit, maxHits)]
	language := o.Language
	if language == "" {
		language = q.language
	}
	rank, sure := c.learned.rankWeights(), c.learned.confidenceWeights()
	hits := make([]Hit, 0, len(list))
	for i := range list {
		h := list[i].hit(q, language, o)
		h.Why = list[i].why(&rank, &sure, i == 0)
		hits = append(hits, h)
	}
	return hits
}

func (r *ranked) hit(q *question, language string, o Options) Hit {
	v := r.slot.variant
	h := Hit{ArticleID: r.slot.entry.id, Key: r.slot.entry.key, RevisionID: v.revision, Revision: v.number, Matched: r.best.text,
		Score: r.score, Confidence: r.confidence}
	h.Language = v.content.answerLanguage(language, r.best.language)
	h.Question, h.Answer = v.content.Question[h.Language], v.content.AnswerFor(h.Language, o)
	h.Internal = v.content.Audience == Internal
	for _, a := range q.terms {
		if a.kind != kindWord {
			continue
		}
		if _, shared := slices.BinarySearch(r.best.terms, a.n); shared {
			h.Terms = append(h.Terms, q.names[a.n])
		}
	}
	slices.Sort(h.Terms)
	return h
}

// why lists every feature with its weights. The confidence of the first hit is made of its features; that of the others is
// their share of what the first leaves.
func (r *ranked) why(rank *measured, sure *[features]float64, first bool) []Feature {
	why := make([]Feature, features)
	for i := range why {
		why[i] = Feature{Name: featureName(i), Value: r.value(i)}
		if first {
			why[i].Confidence = sure[i]
		}
		if i < rankFeatures {
			why[i].Weight = rank[i]
		}
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
