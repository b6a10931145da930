package learn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// school is the small examples as the parts of a model see them.
func school() (v *vocabulary, texts [][]term, labels []int32) {
	var features [][]raw
	for _, e := range small {
		features = append(features, extract(nil, e.Text))
		labels = append(labels, int32(e.Class))
	}
	v = newVocabulary(features)
	dense := make([]float32, v.size())
	for _, f := range features {
		texts = append(texts, v.weigh(nil, f, dense).terms)
	}
	return v, texts, labels
}

func never() bool { return false }

func TestLinearLearnsItsExamples(t *testing.T) {
	v, texts, labels := school()
	l := newLinearTrainer(texts, labels, v.size(), smallClasses)
	l.train(texts, labels, never)
	scores := make([]float32, smallClasses)
	for n, text := range texts {
		l.done().score(scores, text)
		if got := largest(scores); got != int(labels[n]) {
			t.Errorf("%q: class %d, want %d", small[n].Text, got, labels[n])
		}
	}
}

func TestLinearHasWeightsOnlyWhereSomethingMet(t *testing.T) {
	v, texts, labels := school()
	l := newLinearTrainer(texts, labels, v.size(), smallClasses)
	card, _ := v.table.find(extract(nil, "card")[0].hash)
	if classes, weights := l.row(card); !slices.Equal(classes, []int32{cardLost}) || len(weights) != 1 {
		t.Errorf("card met the classes %v", classes)
	}
	my, _ := v.table.find(extract(nil, "my")[0].hash)
	if classes, _ := l.row(my); !slices.Equal(classes, []int32{cardLost, balance}) {
		t.Errorf("my met the classes %v", classes)
	}
}

func TestEmbeddingLearnsItsExamples(t *testing.T) {
	v, texts, labels := school()
	e := newEmbedding(v.size(), smallClasses, 1)
	e.train(lesson{texts: texts, labels: labels, rounds: mostRounds, stopped: never}, 2)
	vs := newVectors(v.size(), smallClasses, 1)
	vs.join([]*embedding{e})
	vs.center(texts, labels)
	text, sums, scores := make([]float32, width), make([]int32, width), make([]float32, smallClasses)
	exact := make([]float32, smallClasses)
	for n := range texts {
		vs.read(text, sums, texts[n])
		vs.score(scores, text, inOrder(smallClasses), 0)
		if got := largest(scores); got != int(labels[n]) {
			t.Errorf("%q: class %d, want %d", small[n].Text, got, labels[n])
		}
		e.read(texts[n])
		for c := range exact {
			exact[c] = dot(e.class(int32(c)), e.text[:]) + e.bias[c]
			if off := exact[c] - scores[c]; off > 0.1 || off < -0.1 {
				t.Errorf("%q, class %d: %v in bytes, %v in full", small[n].Text, c, scores[c], exact[c])
			}
		}
		own := vs.cosine(text, int(labels[n]))
		if usual := vs.usual[labels[n]]; usual <= 0 || usual > 1.001 {
			t.Errorf("class %d usually lies at %v", labels[n], usual)
		}
		if other := vs.cosine(text, (int(labels[n])+1)%smallClasses); own <= other || own > 1.001 {
			t.Errorf("%q is %v from its own class, %v from another", small[n].Text, own, other)
		}
	}
}

func TestVectorsOfNothing(t *testing.T) {
	vs := newVectors(3, 2, 2)
	text, sums := make([]float32, vs.size()), make([]int32, vs.size())
	vs.read(text, sums, nil)
	vs.read(text, sums, []term{{1, 0.5}})
	if vs.cosine(text, 0) != 0 {
		t.Error("nothing lies somewhere")
	}
}

func TestTrainingStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m, err := TrainContext(ctx, small, smallClasses)
	if !errors.Is(err, context.Canceled) || m == nil {
		t.Errorf("%v", err)
	}
	if _, err := TrainContext(context.Background(), small, smallClasses); err != nil {
		t.Errorf("%v", err)
	}
}

