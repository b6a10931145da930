package main

import (
	"context"
	"time"

	"huiyin/db"
)

// transactions times transactions that number a row as events are numbered, or that do nothing.
func (b *bench) transactions(number bool) (times []float64, err error) {
	ctx := context.Background()
	d, err := db.Open(ctx, b.url, db.Options{})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if _, err := d.Pool().ExecContext(ctx, "CREATE TABLE IF NOT EXISTS scale_held (n BIGINT PRIMARY KEY, at BIGINT NOT NULL)"); err != nil {
		return nil, err
	}
	const lock = 4711
	for range holds {
		began := time.Now()
		err := d.Tx(ctx, func(tx *db.Tx) error {
			if number {
				tx.Last(lock, "INSERT INTO scale_held (n, at) SELECT COALESCE(MAX(n), 0) + 1, ? FROM scale_held", db.Millis(tx.Now))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		times = append(times, time.Since(began).Seconds())
	}
	return times, nil
}
