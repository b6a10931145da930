package document

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"huiyin/knowledge/unpack"
)

// Word takes a .docx file apart (ECMA-376 part 1, chapter 17). Macros, text that was deleted or hidden, fields'
// instructions and what lies outside of the file are left out.
func Word(from io.ReaderAt, size int64, level int) ([]Section, error) {
	limits := unpack.Defaults()
	limits.Total, limits.Part = 256<<20, 128<<20
	a, err := unpack.Open(from, size, limits)
	if err != nil {
		return nil, err
	}
	main := "word/document.xml"
	if !a.Has(main) {
		return nil, &unpack.Refused{Code: "form", Message: "this is not a Word file of the form .docx"}
	}
	w := &wordWalk{}
	if w.styles, err = readWordStyles(a); err != nil {
		return nil, err
	}
	if w.numbers, err = readWordNumbers(a); err != nil {
		return nil, err
	}
	if w.targets, err = readWordLinks(a, main); err != nil {
		return nil, err
	}
	in, err := a.Open(main)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	if err := w.read(unpack.NewXML(in, main)); err != nil {
		return nil, err
	}
	return divide(w.blocks, level), nil
}

// wordWalk reads a document from front to back.
type wordWalk struct {
	styles  map[string]int // the level of the heading that a style makes
	numbers map[string]map[string]bool
	targets map[string]string // what links and pictures lead to, by their id

	blocks []block
	inline inline
	para   wordParagraph
	run    wordRun
	skip   int // inside of something that is left out
	inText bool
	link   string
	linked inline
	tables []wordTable
}

type wordParagraph struct {
	style, number, depth string
	outline              int
	properties           bool
}

type wordRun struct{ bold, italic, hidden, properties bool }

type wordTable struct {
	rows [][]string
	row  []string
	cell []string
}

func (w *wordWalk) read(x *unpack.XML) error {
	for {
		token, err := x.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			w.start(token)
		case xml.EndElement:
			w.end(token.Name.Local)
		case xml.CharData:
			if w.inText && w.skip == 0 && !w.run.hidden {
				w.into().text(string(token), w.run.bold && w.link == "", w.run.italic && w.link == "")
			}
		}
	}
}

// into is where text goes: the link under way, or the paragraph.
func (w *wordWalk) into() *inline {
	if w.link != "" {
		return &w.linked
	}
	return &w.inline
}

func leftOut(name string) bool {
	switch name {
	case "Fallback", "del", "moveFrom", "txbxContent", "instrText", "delText", "pPrChange", "rPrChange":
		return true
	}
	return false
}

func (w *wordWalk) start(e xml.StartElement) {
	name := e.Name.Local
	if leftOut(name) {
		w.skip++
	}
	if w.skip > 0 {
		return
	}
	switch name {
	case "p":
		w.para, w.run = wordParagraph{outline: -1}, wordRun{}
	case "pPr":
		w.para.properties = true
	case "r":
		w.run = wordRun{}
	case "rPr":
		w.run.properties = true
	case "t":
		w.inText = true
	case "tab", "ptab":
		if !w.para.properties {
			w.into().blank()
		}
	case "br", "cr":
		w.into().line()
	case "noBreakHyphen":
		w.into().text("-", false, false)
	case "hyperlink":
		if w.link = w.targets[value(e, "id")]; w.link == "" {
			w.link = "#"
		}
	case "blip", "imagedata":
		if at := w.targets[value(e, "embed")+value(e, "id")]; at != "" {
			w.blocks = append(w.blocks, block{kind: picture, picture: path.Base(at)})
		}
	case "tbl":
		w.tables = append(w.tables, wordTable{})
	default:
		w.property(name, e)
	}
}

// property reads what a paragraph or a run is like.
func (w *wordWalk) property(name string, e xml.StartElement) {
	said := value(e, "val")
	on := said != "0" && said != "false" && said != "none"
	switch {
	case w.run.properties && !w.para.properties:
		switch name {
		case "b":
			w.run.bold = on
		case "i":
			w.run.italic = on
		case "vanish":
			w.run.hidden = on
		}
	case w.para.properties:
		switch name {
		case "pStyle":
			w.para.style = said
		case "outlineLvl":
			if len(said) == 1 && said[0] >= '0' && said[0] <= '8' {
				w.para.outline = int(said[0]-'0') + 1
			}
		case "numId":
			w.para.number = said
		case "ilvl":
			w.para.depth = said
		}
	}
}

func (w *wordWalk) end(name string) {
	if leftOut(name) && w.skip > 0 {
		w.skip--
		return
	}
	if w.skip > 0 {
		return
	}
	switch name {
	case "pPr":
		w.para.properties, w.run = false, wordRun{}
	case "rPr":
		w.run.properties = false
	case "t":
		w.inText = false
	case "hyperlink":
		md, text := w.linked.take()
		w.inline.raw(link(md, w.link), text)
		w.link = ""
	case "p":
		w.paragraph()
	case "tc", "tr", "tbl":
		w.table(name)
	}
}

func (w *wordWalk) paragraph() {
	md, text := w.inline.take()
	if text == "" {
		return
	}
	if n := len(w.tables); n > 0 {
		w.tables[n-1].cell = append(w.tables[n-1].cell, md)
		return
	}
	level := w.para.outline
	if level < 0 {
		level = w.styles[w.para.style]
	}
	b := block{text: escapedStart(md)}
	switch ordered, listed := w.numbers[w.para.number][w.para.depth]; {
	case level > 0:
		b = block{kind: heading, level: level, text: text}
	case w.para.number != "" && w.para.number != "0":
		b.kind, b.ordered = item, listed && ordered
		if len(w.para.depth) == 1 {
			b.level = int(w.para.depth[0] - '0')
		}
	}
	w.blocks = append(w.blocks, b)
}

// table ends a cell, a row or a whole table. A table in a cell becomes text of the cell.
func (w *wordWalk) table(name string) {
	n := len(w.tables) - 1
	if n < 0 {
		return
	}
	t := &w.tables[n]
	switch name {
	case "tc":
		t.row, t.cell = append(t.row, strings.Join(t.cell, " ")), nil
	case "tr":
		t.rows, t.row = append(t.rows, t.row), nil
	case "tbl":
		list := flattened(t.rows, len(t.rows) > 1 && len(t.rows[0]) > 1)
		w.tables = w.tables[:n]
		for _, b := range list {
			if n > 0 {
				w.tables[n-1].cell = append(w.tables[n-1].cell, b.text)
			} else {
				w.blocks = append(w.blocks, b)
			}
		}
	}
}

func value(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
