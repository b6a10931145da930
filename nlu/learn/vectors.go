package learn

import "math"

// vectors are the embeddings of all seeds side by side, a byte a number: six in one pass through the memory.
type vectors struct {
	seeds    int
	features []int8    // of each feature, all its numbers
	step     []float32 // of each feature
	classes  []float32 // of each class, all its numbers
	bias     []float32 // of each class, all seeds
	centers  []float32 // of each class, the mean direction of its examples
	usual    []float32 // of each class, the mean cosine of its examples with that
}

func newVectors(features, classes, seeds int) *vectors {
	size := seeds * width
	return &vectors{seeds: seeds, features: make([]int8, features*size), step: make([]float32, features),
		classes: make([]float32, classes*size), bias: make([]float32, classes*seeds), centers: make([]float32, classes*size),
		usual: make([]float32, classes)}
}

// join takes the embeddings over, one after the other in each row.
func (v *vectors) join(all []*embedding) {
	size := v.size()
	row := make([]float32, size)
	for f := range v.step {
		for s, e := range all {
			copy(row[s*width:], e.feature(int32(f)))
		}
		v.step[f] = quantize(v.features[f*size:(f+1)*size], row)
	}
	for c := range len(v.bias) / v.seeds {
		for s, e := range all {
			copy(v.classes[c*size+s*width:], e.class(int32(c)))
			v.bias[c*v.seeds+s] = e.bias[c]
		}
	}
}

// size is how many numbers a text has.
func (v *vectors) size() int { return v.seeds * width }

// fine is into how many steps the weight of a term is divided: with a byte for the number and a thousand terms the sums stay
// within 31 bits.
const fine = 4095

// read writes a text's vector, in whole numbers until the end.
func (v *vectors) read(out []float32, sums []int32, text []term) {
	size := v.size()
	most, squares := float32(0), float32(0)
	for _, t := range text {
		most = max(most, t.weight*v.step[t.id])
		squares += float32(t.weight * t.weight)
	}
	clear(sums)
	clear(out)
	if most == 0 {
		return
	}
	for _, t := range text {
		by := int32(fine*t.weight*v.step[t.id]/most + 0.5)
		row := v.features[int(t.id)*size : (int(t.id)+1)*size]
		sums := sums[:len(row)]
		for i, x := range row {
			sums[i] += by * int32(x)
		}
	}
	back := most / fine / root(squares)
	for i, s := range sums {
		out[i] = float32(s) * back
	}
}

// score writes the scores of the classes asked for one seed.
func (v *vectors) score(out, text []float32, asked []int32, seed int) {
	size, from := v.size(), seed*width
	part := text[from : from+width]
	for i, c := range asked {
		at := int(c)*size + from
		out[i] = dot(v.classes[at:at+width], part) + v.bias[int(c)*v.seeds+seed]
	}
}

// center learns the middle of every class, and how far from it the examples usually lie.
func (v *vectors) center(texts [][]term, labels []int32) {
	size := v.size()
	one, sums := make([]float32, size), make([]int32, size)
	for n, text := range texts {
		v.read(one, sums, text)
		unit(one)
		at := int(labels[n]) * size
		addScaled(v.centers[at:at+size], one, 1)
	}
	for at := 0; at < len(v.centers); at += size {
		unit(v.centers[at : at+size])
	}
	count := make([]float32, len(v.usual))
	for n, text := range texts {
		v.read(one, sums, text)
		v.usual[labels[n]] += v.cosine(one, int(labels[n]))
		count[labels[n]]++
	}
	for class, n := range count {
		v.usual[class] /= max(1, n)
	}
}

// cosine is how near a text is to the middle of a class.
func (v *vectors) cosine(text []float32, class int) float32 {
	length := root(dot(text, text))
	if length == 0 {
		return 0
	}
	size := v.size()
	return dot(v.centers[class*size:(class+1)*size], text) / length
}

func (v *vectors) bytes() int {
	return len(v.features) + 4*(len(v.step)+len(v.classes)+len(v.bias)+len(v.centers)+len(v.usual))
}

// unit gives a vector the length 1, unless it is nothing.
func unit(v []float32) {
	length := root(dot(v, v))
	if length == 0 {
		return
	}
	for i := range v {
		v[i] /= length
	}
}

// quantize rounds numbers to a byte each and gives the step between them.
func quantize(out []int8, in []float32) (step float32) {
	most := float32(0)
	for _, x := range in {
		most = max(most, x, -x)
	}
	if most == 0 {
		return 0
	}
	step = most / math.MaxInt8
	for i, x := range in {
		out[i] = int8(math.RoundToEven(float64(x / step)))
	}
	return step
}
