package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
)

// Writer writes a table row by row. Nothing that it writes runs as a formula. Close completes the file.
type Writer interface {
	Row(cells ...string) error
	Close() error
}

// NewWriter begins a table of this kind; the name is that of the sheet, where the kind has one. The first row is the
// heading.
func NewWriter(kind Kind, to io.Writer, name string) (Writer, error) {
	switch kind {
	case CSV:
		return newCSVWriter(to)
	case XLSX:
		return newXLSXWriter(to, name)
	}
	return nil, &Fault{Code: "form", Message: fmt.Sprintf("%q is not a form of table; use csv or xlsx", kind)}
}

type csvWriter struct{ to *csv.Writer }

// newCSVWriter begins with a byte order mark, without which spreadsheet programs misread Chinese.
func newCSVWriter(w io.Writer) (*csvWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, fmt.Errorf("write table: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &csvWriter{out}, nil
}

// Row writes a row, guarded.
func (w *csvWriter) Row(cells ...string) error {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = guarded(cell)
	}
	return w.to.Write(row)
}

// Close writes out what is buffered.
func (w *csvWriter) Close() error {
	w.to.Flush()
	if err := w.to.Error(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

var _ Writer = (*csvWriter)(nil)
var _ Writer = (*xlsxWriter)(nil)
