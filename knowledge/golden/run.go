package golden

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"huiyin/db"
)

// Run is one time that all golden questions were asked.
type Run struct {
	ID         int64
	At         time.Time
	Nightly    bool
	Author     string // who had it run; empty: the night
	Right      int
	Offered    int
	Wrong      int
	Unanswered int
	Broke      int // of those that fail, how many had passed the time before
}

// RunAsked is what a run is started with.
type RunAsked struct {
	Nightly bool    `json:"nightly"`
	Only    []int64 `json:"only,omitempty"` // these questions alone; such a run is not kept
}

// RunResult is what a run came to.
type RunResult struct {
	Total int             `json:"total"`
	Count map[Outcome]int `json:"count"`
	Broke []int64         `json:"broke"` // questions that had passed the time before
}

// Settle stores how the questions fared. It gives the questions that had passed and do no more. Questions that were
// changed or deleted while they were asked are left as they are.
func Settle(ctx context.Context, tx *db.Tx, asked []Question, decided []Decided) (RunResult, []Question, error) {
	result := RunResult{Total: len(asked), Count: map[Outcome]int{}, Broke: []int64{}}
	var broke []Question
	for i, q := range asked {
		outcome := q.Judge(decided[i])
		result.Count[outcome]++
		broken := db.Millis(q.BrokeAt)
		switch {
		case outcome == Right:
			broken = 0
		case q.Outcome == Right:
			broken = db.Millis(tx.Now)
			q.Outcome, q.Decided = outcome, decided[i]
			broke, result.Broke = append(broke, q), append(result.Broke, q.ID)
		}
		text, err := json.Marshal(decided[i])
		if err != nil {
			return result, nil, fmt.Errorf("settle golden question %d: %w", q.ID, err)
		}
		_, err = tx.Exec(ctx, "UPDATE golden_questions SET outcome = ?, outcome_at = ?, broke_at = ?, decided = ? WHERE id = ? AND version = ? AND deleted_at = 0",
			string(outcome), db.Millis(tx.Now), broken, string(text), q.ID, q.Version)
		if err != nil {
			return result, nil, fmt.Errorf("settle golden question %d: %w", q.ID, err)
		}
	}
	return result, broke, nil
}

// Keep stores a run's figures.
func Keep(ctx context.Context, tx *db.Tx, r RunResult, nightly bool, author string) error {
	night := 0
	if nightly {
		night = 1
	}
	_, err := tx.Insert(ctx, "INSERT INTO golden_runs (at, nightly, author, answered, offered, wrong, unanswered, broke) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		db.Millis(tx.Now), night, author, r.Count[Right], r.Count[Offered], r.Count[Wrong], r.Count[Unanswered], len(r.Broke))
	if err != nil {
		return fmt.Errorf("keep run: %w", err)
	}
	return nil
}

// Runs reads the newest runs, the oldest of them first.
func Runs(ctx context.Context, from db.Querier, limit int) ([]Run, error) {
	rows, err := from.Query(ctx, `SELECT id, at, nightly, author, answered, offered, wrong, unanswered, broke FROM (SELECT * FROM golden_runs ORDER BY id DESC LIMIT ?) r ORDER BY id`, limit)
	if err != nil {
		return nil, fmt.Errorf("read runs: %w", err)
	}
	defer rows.Close()
	list := []Run{}
	for rows.Next() {
		var r Run
		var at, night int64
		if err := rows.Scan(&r.ID, &at, &night, &r.Author, &r.Right, &r.Offered, &r.Wrong, &r.Unanswered, &r.Broke); err != nil {
			return nil, fmt.Errorf("read runs: %w", err)
		}
		r.At, r.Nightly = db.Time(at), night != 0
		list = append(list, r)
	}
	return list, rows.Err()
}