// crowd is so many classes that only some are compared: each has three examples with a word of its own.
func crowd(classes int) (examples []Example) {
	for c := range classes {
		for _, form := range []string{"how do i use the %s here", "my %s does not work", "where is the %s"} {
			examples = append(examples, Example{fmt.Sprintf(form, thing(c)), c})
		}
	}
	return examples
}

// thing is a word for a number.
func thing(n int) string {
	syllables := []string{"ba", "ke", "lo", "mi", "nu", "pa", "re", "so", "ti", "vu"}
	word := ""
	for i := 0; i < 3; i++ {
		word += syllables[n%10]
		n /= 10
	}
	return word
}

func TestManyClasses(t *testing.T) {
	const classes = manyClasses + 44
	m := Train(crowd(classes), classes)
	right := 0
	for c := range classes {
		r := m.Score("is the " + thing(c) + " broken")
		if r.Best == c {
			right++
		}
		sum := float32(0)
		for _, p := range r.Probabilities {
			sum += p
		}
		if sum < 0.99 || sum > 1.01 {
			t.Fatalf("the probabilities add up to %v", sum)
		}
	}
	if right < classes*9/10 {
		t.Errorf("%d of %d are right", right, classes)
	}
	if m.Classes() != classes || m.Bytes() < classes*width {
		t.Errorf("%d classes in %d bytes", m.Classes(), m.Bytes())
	}
}

func TestNearestExample(t *testing.T) {
	m := Train(small, smallClasses)
	for i, e := range small {
		if r := m.Score(e.Text); r.NearestExample != i || r.NearestClass != e.Class || r.Nearest < 0.98 {
			t.Errorf("%q is nearest to %d of class %d at %v", e.Text, r.NearestExample, r.NearestClass, r.Nearest)
		}
	}
	if r := m.Score("xyzzy quux"); r.Nearest != 0 || r.NearestExample != -1 || r.NearestClass != -1 {
		t.Errorf("unknown words are near %+v", r)
	}
	far, near := m.Score("my card and other matters altogether"), m.Score("my card")
	if far.Nearest >= near.Nearest {
		t.Errorf("unknown words bring it nearer: %v and %v", far.Nearest, near.Nearest)
	}
}

func TestPlacesAreThoseOfTheExamplesGiven(t *testing.T) {
	shifted := append([]Example{{"out of range", 99}, {"out of range too", -1}}, small...)
	if r := Train(shifted, smallClasses).Score(small[3].Text); r.NearestExample != 5 {
		t.Errorf("the nearest example is %d, want 5", r.NearestExample)
	}
}

func TestInScopeFallsWithEverySignal(t *testing.T) {
	sure := Result{Energy: 10, Center: 0.9, Usual: 0.9, Entropy: 0.1}
	for name, worse := range map[string]Result{
		"no response":   {Energy: 5, Center: 0.9, Usual: 0.9, Entropy: 0.1},
		"off the class": {Energy: 10, Center: 0.7, Usual: 0.9, Entropy: 0.1},
		"a tight class": {Energy: 10, Center: 0.9, Usual: 0.99, Entropy: 0.1},
		"undecided":     {Energy: 10, Center: 0.9, Usual: 0.9, Entropy: 2},
	} {
		if inScope(worse) >= inScope(sure) {
			t.Errorf("%s: %v, sure: %v", name, inScope(worse), inScope(sure))
		}
	}
	if e := entropy([]float32{0.5, 0.5}); e < 0.69 || e > 0.70 {
		t.Errorf("entropy %v", e)
	}
	if entropy([]float32{1, 0}) != 0 {
		t.Error("a sure one is undecided")
	}
}

func BenchmarkTrain(b *testing.B) {
	examples := crowd(200)
	for b.Loop() {
		Train(examples, 200)
	}
}

func BenchmarkScore(b *testing.B) {
	for _, classes := range []int{200, 900} {
		m := Train(crowd(classes), classes)
		b.Run(fmt.Sprint(classes, " classes"), func(b *testing.B) {
			for b.Loop() {
				m.Score("my balolo does not work any more, what can i do")
			}
		})
	}
}
