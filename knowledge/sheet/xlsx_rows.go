package sheet

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// xlsxSource reads the rows of one sheet as they stand in the file.
type xlsxSource struct {
	book   *workbook
	tokens *tokens
	in     io.Closer
	number int
	column int // of the next cell that has no place
}

func (s *xlsxSource) close() error { return s.in.Close() }

// next skips what is not a row.
func (s *xlsxSource) next() (Row, error) {
	for {
		token, err := s.tokens.Next()
		if err != nil {
			return Row{}, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local == "row" {
			return s.row(start)
		}
	}
}

func (s *xlsxSource) row(start xml.StartElement) (Row, error) {
	s.number, s.column = s.number+1, 0
	if n, err := strconv.Atoi(attr(start, "r")); err == nil && n > 0 && n <= 1<<20 {
		s.number = n
	}
	row := Row{Number: s.number}
	for {
		token, err := s.tokens.Next()
		if err != nil {
			return Row{}, s.tokens.Unended(err)
		}
		switch token := token.(type) {
		case xml.EndElement:
			if token.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if token.Name.Local != "c" {
				continue
			}
			if err := s.cell(token, &row); err != nil {
				return Row{}, err
			}
		}
	}
}

// cell reads one cell into its place. Cells without a place stand one behind the other.
func (s *xlsxSource) cell(start xml.StartElement, row *Row) error {
	column := columnOf(attr(start, "r"))
	if column < 0 {
		column = s.column
	}
	s.column = column + 1
	text, err := s.value(start, column, row)
	if err != nil {
		return err
	}
	if text == "" {
		return nil
	}
	if most := s.book.limits.Columns; column >= most {
		if row.Fault == nil {
			row.Fault = &Fault{Code: "columns", Message: "the row has more than " + strconv.Itoa(most) + " columns"}
		}
		return nil
	}
	for len(row.Cells) <= column {
		row.Cells = append(row.Cells, "")
	}
	row.Cells[column] = text
	return nil
}

// value reads what a cell shows. A formula is not run: what it came to when the file was saved is taken, and where the
// file does not say, the row is refused.
func (s *xlsxSource) value(start xml.StartElement, column int, row *Row) (string, error) {
	var raw string
	formula, said := false, false
	for {
		token, err := s.tokens.Next()
		if err != nil {
			return "", s.tokens.Unended(err)
		}
		switch token := token.(type) {
		case xml.EndElement:
			if token.Name.Local != "c" {
				continue
			}
			if formula && !said {
				s.fault(row, column, "formula", "a formula without a result; write the text itself")
				return "", nil
			}
			text, fault := s.shown(start, raw)
			if fault != "" {
				s.fault(row, column, "formula", fault)
			}
			return text, nil
		case xml.StartElement:
			switch name := token.Name.Local; name {
			case "f":
				formula = true
				_, err = s.tokens.text("f")
			case "v", "is":
				raw, err = s.tokens.text(name)
				said = said || raw != "" || attr(start, "t") == "str"
			}
			if err != nil {
				return "", s.tokens.Unended(err)
			}
		}
	}
}

func (s *xlsxSource) fault(row *Row, column int, code, message string) {
	if row.Fault == nil {
		row.Fault = &Fault{Code: code, Message: "column " + Letters(column) + ": " + message}
	}
}

// shown is a cell's text by its type (ECMA-376 part 1, 18.18.11), or why there is none.
func (s *xlsxSource) shown(start xml.StartElement, raw string) (text, fault string) {
	switch kind := attr(start, "t"); kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || i < 0 || i >= len(s.book.texts) {
			return "", "the file is damaged: a text is missing"
		}
		return s.book.texts[i], ""
	case "b":
		if strings.TrimSpace(raw) == "1" {
			return "TRUE", ""
		}
		return "FALSE", ""
	case "e":
		return "", "holds the error " + raw
	case "", "n":
		style, err := strconv.Atoi(attr(start, "s"))
		dated := err == nil && style >= 0 && style < len(s.book.dates) && s.book.dates[style]
		return number(strings.TrimSpace(raw), dated, s.book.since), ""
	default: // inlineStr, str, d
		return raw, ""
	}
}

func attr(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// columnOf reads the letters of a place like AB12; -1 where there are none.
func columnOf(place string) int {
	column := 0
	for i := range len(place) {
		letter := place[i] &^ 0x20
		if letter < 'A' || letter > 'Z' || i > 3 {
			break
		}
		column = column*26 + int(letter-'A') + 1
	}
	return column - 1
}

var _ source = (*xlsxSource)(nil)
var _ source = (*csvSource)(nil)
