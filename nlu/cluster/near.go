package cluster

import (
	"cmp"
	"slices"
)

const (
	// nearest is how many of the nearest other texts a text is connected with.
	nearest = 24
	// budget bounds the work of finding them: the rarest features are looked up first, until their lists add up to this.
	budget = 5000
)

// edges connect every text without a group with those nearest to it.
func (v *vectors) edges(texts []Text, least float64) edges {
	var found edges
	s := &search{likeness: make([]float32, len(texts))}
	for i, t := range texts {
		if t.Group == 0 {
			found = s.near(v, int32(i), float32(least), found)
		}
	}
	return found
}

// search is the memory of finding the nearest texts; its likenesses are zero between two.
type search struct {
	likeness []float32
	touched  []int32
	order    []term
	best     []edge
}

func (s *search) near(v *vectors, i int32, least float32, found edges) edges {
	s.order = append(s.order[:0], v.texts[i]...)
	slices.SortFunc(s.order, func(a, b term) int {
		return cmp.Or(cmp.Compare(len(v.lists[a.id]), len(v.lists[b.id])), cmp.Compare(a.id, b.id))
	})
	left := budget
	for _, t := range s.order {
		list := v.lists[t.id]
		if left -= len(list); left < 0 {
			break
		}
		for _, other := range list {
			if s.likeness[other] == 0 {
				s.touched = append(s.touched, other)
			}
			s.likeness[other] += t.weight
		}
	}
	s.best = s.best[:0]
	for _, other := range s.touched {
		if other != i {
			s.offer(edge{i, other, s.likeness[other]})
		}
		s.likeness[other] = 0
	}
	s.touched = s.touched[:0]
	for _, e := range s.best {
		if e.alike = dot(v.texts[i], v.texts[e.b]); e.alike >= least {
			found = append(found, e)
		}
	}
	return found
}

// offer keeps an edge when it is among the nearest so far, which stand in their order.
func (s *search) offer(e edge) {
	n := len(s.best)
	if n == nearest && !e.before(s.best[n-1]) {
		return
	}
	if n < nearest {
		s.best = append(s.best, e)
		n++
	}
	at := n - 1
	for ; at > 0 && e.before(s.best[at-1]); at-- {
		s.best[at] = s.best[at-1]
	}
	s.best[at] = e
}

func (e edge) before(other edge) bool {
	return e.alike > other.alike || e.alike == other.alike && e.b < other.b
}
