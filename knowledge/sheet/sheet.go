// Package sheet reads and writes tables: CSV in the encodings and with the delimiters that people's programs save, and
// XLSX. It reads row by row within limits, runs no formula and opens no macro, and what it writes runs nowhere as a
// formula. It knows nothing of what the columns mean.
package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/knowledge/unpack"
)

// Kind is a form of table file.
type Kind string

// The kinds.
const (
	CSV  Kind = "csv"
	XLSX Kind = "xlsx"
)

// Fault says why a file or a row is not read, for the person who sent it.
type Fault = unpack.Refused

// Limits bound what is read.
type Limits struct {
	Bytes   int64 // of the file
	Rows    int   // with something in them
	Columns int
	Cell    int   // characters in one cell
	Text    int64 // bytes of the texts that an XLSX file shares between its cells, which are held in memory
	Unpack  unpack.Limits
}

// Defaults are the limits for a table that a person works on.
func Defaults() Limits {
	return Limits{Bytes: 64 << 20, Rows: 200_000, Columns: 200, Cell: 300_000, Text: 128 << 20, Unpack: unpack.Defaults()}
}

// Row is one row that has something in it.
type Row struct {
	Number int // the line of a CSV file where it begins, the row of a sheet; from 1
	Cells  []string
	Fault  *Fault // why this row cannot be taken as it is; Cells has what could be read
}

// Blank tells whether nothing is in the row.
func (r Row) Blank() bool {
	return r.Fault == nil && !slices.ContainsFunc(r.Cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// Book is an open file: the tables in it.
type Book struct {
	Kind     Kind
	Sheets   []string // the names of the visible tables; one without a name in a CSV file
	Macros   bool     // there are macros in it; they are neither read nor run
	Encoding string   // of a CSV file: UTF-8, UTF-16, GB18030
	limits   Limits
	open     func(sheet int) (source, error)
}

// source is what a kind of file reads its rows with.
type source interface {
	next() (Row, error)
	close() error
}

// Open tells the kind of a file by its content and opens it.
func Open(from io.ReaderAt, size int64, l Limits) (*Book, error) {
	if size > l.Bytes {
		return nil, &Fault{Code: "size", Message: fmt.Sprintf("the file is larger than %d MB; divide it", l.Bytes>>20)}
	}
	head := make([]byte, min(size, 8))
	if _, err := from.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	switch {
	case len(head) == 0:
		return nil, &Fault{Code: "empty", Message: "the file is empty"}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openXLSX(from, size, l)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return nil, &Fault{Code: "old", Message: "this is an old .xls file, or one protected by a password; save it as .xlsx without a password"}
	}
	return openCSV(from, size, l)
}

// Rows begins to read a table; an empty name is the first one.
func (b *Book) Rows(name string) (*Rows, error) {
	i := 0
	if name != "" {
		if i = slices.Index(b.Sheets, name); i < 0 {
			return nil, &Fault{Code: "sheet", Message: "there is no sheet " + name + " in the file"}
		}
	}
	s, err := b.open(i)
	if err != nil {
		return nil, err
	}
	return &Rows{from: s, limits: b.limits}, nil
}

// Rows gives the rows of one table.
type Rows struct {
	from   source
	limits Limits
	n      int
}

// Next gives the next row that is not blank; io.EOF ends the table. A Fault as error means that nothing more can be
// read; a Fault in the row concerns that row.
func (r *Rows) Next() (Row, error) {
	for {
		row, err := r.from.next()
		if err != nil {
			return Row{}, err
		}
		if row.Blank() {
			continue
		}
		if r.n++; r.n > r.limits.Rows {
			return Row{}, tooManyRows(r.limits.Rows)
		}
		return r.checked(row), nil
	}
}

// Close ends the reading.
func (r *Rows) Close() error { return r.from.close() }

func tooManyRows(most int) *Fault {
	return &Fault{Code: "rows", Message: fmt.Sprintf("the table has more than %d rows; divide it", most)}
}

func (r *Rows) checked(row Row) Row {
	for len(row.Cells) > 0 && row.Cells[len(row.Cells)-1] == "" {
		row.Cells = row.Cells[:len(row.Cells)-1]
	}
	for i, cell := range row.Cells {
		fault := r.cellFault(i, cell)
		if row.Fault == nil && fault != nil {
			row.Fault = fault
		}
		row.Cells[i] = unguarded(cell)
		if fault != nil {
			row.Cells[i] = strings.ToValidUTF8(cell[:min(len(cell), 200)], "\ufffd")
		}
	}
	if len(row.Cells) > r.limits.Columns {
		row.Cells = row.Cells[:r.limits.Columns]
		if row.Fault == nil {
			row.Fault = &Fault{Code: "columns", Message: fmt.Sprintf("the row has more than %d columns", r.limits.Columns)}
		}
	}
	return row
}

func (r *Rows) cellFault(i int, cell string) *Fault {
	switch {
	case len(cell) > r.limits.Cell && utf8.RuneCountInString(cell) > r.limits.Cell:
		return &Fault{Code: "cell", Message: fmt.Sprintf("column %s: longer than %d characters", Letters(i), r.limits.Cell)}
	case !utf8.ValidString(cell), strings.ContainsRune(cell, utf8.RuneError):
		return &Fault{Code: "encoding", Message: "column " + Letters(i) + ": broken characters; save the file as UTF-8"}
	}
	return nil
}

// Letters names a column as spreadsheet programs do: A, B, … Z, AA.
func Letters(column int) string {
	name := ""
	for column++; column > 0; column /= 26 {
		column--
		name = string(rune('A'+column%26)) + name
	}
	return name
}
