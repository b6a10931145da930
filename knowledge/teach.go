package knowledge

import (
	"sync"

	learner "huiyin/nlu/learn"
)

// lore is what was learnt from the phrasings outside one part.
type lore struct {
	matcher *matcher
	model   *learner.Model
}

// teachers gets ready to learn from the phrasings outside each part. One at a time learns when it is asked for; several learn ahead,
// which takes memory for all parts at once. What is learnt is the same.
func (s *student) teachers(atOnce int) {
	s.readLessons()
	parts := []uint8{noFold}
	if !s.tooMany() {
		for part := range uint8(s.parts()) {
			parts = append(parts, part)
		}
	}
	s.learnAhead(parts, atOnce)
}

// learnAhead lets several parts be learnt at once, those that are asked for last first: they take longest to be needed.
func (s *student) learnAhead(parts []uint8, atOnce int) {
	teach := map[uint8]func() lore{}
	for _, part := range parts {
		teach[part] = sync.OnceValue(func() lore { return s.learnFrom(part) })
	}
	s.teach = func(part uint8) lore { return teach[part]() }
	if atOnce < 2 {
		return
	}
	free := make(chan struct{}, atOnce)
	for _, learn := range teach {
		go func() {
			free <- struct{}{}
			learn()
			<-free
		}()
	}
}

// learnFrom learns from the phrasings outside one part.
func (s *student) learnFrom(part uint8) lore {
	t := lore{model: s.opinion(part)}
	if !s.tooMany() {
		t.matcher = newMatcher(s.lessons, s.rows, len(s.corpus.table.slots), part)
	}
	return t
}

// readLessons puts the phrasings in the numbers of the matcher.
func (s *student) readLessons() {
	if s.tooMany() {
		return
	}
	for i := range s.lessons {
		p := s.phrasing(i)
		l := s.corpus.lesson(s.corpus.ask(p.normalized, p.language, nil))
		s.lessons[i].rows, s.lessons[i].share = l.rows, l.share
	}
}
