package learn

import (
	"context"
	"sync"
)

// Example is a text in normal form (nlu.Normalize) and the class that it belongs to, a number from 0.
type Example struct {
	Text  string
	Class int
}

// Model is what was learnt. It never changes and may be asked by many at once.
type Model struct {
	vocabulary *vocabulary
	linear     *linear
	vectors    *vectors
	nearest    *nearest
	classes    int
	scratch    sync.Pool
}

const (
	// seeds is how many embeddings there are, and fewSeeds how many with very many classes, where each costs more.
	seeds    = 6
	fewSeeds = 3
	// Few texts are gone through more often: about so many steps in all, within these bounds.
	steps, leastRounds, mostRounds = 36_000, 9, 40
	// rivals is how many classes are looked at closely when there are very many.
	rivals = 48
)

// Train learns from examples; examples of a class outside 0 … classes-1 are left out. The same examples in the same order give the
// same model. It keeps one core busy, for seconds with ten thousand examples.
func Train(examples []Example, classes int) *Model {
	m, _ := TrainContext(context.Background(), examples, classes)
	return m
}

// TrainContext is Train for those who may have to leave before it is done.
func TrainContext(ctx context.Context, examples []Example, classes int) (*Model, error) {
	m := &Model{classes: max(0, classes)}
	m.scratch.New = func() any { return newScratch(m) }
	var features [][]raw
	var labels, places []int32
	for i, e := range examples {
		if e.Class >= 0 && e.Class < classes {
			features = append(features, extract(nil, e.Text))
			labels, places = append(labels, int32(e.Class)), append(places, int32(i))
		}
	}
	m.vocabulary = newVocabulary(features)
	texts := make([][]term, len(features))
	dense := make([]float32, m.vocabulary.size())
	for i, f := range features {
		texts[i] = m.vocabulary.weigh(nil, f, dense).terms
	}
	m.nearest = newNearest(m.vocabulary, texts, labels, places, m.classes)
	m.learn(texts, labels, pulse(ctx))
	return m, ctx.Err()
}

// pulse looks at the context now and then.
func pulse(ctx context.Context) func() bool {
	n := 0
	return func() bool {
		n++
		return n%64 == 0 && ctx.Err() != nil
	}
}

// learn trains the parts, the linear one first: it knows the rivals of each text.
func (m *Model) learn(texts [][]term, labels []int32, stopped func() bool) {
	size := m.vocabulary.size()
	trainer := newLinearTrainer(texts, labels, size, m.classes)
	l := lesson{texts: texts, labels: labels, stopped: stopped, rounds: leastRounds}
	if len(texts) > 0 {
		l.rounds = min(mostRounds, max(leastRounds, steps/len(texts)))
		trainer.train(texts, labels, stopped)
	}
	m.linear = trainer.done()
	count := seeds
	if m.classes > manyClasses {
		count = fewSeeds
		l.rivals = m.rivals(texts)
	}
	all := make([]*embedding, count)
	for i := range all {
		all[i] = newEmbedding(size, m.classes, uint64(2*i+1))
		all[i].train(l, uint64(2*i+2))
	}
	m.vectors = newVectors(size, m.classes, count)
	m.vectors.join(all)
	m.vectors.center(texts, labels)
}

// rivals gives for each text the classes that the linear model takes for the likeliest.
func (m *Model) rivals(texts [][]term) [][]int32 {
	scores := make([]float32, m.classes)
	out := make([][]int32, len(texts))
	for n, text := range texts {
		m.linear.score(scores, text)
		out[n] = likeliest(nil, scores, rivals)
	}
	return out
}

// Classes is how many classes the model knows.
func (m *Model) Classes() int { return m.classes }

// Bytes is about how much memory the model takes.
func (m *Model) Bytes() int {
	return m.vocabulary.table.bytes() + 5*m.vocabulary.size() + m.linear.bytes() + m.vectors.bytes() + m.nearest.bytes()
}
