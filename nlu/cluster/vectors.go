package cluster

import (
	"cmp"
	"math"
	"slices"

	"huiyin/nlu"
	"huiyin/nlu/learn"
)

// maxTerms is how many of a text's features are compared, the most telling ones.
const maxTerms = 48

// leastWeight is what a feature weighs that every text has: among a few texts all the same matter little is rare.
const leastWeight = 0.5

// term is a feature of a text with its weight.
type term struct {
	id     int32
	weight float32
}

// vectors are the texts as their features, each of length 1, in rising order of the features.
type vectors struct {
	texts [][]term
	lists [][]int32 // of each feature: the texts that have it
}

// ideaSort is the sort of what words stand for in customer service, in both languages, and ideaShare what it weighs.
const (
	ideaSort  = learn.Sorts
	ideaShare = 0.8
	sorts     = learn.Sorts + 1
)

// features are those that models learn from, and the ideas that the words stand for.
func features(normalized string) []learn.Feature {
	list := learn.Features(normalized)
	for _, n := range nlu.Concepts(normalized) {
		list = append(list, learn.Feature{Hash: ideaHash + uint64(n), Sort: uint8(ideaSort), Share: ideaShare})
	}
	return list
}

// ideaHash is where the numbers of ideas begin among the hashes; that one of those is there is as unlikely as any other clash.
const ideaHash = 0x6964656173 << 20

func newVectors(texts []Text) *vectors {
	ids, counts := map[uint64]int32{}, []int32{}
	var shares []learn.Feature
	v := &vectors{texts: make([][]term, len(texts))}
	for i, t := range texts {
		v.texts[i] = numbered(features(t.Normalized), ids, &counts, &shares)
	}
	v.lists = make([][]int32, len(counts))
	for i := range v.texts {
		v.texts[i] = weigh(v.texts[i], len(texts), counts, shares)
		for _, t := range v.texts[i] {
			v.lists[t.id] = append(v.lists[t.id], int32(i))
		}
	}
	return v
}

// numbered counts how often a text has each feature, and how many texts have it.
func numbered(features []learn.Feature, ids map[uint64]int32, counts *[]int32, shares *[]learn.Feature) []term {
	list := make([]term, 0, len(features))
	for _, f := range features {
		id, known := ids[f.Hash]
		if !known {
			id = int32(len(*counts))
			ids[f.Hash] = id
			*counts, *shares = append(*counts, 0), append(*shares, f)
		}
		list = append(list, term{id, 1})
	}
	slices.SortFunc(list, func(a, b term) int { return cmp.Compare(a.id, b.id) })
	once := list[:0]
	for _, t := range list {
		if n := len(once); n > 0 && once[n-1].id == t.id {
			once[n-1].weight++
			continue
		}
		once = append(once, t)
		(*counts)[t.id]++
	}
	return once
}

// weigh gives each sort of features its share, each feature what its rarity says, and the whole the length 1.
func weigh(list []term, texts int, counts []int32, of []learn.Feature) []term {
	var sums [sorts]float64
	for i, t := range list {
		w := math.Log(float64(texts+1)/float64(counts[t.id])) + leastWeight
		w *= 1 + math.Log(float64(t.weight))
		list[i].weight = float32(w)
		sums[of[t.id].Sort] += float64(w * w)
	}
	for i, t := range list {
		f := of[t.id]
		list[i].weight = float32(float64(t.weight) * float64(f.Share) / math.Sqrt(sums[f.Sort]))
	}
	if len(list) > maxTerms {
		slices.SortFunc(list, func(a, b term) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.id, b.id))
		})
		list = list[:maxTerms]
		slices.SortFunc(list, func(a, b term) int { return cmp.Compare(a.id, b.id) })
	}
	length := 0.0
	for _, t := range list {
		length += float64(t.weight) * float64(t.weight)
	}
	for i := range list {
		list[i].weight /= float32(math.Sqrt(length))
	}
	return slices.Clip(slices.Clone(list))
}

func dot(a, b []term) float32 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if 16*len(a) < len(b) {
		return sparse(a, b)
	}
	sum, j := float32(0), 0
	for _, t := range a {
		for j < len(b) && b[j].id < t.id {
			j++
		}
		if j < len(b) && b[j].id == t.id {
			sum += float32(t.weight * b[j].weight)
		}
	}
	return sum
}

// sparse is dot for a short list and a very long one.
func sparse(a, b []term) float32 {
	sum := float32(0)
	for _, t := range a {
		at, found := slices.BinarySearchFunc(b, t.id, func(t term, id int32) int { return cmp.Compare(t.id, id) })
		if found {
			sum += float32(t.weight * b[at].weight)
		}
		b = b[at:]
	}
	return sum
}

func addUp(a, b []term) []term {
	out := make([]term, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].id < b[j].id:
			out, i = append(out, a[i]), i+1
		case a[i].id > b[j].id:
			out, j = append(out, b[j]), j+1
		default:
			out, i, j = append(out, term{a[i].id, a[i].weight + b[j].weight}), i+1, j+1
		}
	}
	out = append(out, a[i:]...)
	return append(out, b[j:]...)
}
