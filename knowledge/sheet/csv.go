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

// csvSource reads records. Quotes that stand where they should not are taken as text.
type csvSource struct {
	in    *csv.Reader
	leash *unpack.Leash
}

func newCSVSource(from io.Reader) *csvSource {
	text, _ := Decode(from)
	in := bufio.NewReaderSize(text, 64<<10)
	head, _ := in.Peek(64 << 10)
	separator, hint := guessSeparator(head)
	_, _ = in.Discard(hint)
	leash := &unpack.Leash{From: in, Max: maxRecord, Over: &Fault{Code: "quote", Message: "a cell is longer than 4 MB; perhaps a quotation mark is not closed"}}
	s := &csvSource{in: csv.NewReader(leash), leash: leash}
	s.in.Comma, s.in.FieldsPerRecord, s.in.LazyQuotes = separator, -1, true
	return s
}

func (s *csvSource) next() (Row, error) {
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
