package search

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
)

// entry is what stands in the index under an id. gone: nothing does any more.
type entry struct {
	id          int64
	text, marks string
	gone        bool
}

// sum tells an entry from what it was before, so that what has not changed is not written again: most that happens to a
// message, such as that it was delivered and read, changes nothing that it is found by. In 48 bits, six bytes on disk.
func (e entry) sum() int64 {
	sum := uint64(14695981039346656037) // FNV-1a
	for _, part := range [...]string{e.text, "\xff", e.marks} {
		for i := range len(part) {
			sum = (sum ^ uint64(part[i])) * 1099511628211
		}
	}
	return int64(sum >> 16)
}

// put writes entries into a full-text table; of two with the same id the later counts. They go in by rising id, because
// FTS5 writes out all it has gathered whenever an id comes that is not above the one before, and each piece it writes has
// to be merged with others later. What is new is inserted; only what has changed is taken out before.
const yieldEvery = 8

func (b batch) put(table string, list []entry) error {
	slices.SortStableFunc(list, func(a, b entry) int { return int(a.id - b.id) })
	known, err := b.sums(table, list)
	if err != nil || len(list) == 0 {
		return err
	}
	insert := b.prepare(&err, "INSERT INTO "+table+" (rowid, terms) VALUES (?, ?)")
	defer insert.close()
	remove := b.prepare(&err, "DELETE FROM "+table+" WHERE rowid = ?")
	defer remove.close()
	var sums []byte
	for i, e := range list {
		if i%yieldEvery == 0 {
			runtime.Gosched() // the customers who write come first
		}
		was, has := known[e.id]
		sum := e.sum()
		if i+1 < len(list) && list[i+1].id == e.id || has && !e.gone && was == sum {
			continue
		}
		if has {
			remove.run(&err, e.id)
		}
		if e.gone {
			b.exec(&err, "DELETE FROM "+table+"_sums WHERE id = ?", e.id)
			continue
		}
		words, parts := terms(e.text)
		insert.run(&err, e.id, words+" "+parts+" "+e.marks)
		sums = appendSum(sums, e.id, sum)
	}
	if len(sums) > 0 { // in one statement, and last: one of many rows has FTS5 write out what it has gathered, too
		b.exec(&err, "INSERT OR REPLACE INTO "+table+"_sums (id, sum) SELECT CAST(key AS INTEGER), value FROM json_each(?)", string(append(sums, '}')))
	}
	return err
}

// appendSum adds to a JSON object of sums by id that is still open.
func appendSum(object []byte, id, sum int64) []byte {
	next := byte('{')
	if len(object) > 0 {
		next = ','
	}
	object = strconv.AppendInt(append(object, next, '"'), id, 10)
	return strconv.AppendInt(append(object, '"', ':'), sum, 10)
}

// sums are those of the entries that stand in the table already. What is new has the highest ids, so that mostly nothing is
// looked up.
func (b batch) sums(table string, list []entry) (map[int64]int64, error) {
	var highest int64
	if err := b.tx.QueryRowContext(b.ctx, highestOf(table)).Scan(&highest); err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	var ids []int64
	for _, e := range list {
		if e.id <= highest {
			ids = append(ids, e.id)
		}
	}
	found := make(map[int64]int64, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT id, sum FROM "+table+"_sums WHERE id IN "+listed, numbers(ids))
	if err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, sum int64
		if err := rows.Scan(&id, &sum); err != nil {
			return nil, fmt.Errorf("read search index: %w", err)
		}
		found[id] = sum
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	return found, nil
}

// highest is the id above which nothing stands in the table.
func (f *file) highest(ctx context.Context, table string) (id int64, err error) {
	if err := f.read.QueryRowContext(ctx, highestOf(table)).Scan(&id); err != nil {
		return 0, onFile(fmt.Errorf("read search index: %w", err))
	}
	return id, nil
}

func highestOf(table string) string { return "SELECT COALESCE(MAX(id), 0) FROM " + table + "_sums" }

// listed is what ids are in, given as numbers: a list in the statement would be parsed each time, for longer than the look-up.
const listed = "(SELECT value FROM json_each(?))"

func numbers(ids []int64) string {
	list := []byte{'['}
	for i, id := range ids {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, id, 10)
	}
	return string(append(list, ']'))
}
