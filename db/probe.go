package db

import (
	"context"
	"fmt"
)

// Probe makes a commit that changes nothing, durably, and so tells whether the database can store now.
func (d *DB) Probe(ctx context.Context) error {
	err := d.Tx(ctx, func(tx *Tx) error {
		if d.dialect == SQLite {
			_, err := tx.Exec(ctx, "PRAGMA user_version = 0") // nobody else uses it; the page is written all the same
			return err
		}
		var readOnly string // a server that is nearly full is made so by some who run it
		err := tx.QueryRow(ctx, "SELECT current_setting('transaction_read_only') FROM pg_logical_emit_message(true, 'huiyin', '')").Scan(&readOnly)
		if err == nil && readOnly == "on" {
			return fmt.Errorf("%w: it is read-only", ErrUnavailable)
		}
		return err // a record in the log that nobody reads
	})
	if err != nil {
		return fmt.Errorf("probe the database: %w", err)
	}
	return nil
}
