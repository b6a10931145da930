package sheet

import (
	"encoding/xml"
	"io"
	"path"
	"strings"

	"huiyin/knowledge/unpack"
)

// maxIndex bounds the small parts of a workbook that are read whole.
const maxIndex = 8 << 20

// workbook is the parts of an XLSX file that its rows need (ECMA-376 part 1, chapter 18).
type workbook struct {
	archive *unpack.Archive
	limits  Limits
	sheets  []string // the parts of the visible sheets
	shared  string   // the part of the shared texts
	texts   []string // the shared texts, once read
	loaded  bool
	dates   []bool // by the style of a cell: it shows a date
	since   epoch
}

func openXLSX(from io.ReaderAt, size int64, l Limits) (*Book, error) {
	archive, err := unpack.Open(from, size, l.Unpack)
	if err != nil {
		return nil, err
	}
	main, err := mainPart(archive)
	if err != nil {
		return nil, err
	}
	w := &workbook{archive: archive, limits: l}
	names, err := w.index(main)
	if err != nil {
		return nil, err
	}
	book := &Book{Kind: XLSX, Sheets: names, limits: l, open: w.open}
	for _, e := range archive.Entries() {
		book.Macros = book.Macros || strings.EqualFold(path.Base(e.Name), "vbaProject.bin")
	}
	return book, nil
}

// mainPart finds the workbook, or says what else the archive is.
func mainPart(a *unpack.Archive) (string, error) {
	if a.Has("mimetype") {
		return "", &Fault{Code: "ods", Message: "this is an OpenDocument file; save it as .xlsx or .csv"}
	}
	links, err := relations(a, "")
	if err != nil {
		return "", &Fault{Code: "form", Message: "this archive is not a spreadsheet"}
	}
	for _, l := range links {
		if strings.HasSuffix(l.Type, "/officeDocument") {
			if strings.HasSuffix(l.Target, ".bin") {
				return "", &Fault{Code: "xlsb", Message: "this is a binary .xlsb file; save it as .xlsx"}
			}
			if strings.HasPrefix(l.Target, "word/") || strings.HasPrefix(l.Target, "ppt/") {
				break
			}
			return l.Target, nil
		}
	}
	return "", &Fault{Code: "form", Message: "this archive is not a spreadsheet"}
}

// relation is a link from one part to another.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`
}

// relations reads what a part links to; the empty part is the file itself. Links out of the file are left out.
func relations(a *unpack.Archive, part string) ([]relation, error) {
	var doc struct {
		List []relation `xml:"Relationship"`
	}
	dir, base := path.Split(part)
	if err := readXML(a, dir+"_rels/"+base+".rels", &doc); err != nil {
		return nil, err
	}
	var inside []relation
	for _, r := range doc.List {
		if strings.EqualFold(r.Mode, "External") {
			continue
		}
		if rooted := strings.TrimPrefix(r.Target, "/"); rooted != r.Target {
			r.Target = path.Clean(rooted)
		} else {
			r.Target = path.Join(dir, r.Target)
		}
		inside = append(inside, r)
	}
	return inside, nil
}

func readXML(a *unpack.Archive, part string, into any) error {
	data, err := a.ReadFile(part, maxIndex)
	if err != nil {
		return err
	}
	if err := xml.Unmarshal(data, into); err != nil {
		return broken(part)
	}
	return nil
}

func broken(part string) *Fault {
	return &Fault{Code: "broken", Message: "the file is damaged: " + path.Base(part) + " cannot be read"}
}

// index reads which sheets there are, and where.
func (w *workbook) index(main string) ([]string, error) {
	var doc struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := readXML(w.archive, main, &doc); err != nil {
		return nil, err
	}
	w.since = epoch(doc.Properties.Date1904 == "1" || doc.Properties.Date1904 == "true")
	links, err := relations(w.archive, main)
	if err != nil {
		return nil, err
	}
	parts := map[string]string{}
	for _, l := range links {
		switch kind := path.Base(l.Type); kind {
		case "worksheet":
			parts[l.ID] = l.Target
		case "sharedStrings":
			w.shared = l.Target
		case "styles":
			w.dates, err = readDateStyles(w.archive, l.Target)
		}
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range doc.Sheets {
		part := parts[idOf(s.Attrs)]
		if part == "" || s.State == "hidden" || s.State == "veryHidden" {
			continue // a chart, or not to be seen
		}
		names, w.sheets = append(names, s.Name), append(w.sheets, part)
	}
	if len(names) == 0 {
		return nil, &Fault{Code: "sheet", Message: "the file has no visible sheet"}
	}
	return names, nil
}

// idOf finds r:id, whatever its namespace is called.
func idOf(attrs []xml.Attr) string {
	for _, a := range attrs {
		if a.Name.Local == "id" {
			return a.Value
		}
	}
	return ""
}

func (w *workbook) open(sheet int) (source, error) {
	if w.shared != "" && !w.loaded {
		texts, err := readTexts(w.archive, w.shared, w.limits)
		if err != nil {
			return nil, err
		}
		w.texts, w.loaded = texts, true
	}
	in, err := w.archive.Open(w.sheets[sheet])
	if err != nil {
		return nil, err
	}
	return &xlsxSource{book: w, tokens: newTokens(in, w.sheets[sheet]), in: in}, nil
}
