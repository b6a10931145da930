package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
)

// TableDump describes one table of a dump.
type TableDump struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// Dump writes every table, as of one moment, while others go on writing. Each table goes to the writer that
// create gives for it: a line with the column names, then a line for each row, all JSON arrays.
func (d *DB) Dump(ctx context.Context, create func(table string) (io.Writer, error)) ([]TableDump, error) {
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("dump: %w", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: d.snapshot()})
	if err != nil {
		return nil, fmt.Errorf("dump: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	tables, err := d.tables(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("dump: %w", err)
	}
	var dumped []TableDump
	for _, table := range tables {
		w, err := create(table)
		if err != nil {
			return nil, fmt.Errorf("dump %s: %w", table, err)
		}
		n, err := dumpTable(ctx, tx, table, w)
		if err != nil {
			return nil, fmt.Errorf("dump %s: %w", table, err)
		}
		dumped = append(dumped, TableDump{Name: table, Rows: n})
	}
	return dumped, nil
}

func (d *DB) snapshot() sql.IsolationLevel {
	if d.dialect == Postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// tables lists the tables in the order in which they were made, so that none refers to a later one.
func (d *DB) tables(ctx context.Context, tx *sql.Tx) ([]string, error) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid"
	if d.dialect == Postgres {
		query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY oid"
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

func dumpTable(ctx context.Context, tx *sql.Tx, table string, w io.Writer) (int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+quoted(table)+" ORDER BY 1")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	to := json.NewEncoder(w)
	to.SetEscapeHTML(false)
	if err := to.Encode(columns); err != nil {
		return 0, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var n int64
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		if err := to.Encode(portable(values)); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// blob is how bytes stand in a dump.
type blob struct {
	Bytes []byte `json:"bytes"`
}

func portable(values []any) []any {
	row := make([]any, len(values))
	for i, v := range values {
		if b, ok := v.([]byte); ok {
			v = blob{b}
		}
		row[i] = v
	}
	return row
}

func quoted(name string) string { return `"` + name + `"` }
