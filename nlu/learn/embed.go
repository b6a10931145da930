package learn

// embedding is a vector for every feature and every class: a text is the weighted mean of its features' vectors.
type embedding struct {
	size     int
	features []float32
	classes  []float32
	bias     []float32
}

type embedOptions struct {
	seed   uint64
	size   int
	epochs int
	rate   float32
	drop   float32
	smooth float32
	start  float32 // size of the first numbers
}

// manyClasses is from how many classes on a step looks at a sample of the wrong ones only.
const manyClasses = 256

func newEmbedding(features, classes int, o embedOptions) *embedding {
	e := &embedding{size: o.size, features: make([]float32, features*o.size), classes: make([]float32, classes*o.size), bias: make([]float32, classes)}
	c := chance(o.seed)
	for i := range e.features {
		e.features[i] = c.even() * o.start
	}
	return e
}

func (e *embedding) feature(id int32) []float32 {
	return e.features[int(id)*e.size : (int(id)+1)*e.size]
}

func (e *embedding) class(id int32) []float32 {
	return e.classes[int(id)*e.size : (int(id)+1)*e.size]
}

// text writes the vector of a text.
func (e *embedding) text(out []float32, terms []term) {
	clear(out)
	sum := float32(0)
	for _, t := range terms {
		addScaled(out, e.feature(t.id), t.weight)
		sum += t.weight * t.weight
	}
	if sum > 0 {
		by := 1 / root(sum)
		for i := range out {
			out[i] *= by
		}
	}
}

// score writes the scores of all classes for a text's vector.
func (e *embedding) score(out, text []float32) {
	for c := range out {
		out[c] = dot(e.class(int32(c)), text) + e.bias[c]
	}
}

func (e *embedding) train(texts [][]term, labels []int32, o embedOptions) {
	c := chance(o.seed + 1)
	order := make([]int32, len(texts))
	for i := range order {
		order[i] = int32(i)
	}
	classes := len(e.bias)
	featureSquares := make([]float32, len(e.features)/e.size)
	classSquares := make([]float32, classes)
	probs := make([]float32, classes)
	h, grad := make([]float32, e.size), make([]float32, e.size)
	var kept []term
	steps, total := 0, o.epochs*len(texts)
	for range o.epochs {
		c.shuffle(order)
		for _, n := range order {
			rate := o.rate * (1 - float32(steps)/float32(total))
			steps++
			kept = kept[:0]
			sum := float32(0)
			for _, t := range texts[n] {
				if float32(c.next()>>40)/(1<<24) < o.drop {
					continue
				}
				kept = append(kept, t)
				sum += t.weight * t.weight
			}
			if sum == 0 {
				continue
			}
			e.text(h, kept)
			e.score(probs, h)
			softmax(probs)
			probs[labels[n]] -= 1 - o.smooth
			even := o.smooth / float32(classes)
			clear(grad)
			hh := dot(h, h) / float32(e.size)
			for i := range probs {
				g := probs[i] - even
				if g < 1e-4 && g > -1e-4 {
					continue
				}
				w := e.class(int32(i))
				addScaled(grad, w, g)
				classSquares[i] += g * g * hh
				by := rate / (root(classSquares[i]) + 1e-4)
				addScaled(w, h, -g*by)
				e.bias[i] -= 0.1 * g * by
			}
			gg := dot(grad, grad) / float32(e.size)
			norm := 1 / root(sum)
			for _, t := range kept {
				s := t.weight * norm
				featureSquares[t.id] += gg * s * s
				addScaled(e.feature(t.id), grad, -s*rate/(root(featureSquares[t.id])+1e-4))
			}
		}
	}
}
