package sheet_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"huiyin/knowledge/sheet"
)

func TestXLSXCells(t *testing.T) {
	for _, c := range []struct{ name, row, want, fault string }{
		{"shared and rich text", `<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c></row>`, "3 问题||富 文本", ""},
		{"escapes and breaks", `<row r="1"><c r="A1" t="s"><v>2</v></c></row>`, "1 a\nb_x0041_", ""},
		{"inline and string", `<row><c t="inlineStr"><is><r><t>x</t></r><r><t>y &amp; z</t></r></is></c><c t="str"><v>s</v></c></row>`, "1 xy & z|s", ""},
		{"numbers", `<row><c><v>1.2345678901234E13</v></c><c><v>0.1</v></c><c><v>0.30000000000000004</v></c><c s="3"><v>2</v></c><c><v>-7</v></c></row>`, "1 12345678901234|0.1|0.3|2|-7", ""},
		{"dates", `<row><c s="1"><v>46348</v></c><c s="2"><v>46348.5</v></c><c s="1"><v>0.25</v></c><c s="1"><v>1</v></c></row>`, "1 2026-11-22|2026-11-22 12:00:00|06:00:00|1900-01-01", ""},
		{"truth", `<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c></row>`, "1 TRUE|FALSE", ""},
		{"a formula's result", `<row><c t="str"><f>A1&amp;"x"</f><v>shown</v></c><c><f>1+1</f><v>2</v></c><c t="str"><f>""</f><v></v></c></row>`, "1 shown|2", ""},
		{"a formula without result", `<row><c t="inlineStr"><is><t>q</t></is></c><c><f>HYPERLINK("http://x")</f></c></row>`, "1 q", "column B: a formula without a result; write the text itself"},
		{"an error", `<row><c t="inlineStr"><is><t>q</t></is></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`, "1 q", "column B: holds the error #DIV/0!"},
		{"a text that is missing", `<row><c t="s"><v>99</v></c><c><v>1</v></c></row>`, "1 |1", "column A: the file is damaged: a text is missing"},
		{"a column far out", `<row><c r="ZZZ1"><v>1</v></c><c r="A1"><v>2</v></c></row>`, "1 2", "the row has more than 200 columns"},
		{"prefixes, and blank rows between", `<x:row r="1"><x:c/></x:row><x:row r="9"><x:c t="inlineStr"><x:is><x:t>x</x:t></x:is></x:c></x:row>`, "9 x", ""},
		{"apostrophes", `<row><c t="inlineStr"><is><t>'=1+1</t></is></c><c t="inlineStr"><is><t>'quoted'</t></is></c></row>`, "1 =1+1|'quoted'", ""},
	} {
		rows, err := read(one(t, c.row), "", sheet.Defaults())
		if err != nil || len(rows) != 1 {
			t.Errorf("%s: %v, %v", c.name, rows, err)
			continue
		}
		fault := ""
		if rows[0].Fault != nil {
			fault = rows[0].Fault.Message
		}
		if got := fmt.Sprint(rows[0].Number, " ", strings.Join(rows[0].Cells, "|")); got != c.want || fault != c.fault {
			t.Errorf("%s: %q %q, want %q %q", c.name, got, fault, c.want, c.fault)
		}
	}
}

func TestXLSXSheets(t *testing.T) {
	data := workbook(t, parts{"xl/vbaProject.bin": "macro"})
	book, err := open(data, sheet.Defaults())
	if err != nil || !slices.Equal(book.Sheets, []string{"一", "two"}) || !book.Macros || book.Kind != sheet.XLSX {
		t.Fatalf("%+v, %v", book, err)
	}
	if rows, err := read(data, "two", sheet.Defaults()); err != nil || len(rows) != 1 || rows[0].Cells[0] != "second" {
		t.Errorf("%v, %v", rows, err)
	}
	if _, err := book.Rows("secret"); code(err) != "sheet" {
		t.Errorf("a hidden sheet: %v", err)
	}
}

