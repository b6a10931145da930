package db

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// TableDigest is what a table holds, in short: how many rows, and the sum of their SHA-256. The order of the rows does
// not count, so that databases which sort text differently can be compared.
type TableDigest struct {
	Rows int64
	Sum  [4]uint64
}

// Digests reads every table but those about migrating, as of one moment. Databases with the same digests hold the same rows.
func (d *DB) Digests(ctx context.Context) (map[string]TableDigest, error) {
	all := map[string]TableDigest{}
	var last *digester
	keep := func() {
		if last != nil && !strings.HasPrefix(last.table, "migrations_") {
			all[last.table] = last.digest
		}
	}
	_, err := d.Dump(ctx, func(table string) (io.Writer, error) {
		keep()
		last = &digester{table: table}
		return last, nil
	})
	if err != nil {
		return nil, err
	}
	keep()
	return all, nil
}

// digester takes a table as Dump writes it, one line at a time: the columns, then the rows.
type digester struct {
	table   string
	columns []string
	digest  TableDigest
}

// Write takes one line.
func (t *digester) Write(line []byte) (int, error) {
	if t.columns == nil {
		return len(line), json.Unmarshal(line, &t.columns)
	}
	var values []json.RawMessage
	if err := json.Unmarshal(line, &values); err != nil {
		return 0, err
	}
	row := make(map[string]json.RawMessage, len(values))
	for i, v := range values {
		row[t.columns[i]] = v
	}
	text, err := json.Marshal(row) // the columns by name, however they stand in the table
	if err != nil {
		return 0, fmt.Errorf("digest a row of %s: %w", t.table, err)
	}
	t.digest.add(sha256.Sum256(text))
	return len(line), nil
}

func (d *TableDigest) add(row [sha256.Size]byte) {
	d.Rows++
	for i := range d.Sum {
		d.Sum[i] += binary.BigEndian.Uint64(row[8*i:])
	}
}
