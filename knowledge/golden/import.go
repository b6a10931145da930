package golden

import (
	"context"

	"huiyin/db"
	"huiyin/knowledge"
)

// AddTable stores the questions of a table, all of them or, when one cannot be, none. Each must say what is expected.
func AddTable(ctx context.Context, tx *db.Tx, author knowledge.Author, rows []TableRow) error {
	for _, row := range rows {
		q := Question{Asked: row.Asked, Note: row.Note, Author: author}
		if row.Wanted != nil {
			q.Wanted = *row.Wanted
		}
		if _, err := Add(ctx, tx, q); err != nil {
			return err
		}
	}
	return nil
}

// Unsaid are faults for the rows that do not say what is expected.
func Unsaid(rows []TableRow) []TableFault {
	var faults []TableFault
	for _, row := range rows {
		if row.Wanted == nil && len(faults) < maxFaults {
			faults = append(faults, TableFault{row.Number, "expected", "say what is expected: an article, none, or handoff"})
		}
	}
	return faults
}
