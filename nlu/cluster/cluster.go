// Package cluster groups texts that mean the same, in Chinese and English, with nothing learnt beforehand: texts are near when they
// share rare words, pieces of words and what words stand for. It is pure: the same texts in the same order give the same groups. It
// does not know what the texts are for.
package cluster

import "container/heap"

// Text is a text in normal form (nlu.Normalize). Group is the group that it is in already; 0: none. Texts of one group stay together.
type Text struct {
	Normalized string
	Group      int64
}

// Options say how to group.
type Options struct {
	// Alike is from which mean likeness on two groups become one, from 0 to 1; 0 stands for a value that fits short questions.
	Alike float64
	// Fixed are groups that somebody has judged: two of them never become one.
	Fixed map[int64]bool
}

// alike is fitted on development parts of public sets of questions; docs/gaps.md says how good that is.
const alike = 0.17

// Group gives every text the place of another one, or its own: texts with the same place are a group. The place is that of the first
// text of the group that had one already, else of its first text. Only texts without a group are compared with the others, so that a
// few new ones among many cost little; they may bring two groups together.
func Group(texts []Text, o Options) []int {
	if o.Alike == 0 {
		o.Alike = alike
	}
	v := newVectors(texts)
	f := newForest(texts, v, o.Fixed)
	edges := v.edges(texts, o.Alike)
	heap.Init(&edges)
	for len(edges) > 0 {
		f.join(&edges, float32(o.Alike))
	}
	places := make([]int, len(texts))
	for i := range texts {
		places[i] = f.place(i)
	}
	return places
}

// forest holds the groups while they grow (union by size).
type forest struct {
	parent []int32
	size   []int32
	first  []int32 // of the group: the text that stands for it
	group  []int64 // of the group: the one it had already
	sums   [][]term
	fixed  map[int64]bool
}

func newForest(texts []Text, v *vectors, fixed map[int64]bool) *forest {
	n := len(texts)
	f := &forest{parent: make([]int32, n), size: make([]int32, n), first: make([]int32, n), group: make([]int64, n), sums: make([][]term, n), fixed: fixed}
	at := map[int64]int32{}
	for i, t := range texts {
		f.parent[i], f.size[i], f.first[i], f.group[i], f.sums[i] = int32(i), 1, int32(i), t.Group, v.texts[i]
		if t.Group == 0 {
			continue
		}
		if head, met := at[t.Group]; met {
			f.unite(f.root(head), int32(i))
		} else {
			at[t.Group] = int32(i)
		}
	}
	return f
}

func (f *forest) root(i int32) int32 {
	for f.parent[i] != i {
		f.parent[i] = f.parent[f.parent[i]]
		i = f.parent[i]
	}
	return i
}

// unite makes one group of two, given by their roots.
func (f *forest) unite(a, b int32) {
	if f.size[a] < f.size[b] {
		a, b = b, a
	}
	if older := f.older(b, a); older {
		f.first[a], f.group[a] = f.first[b], f.group[b]
	}
	f.parent[b] = a
	f.size[a] += f.size[b]
	f.sums[a], f.sums[b] = addUp(f.sums[a], f.sums[b]), nil
}

// older tells whether the name of the first group is kept when two become one: a judged one before others, one that was there before
// a new one, else the one that began first.
func (f *forest) older(a, b int32) bool {
	if x, y := f.fixed[f.group[a]], f.fixed[f.group[b]]; x != y {
		return x
	}
	if (f.group[a] != 0) != (f.group[b] != 0) {
		return f.group[a] != 0
	}
	return f.first[a] < f.first[b]
}

// join looks at the likeliest pair of groups. What the pair was said to be alike is never too little, since the mean likeness to two
// groups together is at most that to the nearer of them; so when nothing in the heap is above what it is now, it is the best.
func (f *forest) join(edges *edges, least float32) {
	e := (*edges)[0]
	a, b := f.root(e.a), f.root(e.b)
	if a == b || f.fixed[f.group[a]] && f.fixed[f.group[b]] {
		heap.Pop(edges)
		return
	}
	is := dot(f.sums[a], f.sums[b]) / (float32(f.size[a]) * float32(f.size[b]))
	switch {
	case is < least:
		heap.Pop(edges)
	case is >= e.alike-1e-6:
		heap.Pop(edges)
		f.unite(a, b)
	default:
		(*edges)[0].alike = is
		heap.Fix(edges, 0)
	}
}

func (f *forest) place(i int) int { return int(f.first[f.root(int32(i))]) }

// Center is the place of the text that is most like all of them; 0 for none.
func Center(texts []Text) int {
	v := newVectors(texts)
	var all []term
	for _, t := range v.texts {
		all = addUp(all, t)
	}
	best, most := 0, float32(-1)
	for i, t := range v.texts {
		if is := dot(t, all); is > most {
			best, most = i, is
		}
	}
	return best
}