func TestXLSXDatesSince1904(t *testing.T) {
	data := workbook(t, parts{
		"xl/workbook.xml":          `<workbook xmlns:q="r"><workbookPr date1904="1"/><sheets><sheet name="a" q:id="rId1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c s="1"><v>0</v></c><c s="1"><v>44886</v></c></row></sheetData></worksheet>`})
	rows, err := read(data, "a", sheet.Defaults())
	if err != nil || len(rows) != 1 || rows[0].Cells[1] != "2026-11-22" {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestXLSXRefused(t *testing.T) {
	entity := `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`
	small := sheet.Defaults()
	small.Rows, small.Text = 2, 200
	for _, c := range []struct {
		name, want string
		data       []byte
		limits     sheet.Limits
	}{
		{"an old file", "old", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), sheet.Defaults()},
		{"nothing", "empty", nil, sheet.Defaults()},
		{"OpenDocument", "ods", workbook(t, parts{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), sheet.Defaults()},
		{"binary", "xlsb", workbook(t, parts{"_rels/.rels": relationsOf + `<Relationship Id="rId1" Type="` + kinds + `officeDocument" Target="xl/workbook.bin"/></Relationships>`}), sheet.Defaults()},
		{"Word", "form", workbook(t, parts{"_rels/.rels": relationsOf + `<Relationship Id="rId1" Type="` + kinds + `officeDocument" Target="word/document.xml"/></Relationships>`}), sheet.Defaults()},
		{"any archive", "form", workbook(t, parts{"_rels/.rels": ""}), sheet.Defaults()},
		{"a part outside", "sheet", workbook(t, parts{"xl/_rels/workbook.xml.rels": relationsOf + `<Relationship Id="rId1" TargetMode="External" Type="` + kinds + `worksheet" Target="http://example.com/s.xml"/></Relationships>`}), sheet.Defaults()},
		{"a part that is missing", "missing", workbook(t, parts{"xl/worksheets/sheet1.xml": ""}), sheet.Defaults()},
		{"entities", "declaration", workbook(t, parts{"xl/worksheets/sheet1.xml": entity}), sheet.Defaults()},
		{"entities in the texts", "declaration", workbook(t, parts{"xl/sharedStrings.xml": entity}), sheet.Defaults()},
		{"cut off", "broken", one(t, `<row><c t="inlineStr"><is><t>x`), sheet.Defaults()},
		{"no XML", "broken", workbook(t, parts{"xl/workbook.xml": "{}"}), sheet.Defaults()},
		{"too many rows", "rows", one(t, strings.Repeat("<row><c><v>1</v></c></row>", 3)), small},
		{"too much text", "size", workbook(t, parts{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t>text</t></si>", 20) + "</sst>"}), small},
		{"a bomb", "ratio", one(t, "<row>"+strings.Repeat("<c/>", 3<<20)+"</row>"), sheet.Defaults()},
		{"one endless cell", "cell", one(t, `<row><c t="inlineStr"><is><t>`+strings.Repeat("<!-- -->"+strings.Repeat("0123456789", 100), 5000)+`</t></is></c></row>`), sheet.Defaults()},
		{"a large file", "size", make([]byte, 100), sheet.Limits{Bytes: 99}},
	} {
		if _, err := read(c.data, "", c.limits); code(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func FuzzXLSXRows(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1"><f>1</f></c></row>`)
	f.Add(`<row><c t="inlineStr"><is><r><t>_x000D_</t></r></is></c></row></sheetData>`)
	f.Fuzz(func(t *testing.T, rows string) {
		if _, err := read(one(t, rows), "", sheet.Defaults()); err != nil && code(err) == "" {
			t.Fatalf("not told as a fault: %v", err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add(one(f, `<row><c><v>1</v></c></row>`))
	f.Add([]byte("a;b\n1;2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := read(data, "", sheet.Defaults()); err != nil && code(err) == "" {
			t.Fatalf("not told as a fault: %v", err)
		}
	})
}
