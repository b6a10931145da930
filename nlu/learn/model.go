package learn

import "sync"

// Example is a text in normal form (nlu.Normalize) and the class that it belongs to, a number from 0.
type Example struct {
	Text  string
	Class int
}

// Model is what was learnt. It never changes and may be asked by many at once.
type Model struct {
	vocabulary *vocabulary
	linear     *linear
	embeddings []*embedding
	nearest    *nearest
	classes    int
	scratch    sync.Pool
}

// Train learns from examples; examples of a class outside 0 … classes-1 are left out. The same examples in the same order give the
// same model. It takes one core, and seconds for ten thousand examples.
func Train(examples []Example, classes int) *Model {
	m := &Model{classes: max(0, classes)}
	m.scratch.New = func() any { return newScratch(m) }
	var features [][]raw
	var labels, kept []int32
	for i, e := range examples {
		if e.Class < 0 || e.Class >= classes {
			continue
		}
		features = append(features, extract(nil, e.Text))
		labels = append(labels, int32(e.Class))
		kept = append(kept, int32(i))
	}
	m.vocabulary = newVocabulary(features, 2)
	texts := make([][]term, len(features))
	for i, f := range features {
		texts[i], _ = m.vocabulary.terms(nil, f)
	}
	m.linear = newLinear(texts, labels, len(m.vocabulary.idf), m.classes)
	m.nearest = newNearest(texts, labels, kept, m.classes)
	if len(texts) > 0 {
		m.learn(texts, labels)
	}
	return m
}

// learn trains the parts; few examples can be gone through more often.
func (m *Model) learn(texts [][]term, labels []int32) {
	rounds := min(40, max(12, 36000/len(texts)))
	m.linear.train(texts, labels, linearOptions{epochs: 20, rate: 0.5, drop: 0.6})
	for seed := range uint64(embeddings) {
		o := embedOptions{seed: 2*seed + 1, size: 32, epochs: rounds, rate: 0.15, drop: 0.7, start: 0.1}
		e := newEmbedding(len(m.vocabulary.idf), m.classes, o)
		e.train(texts, labels, o)
		m.embeddings = append(m.embeddings, e)
	}
}

const embeddings = 6

// Classes is how many classes the model knows.
func (m *Model) Classes() int { return m.classes }

// Bytes is about how much memory the model takes.
func (m *Model) Bytes() int {
	n := len(m.vocabulary.idf)*(24+4+1) + 4*(len(m.linear.start)+2*len(m.linear.class)+m.classes) + m.nearest.bytes()
	for _, e := range m.embeddings {
		n += 4 * (len(e.features) + len(e.classes) + len(e.bias))
	}
	return n
}
