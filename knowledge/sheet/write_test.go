package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"huiyin/knowledge/sheet"
)

func written(t testing.TB, kind sheet.Kind, rows ...[]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := sheet.NewWriter(kind, &out, "问题/答案")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestWrittenComesBack writes what programs stumble over and reads it again.
func TestWrittenComesBack(t *testing.T) {
	rows := [][]string{
		{"key", "question", "answer"},
		{"=1+1", "+x", "-x"}, {"@x", "\tx", "'=x"}, {"''=x", "'", "'plain"},
		{"", "中文，“引号”", "a,b;\"c\"\nd"}, {"<b>&amp;", "_x000D_", "_x005F_"}, {" lead", "trail ", "😀"},
	}
	for _, kind := range []sheet.Kind{sheet.CSV, sheet.XLSX} {
		got, err := read(written(t, kind, rows...), "", sheet.Defaults())
		if err != nil || len(got) != len(rows) {
			t.Fatalf("%s: %v, %v", kind, got, err)
		}
		for i, r := range got {
			if !slices.Equal(r.Cells, rows[i]) || r.Fault != nil {
				t.Errorf("%s: %q, want %q", kind, r.Cells, rows[i])
			}
		}
	}
}

func TestNothingWrittenIsAFormula(t *testing.T) {
	text := string(written(t, sheet.CSV, []string{"=a", "+b", "-c", "@d", "\te", "f"}))
	if want := "\ufeff'=a,'+b,'-c,'@d,'\te,f\r\n"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
	book, err := open(written(t, sheet.XLSX, []string{"x"}), sheet.Defaults())
	if err != nil || book.Sheets[0] != "问题 答案" {
		t.Errorf("%+v, %v", book, err)
	}
}

func TestWriterRefuses(t *testing.T) {
	w, err := sheet.NewWriter(sheet.XLSX, io.Discard, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row(strings.Repeat("字", sheet.MaxXLSXCell)); err != nil {
		t.Error(err)
	}
	if err := w.Row(strings.Repeat("字", sheet.MaxXLSXCell+1)); code(err) != "cell" {
		t.Errorf("a cell that is too long: %v", err)
	}
	if _, err := sheet.NewWriter("ods", io.Discard, ""); code(err) != "form" {
		t.Errorf("an unknown kind: %v", err)
	}
}

func TestLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"} {
		if got := sheet.Letters(i); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
}

func BenchmarkXLSX(b *testing.B) {
	rows := make([][]string, 100_001)
	for i := range rows {
		rows[i] = []string{fmt.Sprint("key-", i), "分类/退款", fmt.Sprintf("第 %d 个问题怎么办？", i), "请在订单页面点击退款按钮，然后等待审核。"}
	}
	data := written(b, sheet.XLSX, rows...)
	b.ReportAllocs()
	for b.Loop() {
		if got, err := read(data, "", sheet.Defaults()); err != nil || len(got) != len(rows) {
			b.Fatal(len(got), err)
		}
	}
}
