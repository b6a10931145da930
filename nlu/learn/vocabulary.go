package learn

import "math"

// term is a known feature of a text and its weight there.
type term struct {
	id     int32
	weight float32
}

// vocabulary numbers the features that the examples have and weighs them.
type vocabulary struct {
	table table
	idf   []float32
	kinds []kind
	// unseen is the inverse document frequency of a feature that no example has.
	unseen float32
}

// shares is how much of a text's length each kind of feature has: words 1, the rest by measuring.
var shares = [kinds]float32{kindWord: 1, kindPair: 0.8, kindPiece: 0.8, kindSense: 0.9, kindTwo: 0.6}

// leastTexts is how many texts must have a feature that is no word for it to be kept; one says nothing about others.
const leastTexts = 2

// newVocabulary keeps every word, and of the rest what comes again.
func newVocabulary(texts [][]raw) *vocabulary {
	all := newTable(0)
	var counts, last []int32
	var seen []raw
	for n, text := range texts {
		for _, f := range text {
			id, fresh := all.add(f.hash)
			if fresh {
				counts, last, seen = append(counts, 0), append(last, -1), append(seen, f)
			}
			if last[id] != int32(n) {
				counts[id]++
				last[id] = int32(n)
			}
		}
	}
	v := &vocabulary{unseen: idf(len(texts), 0)}
	v.table = newTable(len(seen) / 2)
	for id, f := range seen {
		if f.kind != kindWord && counts[id] < leastTexts {
			continue
		}
		v.table.add(f.hash)
		v.idf = append(v.idf, idf(len(texts), int(counts[id])))
		v.kinds = append(v.kinds, f.kind)
	}
	return v
}

// idf is the weight of a feature that so many of the texts have, smoothed like that of scikit-learn.
func idf(texts, have int) float32 {
	return float32(math.Log(float64(texts+1)/float64(have+1))) + 1
}

// size is how many features there are.
func (v *vocabulary) size() int { return len(v.idf) }

// weighed is a text as the parts of the model see it.
type weighed struct {
	terms []term
	known float32 // share of the words, by weight, that the examples have
	seen  float32 // share of all that the text consists of, by squared weight, pairs aside
}

// weigh appends the known features of a text with their weights, each once. The dense slice has a zero for every
// feature, and has again afterwards.
func (v *vocabulary) weigh(into []term, text []raw, dense []float32) weighed {
	var words, newWords, old, all float32
	for _, f := range text {
		id, ok := v.table.find(f.hash)
		w := v.unseen
		if ok {
			w = v.idf[id]
			if dense[id] == 0 {
				into = append(into, term{id: id})
			}
			dense[id]++
		}
		if f.kind == kindWord {
			words += w
			if !ok {
				newWords += w
			}
		}
		if f.kind != kindPair && f.kind != kindTwo {
			all += float32(w * w)
			if ok {
				old += float32(w * w)
			}
		}
	}
	for i, t := range into {
		into[i].weight = v.idf[t.id] * (1 + logCount(dense[t.id]))
		dense[t.id] = 0
	}
	v.scale(into)
	out := weighed{terms: into}
	if words > 0 {
		out.known = (words - newWords) / words
	}
	if all > 0 {
		out.seen = old / all
	}
	return out
}

func logCount(n float32) float32 {
	if n <= 1 {
		return 0
	}
	return float32(math.Log(float64(n)))
}

// scale gives every kind its share and the whole text the length 1.
func (v *vocabulary) scale(terms []term) {
	var sums, by [kinds]float32
	for _, t := range terms {
		sums[v.kinds[t.id]] += float32(t.weight * t.weight)
	}
	total := float32(0)
	for k, sum := range sums {
		if sum > 0 {
			by[k] = shares[k] / root(sum)
			total += float32(shares[k] * shares[k])
		}
	}
	if total == 0 {
		return
	}
	norm := 1 / root(total)
	for i, t := range terms {
		terms[i].weight *= by[v.kinds[t.id]] * norm
	}
}
