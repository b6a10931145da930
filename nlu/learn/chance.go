package learn

// chance is a stream of numbers that only depends on its seed (SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
type chance uint64

func (c *chance) next() uint64 {
	*c += 0x9e3779b97f4a7c15
	return finish(uint64(*c))
}

// below is a number from 0 to n-1.
func (c *chance) below(n int) int { return int(c.next() >> 33 % uint64(n)) }

// part is a number from 0 to 1.
func (c *chance) part() float32 { return float32(c.next()>>40) / (1 << 24) }

// even is a number from -1 to 1.
func (c *chance) even() float32 { return float32(int64(c.next()>>40)-1<<23) / (1 << 23) }

// shuffle mixes an order.
func (c *chance) shuffle(order []int32) {
	for i := len(order) - 1; i > 0; i-- {
		j := c.below(i + 1)
		order[i], order[j] = order[j], order[i]
	}
}

// keep appends the terms that are not left out this time.
func (c *chance) keep(into, terms []term, drop float32) []term {
	for _, t := range terms {
		if c.part() >= drop {
			into = append(into, t)
		}
	}
	return into
}

// inOrder is 0 … n-1.
func inOrder(n int) []int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	return order
}
