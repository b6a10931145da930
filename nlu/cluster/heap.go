package cluster

// edge is a pair of texts with what their groups are alike at most.
type edge struct {
	a, b  int32
	alike float32
}

// edges is a heap with the likeliest pair on top.
type edges []edge

// Len, Less, Swap, Push and Pop are for container/heap.
func (e edges) Len() int { return len(e) }

// Less puts likelier pairs first, equal ones in the order of the texts.
func (e edges) Less(i, j int) bool {
	if e[i].alike != e[j].alike {
		return e[i].alike > e[j].alike
	}
	if e[i].a != e[j].a {
		return e[i].a < e[j].a
	}
	return e[i].b < e[j].b
}

// Swap changes two places.
func (e edges) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

// Push is for container/heap; nothing is added after the beginning.
func (e *edges) Push(x any) {
	if one, ok := x.(edge); ok {
		*e = append(*e, one)
	}
}

// Pop takes the last one.
func (e *edges) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}
