package learn

import (
	"math"
	"testing"
)

func vocabularyOf(texts ...string) (*vocabulary, [][]raw) {
	var features [][]raw
	for _, text := range texts {
		features = append(features, extract(nil, text))
	}
	return newVocabulary(features), features
}

func weighText(v *vocabulary, text string) weighed {
	return v.weigh(nil, extract(nil, text), make([]float32, v.size()))
}

func TestVocabularyKeepsWordsAndWhatComesAgain(t *testing.T) {
	v, _ := vocabularyOf("lost card", "lost key", "opening hours")
	count := map[kind]int{}
	for _, k := range v.kinds {
		count[k]++
	}
	if count[kindWord] != 5 {
		t.Errorf("%d words, want 5", count[kindWord])
	}
	if count[kindPair] != 1 { // the start and lost
		t.Errorf("%d pairs, want 1", count[kindPair])
	}
	if count[kindPiece] == 0 || count[kindSense] == 0 {
		t.Errorf("of each kind: %v", count)
	}
}

func TestRareFeaturesWeighMore(t *testing.T) {
	v, _ := vocabularyOf("my card", "my key", "my phone", "my bill")
	weight := map[int32]float32{}
	w := weighText(v, "my card")
	for _, x := range w.terms {
		weight[x.id] = x.weight
	}
	my, _ := v.table.find(extract(nil, "my")[0].hash)
	card, _ := v.table.find(extract(nil, "card")[0].hash)
	if weight[my] >= weight[card] {
		t.Errorf("my weighs %v, card %v", weight[my], weight[card])
	}
}

func TestWeighedTextsHaveTheLengthOne(t *testing.T) {
	v, _ := vocabularyOf("lost card card card", "lost card again", "发票 发票", "")
	for _, text := range []string{"lost card", "card card lost lost", "发票", "lost 发票 xyzzy"} {
		w := weighText(v, text)
		sum, seen := 0.0, map[int32]bool{}
		for _, x := range w.terms {
			sum += float64(x.weight) * float64(x.weight)
			if seen[x.id] {
				t.Errorf("%q: feature %d comes twice", text, x.id)
			}
			seen[x.id] = true
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Errorf("%q has the length %v", text, math.Sqrt(sum))
		}
	}
}

func TestWhatIsKnown(t *testing.T) {
	v, _ := vocabularyOf("lost card", "lost card", "lost card", "opening hours")
	for _, c := range []struct {
		text     string
		low, top float32
	}{
		{"lost card", 1, 1},
		{"xyzzy quux", 0, 0},
		{"lost xyzzy", 0.2, 0.5},
		{"", 0, 0},
	} {
		w := weighText(v, c.text)
		if w.known < c.low || w.known > c.top || w.seen < 0 || w.seen > 1 {
			t.Errorf("%q: known %v, seen %v", c.text, w.known, w.seen)
		}
	}
	if full, half := weighText(v, "lost card"), weighText(v, "lost xyzzy"); full.seen <= half.seen {
		t.Errorf("seen %v and %v", full.seen, half.seen)
	}
}

func TestWeighLeavesTheDenseSliceClean(t *testing.T) {
	v, _ := vocabularyOf("lost card", "lost key")
	dense := make([]float32, v.size())
	v.weigh(nil, extract(nil, "lost card card lost"), dense)
	for id, x := range dense {
		if x != 0 {
			t.Errorf("feature %d is left at %v", id, x)
		}
	}
}
