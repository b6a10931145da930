package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"testing"

	"huiyin/knowledge/sheet"
)

const (
	relationsOf = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	kinds       = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// parts are the parts of a workbook by name; an empty one is left out.
type parts map[string]string

// workbook is a workbook as programs save it, with what the case has in other words.
func workbook(t testing.TB, with parts) []byte {
	t.Helper()
	all := parts{
		"_rels/.rels":                relationsOf + `<Relationship Id="rId1" Type="` + kinds + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="一" sheetId="1" r:id="rId1"/><sheet name="two" sheetId="2" r:id="rId2"/><sheet name="secret" sheetId="3" state="hidden" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relationsOf + `<Relationship Id="rId1" Type="` + kinds + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + kinds + `worksheet" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="rId3" Type="` + kinds + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId4" Type="` + kinds + `styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData/></worksheet>`,
		"xl/worksheets/sheet2.xml":   `<worksheet><sheetData><row><c t="inlineStr"><is><t>second</t></is></c></row></sheetData></worksheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>问题</t></si><si><r><t>富</t></r><r><t xml:space="preserve"> 文本</t></r><rPh><t>phonetic</t></rPh></si><si><t>a_x000D_` + "\n" + `b_x005F_x0041_</t></si></sst>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="0.00&quot;d&quot;[Red]"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
	}
	for name, text := range with {
		all[name] = text
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range all {
		if text == "" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// one is a workbook whose first sheet has these rows.
func one(t testing.TB, rows string) []byte {
	return workbook(t, parts{"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`})
}

func open(data []byte, l sheet.Limits) (*sheet.Book, error) {
	return sheet.Open(bytes.NewReader(data), int64(len(data)), l)
}

// read gives all rows of a sheet.
func read(data []byte, name string, l sheet.Limits) ([]sheet.Row, error) {
	book, err := open(data, l)
	if err != nil {
		return nil, err
	}
	rows, err := book.Rows(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []sheet.Row
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, row)
	}
}

func code(err error) string {
	var fault *sheet.Fault
	if errors.As(err, &fault) {
		return fault.Code
	}
	return ""
}
