package learn

// embedding is a vector for every feature and every class while it learns: a text is the weighted sum of its features' vectors, and
// its score for a class the inner product with the class's vector.
type embedding struct {
	features []float32
	classes  []float32
	bias     []float32

	featureSquares, classSquares []float32 // of the gradients so far, one a vector (Adagrad: Duchi et al., JMLR 2011)

	text, gradient [width]float32
	scores         []float32
	asked          []int32 // the classes of this step
}

const (
	// width is the length of a vector. Six short vectors from different seeds say more than one long one.
	width     = 32
	embedRate = 0.15
	// embedDrop is the share of the features left out at each step. With most of a text gone the rest must speak for it,
	// which is how words learn to stand in for each other.
	embedDrop = 0.7
	// embedStart is the size of the numbers before the first step: small, or what was never learnt would be noise.
	embedStart = 0.1
	// leastShare is below which a class's share of the gradient is not worth its step.
	leastShare = 1e-4
	// manyClasses is from how many classes on only some are looked at: the nearest and a few others.
	manyClasses = 256
)

func newEmbedding(features, classes int, seed uint64) *embedding {
	e := &embedding{features: make([]float32, features*width), classes: make([]float32, classes*width), bias: make([]float32, classes),
		featureSquares: make([]float32, features), classSquares: make([]float32, classes), asked: inOrder(classes)}
	c := chance(seed)
	for i := range e.features {
		e.features[i] = c.even() * embedStart
	}
	return e
}

func (e *embedding) feature(id int32) []float32 {
	return e.features[int(id)*width : (int(id)+1)*width : (int(id)+1)*width]
}

func (e *embedding) class(id int32) []float32 {
	return e.classes[int(id)*width : (int(id)+1)*width : (int(id)+1)*width]
}

// lesson is what an embedding learns from.
type lesson struct {
	texts   [][]term
	labels  []int32
	rivals  [][]int32 // of each text: the classes that it is most likely to be taken for; nil for all
	rounds  int
	stopped func() bool
}

func (e *embedding) train(l lesson, seed uint64) {
	c := chance(seed)
	order := inOrder(len(l.texts))
	var kept []term
	steps, total := 0, l.rounds*len(l.texts)
	for range l.rounds {
		c.shuffle(order)
		for _, n := range order {
			if l.stopped() {
				return
			}
			rate := embedRate * (1 - float32(steps)/float32(total))
			steps++
			kept = c.keep(kept[:0], l.texts[n], embedDrop)
			if l.rivals != nil {
				e.choose(&c, l.rivals[n], l.labels[n])
			}
			e.step(kept, l.labels[n], rate)
		}
	}
}

// choose asks the class, its rivals and as many others.
func (e *embedding) choose(c *chance, rivals []int32, label int32) {
	e.asked = append(e.asked[:0], label)
	for _, r := range rivals {
		if r != label {
			e.asked = append(e.asked, r)
		}
	}
	for range rivals {
		if other := int32(c.below(len(e.bias))); other != label {
			e.asked = append(e.asked, other)
		}
	}
}

// step moves the vectors so that a text looks more like its class.
func (e *embedding) step(text []term, label int32, rate float32) {
	length := e.read(text)
	if length == 0 {
		return
	}
	e.scores = e.scores[:0]
	for _, c := range e.asked {
		e.scores = append(e.scores, dot(e.class(c), e.text[:])+e.bias[c])
	}
	softmax(e.scores)
	clear(e.gradient[:])
	square := dot(e.text[:], e.text[:]) / width
	for i, c := range e.asked {
		g := e.scores[i]
		if c == label {
			g--
		}
		if g > leastShare || g < -leastShare {
			e.moveClass(c, g, g*g*square, rate)
		}
	}
	square = dot(e.gradient[:], e.gradient[:]) / width
	for _, t := range text {
		share := t.weight / length
		e.featureSquares[t.id] += float32(square * share * share)
		addScaled(e.feature(t.id), e.gradient[:], -share*rate/(root(e.featureSquares[t.id])+leastShare))
	}
}

// read puts a text's vector together and gives the length of its weights.
func (e *embedding) read(text []term) float32 {
	sum := float32(0)
	for _, t := range text {
		sum += float32(t.weight * t.weight)
	}
	clear(e.text[:])
	if sum == 0 {
		return 0
	}
	length := root(sum)
	for _, t := range text {
		addScaled(e.text[:], e.feature(t.id), t.weight/length)
	}
	return length
}

// moveClass moves the vector of a class by its gradient, and adds what that says to the gradient of the text.
func (e *embedding) moveClass(c int32, g, square, rate float32) {
	vector := e.class(c)
	addScaled(e.gradient[:], vector, g)
	e.classSquares[c] += square
	by := rate / (root(e.classSquares[c]) + leastShare)
	addScaled(vector, e.text[:], -g*by)
	e.bias[c] -= float32(0.1 * g * by)
}
