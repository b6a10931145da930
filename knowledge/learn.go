package knowledge

import (
	"cmp"
	"slices"

	"huiyin/nlu"
)

const (
	// maxLessons is how many phrasings a matcher is learnt from; a larger base has its weights fitted, but no matcher.
	maxLessons = 20000
	// maxExamples is how many phrasings are asked to fit the weights.
	maxExamples = 1500
	// folds is into how many parts the phrasings are divided, so that each is asked of a matcher that has not seen it.
	folds = 4
	// allFolds is how many weights a matcher may have for every part to be asked; of a larger one only the first part is.
	allFolds = 1 << 20
	noFold   = 255
)

// student is a knowledge base while it is learnt from. It is a copy of its own, numbered in the order of the articles, so
// that the same articles teach the same on every node, and searches go on meanwhile.
type student struct {
	corpus   *corpus
	lessons  []lesson
	places   []leftOut // of each lesson
	rows     map[string]int32
	classes  map[int64]classAt
	examples []example
	fit      line
	teach    func(part uint8) lore
}

// learn learns from the published articles. It is pure: the same articles and synonyms give the same result.
func learn(articles []entry, synonyms *nlu.Groups) *learned {
	s := newStudent(articles, synonyms)
	if len(s.lessons) == 0 {
		return nil
	}
	s.teachers(1)
	return s.study()
}

// study asks the phrasings and fits how much each feature counts.
func (s *student) study() *learned {
	s.collect()
	whole := s.teach(noFold)
	l := &learned{matcher: whole.matcher, model: whole.model, classes: s.classes, sampled: s.parts() < folds}
	l.offset, l.slope = s.fit.solve()
	l.rank = fitRank(s.examples, shippedRank(), rankPull)
	l.sure = fitConfidence(s.examples, &l.rank, shippedConfidence())
	l.rehearse(s.examples)
	return l
}

func newStudent(articles []entry, synonyms *nlu.Groups) *student {
	s := &student{corpus: newCorpus(), rows: map[string]int32{}, classes: map[int64]classAt{}}
	s.corpus.synonyms = synonyms
	slices.SortFunc(articles, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	for _, a := range articles {
		s.corpus.put(a.id, &entry{id: a.id, live: s.corpus.variant(a.live.revision, a.live.number, a.live.content)})
	}
	s.corpus.weigh()
	s.numberRows()
	for at, slot := range s.corpus.table.slots {
		s.classes[slot.entry.id] = classAt{at, slot.variant.revision}
		for i := range slot.variant.phrasings {
			s.places = append(s.places, leftOut{slot: uint32(at), phrasing: i})
			s.lessons = append(s.lessons, lesson{class: int32(at), fold: uint8((at + i) % folds)})
		}
	}
	return s
}

// numberRows gives the terms of phrasings their rows in the order of their numbers here.
func (s *student) numberRows() {
	names := make([]string, len(s.corpus.df))
	for name, n := range s.corpus.numbers {
		names[n] = name
	}
	s.corpus.rowOf = make([]int32, len(names))
	for n, name := range names {
		if s.corpus.df[n] == 0 {
			s.corpus.rowOf[n] = -1
			continue
		}
		s.corpus.rowOf[n] = int32(len(s.rows))
		s.rows[name] = int32(len(s.rows))
	}
}

func (s *student) phrasing(i int) *phrasing {
	at := s.places[i]
	return &s.corpus.table.slots[at.slot].variant.phrasings[at.phrasing]
}

// tooMany tells whether there are more phrasings than a matcher is learnt from.
func (s *student) tooMany() bool { return len(s.lessons) > maxLessons }

// parts are how many parts of the phrasings are asked.
func (s *student) parts() int {
	if len(s.rows)*len(s.corpus.table.slots) > allFolds {
		return 1
	}
	return folds
}

// collect asks phrasings as if nobody had written them down.
func (s *student) collect() {
	if s.tooMany() {
		s.askFold(lore{}, noFold)
		return
	}
	for fold := range uint8(s.parts()) {
		s.askFold(s.teach(fold), fold)
	}
}

// askFold asks the phrasings of one part; noFold stands for all of them.
func (s *student) askFold(by lore, fold uint8) {
	s.corpus.learned = &learned{matcher: by.matcher, model: by.model, classes: s.classes}
	for i := range s.corpus.table.slots {
		s.corpus.table.slots[i].class, s.corpus.table.slots[i].fresh = i, true
	}
	step := 1 + len(s.lessons)/maxExamples
	for i := 0; i < len(s.lessons); i++ {
		if (fold == noFold || s.lessons[i].fold == fold) && i/folds%step == 0 {
			s.examples = append(s.examples, s.example(i))
		}
	}
	s.corpus.learned = nil
}

// example asks one phrasing and keeps how the candidates compare with it.
func (s *student) example(i int) example {
	at, p := s.places[i], s.phrasing(i)
	q := s.corpus.ask(p.normalized, p.language, &at)
	work := s.corpus.take()
	list := s.corpus.compareAll(q, s.corpus.candidates(q, work, Options{Internal: true}, nil), work)
	s.corpus.giveBack(work)
	for k := range list {
		s.fit.add(list[k].f[fAll], list[k].learned)
	}
	e := example{right: -1, answerable: len(s.corpus.table.slots[at.slot].variant.phrasings) > 1, question: q}
	for k := range list {
		if list[k].at == at.slot {
			e.right = k
		}
		e.list = append(e.list, list[k])
	}
	return e
}

// line fits one number to another by least squares.
type line struct{ n, x, y, xx, xy float64 }

func (l *line) add(x, y float64) {
	l.n, l.x, l.y, l.xx, l.xy = l.n+1, l.x+x, l.y+y, l.xx+float64(x*x), l.xy+float64(x*y)
}

func (l *line) solve() (offset, slope float64) {
	spread := l.n*l.xx - l.x*l.x
	if spread <= 1e-9 {
		return 0, 0
	}
	slope = (l.n*l.xy - l.x*l.y) / spread
	return (l.y - slope*l.x) / l.n, slope
}
