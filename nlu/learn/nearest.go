package learn

// nearest finds the example whose words are most like those of a text, among the examples of the likeliest classes.
type nearest struct {
	start  []int32 // of the terms of each example, examples in the order of their classes
	terms  []int32 // words and senses only: pieces and pairs would cost much and say little more
	weight []uint8 // in steps of 1/255, each example of the length 1
	first  []int32 // of the examples of each class
	place  []int32 // of each example in what was learnt
}

const (
	// nearestClasses is in how many of the likeliest classes the nearest example is looked for.
	nearestClasses = 3
	// nearestExamples is how many examples of one class are looked at.
	nearestExamples = 150
)

func newNearest(v *vocabulary, texts [][]term, labels, place []int32, classes int) *nearest {
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
		n.add(v, texts[i])
		n.place = append(n.place, place[i])
	}
	return n
}

func (n *nearest) add(v *vocabulary, text []term) {
	sum := float32(0)
	for _, t := range text {
		if v.isWord(t.id) {
			sum += float32(v.idf[t.id] * v.idf[t.id])
		}
	}
	for _, t := range text {
		if v.isWord(t.id) {
			n.terms = append(n.terms, t.id)
			n.weight = append(n.weight, uint8(255*v.idf[t.id]/root(sum)+0.5))
		}
	}
	n.start = append(n.start, int32(len(n.terms)))
}

// isWord tells whether a feature counts for the nearest example.
func (v *vocabulary) isWord(id int32) bool {
	return v.kinds[id] == kindWord || v.kinds[id] == kindSense
}

// length is that of all words of a text, the unknown ones too; a sense that no other example has says what its word says.
func (v *vocabulary) length(text []raw, terms []term) float32 {
	sum := float32(0)
	for _, f := range text {
		if f.kind != kindWord {
			continue
		}
		if _, ok := v.table.find(f.hash); !ok {
			sum += float32(v.unseen * v.unseen)
		}
	}
	for _, t := range terms {
		if v.isWord(t.id) {
			sum += float32(v.idf[t.id] * v.idf[t.id])
		}
	}
	return root(sum)
}

func (n *nearest) find(r *Result, v *vocabulary, s *scratch) {
	length := v.length(s.raws, s.terms)
	if length == 0 {
		return
	}
	for _, t := range s.terms {
		if v.isWord(t.id) {
			s.dense[t.id] = v.idf[t.id] / length
		}
	}
	s.asked = likeliest(s.asked[:0], r.Probabilities, nearestClasses)
	for _, c := range s.asked {
		from, to := n.first[c], n.first[c+1]
		for e := from; e < min(to, from+nearestExamples); e++ {
			if near := n.cosine(e, s.dense); near > r.Nearest {
				r.Nearest, r.NearestExample, r.NearestClass = min(near, 1), int(n.place[e]), int(c)
			}
		}
	}
	for _, t := range s.terms {
		s.dense[t.id] = 0
	}
}

func (n *nearest) cosine(example int32, dense []float32) float32 {
	from, to := n.start[example], n.start[example+1]
	terms, weights := n.terms[from:to], n.weight[from:to:to]
	sum := float32(0)
	for i, id := range terms {
		sum += float32(float32(weights[i]) * dense[id])
	}
	return sum / 255
}

func (n *nearest) bytes() int {
	return 4*(len(n.terms)+len(n.start)+len(n.place)+len(n.first)) + len(n.weight)
}
