package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// example is a question whose right answer is known, with its candidates.
type example struct {
	question   *question
	list       []ranked
	right      int  // -1 when the right article is not among the candidates
	answerable bool // some article answers it
}

const (
	// rankPull is how strongly a base's weights of the score are held to the shipped ones: as many examples as it takes to
	// move a weight by one.
	rankPull = 4
	// surePull is the same of the confidence.
	surePull = 6
	fitSteps = 200
)

// strangeness tells whether some article answers a question.
type strangeness uint8

const (
	answered strangeness = iota
	near                 // none does, but the base is about such things: its own article was taken away
	far                  // the base is about other things: all articles like it were taken away
)

// telling is how much questions of each sort count together when the confidence learns to tell right from wrong.
func telling() [3]float64 { return [3]float64{answered: 1, near: 0.5, far: 0.2} }

// stated is the same when the level of the confidence is set. It is to be true for questions that have an answer; far ones only see
// to it that it falls to nothing.
func stated() [3]float64 { return [3]float64{answered: 1, near: 0.02, far: 0.15} }

// byHand tells which weights are set by hand: fitting would have too few cases of them.
func byHand(i int) bool {
	return i == fExact || i == fNumbers || i == fNegation || i == fLanguage || i == fUnknown
}

// fitRank finds the weights under which the right article is likeliest among the candidates, starting from and held to the
// shipped ones (maximum a posteriori). What speaks for an article never counts against it.
func fitRank(examples []example, shipped measured, pull float64) measured {
	used := slices.DeleteFunc(slices.Clone(examples), func(e example) bool { return e.right < 0 || !e.answerable || len(e.list) < 2 })
	w := shipped
	if len(used) == 0 {
		return w
	}
	slopes := func(w []float64, out []float64) {
		for i := range out {
			out[i] = pull * (w[i] - shipped[i])
		}
		for i := range used {
			rankSlope(&used[i], (*measured)(w), (*measured)(out))
		}
		for i := range out {
			out[i] /= float64(len(used)) + pull
			if byHand(i) {
				out[i] = 0
			}
		}
	}
	descend(w[:], slopes, func(i int) bool { return !byHand(i) })
	return w
}

// rankSlope adds how the likelihood of the right candidate changes with the weights.
func rankSlope(e *example, w, out *measured) {
	odds := make([]float64, len(e.list))
	top := math.Inf(-1)
	for i := range e.list {
		odds[i] = score(&e.list[i].f, w)
		top = max(top, odds[i])
	}
	sum := 0.0
	for i := range odds {
		odds[i] = math.Exp(odds[i] - top)
		sum += odds[i]
	}
	for i := range odds {
		off := odds[i] / sum
		if i == e.right {
			off--
		}
		if math.Abs(off) < 1e-4 {
			continue
		}
		for k, v := range e.list[i].f {
			out[k] += float64(off * v)
		}
	}
}

// descend follows the slopes down (Adam: Kingma and Ba, ICLR 2015). Weights that may not be negative stay at 0 or above.
func descend(w []float64, slopes func(w, out []float64), positive func(int) bool) {
	const rate, keep, keepSquare = 0.05, 0.9, 0.99
	out, mean, square := make([]float64, len(w)), make([]float64, len(w)), make([]float64, len(w))
	for n := 1; n <= fitSteps; n++ {
		slopes(w, out)
		byMean, bySquare := 1-math.Pow(keep, float64(n)), 1-math.Pow(keepSquare, float64(n))
		for i, s := range out {
			mean[i] = float64(keep*mean[i]) + float64((1-keep)*s)
			square[i] = float64(keepSquare*square[i]) + float64((1-keepSquare)*s*s)
			w[i] -= rate * (mean[i] / byMean) / (math.Sqrt(square[i]/bySquare) + 1e-8)
			if positive(i) && w[i] < 0 {
				w[i] = 0
			}
		}
	}
}

// verdict is what the first hit of a question looked like, and whether it was right.
type verdict struct {
	values  [features]float64
	right   bool
	strange strangeness
	weight  float64
}

// verdicts ranks the examples and looks at the first hits: of every answerable question, of every question with its own article
// taken away, and with everything like it taken away.
func verdicts(examples []example, rank *measured) []verdict {
	var list []verdict
	for _, e := range examples {
		for _, strange := range []strangeness{answered, near, far} {
			if strange == answered && !e.answerable {
				continue
			}
			if v, ok := e.first(rank, strange); ok {
				list = append(list, v)
			}
		}
	}
	return list
}

