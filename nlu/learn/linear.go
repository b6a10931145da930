package learn

// linear is a multinomial logistic regression whose weights exist only where a feature and a class met in an example. A weight
// elsewhere would only say "never seen together", and they are most of them.
type linear struct {
	start  []int32   // of the classes of each feature
	class  []int32   // rising within a feature
	weight []int8    // in steps of the feature
	step   []float32 // of each feature
	bias   []float32 // of each class
}

const (
	linearRounds = 20
	linearRate   = 0.5
	linearDrop   = 0.6 // share of the features left out at each step (Srivastava et al., Dropout, JMLR 2014)
	// sharp is the length of a text for the linear model: how far one step can move it.
	sharp = 4
	// commonClasses is from how many classes on a feature says nothing about any of them.
	commonClasses = 256
)

// linearTrainer is a linear model while it learns.
type linearTrainer struct {
	start, class []int32
	weight, bias []float32
	scores       []float32
}

func newLinearTrainer(texts [][]term, labels []int32, features, classes int) *linearTrainer {
	l := &linearTrainer{start: make([]int32, features+1), bias: make([]float32, classes), scores: make([]float32, classes)}
	met := make([][]int32, features)
	for n, text := range texts {
		for _, t := range text {
			met[t.id] = insert(met[t.id], labels[n])
		}
	}
	for f, list := range met {
		if len(list) <= commonClasses {
			l.class = append(l.class, list...)
		}
		l.start[f+1] = int32(len(l.class))
	}
	l.weight = make([]float32, len(l.class))
	return l
}

// insert keeps a list sorted and each value once.
func insert(sorted []int32, v int32) []int32 {
	at := len(sorted)
	for at > 0 && sorted[at-1] >= v {
		at--
	}
	if at < len(sorted) && sorted[at] == v {
		return sorted
	}
	sorted = append(sorted, 0)
	copy(sorted[at+1:], sorted[at:])
	sorted[at] = v
	return sorted
}

// row is what a model has about a feature.
func (l *linearTrainer) row(f int32) ([]int32, []float32) {
	from, to := l.start[f], l.start[f+1]
	return l.class[from:to], l.weight[from:to:to]
}

// train goes through the texts in a new order each round, with falling steps.
func (l *linearTrainer) train(texts [][]term, labels []int32, stop func() bool) {
	c := chance(7)
	order := inOrder(len(texts))
	var kept []term
	for round := range linearRounds {
		c.shuffle(order)
		rate := linearRate * (1 - float32(round)/linearRounds)
		for _, n := range order {
			if stop() {
				return
			}
			kept = c.keep(kept[:0], texts[n], linearDrop)
			l.step(kept, labels[n], rate)
		}
	}
}

// step moves the weights so that a text looks more like its class.
func (l *linearTrainer) step(text []term, label int32, rate float32) {
	copy(l.scores, l.bias)
	for _, t := range text {
		classes, weights := l.row(t.id)
		by := t.weight * sharp
		for i, c := range classes {
			l.scores[c] += float32(weights[i] * by)
		}
	}
	softmax(l.scores)
	l.scores[label] -= 1
	for _, t := range text {
		classes, weights := l.row(t.id)
		by := t.weight * sharp * rate
		for i, c := range classes {
			if g := l.scores[c]; g > leastGradient || g < -leastGradient {
				weights[i] -= float32(g * by)
			}
		}
	}
	addScaled(l.bias, l.scores, -0.01*rate)
}

// leastGradient is what is too little to learn from.
const leastGradient = 1e-5

// done rounds the weights to a byte each.
func (l *linearTrainer) done() *linear {
	out := &linear{start: l.start, class: l.class, weight: make([]int8, len(l.weight)), step: make([]float32, len(l.start)-1), bias: l.bias}
	for f := range out.step {
		from, to := l.start[f], l.start[f+1]
		out.step[f] = quantize(out.weight[from:to], l.weight[from:to])
	}
	return out
}

// score writes the scores of all classes.
func (l *linear) score(out []float32, text []term) {
	copy(out, l.bias)
	for _, t := range text {
		from, to := l.start[t.id], l.start[t.id+1]
		classes, weights, by := l.class[from:to], l.weight[from:to:to], t.weight*sharp*l.step[t.id]
		for i, c := range classes {
			out[c] += float32(float32(weights[i]) * by)
		}
	}
}

func (l *linear) bytes() int {
	return 4*(len(l.start)+len(l.class)+len(l.step)+len(l.bias)) + len(l.weight)
}
