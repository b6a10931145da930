package db

import (
	"context"
	"database/sql"
	"fmt"
)

// Snapshot runs fn on the database as it stood at one moment, while others go on writing.
func (d *DB) Snapshot(ctx context.Context, fn func(Querier) error) error {
	tx, err := d.pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: d.snapshot()})
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	return fn(snapshot{d, tx})
}

// snapshot reads in a transaction that never writes.
type snapshot struct {
	db *DB
	tx *sql.Tx
}

// Query reads rows of the snapshot.
func (s snapshot) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.tx.QueryContext(ctx, s.db.rebind(query), args...)
}

// QueryRow reads one row of the snapshot.
func (s snapshot) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return s.tx.QueryRowContext(ctx, s.db.rebind(query), args...)
}
