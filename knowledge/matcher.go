package knowledge

import (
	"math"
)

// matcher is a multinomial logistic regression from the terms of a question to the articles, learnt from their phrasings. A
// small base has a weight for every term and article; a large one only where the two have met.
type matcher struct {
	classes int
	rows    map[string]int32 // the terms that were learnt
	start   []uint32         // of each row's weights when only some classes have one; nil: all have
	class   []int32
	weights []float32
	bias    []float32
}

// matcherShare is how much each sort of term counts for the matcher.
func matcherShare(k kind) float64 { return [kinds]float64{1, 0.8, 0.5, 0.8}[k] }

const (
	// maxDense is how many weights a matcher has at most when every term has one for every article.
	maxDense = 3 << 20
	// maxRounds is how often the phrasings are gone through.
	maxRounds = 40
	// maxWork bounds the steps of learning.
	maxWork = 2_500_000_000
	// dropShare of the terms is left out of each look at a phrasing, so that no article depends on one word.
	dropShare  = 0.4
	learnRate  = 0.5
	learnDecay = 2e-5
)

// lesson is one phrasing as the matcher sees it.
type lesson struct {
	rows  []int32
	share []float32
	class int32
	fold  uint8
}

// newMatcher learns from the lessons outside one fold; fold 255 leaves none out.
func newMatcher(lessons []lesson, rows map[string]int32, classes int, fold uint8) *matcher {
	m := &matcher{classes: classes, rows: rows, bias: make([]float32, classes)}
	if len(rows)*classes > maxDense {
		m.meet(lessons)
	} else {
		m.weights = make([]float32, len(rows)*classes)
	}
	m.learn(lessons, fold)
	return m
}

// meet finds which terms and classes occur together.
func (m *matcher) meet(lessons []lesson) {
	met := make([][]int32, len(m.rows))
	for _, l := range lessons {
		for _, r := range l.rows {
			if list := met[r]; len(list) == 0 || list[len(list)-1] != l.class { // lessons come in the order of their classes
				met[r] = append(list, l.class)
			}
		}
	}
	m.start = make([]uint32, len(m.rows)+1)
	for r, list := range met {
		m.class = append(m.class, list...)
		m.start[r+1] = uint32(len(m.class))
	}
	m.weights = make([]float32, len(m.class))
}

// row gives the weights of a term and their classes; no classes stand for all of them.
func (m *matcher) row(r int32) (classes []int32, from, to int) {
	if m.start == nil {
		return nil, int(r) * m.classes, (int(r) + 1) * m.classes
	}
	from, to = int(m.start[r]), int(m.start[r+1])
	return m.class[from:to], from, to
}

func (m *matcher) rounds(lessons []lesson) int {
	work := 1
	for _, l := range lessons {
		work += m.classes
		for _, r := range l.rows {
			_, from, to := m.row(r)
			work += to - from
		}
	}
	return min(maxRounds, max(6, maxWork/2/work))
}

// learn goes through the lessons in mixed order, each step sized by AdaGrad (Duchi et al., JMLR 12, 2011).
func (m *matcher) learn(lessons []lesson, fold uint8) {
	order := make([]int32, 0, len(lessons))
	for i, l := range lessons {
		if l.fold != fold {
			order = append(order, int32(i))
		}
	}
	squares, chance := make([]float32, len(m.weights)), chance(1)
	odds := make([]float32, m.classes)
	var kept []int
	var off []int32
	rounds := m.rounds(lessons)
	for round := range rounds {
		chance.shuffle(order)
		rate := float32(learnRate * (1 - float64(round)/float64(rounds)))
		for _, i := range order {
			l := &lessons[i]
			kept = kept[:0]
			for at := range l.rows {
				if chance.share() >= dropShare {
					kept = append(kept, at)
				}
			}
			m.forward(odds, l, kept)
			softmax(odds)
			odds[l.class]--
			off = notable(off[:0], odds)
			m.backward(odds, off, l, kept, squares, rate)
		}
	}
}

func (m *matcher) forward(odds []float32, l *lesson, kept []int) {
	copy(odds, m.bias)
	for _, at := range kept {
		x := l.share[at]
		classes, from, to := m.row(l.rows[at])
		weights := m.weights[from:to]
		if classes == nil {
			odds := odds[:len(weights)]
			for k, w := range weights {
				odds[k] += float32(x * w)
			}
			continue
		}
		for k, class := range classes {
			odds[class] += float32(x * weights[k])
		}
	}
}

// leastOff is by how much the odds of a class are off before its weights are moved.
const leastOff = 1e-3

// notable appends the classes whose odds are off, which are few.
func notable(into []int32, odds []float32) []int32 {
	for class, off := range odds {
		if off > leastOff || off < -leastOff {
			into = append(into, int32(class))
		}
	}
	return into
}

// scanned is how many classes of a term are looked at one by one before each class that is off is looked for instead.
const scanned = 8

func (m *matcher) backward(odds []float32, off []int32, l *lesson, kept []int, squares []float32, rate float32) {
	for _, at := range kept {
		x := l.share[at]
		classes, from, to := m.row(l.rows[at])
		weights, squares := m.weights[from:to], squares[from:to]
		switch {
		case classes == nil:
			for _, class := range off {
				step(&weights[class], &squares[class], float32(odds[class]*x), rate)
			}
		case len(off)*scanned < len(classes):
			k := 0
			for _, class := range off { // both rise
				n, met := find(classes[k:], class)
				if k += n; met {
					step(&weights[k], &squares[k], float32(odds[class]*x), rate)
				}
			}
		default:
			for k, class := range classes {
				if off := odds[class]; off > leastOff || off < -leastOff {
					step(&weights[k], &squares[k], float32(off*x), rate)
				}
			}
		}
	}
}

func step(weight, squares *float32, slope, rate float32) {
	slope += float32(learnDecay * *weight)
	*squares += float32(slope * slope)
	*weight -= float32(rate*slope) / (float32(math.Sqrt(float64(*squares))) + 1e-3)
}

// softmax turns scores into shares of one.
func softmax(scores []float32) {
	top, sum := scores[0], float32(0)
	for _, s := range scores {
		top = max(top, s)
	}
	none := float32(math.Exp(float64(-top))) // most classes have nothing to do with a text
	for i, s := range scores {
		if s == 0 {
			scores[i] = none
		} else {
			scores[i] = float32(math.Exp(float64(s - top)))
		}
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
}

// score sums up what speaks for one class.
func (m *matcher) score(l *lesson, class int) float64 {
	sum := float64(m.bias[class])
	for i, r := range l.rows {
		classes, from, to := m.row(r)
		at := from + class
		if classes != nil {
			k, met := find(classes, int32(class))
			if !met {
				continue
			}
			at = from + k
		}
		if at < to {
			sum += float64(l.share[i]) * float64(m.weights[at])
		}
	}
	return sum
}

func (m *matcher) bytes() int {
	return 4*(len(m.weights)+len(m.class)+len(m.start)+len(m.bias)) + 40*len(m.rows)
}
