package knowledge

// Rehearsed is one phrasing of an article that was asked as if nobody had written it down: how sure the search was of its first
// hit, and whether that was the phrasing's article.
type Rehearsed struct {
	Confidence float64
	Right      bool
}

// Rehearsal is how the articles' own phrasings fared when they were learnt from; nil while nothing was learnt. It shows what a
// threshold means for this knowledge base. The margin to the next article is not looked at.
func (x *Index) Rehearsal() []Rehearsed {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.corpus.learned == nil {
		return nil
	}
	return x.corpus.learned.rehearsal
}

// rehearse states how sure the search is of the examples' first hits, with the weights that were learnt.
func (l *learned) rehearse(examples []example) {
	for i := range examples {
		if !examples[i].answerable {
			continue
		}
		v, ok := examples[i].first(&l.rank, answered)
		if !ok {
			continue
		}
		odds := 0.0
		for k, w := range l.sure {
			odds += float64(w * v.values[k])
		}
		l.rehearsal = append(l.rehearsal, Rehearsed{logistic(odds), v.right})
	}
}
