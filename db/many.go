package db

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// atOnce is how many rows one statement takes: far below what either database allows.
const atOnce = 500

// Values are rows as SQL lists them: numbers as they are, placeholders for everything else.
type Values struct {
	text strings.Builder
	Args []any
}

// Add adds a row.
func (v *Values) Add(columns ...any) {
	if v.text.Len() > 0 {
		v.text.WriteString(", ")
	}
	for i, c := range columns {
		v.text.WriteByte("(,"[min(i, 1)])
		switch c := c.(type) {
		case int:
			v.text.WriteString(strconv.Itoa(c))
		case int64:
			v.text.WriteString(strconv.FormatInt(c, 10))
		default:
			v.text.WriteByte('?')
			v.Args = append(v.Args, c)
		}
	}
	v.text.WriteByte(')')
}

// Empty tells whether there is no row.
func (v *Values) Empty() bool { return v.text.Len() == 0 }

// String is what follows the word VALUES; a query with it is not kept.
func (v *Values) String() string { return Once + v.text.String() }

// Many runs a statement for all rows of a list, many at a time: one for each would be a journey to PostgreSQL each. The statement has
// one %s, where the rows stand; add adds one of the list to them.
func Many[T any](ctx context.Context, tx *Tx, statement string, list []T, add func(v *Values, one T)) error {
	for part := range slices.Chunk(list, atOnce) {
		var v Values
		for _, one := range part {
			add(&v, one)
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(statement, v.String()), v.Args...); err != nil {
			return err
		}
	}
	return nil
}
