package sheet_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"huiyin/knowledge/sheet"
)

func shown(rows []sheet.Row) string {
	var list []string
	for _, r := range rows {
		text := fmt.Sprint(r.Number, " ", strings.Join(r.Cells, "|"))
		if r.Fault != nil {
			text += " !" + r.Fault.Code
		}
		list = append(list, text)
	}
	return strings.Join(list, " / ")
}

func TestCSV(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"commas", "a,b\n1,2\n", "1 a|b / 2 1|2"},
		{"semicolons", "a;b;c,d\n1;2\n", "1 a|b|c,d / 2 1|2"},
		{"tabs", "a\tb\n1\t2\n", "1 a|b / 2 1|2"},
		{"bars", "a|b|c\n1|2|3\n", "1 a|b|c / 2 1|2|3"},
		{"separators in quotes do not count", "\"a;b;c\nd;e\",b\n1,2\n", "1 a;b;c\nd;e|b / 3 1|2"},
		{"Excel's hint", "sep=;\r\na,b;c\r\n", "1 a,b|c"},
		{"only a hint", "sep=;", ""},
		{"quotes, breaks and blank lines", "a,b\r\n\r\n,,\r\n\"x\r\n\"\"y\"\"\",2\r\n", "1 a|b / 4 x\n\"y\"|2"},
		{"a stray quote is text", "a,b\nsay \"hi\",2\n", "1 a|b / 2 say \"hi\"|2"},
		{"guards are taken away", "'=1+1,'-x,'plain,=2\n", "1 =1+1|-x|'plain|=2"},
		{"broken characters", "问题,答案\n怎么办,\xff\xfe好\n好,好\n" + strings.Repeat("很长的一行,很长的一行\n", 5), ""},
		{"no end of line", "a", "1 a"},
		{"a quote that is never closed", "a,b\n1,2\n3,\"x\ny,4\n", "1 a|b / 2 1|2 / 3 3|x\ny,4\n !quote"},
		{"several lines at the end", "a,b\n3,\"x\ny\"\r\n\n", "1 a|b / 2 3|x\ny"},
		{"several lines at the very end", "a,b\n3,\"x\ny\"", "1 a|b / 2 3|x\ny"},
	} {
		rows, err := read([]byte(c.text), "", sheet.Defaults())
		if got := shown(rows); err != nil || c.want != "" && got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
		if c.name == "broken characters" && (rows[1].Fault == nil || rows[1].Fault.Code != "encoding" || rows[2].Fault != nil) {
			t.Errorf("%s: %s", c.name, shown(rows))
		}
	}
}

func TestCSVEncodings(t *testing.T) {
	text := "编号,问题\na,怎么开发票？\n"
	for _, c := range []struct {
		name string
		in   encoding.Encoding
		want string
	}{
		{"GBK", simplifiedchinese.GBK, "GB18030"}, {"GB18030", simplifiedchinese.GB18030, "GB18030"}, {"UTF-8", unicode.UTF8, "UTF-8"}, {"UTF-8 with mark", unicode.UTF8BOM, "UTF-8"},
		{"UTF-16 with mark", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16"}, {"big end first", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "UTF-16"},
	} {
		coded, err := c.in.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		book, err := open([]byte(coded), sheet.Defaults())
		if err != nil || book.Encoding != c.want {
			t.Fatalf("%s: %+v, %v", c.name, book, err)
		}
		if rows, err := read([]byte(coded), "", sheet.Defaults()); err != nil || shown(rows) != "1 编号|问题 / 2 a|怎么开发票？" {
			t.Errorf("%s: %s, %v", c.name, shown(rows), err)
		}
	}
	plain, _ := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String("key,question\n1,2\n")
	if rows, err := read([]byte(plain), "", sheet.Defaults()); err != nil || shown(rows) != "1 key|question / 2 1|2" {
		t.Errorf("UTF-16 without mark: %s, %v", shown(rows), err)
	}
}

func TestCSVLimits(t *testing.T) {
	l := sheet.Defaults()
	l.Rows, l.Columns, l.Cell = 3, 2, 5
	for _, c := range []struct{ name, text, want, fault string }{
		{"rows", "1\n2\n3\n4\n", "1 1 / 2 2 / 3 3", "rows"},
		{"columns", "1,2,3\n1,2,\n", "1 1|2 !columns / 2 1|2", ""},
		{"cell", "12345\n123456\n一二三四五\n", "1 12345 / 2 123456 !cell / 3 一二三四五", ""},
		{"a quote that is never closed", "a\n\"" + strings.Repeat("x\n", 5<<20), "1 a", "quote"},
	} {
		rows, err := read([]byte(c.text), "", l)
		if got := shown(rows); got != c.want || code(err) != c.fault {
			t.Errorf("%s: %q %v, want %q", c.name, got, err, c.want)
		}
	}
}

func TestDecodePassesErrorsOn(t *testing.T) {
	text, _ := sheet.Decode(io.MultiReader(strings.NewReader("abc"), failing{}))
	if _, err := io.ReadAll(text); err == nil {
		t.Error("the error is lost")
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
