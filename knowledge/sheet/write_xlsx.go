package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// MaxXLSXCell is how many UTF-16 units a cell of an XLSX file may hold; programs call a file with more damaged.
const MaxXLSXCell = 32767

// maxXLSXRows is how many rows a sheet has.
const maxXLSXRows = 1 << 20

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// xlsxWriter streams one sheet. Cells are texts with the mark that spreadsheet programs set for a leading apostrophe
// (quotePrefix), so a cell that looks like a formula stays what it is.
type xlsxWriter struct {
	zip  *zip.Writer
	part *bufio.Writer
	row  int
}

func newXLSXWriter(to io.Writer, name string) (*xlsxWriter, error) {
	z := zip.NewWriter(to)
	for _, p := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="` + quoted(sheetName(name)) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>`},
	} {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(w, xmlHead+p.text)
		}
		if err != nil {
			return nil, fmt.Errorf("write table: %w", err)
		}
	}
	part, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, fmt.Errorf("write table: %w", err)
	}
	w := &xlsxWriter{zip: z, part: bufio.NewWriterSize(part, 32<<10)}
	_, err = w.part.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="50" width="24" customWidth="1"/></cols><sheetData>`)
	return w, err
}

// sheetName keeps to what a sheet may be called.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 31 {
		name = string(runes[:31])
	}
	if name = strings.TrimSpace(name); name == "" {
		return "Sheet1"
	}
	return name
}

func quoted(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // a Builder does not fail
	return out.String()
}

// Row writes a row. A cell that is too long for a spreadsheet is a Fault.
func (w *xlsxWriter) Row(cells ...string) error {
	if w.row++; w.row > maxXLSXRows {
		return &Fault{Code: "rows", Message: "a sheet holds at most 1048576 rows; use CSV"}
	}
	style := "2"
	if w.row == 1 {
		style = "1"
	}
	number := strconv.Itoa(w.row)
	_, _ = w.part.WriteString(`<row r="` + number + `">`) // an error stays and comes with Close
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		if len(cell) > MaxXLSXCell && len(utf16.Encode([]rune(cell))) > MaxXLSXCell {
			return &Fault{Code: "cell", Message: fmt.Sprintf("row %d: a cell of a spreadsheet holds at most %d characters; use CSV or JSONL", w.row, MaxXLSXCell)}
		}
		if strings.HasPrefix(cell, "'") {
			cell = guarded(cell) // or its own apostrophe would be taken away when the file comes back
		}
		_, _ = w.part.WriteString(`<c r="` + Letters(i) + number + `" s="` + style + `" t="inlineStr"><is><t xml:space="preserve">`)
		_ = xml.EscapeText(w.part, []byte(escape(cell)))
		_, _ = w.part.WriteString(`</t></is></c>`)
	}
	_, err := w.part.WriteString("</row>")
	return err
}

// Close completes the file.
func (w *xlsxWriter) Close() error {
	_, _ = w.part.WriteString("</sheetData></worksheet>")
	if err := w.part.Flush(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if err := w.zip.Close(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}
