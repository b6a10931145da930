package learn

// Feature is one thing that a text consists of, by its hash: a word, a pair or a piece of words, or what a word stands for. Share
// is what features of its sort weigh in a text together, beside the other sorts.
type Feature struct {
	Hash  uint64
	Sort  uint8
	Share float32
}

// Sorts is how many sorts of features there are.
const Sorts = int(kinds)

// Features are what a text in normal form consists of, with repeats: the same that models learn from. It is for those who compare
// texts without having learnt from any.
func Features(normalized string) []Feature {
	found := extract(nil, normalized)
	list := make([]Feature, len(found))
	for i, f := range found {
		list[i] = Feature{Hash: f.hash, Sort: uint8(f.kind), Share: shares[f.kind]}
	}
	return list
}
