package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

// seedGolden states the right answers to a few questions.
func (n *node) seedGolden(ctx context.Context) error {
	text, err := demoFiles.ReadFile("demo/golden.csv")
	if err != nil {
		return err
	}
	rows, faults, err := golden.ReadTable(ctx, n.db, bytes.NewReader(text), int64(len(text)), time.UTC)
	if err != nil {
		return fmt.Errorf("golden questions of the demo: %w", err)
	}
	if len(faults) > 0 {
		return fmt.Errorf("golden questions of the demo: row %d: %s", faults[0].Row, faults[0].Reason)
	}
	return n.db.Tx(ctx, func(tx *db.Tx) error {
		return golden.AddTable(ctx, tx, knowledge.Author{Name: "Starbridge"}, rows)
	})
}
