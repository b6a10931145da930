package knowledge

import "slices"

// chance is a stream of numbers that only depends on its seed (SplitMix64), so that every node learns the same.
type chance uint64

func (c *chance) next() uint64 {
	*c += 0x9e3779b97f4a7c15
	h := uint64(*c)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// share is a number from 0 up to 1.
func (c *chance) share() float64 { return float64(c.next()>>11) / (1 << 53) }

// shuffle mixes an order.
func (c *chance) shuffle(order []int32) {
	for i := len(order) - 1; i > 0; i-- {
		j := int(c.next() >> 33 % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}

func find(rising []int32, n int32) (int, bool) { return slices.BinarySearch(rising, n) }
