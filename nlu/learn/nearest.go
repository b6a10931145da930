package learn

// nearest finds the example that is most like a text, among those of the likeliest classes.
type nearest struct {
	start []int32 // of the terms of each example, examples in the order of their classes
	terms []term
	first []int32 // of the examples of each class
	place []int32 // of each example in what was learnt
}

func newNearest(texts [][]term, labels, place []int32, classes int) *nearest {
	n := &nearest{first: make([]int32, classes+1), start: make([]int32, 1, len(texts)+1)}
	for _, label := range labels {
		n.first[label+1]++
	}
	for c := range classes {
		n.first[c+1] += n.first[c]
	}
	order := make([]int32, len(texts))
	next := append([]int32(nil), n.first...)
	for i, label := range labels {
		order[next[label]] = int32(i)
		next[label]++
	}
	for _, i := range order {
		n.terms = append(n.terms, texts[i]...)
		n.start = append(n.start, int32(len(n.terms)))
		n.place = append(n.place, place[i])
	}
	return n
}

const (
	// nearestClasses is in how many of the likeliest classes the nearest example is looked for.
	nearestClasses = 3
	// nearestExamples is how many examples of one class are looked at.
	nearestExamples = 150
)

func (n *nearest) find(r *Result, s *scratch) {
	for _, t := range s.terms {
		s.dense[t.id] = t.weight
	}
	for _, c := range likeliest(r.Probabilities, nearestClasses) {
		from, to := n.first[c], n.first[c+1]
		for e := from; e < min(to, from+nearestExamples); e++ {
			sum := float32(0)
			for _, t := range n.terms[n.start[e]:n.start[e+1]] {
				sum += float32(t.weight * s.dense[t.id])
			}
			if sum > r.Nearest {
				r.Nearest, r.NearestExample, r.NearestClass = min(sum, 1), int(n.place[e]), c
			}
		}
	}
	for _, t := range s.terms {
		s.dense[t.id] = 0
	}
}

func (n *nearest) bytes() int { return 8*len(n.terms) + 4*(len(n.start)+len(n.place)+len(n.first)) }

// likeliest gives the places of the highest values, highest first.
func likeliest(values []float32, most int) []int {
	top := make([]int, 0, most+1)
	for i, v := range values {
		if len(top) == most && v <= values[top[most-1]] {
			continue
		}
		at := len(top)
		for at > 0 && v > values[top[at-1]] {
			at--
		}
		top = append(top, 0)
		copy(top[at+1:], top[at:])
		top[at] = i
		top = top[:min(len(top), most)]
	}
	return top
}
