package learn

import "math"

// Result is what a model says about one text. Without any class all of it is zero, and Best is -1.
type Result struct {
	Probabilities []float32 // of every class, provided that the text belongs to one; they add up to 1
	Best, Second  int       // the likeliest classes, -1 where there is none

	Margin         float32 // how much likelier the best is than the second, as the logarithm of the ratio
	Energy         float32 // how strongly the best class responds, less the more of the text is unknown
	Entropy        float32 // how undecided the probabilities are, 0 for a sure one
	Center         float32 // cosine with the middle of the best class, less the more of the text is unknown
	Usual          float32 // the mean of the same over the best class's own examples
	Nearest        float32 // cosine of the words with those of the nearest example of the likeliest classes, 0 to 1
	NearestExample int     // its place in the examples that were learnt, -1 for none
	NearestClass   int     // its class, -1 for none
	Known          float32 // share of the text's words, by weight, that any example has
	InScope        float32 // 0 to 1, higher the more the text looks like the examples; an order, not a probability
}

// scratch is the memory of one question.
type scratch struct {
	raws   []raw
	terms  []term
	dense  []float32
	scores []float32
	sums   []int32
	text   []float32
	asked  []int32
}

func newScratch(m *Model) *scratch {
	size := m.vectors.size()
	return &scratch{dense: make([]float32, m.vocabulary.size()), scores: make([]float32, m.classes), sums: make([]int32, size),
		text: make([]float32, size), asked: inOrder(m.classes)}
}

// Score asks the model about a text in normal form.
func (m *Model) Score(text string) Result {
	r := Result{Best: -1, Second: -1, NearestExample: -1, NearestClass: -1}
	if m.classes == 0 {
		return r
	}
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	s.raws = extract(s.raws[:0], text)
	w := m.vocabulary.weigh(s.terms[:0], s.raws, s.dense)
	s.terms, r.Known = w.terms, w.known
	r.Probabilities = make([]float32, m.classes)
	response := m.probabilities(r.Probabilities, s)
	r.Best, r.Second = topTwo(r.Probabilities)
	if r.Second >= 0 {
		r.Margin = logRatio(r.Probabilities[r.Best], r.Probabilities[r.Second])
	}
	seen := root(w.seen)
	r.Entropy = entropy(r.Probabilities)
	r.Energy = response * seen
	r.Center, r.Usual = m.vectors.cosine(s.text, r.Best)*seen, m.vectors.usual[r.Best]
	m.nearest.find(&r, m.vocabulary, s)
	r.InScope = inScope(r)
	return r
}

// linearShare is the weight of the linear model beside the embeddings.
const linearShare = 0.25

// calm is by how much scores are flattened before they become probabilities.
const calm = 0.75

// probabilities averages what the parts say, and gives how strongly the best class responds in the mean of the embeddings.
func (m *Model) probabilities(out []float32, s *scratch) (response float32) {
	m.linear.score(s.scores, s.terms)
	if m.classes <= manyClasses {
		s.asked = everyClass(s.asked[:0], m.classes)
	} else {
		s.asked = likeliest(s.asked[:0], s.scores, rivals)
	}
	for i := range s.scores {
		s.scores[i] *= calm
	}
	softmax(s.scores)
	addScaled(out, s.scores, linearShare)
	m.vectors.read(s.text, s.sums, s.terms)
	scores := s.scores[:len(s.asked)]
	each := 1 / float32(m.vectors.seeds)
	for seed := range m.vectors.seeds {
		m.vectors.score(scores, s.text, s.asked, seed)
		response += float32(scores[largest(scores)] * each)
		for i := range scores {
			scores[i] *= calm
		}
		softmax(scores)
		for i, c := range s.asked {
			out[c] += float32((1 - linearShare) * each * scores[i])
		}
	}
	return response
}

func everyClass(into []int32, classes int) []int32 {
	for c := range classes {
		into = append(into, int32(c))
	}
	return into
}

// inScope joins the signals into one order: a far text has unknown words and no response, a near one no clear class and a place
// farther off the middle of it than its examples, which for a class of many wordings is farther anyway. The weights were chosen
// on public sets, half of them with classes left out.
func inScope(r Result) float32 {
	x := (r.Energy - float32(2*r.Entropy) + float32(90*(r.Center-float32(1.25*r.Usual))) + 45) / 12
	return 1 / (1 + exp(-x))
}

func entropy(probabilities []float32) float32 {
	sum := 0.0
	for _, p := range probabilities {
		if p > 1e-6 {
			sum -= float64(p) * math.Log(float64(p))
		}
	}
	return float32(sum)
}

func topTwo(values []float32) (best, second int) {
	best, second = -1, -1
	for i, v := range values {
		switch {
		case best < 0 || v > values[best]:
			best, second = i, best
		case second < 0 || v > values[second]:
			second = i
		}
	}
	return best, second
}

func logRatio(a, b float32) float32 {
	const least = 1e-9
	return float32(math.Log(float64((a + least) / (b + least))))
}

// likeliest appends the places of the highest values, highest first.
func likeliest(into []int32, values []float32, most int) []int32 {
	for i, v := range values {
		if len(into) == most && v <= values[into[most-1]] {
			continue
		}
		at := len(into)
		for at > 0 && v > values[into[at-1]] {
			at--
		}
		into = append(into, 0)
		copy(into[at+1:], into[at:])
		into[at] = int32(i)
		into = into[:min(len(into), most)]
	}
	return into
}
