package db

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Versions are the migrations that a database has, by domain.
type Versions map[string]int64

// Versions reads how far each domain has been migrated; a domain never migrated is left out.
func (d *DB) Versions(ctx context.Context, domains ...Migrations) (Versions, error) {
	versions := Versions{}
	for _, m := range domains {
		p, err := d.provider(m)
		if err != nil {
			return nil, err
		}
		v, err := p.GetDBVersion(ctx)
		if err != nil {
			return nil, fmt.Errorf("read version of %s: %w", m.Domain, err)
		}
		versions[m.Domain] = v
	}
	return versions, nil
}

// MigrateTo brings an empty database to the given versions, so that rows of that time fit in.
func (d *DB) MigrateTo(ctx context.Context, versions Versions, domains ...Migrations) error {
	for _, m := range domains {
		p, err := d.provider(m)
		if err != nil {
			return err
		}
		v, ok := versions[m.Domain]
		if !ok {
			continue
		}
		newest := int64(0)
		for _, s := range p.ListSources() {
			newest = max(newest, s.Version)
		}
		if v > newest {
			return fmt.Errorf("the backup was made by a newer version (%s is at %d, this program knows %d); restore it with that version", m.Domain, v, newest)
		}
		if _, err := p.UpTo(ctx, v); err != nil {
			return fmt.Errorf("migrate %s: %w", m.Domain, err)
		}
	}
	return nil
}

// Empty tells whether the database holds no table of ours yet.
func (d *DB) Empty(ctx context.Context) (bool, error) {
	tx, err := d.pool.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	tables, err := d.tables(ctx, tx)
	return len(tables) == 0, err
}

// Restore puts the rows of a dump into tables that were just migrated, instead of those that migrating put there, all in
// one transaction. open gives each table's text as Dump wrote it.
func (d *DB) Restore(ctx context.Context, tables []TableDump, open func(table string) (io.ReadCloser, error)) error {
	tables = slices.DeleteFunc(slices.Clone(tables), func(t TableDump) bool { return strings.HasPrefix(t.Name, "migrations_") }) // written by migrating
	return d.Tx(ctx, func(tx *Tx) error {
		for _, t := range slices.Backward(tables) { // none is referred to by an earlier one
			if err := emptyTable(ctx, tx, t); err != nil {
				return fmt.Errorf("restore %s: %w", t.Name, err)
			}
		}
		for _, t := range tables {
			if err := restoreTable(ctx, tx, t, open); err != nil {
				return fmt.Errorf("restore %s: %w", t.Name, err)
			}
		}
		return endRestore(ctx, tx)
	})
}

func emptyTable(ctx context.Context, tx *Tx, t TableDump) error {
	if !plainName(t.Name) {
		return errors.New("the name of the table is not one of ours")
	}
	_, err := tx.Exec(ctx, "DELETE FROM "+quoted(t.Name))
	return err
}

func restoreTable(ctx context.Context, tx *Tx, t TableDump, open func(string) (io.ReadCloser, error)) error {
	r, err := open(t.Name)
	if err != nil {
		return err
	}
	defer r.Close()
	from := json.NewDecoder(r)
	from.UseNumber()
	var columns []string
	if err := from.Decode(&columns); err != nil {
		return err
	}
	insert, err := insertStatement(t.Name, columns)
	if err != nil {
		return err
	}
	var n int64
	for ; from.More(); n++ {
		row, err := readRow(from, len(columns))
		if err != nil {
			return fmt.Errorf("row %d: %w", n+1, err)
		}
		if _, err := tx.Exec(ctx, insert, row...); err != nil {
			return fmt.Errorf("row %d: %w", n+1, err)
		}
	}
	if n != t.Rows {
		return fmt.Errorf("%d rows where %d were dumped: the backup is not whole", n, t.Rows)
	}
	return tx.setSequence(ctx, t.Name, columns)
}

func insertStatement(table string, columns []string) (string, error) {
	names := make([]string, len(columns))
	for i, c := range columns {
		if !plainName(c) {
			return "", fmt.Errorf("column %q is not one of ours", c)
		}
		names[i] = quoted(c)
	}
	if len(names) == 0 {
		return "", errors.New("no columns")
	}
	return "INSERT INTO " + quoted(table) + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")", nil
}

func plainName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

func readRow(from *json.Decoder, width int) ([]any, error) {
	var raw []json.RawMessage
	if err := from.Decode(&raw); err != nil {
		return nil, err
	}
	if len(raw) != width {
		return nil, fmt.Errorf("%d values for %d columns", len(raw), width)
	}
	row := make([]any, width)
	for i, v := range raw {
		value, err := readValue(v)
		if err != nil {
			return nil, err
		}
		row[i] = value
	}
	return row, nil
}

func readValue(raw json.RawMessage) (any, error) {
	if bytes.HasPrefix(raw, []byte(`{"bytes"`)) {
		var b blob
		err := json.Unmarshal(raw, &b)
		return b.Bytes, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	n, ok := v.(json.Number)
	if !ok {
		return v, nil
	}
	if i, err := n.Int64(); err == nil {
		return i, nil
	}
	return n.Float64()
}

// setSequence lets PostgreSQL give ids after those that were brought in; SQLite does so by itself.
func (t *Tx) setSequence(ctx context.Context, table string, columns []string) error {
	if t.dialect != Postgres || len(columns) == 0 {
		return nil
	}
	var sequence *string
	if err := t.QueryRow(ctx, "SELECT pg_get_serial_sequence(?, ?)", table, columns[0]).Scan(&sequence); err != nil || sequence == nil {
		return err
	}
	var last int64
	return t.QueryRow(ctx, "SELECT setval(?::regclass, COALESCE((SELECT MAX("+quoted(columns[0])+") FROM "+quoted(table)+"), 0) + 1, false)", *sequence).Scan(&last)
}
