package document_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"huiyin/knowledge/document"
	"huiyin/knowledge/unpack"
)

// wordFile is a .docx file with this body, and with other parts instead of the usual ones.
func wordFile(t testing.TB, body string, with map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"word/document.xml":            `<w:document xmlns:w="w" xmlns:r="r"><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml":              `<w:styles xmlns:w="w"><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="2"><w:name w:val="heading 2"/></w:style><w:style w:styleId="mine"><w:name w:val="Mine"/><w:basedOn w:val="2"/></w:style><w:style w:styleId="out"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style><w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style></w:styles>`,
		"word/numbering.xml":           `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>`,
		"word/_rels/document.xml.rels": `<Relationships><Relationship Id="rId1" Target="https://e.example/" TargetMode="External"/><Relationship Id="rId2" Target="media/image1.png"/><Relationship Id="rId3" Target="javascript:alert(1)"/></Relationships>`,
	}
	for name, text := range with {
		parts[name] = text
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
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

func p(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func TestWord(t *testing.T) {
	run := func(properties, text string) string {
		return `<w:r><w:rPr>` + properties + `</w:rPr><w:t xml:space="preserve">` + text + `</w:t></w:r>`
	}
	listed := func(depth, text string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + depth + `"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	for _, c := range []struct{ name, body, want string }{
		{"headings", p("1", "退款") + p("2", "怎么退？") + p("", "点退款。") + p("mine", "多久？") + p("", "三天") + p("out", "发票"), "退款 > 怎么退？: 点退款。\n---\n退款 > 多久？: 三天\n---\n发票: "},
		{"runs", p("1", "Q") + `<w:p>` + run("", "one ") + run("<w:b/>", "bold ") + run(`<w:b w:val="0"/><w:i/>`, "two") + run("<w:vanish/>", "hidden") + `<w:r><w:br/><w:t>next</w:t><w:tab/><w:t>x</w:t></w:r></w:p>`, "Q: one **bold** *two*  \nnext x"},
		{"links", p("1", "Q") + `<w:p><w:hyperlink r:id="rId1"><w:r><w:t>here</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve"> and </w:t></w:r><w:hyperlink r:id="rId3"><w:r><w:t>there</w:t></w:r></w:hyperlink></w:p>`, "Q: [here](https://e.example/) and there"},
		{"lists", p("1", "Q") + listed("0", "a") + listed("1", "b") + listed("0", "c"), "Q: 1. a\n   - b\n1. c"},
		{"tables", p("1", "Q") + `<w:tbl><w:tr><w:tc>` + p("", "Plan") + `</w:tc><w:tc>` + p("", "Price") + `</w:tc></w:tr><w:tr><w:tc>` + p("", "A") + `</w:tc><w:tc><w:tbl><w:tr><w:tc>` + p("", "9") + `</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>`, "Q: - Plan: A; Price: 9"},
		{"what is left out", p("1", "Q") + `<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r><mc:AlternateContent><mc:Choice><w:r><w:t>!</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>?</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>`, "Q: new!"},
		{"pictures", p("1", "Q") + `<w:p><w:r><w:drawing><a:blip r:embed="rId2"/></w:drawing></w:r></w:p>`, "Q:  [image1.png]"},
	} {
		data := wordFile(t, c.body, map[string]string{"word/vbaProject.bin": "macro"})
		got, err := document.Word(bytes.NewReader(data), int64(len(data)), 2)
		if err != nil || shown(got) != c.want {
			t.Errorf("%s: %v\n%q\nwant\n%q", c.name, err, shown(got), c.want)
		}
	}
}

func TestWordRefused(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"no archive":   {[]byte("text"), "broken"},
		"no document":  {wordFile(t, "", map[string]string{"word/document.xml": ""}), "form"},
		"entities":     {wordFile(t, "", map[string]string{"word/document.xml": `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:p>&e;</w:p>`}), "declaration"},
		"no XML":       {wordFile(t, "<", nil), "broken"},
		"styles":       {wordFile(t, "", map[string]string{"word/styles.xml": "<"}), "broken"},
		"a bomb":       {wordFile(t, strings.Repeat("<w:p/>", 2<<20), nil), "ratio"},
		"endless text": {wordFile(t, p("1", strings.Repeat("0123456789", 1<<20)), nil), "ratio"},
	} {
		_, err := document.Word(bytes.NewReader(c.data), int64(len(c.data)), 2)
		var refused *unpack.Refused
		if !errors.As(err, &refused) || refused.Code != c.want && name != "endless text" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzWord(f *testing.F) {
	f.Add(p("1", "Q") + `<w:tbl><w:tr><w:tc>` + p("", "x"))
	f.Add(`</w:tbl></w:p><w:hyperlink r:id="rId1"></w:p></w:del>`)
	f.Fuzz(func(t *testing.T, body string) {
		data := wordFile(t, body, nil)
		_, err := document.Word(bytes.NewReader(data), int64(len(data)), 3)
		var refused *unpack.Refused
		if err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
	})
}
