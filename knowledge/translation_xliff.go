package knowledge

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"huiyin/knowledge/unpack"
)

// xliffWriter writes XLIFF 1.2, one <file> an article, whose "original" names the article and the revision that was
// written. https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html
type xliffWriter struct {
	to io.Writer
	t  Translation
}

func newXLIFFWriter(to io.Writer, t Translation) (*xliffWriter, error) {
	_, err := io.WriteString(to, xml.Header+`<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">`+"\n")
	return &xliffWriter{to: to, t: t}, err
}

func (w *xliffWriter) article(a Article, units []unit) error {
	var out strings.Builder
	fmt.Fprintf(&out, `<file original="huiyin:%d:%d" datatype="plaintext" source-language="%s" target-language="%s"><body>`+"\n", a.ID, a.Revisions, w.t.Source, w.t.Target)
	for _, u := range units {
		fmt.Fprintf(&out, `<trans-unit id="%s" xml:space="preserve"><source>%s</source>`, u.field, xmlText(u.source))
		if u.target != "" {
			fmt.Fprintf(&out, `<target state="translated">%s</target>`, xmlText(u.target))
		}
		out.WriteString("</trans-unit>\n")
	}
	out.WriteString("</body></file>\n")
	_, err := io.WriteString(w.to, out.String())
	return err
}

func (w *xliffWriter) end() error {
	_, err := io.WriteString(w.to, "</xliff>\n")
	return err
}

func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// xliffUnits reads the units of an XLIFF 1.2 file. Marks of translation programs inside a text are passed over.
type xliffUnits struct {
	in     *unpack.XML
	n      int
	file   unit
	source string
	target string
}

// newXLIFFReader reads up to the first <file>, which names the languages.
func newXLIFFReader(from io.Reader) (*translationReader, error) {
	x := &xliffUnits{in: unpack.NewXML(from, "XLIFF")}
	for {
		token, err := x.in.Next()
		if errors.Is(err, io.EOF) {
			return nil, &Invalid{"file", "this is not an XLIFF 1.2 file with texts"}
		}
		if err != nil {
			return nil, refusedFile(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "file" {
			x.begin(start)
			return &translationReader{units: x, source: x.source}, nil
		}
	}
}

func (x *xliffUnits) begin(start xml.StartElement) {
	x.file = unit{}
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "source-language":
			x.source = languageNamed(a.Value)
		case "target-language":
			x.target = languageNamed(a.Value)
		case "original":
			if parts := strings.Split(a.Value, ":"); len(parts) == 3 && parts[0] == "huiyin" {
				x.file.article, _ = strconv.ParseInt(parts[1], 10, 64) // 0 is refused where it is used
				x.file.revision, _ = strconv.ParseInt(parts[2], 10, 64)
			}
		}
	}
}

func (x *xliffUnits) language() string { return x.target }
func (x *xliffUnits) close() error     { return nil }

func (x *xliffUnits) unit() (unit, error) {
	var u unit
	var into *string
	inside := false
	for {
		token, err := x.in.Next()
		if err != nil {
			return unit{}, refusedFile(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch name := token.Name.Local; {
			case name == "file":
				x.begin(token)
			case name == "trans-unit":
				x.n++
				u, inside = unit{line: x.n, article: x.file.article, revision: x.file.revision, field: attribute(token, "id")}, true
			case name == "source" && inside:
				into = &u.source
			case name == "target" && inside:
				into = &u.target
			case name == "alt-trans":
				inside = false
			}
		case xml.CharData:
			if into != nil {
				*into += string(token)
				if err := x.in.TooLong(len(*into)); err != nil {
					return unit{}, refusedFile(err)
				}
			}
		case xml.EndElement:
			switch token.Name.Local {
			case "source", "target":
				into = nil
			case "alt-trans":
				inside = true
			case "trans-unit":
				return u, nil
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
