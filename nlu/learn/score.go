package learn

import "math"

// Result is what a model says about one text. Without any class all of it is zero, and Best is -1.
type Result struct {
	Probabilities []float32 // of every class, provided that the text belongs to one; they add up to 1
	Best, Second  int       // the likeliest classes, -1 where there is none

	Margin         float32 // how much likelier the best is than the second, as the logarithm of the ratio
	Energy         float32 // how much the classes respond at all: the log of the sum of the exponentials of their scores
	Nearest        float32 // cosine with the nearest example of the likeliest classes, 0 to 1
	NearestExample int     // its place in the examples that were learnt, -1 for none
	NearestClass   int     // its class, -1 for none
	Known          float32 // share of the text's words, by weight, that any example has
	InScope        float32 // 0 to 1, higher the more the text looks like the examples; an order, not a probability
}

// scratch is the memory of one question.
type scratch struct {
	raws   []raw
	terms  []term
	scores []float32
	vector []float32
	dense  []float32
}

func newScratch(m *Model) *scratch {
	return &scratch{scores: make([]float32, m.classes), vector: make([]float32, 256), dense: make([]float32, len(m.vocabulary.idf))}
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
	s.terms, r.Known = m.vocabulary.terms(s.terms[:0], s.raws)
	r.Probabilities = make([]float32, m.classes)
	r.Energy = m.probabilities(r.Probabilities, s)
	r.Best, r.Second = topTwo(r.Probabilities)
	if r.Second >= 0 {
		r.Margin = logRatio(r.Probabilities[r.Best], r.Probabilities[r.Second])
	}
	m.nearest.find(&r, s)
	r.InScope = m.inScope(r)
	return r
}

// linearShare is the weight of the linear model beside the embeddings.
const linearShare = 0.25

// probabilities averages what the parts say and gives the mean energy of the embeddings.
func (m *Model) probabilities(out []float32, s *scratch) (energy float32) {
	if len(m.embeddings) == 0 {
		for i := range out {
			out[i] = 1 / float32(len(out))
		}
		return 0
	}
	m.linear.score(s.scores, s.terms)
	softmax(s.scores)
	addScaled(out, s.scores, linearShare)
	by := (1 - linearShare) / float32(len(m.embeddings))
	for _, e := range m.embeddings {
		vector := s.vector[:e.size]
		e.text(vector, s.terms)
		e.score(s.scores, vector)
		energy += softmax(s.scores)
		addScaled(out, s.scores, by)
	}
	return energy / float32(len(m.embeddings))
}

// inScope joins the signals into one order: a far text has no near example, a near one has no clear class.
func (m *Model) inScope(r Result) float32 {
	if r.Best < 0 {
		return 0
	}
	x := float32(2*r.Nearest) + float32(2*r.Probabilities[r.Best]) + r.Known - 2.5
	return 1 / (1 + exp(-2*x))
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
