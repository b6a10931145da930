package learn

// linear is a multinomial logistic regression whose weights exist only where a feature and a class met in an example. A weight
// elsewhere would only say "never seen together", and they are most of them.
type linear struct {
	start   []int32 // of the classes of each feature
	class   []int32
	weight  []float32
	bias    []float32
	classes int
}

// sharp is the length of a text for the linear model: how far one step can move it.
const sharp = 4

type linearOptions struct {
	epochs int
	rate   float32
	decay  float32
	drop   float32
	smooth float32
}

func newLinear(texts [][]term, labels []int32, features, classes int) *linear {
	l := &linear{start: make([]int32, features+1), bias: make([]float32, classes), classes: classes}
	last := make([][]int32, features)
	for n, text := range texts {
		for _, t := range text {
			last[t.id] = insert(last[t.id], labels[n])
		}
	}
	for f, list := range last {
		l.class = append(l.class, list...)
		l.start[f+1] = int32(len(l.class))
	}
	l.weight = make([]float32, len(l.class))
	return l
}

func insert(sorted []int32, v int32) []int32 {
	for i := len(sorted) - 1; i >= 0; i-- {
		if sorted[i] == v {
			return sorted
		}
	}
	return append(sorted, v)
}

// score adds the scores of all classes to out.
func (l *linear) score(out []float32, text []term) {
	copy(out, l.bias)
	for _, t := range text {
		from, to := l.start[t.id], l.start[t.id+1]
		classes, weights, weight := l.class[from:to], l.weight[from:to], t.weight*sharp
		weights = weights[:len(classes)]
		for i, c := range classes {
			out[c] += float32(weights[i] * weight)
		}
	}
}

func (l *linear) train(texts [][]term, labels []int32, o linearOptions) {
	c := chance(7)
	order := make([]int32, len(texts))
	for i := range order {
		order[i] = int32(i)
	}
	probs := make([]float32, l.classes)
	var kept []term
	for epoch := range o.epochs {
		c.shuffle(order)
		rate := o.rate * (1 - float32(epoch)/float32(o.epochs))
		for _, n := range order {
			kept = kept[:0]
			for _, t := range texts[n] {
				if o.drop > 0 && float32(c.next()>>40)/(1<<24) < o.drop {
					continue
				}
				kept = append(kept, t)
			}
			l.score(probs, kept)
			softmax(probs)
			for i := range probs {
				probs[i] -= o.smooth / float32(l.classes)
			}
			probs[labels[n]] -= 1 - o.smooth
			for _, t := range kept {
				from, to := l.start[t.id], l.start[t.id+1]
				classes := l.class[from:to]
				weights, weight := l.weight[from:to], t.weight*sharp
				for i, cl := range classes {
					g := float32(probs[cl]*weight) + float32(o.decay*weights[i])
					if g < 1e-6 && g > -1e-6 {
						continue
					}
					weights[i] -= rate * g
				}
			}
			for i, g := range probs {
				l.bias[i] -= 0.01 * rate * g
			}
		}
	}
}
