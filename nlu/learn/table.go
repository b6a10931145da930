package learn

// table numbers hashes in the order in which they come: open addressing, at most half full.
type table struct {
	keys []uint64 // 0 is free
	ids  []int32
	used int
}

func newTable(most int) table {
	size := 64
	for size < 2*most {
		size *= 2
	}
	return table{keys: make([]uint64, size), ids: make([]int32, size)}
}

// find gives the number of a hash.
func (t *table) find(hash uint64) (id int32, ok bool) {
	i := t.slot(hash)
	return t.ids[i], t.keys[i] != 0
}

// add gives the number of a hash, a new one when it is not known yet.
func (t *table) add(hash uint64) (id int32, fresh bool) {
	i := t.slot(hash)
	if t.keys[i] != 0 {
		return t.ids[i], false
	}
	if 2*(t.used+1) > len(t.keys) {
		t.grow()
		i = t.slot(hash)
	}
	t.keys[i], t.ids[i] = max(hash, 1), int32(t.used)
	t.used++
	return t.ids[i], true
}

// slot is where a hash stands or belongs.
func (t *table) slot(hash uint64) int {
	hash = max(hash, 1)
	mask := len(t.keys) - 1
	i := int(hash>>20) & mask
	for t.keys[i] != 0 && t.keys[i] != hash {
		i = (i + 1) & mask
	}
	return i
}

func (t *table) grow() {
	bigger := newTable(len(t.keys))
	bigger.used = t.used
	for i, key := range t.keys {
		if key != 0 {
			j := bigger.slot(key)
			bigger.keys[j], bigger.ids[j] = key, t.ids[i]
		}
	}
	*t = bigger
}

func (t *table) bytes() int { return 12 * len(t.keys) }
