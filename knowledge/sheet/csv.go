package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"huiyin/knowledge/unpack"
)

// maxRecord bounds one record of a CSV file: a quote that is never closed makes the rest of the file one cell.
const maxRecord = 4 << 20

func openCSV(from io.ReaderAt, size int64, l Limits) (*Book, error) {
	_, encoding := Decode(io.NewSectionReader(from, 0, size))
	return &Book{Kind: CSV, Sheets: []string{""}, Encoding: encoding, limits: l, open: func(int) (source, error) {
		return newCSVSource(io.NewSectionReader(from, 0, size)), nil
	}}, nil
}

// csvSource reads records. Quotes that stand where they should not are taken as text; one that is never closed is told, since it
// makes the rest of the file one cell.
type csvSource struct {
	in    *csv.Reader
	leash *unpack.Leash
	end   *ending
	ahead *record // the next one, which tells whether a record is the last
}

type record struct {
	row Row
	err error
}

// ending remembers what a text ends with, white space left out.
type ending struct {
	from io.Reader
	last byte
}

// Read reads on.
func (e *ending) Read(p []byte) (int, error) {
	n, err := e.from.Read(p)
	if seen := bytes.TrimRight(p[:n], " \t\r\n"); len(seen) > 0 {
		e.last = seen[len(seen)-1]
	}
	return n, err
}

func newCSVSource(from io.Reader) *csvSource {
	text, _ := Decode(from)
	in := bufio.NewReaderSize(text, 64<<10)
	head, _ := in.Peek(64 << 10)
	separator, hint := guessSeparator(head)
	_, _ = in.Discard(hint)
	end := &ending{from: in}
	leash := &unpack.Leash{From: end, Max: maxRecord, Over: &Fault{Code: "quote", Message: "a cell is longer than 4 MB; perhaps a quotation mark is not closed"}}
	s := &csvSource{in: csv.NewReader(leash), leash: leash, end: end}
	s.in.Comma, s.in.FieldsPerRecord, s.in.LazyQuotes = separator, -1, true
	return s
}

func (s *csvSource) next() (Row, error) {
	if s.ahead == nil {
		s.ahead = s.record()
	}
	now := s.ahead
	if now.err != nil {
		return Row{}, now.err
	}
	if s.ahead = s.record(); errors.Is(s.ahead.err, io.EOF) && s.end.last != '"' && brokenLast(now.row.Cells) {
		now.row.Fault = &Fault{Code: "quote", Message: "a quotation mark is not closed; what follows it to the end of the file is in this row"}
	}
	return now.row, nil
}

// brokenLast tells whether the last cell has several lines, for which it must have been in quotes.
func brokenLast(cells []string) bool {
	return len(cells) > 0 && strings.Contains(cells[len(cells)-1], "\n")
}

func (s *csvSource) record() *record {
	row, err := s.read()
	return &record{row, err}
}

func (s *csvSource) read() (Row, error) {
	s.leash.Reset()
	cells, err := s.in.Read()
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return Row{Number: syntax.StartLine, Fault: &Fault{Code: "line", Message: "the quotes or commas of this line cannot be read"}}, nil
	}
	if err != nil {
		return Row{}, err
	}
	line, _ := s.in.FieldPos(0)
	return Row{Number: line, Cells: cells}, nil
}

func (s *csvSource) close() error { return nil }

// guessSeparator finds what divides the cells: what Excel's hint "sep=;" says (its length is told too), else what
// stands most often outside quotes in the first line.
func guessSeparator(head []byte) (separator rune, hint int) {
	first, _, _ := bytes.Cut(head, []byte("\n"))
	if said := strings.TrimRight(string(first), "\r"); len(said) == 5 && strings.EqualFold(said[:4], "sep=") {
		return rune(said[4]), min(len(first)+1, len(head))
	}
	count, quoted := map[byte]int{}, false
	for _, b := range head {
		if b == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if b == '\n' {
			break
		}
		count[b]++
	}
	separator = ','
	for _, r := range ";\t|" {
		if count[byte(r)] > count[byte(separator)] {
			separator = r
		}
	}
	return separator, 0
}