// farAway is how many of the best candidates are taken away to make a question a far one; at most half of them.
const farAway = 10

// first gives the first hit of an example.
func (e *example) first(rank *measured, strange strangeness) (verdict, bool) {
	list := slices.Clone(e.list)
	right := uint32(math.MaxUint32)
	if e.right >= 0 {
		right = list[e.right].at
		if strange != answered {
			list = slices.Delete(list, e.right, e.right+1)
			normalizeLearned(list)
		}
	}
	order(list, rank)
	if strange == far {
		list = list[min(farAway, len(list)/2):]
		normalizeLearned(list)
		order(list, rank)
	}
	if len(list) == 0 {
		return verdict{}, false
	}
	all := math.Exp(noArticle - list[0].score)
	for i := range list {
		all += math.Exp(list[i].score - list[0].score)
	}
	e.question.addContext(list, 0, all)
	v := verdict{right: list[0].at == right && strange == answered, strange: strange}
	for i := range v.values {
		v.values[i] = list[0].value(i)
	}
	return v, true
}

func order(list []ranked, rank *measured) {
	for i := range list {
		list[i].score = score(&list[i].f, rank)
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
}

// fitConfidence fits the odds that the first hit is right, in two steps: first what tells right hits from wrong ones and from those of
// questions that no article answers; then the level, so that what is stated is true for the questions that are asked.
func fitConfidence(examples []example, rank *measured, shipped [features]float64) [features]float64 {
	list := verdicts(examples, rank)
	w := shipped
	if len(list) == 0 {
		return w
	}
	weigh(list, telling())
	fitLogistic(w[:], shipped[:], list, surePull)
	return level(w, list)
}

// weigh gives all questions of one sort together a share of the weight of the answered ones.
func weigh(list []verdict, shares [3]float64) {
	var count [3]float64
	for _, v := range list {
		count[v.strange]++
	}
	for i := range list {
		strange := list[i].strange
		list[i].weight = min(1, shares[strange]*count[answered]/max(1, count[strange]))
	}
}

func fitLogistic(w, shipped []float64, list []verdict, pull float64) {
	slopes := func(w, out []float64) {
		all := pull
		for i := range out {
			out[i] = pull * (w[i] - shipped[i])
		}
		for i := range list {
			v := &list[i]
			sum := 0.0
			for k, weight := range w {
				sum += float64(weight * v.values[k])
			}
			off := (logistic(sum) - flag(v.right)) * v.weight
			all += v.weight
			for k, value := range v.values {
				out[k] += float64(off * value)
			}
		}
		for i := range out {
			out[i] /= all
			if byHand(i) {
				out[i] = 0
			}
		}
	}
	descend(w, slopes, speaksFor)
	w[fUnknown] = min(0, w[fUnknown])
}

// speaksFor tells which features may not count against a hit.
func speaksFor(i int) bool { return !byHand(i) && i != fUnknown && i != fConstant }

// askedBesides is how much better the odds of a customer's question are than those of a phrasing that is left out: the article has
// one phrasing more, and what is learnt has seen all of them.
const askedBesides = 0.25

// level stretches and shifts the odds (Platt scaling), held to leaving them as they are.
func level(w [features]float64, list []verdict) [features]float64 {
	weigh(list, stated())
	odds := make([]float64, len(list))
	for i := range list {
		for k, weight := range w {
			odds[i] += float64(weight * list[i].values[k])
		}
	}
	fit := []float64{1, 0}
	slopes := func(fit, out []float64) {
		const hold = 8
		out[0], out[1] = hold*(fit[0]-1), hold*fit[1]
		all := float64(hold)
		for i := range list {
			off := (logistic(float64(fit[0]*odds[i])+fit[1]) - flag(list[i].right)) * list[i].weight
			out[0], out[1], all = out[0]+float64(off*odds[i]), out[1]+off, all+list[i].weight
		}
		out[0], out[1] = out[0]/all, out[1]/all
	}
	descend(fit, slopes, func(i int) bool { return i == 0 })
	for k := range w {
		w[k] *= fit[0]
	}
	w[fConstant] += fit[1] + askedBesides
	return w
}
