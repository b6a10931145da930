package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"huiyin/nlu"
)

// evalMoodCmd measures how well the customers who end dissatisfied are told from the others.
type evalMoodCmd struct {
	Dialogues string  `required:"" placeholder:"FILE" help:"Conversations: JSONL of turns (sender, text) and satisfaction."`
	Below     float64 `default:"-0.5" help:"A customer is dissatisfied up to this satisfaction."`
	JSON      bool    `name:"json" help:"Print one JSON object."`
}

// Run measures and prints.
func (c evalMoodCmd) Run(std streams) error {
	result, err := measureMood(c.Dialogues, c.Below)
	if err != nil {
		return err
	}
	return printResult(std.out, c.JSON, result)
}

// moodResult is what `eval mood` prints.
type moodResult struct {
	Conversations int     `json:"conversations"`
	Dissatisfied  float64 `json:"dissatisfied"` // their share
	All           float64 `json:"auroc_all"`    // over all turns
	First         float64 `json:"auroc_first"`  // over the customer's first message
	Rules         float64 `json:"auroc_rules"`  // of mood, urgency and complaint of the first message
	PerSecond     float64 `json:"decisions_per_s"`
	P99           int64   `json:"p99_us"`
}

// moodRow is a conversation of the file.
type moodRow struct {
	Turns []struct {
		Sender string `json:"sender"`
		Text   string `json:"text"`
	} `json:"turns"`
	Satisfaction float64 `json:"satisfaction"`
}

func measureMood(file string, below float64) (moodResult, error) {
	rows, err := readDialogues(file)
	if err != nil {
		return moodResult{}, err
	}
	var all, first, rules sides
	var timings []time.Duration
	for _, row := range rows {
		said := make([]nlu.Said, len(row.Turns))
		for i, t := range row.Turns {
			said[i] = nlu.Said{ByCustomer: t.Sender == "customer", Text: t.Text}
		}
		began := time.Now()
		bad := row.Satisfaction <= below
		all.add(nlu.Dissatisfied(said), bad)
		timings = append(timings, time.Since(began))
		a := nlu.Analyze(firstOf(said))
		first.add(a.Dissatisfied, bad)
		rules.add(ruleMood(a), bad)
	}
	result := moodResult{Conversations: len(rows), Dissatisfied: rounded(float64(len(all.bad)) / float64(len(rows))),
		All: all.area(), First: first.area(), Rules: rules.area()}
	result.PerSecond, result.P99 = speed(timings)
	return result, nil
}

// sides are the measures of those who are dissatisfied, and of the others.
type sides struct{ bad, good []float64 }

func (s *sides) add(value float64, bad bool) {
	if bad {
		s.bad = append(s.bad, value)
		return
	}
	s.good = append(s.good, value)
}

func (s *sides) area() float64 { return rounded(auroc(s.bad, s.good)) }

func firstOf(said []nlu.Said) string {
	for _, s := range said {
		if s.ByCustomer {
			return s.Text
		}
	}
	return ""
}

// ruleMood puts what the rules say in an order.
func ruleMood(a nlu.Analysis) float64 {
	order := map[nlu.Mood]float64{nlu.MoodPleased: -1, nlu.MoodDispleased: 1, nlu.MoodAngry: 2}
	value := order[a.Mood] + 0.1*float64(a.Urgency)
	if a.Complaint {
		value++
	}
	return value
}

func readDialogues(name string) ([]moodRow, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	in := bufio.NewScanner(file)
	in.Buffer(nil, 4<<20)
	var rows []moodRow
	for n := 1; in.Scan(); n++ {
		var row moodRow
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, n, err)
		}
		rows = append(rows, row)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no conversations", name)
	}
	return rows, nil
}
