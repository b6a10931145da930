package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"huiyin/nlu"
	"huiyin/nlu/learn"
)

// intentsResult is what `eval intents` prints.
type intentsResult struct {
	Queries   int      `json:"queries"`
	Accuracy  float64  `json:"accuracy"`
	Hit3      float64  `json:"hit3"`
	ECE       float64  `json:"ece"`
	Valid     *float64 `json:"valid_accuracy,omitempty"`
	OOSAUROC  *float64 `json:"oos_auroc,omitempty"`
	OOSRej95  *float64 `json:"oos_rej95,omitempty"`
	Train     float64  `json:"train_s"`
	PerSecond float64  `json:"decisions_per_s"`
	P99       int64    `json:"p99_us"`
	Bytes     int64    `json:"bytes"`
}

// intentEval is a model and what asking it showed.
type intentEval struct {
	model   *learn.Model
	intents map[string]int
	timings []time.Duration
}

func measureIntents(train, valid, test, oos string) (intentsResult, error) {
	e, took, err := learnIntents(train)
	if err != nil {
		return intentsResult{}, err
	}
	asked, err := e.askFile(test)
	if err != nil {
		return intentsResult{}, err
	}
	result := asked.result()
	if valid != "" {
		v, err := e.askFile(valid)
		if err != nil {
			return intentsResult{}, err
		}
		result.Valid = &[]float64{v.result().Accuracy}[0]
	}
	if oos != "" {
		rejected, err := e.inScope(oos)
		if err != nil {
			return intentsResult{}, err
		}
		area, at95 := rounded(auroc(asked.inScope, rejected)), rounded(rejectedAt95(asked.inScope, rejected))
		result.OOSAUROC, result.OOSRej95 = &area, &at95
	}
	result.PerSecond, result.P99 = speed(e.timings)
	result.Train, result.Bytes = rounded(took.Seconds()), int64(e.model.Bytes())
	return result, nil
}

func learnIntents(file string) (*intentEval, time.Duration, error) {
	rows, err := readTSV(file, 2)
	if err != nil {
		return nil, 0, err
	}
	e := &intentEval{intents: map[string]int{}}
	examples := make([]learn.Example, len(rows))
	began := time.Now()
	for i, row := range rows {
		class, ok := e.intents[row[1]]
		if !ok {
			class = len(e.intents)
			e.intents[row[1]] = class
		}
		examples[i] = learn.Example{Text: nlu.Normalize(row[0]), Class: class}
	}
	e.model = learn.Train(examples, len(e.intents))
	return e, time.Since(began), nil
}

func (e *intentEval) ask(text string) learn.Result {
	began := time.Now()
	r := e.model.Score(nlu.Normalize(text))
	e.timings = append(e.timings, time.Since(began))
	return r
}

// intentTally counts what became of the questions of a file.
type intentTally struct {
	hit1, hit3 int
	right      []bool
	confidence []float64
	inScope    []float64
}

func (e *intentEval) askFile(file string) (*intentTally, error) {
	rows, err := readTSV(file, 2)
	if err != nil {
		return nil, err
	}
	t := &intentTally{}
	for _, row := range rows {
		want, known := e.intents[row[1]]
		if !known {
			want = -1
		}
		t.add(e.ask(row[0]), want)
	}
	return t, nil
}

func (t *intentTally) add(r learn.Result, want int) {
	place := math.MaxInt
	if want >= 0 {
		place = 0
		for _, p := range r.Probabilities {
			if p > r.Probabilities[want] {
				place++
			}
		}
	}
	if place == 0 {
		t.hit1++
	}
	if place < 3 {
		t.hit3++
	}
	t.right = append(t.right, place == 0)
	t.confidence = append(t.confidence, float64(slices.Max(r.Probabilities)))
	t.inScope = append(t.inScope, float64(r.InScope))
}

func (t *intentTally) result() intentsResult {
	n := len(t.right)
	share := func(count int) float64 { return rounded(float64(count) / float64(n)) }
	return intentsResult{Queries: n, Accuracy: share(t.hit1), Hit3: share(t.hit3), ECE: rounded(calibrationError(t.confidence, t.right))}
}

// inScope asks questions of no intent how much they look like those of one.
func (e *intentEval) inScope(file string) ([]float64, error) {
	rows, err := readTSV(file, 1)
	if err != nil {
		return nil, fmt.Errorf("questions of no intent: %w", err)
	}
	scores := make([]float64, len(rows))
	for i, row := range rows {
		scores[i] = float64(e.ask(row[0]).InScope)
	}
	return scores, nil
}
