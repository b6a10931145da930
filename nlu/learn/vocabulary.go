package learn

import (
	"math"
	"slices"
)

// term is a known feature of a text and its weight there.
type term struct {
	id     int32
	weight float32
}

// vocabulary numbers the features that the examples have and weighs them.
type vocabulary struct {
	ids   map[uint64]int32
	idf   []float32
	kinds []kind
	// unseen is the inverse document frequency of a word that no example has.
	unseen float32
}

// shares is how much of a text's weight each kind of feature has.
var shares = [kinds]float32{1, 0.8, 0.8, 0.9, 0.6}

// newVocabulary keeps every word, and the pairs and pieces that at least two texts have (all of them when there are few).
func newVocabulary(texts [][]raw, least int) *vocabulary {
	type count struct {
		texts int32
		last  int32
		kind  kind
	}
	seen := map[uint64]*count{}
	var order []uint64
	for n, text := range texts {
		for _, f := range text {
			c := seen[f.hash]
			if c == nil {
				c = &count{last: -1, kind: f.kind}
				seen[f.hash] = c
				order = append(order, f.hash)
			}
			if c.last != int32(n) {
				c.texts++
				c.last = int32(n)
			}
		}
	}
	v := &vocabulary{ids: make(map[uint64]int32, len(order)), unseen: float32(math.Log(float64(len(texts)+1))) + 1}
	for _, hash := range order {
		c := seen[hash]
		if c.kind != kindWord && int(c.texts) < least {
			continue
		}
		v.ids[hash] = int32(len(v.idf))
		v.idf = append(v.idf, float32(math.Log(float64(len(texts)+1)/float64(c.texts)))+1)
		v.kinds = append(v.kinds, c.kind)
	}
	return v
}

// terms appends the known features of a text with their weights, in the order of their numbers, and gives the share of the text's
// words, by weight, that is known.
func (v *vocabulary) terms(into []term, text []raw) (terms []term, known float32) {
	start := len(into)
	words, unknown := float32(0), float32(0)
	for _, f := range text {
		id, ok := v.ids[f.hash]
		if f.kind == kindWord {
			if ok {
				words += v.idf[id]
			} else {
				unknown += v.unseen
			}
		}
		if ok {
			into = append(into, term{id, 1})
		}
	}
	found := into[start:]
	slices.SortFunc(found, func(a, b term) int { return int(a.id) - int(b.id) })
	n := 0
	for i := 0; i < len(found); {
		end := i + 1
		for end < len(found) && found[end].id == found[i].id {
			end++
		}
		id := found[i].id
		found[n] = term{id, v.idf[id] * (1 + logCount(end-i))}
		n++
		i = end
	}
	found = found[:n]
	v.scale(found)
	if words+unknown > 0 {
		known = words / (words + unknown)
	}
	return into[:start+n], known
}

func logCount(n int) float32 {
	if n == 1 {
		return 0
	}
	return float32(math.Log(float64(n)))
}

// scale gives every kind its share and the whole text the length 1.
func (v *vocabulary) scale(terms []term) {
	var sums [kinds]float32
	for _, t := range terms {
		sums[v.kinds[t.id]] += t.weight * t.weight
	}
	total := float32(0)
	var by [kinds]float32
	for k, sum := range sums {
		if sum > 0 {
			by[k] = shares[k] / float32(math.Sqrt(float64(sum)))
			total += shares[k] * shares[k]
		}
	}
	if total == 0 {
		return
	}
	norm := 1 / float32(math.Sqrt(float64(total)))
	for i, t := range terms {
		terms[i].weight *= by[v.kinds[t.id]] * norm
	}
}
