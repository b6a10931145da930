package learn

import "math"

// The products below are rounded before they are added, so that no processor fuses the two (the Go specification allows it for
// x*y + z only): every node gets the same model.

// dot is the inner product.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += float32(x[0] * y[0])
		s1 += float32(x[1] * y[1])
		s2 += float32(x[2] * y[2])
		s3 += float32(x[3] * y[3])
	}
	for ; i < len(a); i++ {
		s0 += float32(a[i] * b[i])
	}
	return (s0 + s1) + (s2 + s3)
}

// addScaled adds by × b to a.
func addScaled(a, b []float32, by float32) {
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		x[0] += float32(by * y[0])
		x[1] += float32(by * y[1])
		x[2] += float32(by * y[2])
		x[3] += float32(by * y[3])
	}
	for ; i < len(a); i++ {
		a[i] += float32(by * b[i])
	}
}

// root is the square root.
func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// exp is e to the x, to six digits, by the same arithmetic on every processor.
func exp(x float32) float32 {
	if x < -80 {
		return 0
	}
	if x > 80 {
		x = 80
	}
	n := math.Floor(float64(x)*math.Log2E + 0.5)
	r := float64(x) - float64(n*math.Ln2)
	p := 1 + float64(r*(1+float64(r*(0.5+float64(r*(1.0/6+float64(r*(1.0/24+float64(r*(1.0/120))))))))))
	return float32(p * math.Float64frombits(uint64(int64(n)+1023)<<52))
}

// softmax turns scores into probabilities in place and gives the logarithm of the sum of their exponentials.
func softmax(scores []float32) float32 {
	top := scores[0]
	for _, s := range scores {
		top = max(top, s)
	}
	sum := float32(0)
	for i, s := range scores {
		e := exp(s - top)
		scores[i] = e
		sum += e
	}
	by := 1 / sum
	for i := range scores {
		scores[i] *= by
	}
	return top + float32(math.Log(float64(sum)))
}

// largest is the place of the highest value, -1 of none.
func largest(values []float32) int {
	best := -1
	for i, v := range values {
		if best < 0 || v > values[best] {
			best = i
		}
	}
	return best
}
