package db

import (
	"context"
	"errors"
	"fmt"
)

// ErrBrokenOff means that a restore began to fill this database and never ended: it holds a part of a backup at most.
var ErrBrokenOff = errors.New("a restore into this database was broken off")

// unfinishedTable stands in the database from the beginning of a restore until its rows are committed.
const unfinishedTable = "restore_unfinished"

// BeginRestore marks the empty database as one that is being filled. Migrate refuses it until Restore has ended.
func (d *DB) BeginRestore(ctx context.Context) error {
	return d.Tx(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(ctx, "CREATE TABLE "+unfinishedTable+" (begun_at BIGINT NOT NULL)"); err != nil {
			return fmt.Errorf("begin the restore: %w", err)
		}
		return nil
	})
}

// endRestore takes the mark away in the transaction that brought the rows.
func endRestore(ctx context.Context, tx *Tx) error {
	_, err := tx.Exec(ctx, "DROP TABLE IF EXISTS "+unfinishedTable)
	return err
}

// Whole is ErrBrokenOff for a database that a restore began to fill and did not end.
func (d *DB) Whole(ctx context.Context) error {
	query := "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
	if d.dialect == Postgres {
		query = "SELECT COUNT(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname = ?"
	}
	var marks int
	if err := d.QueryRow(ctx, query, unfinishedTable).Scan(&marks); err != nil {
		return fmt.Errorf("look for a restore that was broken off: %w", err)
	}
	if marks > 0 {
		return ErrBrokenOff
	}
	return nil
}
