package knowledge

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/net/html/charset"

	"huiyin/knowledge/document"
	"huiyin/knowledge/sheet"
	"huiyin/knowledge/unpack"
)

// maxDocument bounds one page or one Markdown file.
const maxDocument = 16 << 20

// documentReader makes an article of every section of documents, one document after the other.
type documentReader struct {
	files   []documentFile
	level   int
	at      int
	waiting []patch
	joined  joined
	options ImportOptions
	packed  *unpack.Archive // nil: a single document
}

// documentFile is a document that is not opened yet.
type documentFile struct {
	name, folder string
	from         func() (io.ReaderAt, int64, error)
	refused      error
}

func newDocumentReader(u *Upload, o ImportOptions) (*documentReader, error) {
	level := o.Heading
	if level < 0 || level > document.MaxLevel {
		return nil, &Invalid{"heading", fmt.Sprintf("documents are divided at headings of level 1 to %d", document.MaxLevel)}
	}
	r := &documentReader{level: cmp.Or(level, 2), options: o}
	if strings.EqualFold(path.Ext(u.Name), ".zip") {
		return r, r.archive(u)
	}
	r.files = []documentFile{{name: path.Base(u.Name), from: func() (io.ReaderAt, int64, error) { return u, u.Size, nil }}}
	return r, nil
}

// archive lists the documents of an archive. What leads out of it, or is no document, is refused file by file; pictures
// are what documents refer to, and are passed over.
func (r *documentReader) archive(u *Upload) error {
	a, err := unpack.Open(u, u.Size, unpack.Defaults())
	if err != nil {
		return refusedFile(err)
	}
	r.packed = a
	for _, e := range a.Entries() {
		if strings.HasPrefix(path.Base(e.Name), ".") || strings.HasPrefix(e.Name, "__MACOSX/") || isPicture(e.Name) {
			continue
		}
		f := documentFile{name: e.Name, folder: path.Dir(e.Name), from: func() (io.ReaderAt, int64, error) {
			data, err := a.ReadFile(e.Name, maxDocument)
			return bytes.NewReader(data), int64(len(data)), err
		}}
		if e.Unsafe {
			f.name, f.refused = path.Base(e.Name), &Invalid{"file", "the name of this file leads out of the archive"}
		} else if !isDocument(e.Name) {
			f.refused = &Invalid{"file", "only .md, .html and .docx are read from an archive"}
		}
		r.files = append(r.files, f)
	}
	if len(r.files) == 0 {
		return &Invalid{"file", "the archive holds no .md, .html or .docx files"}
	}
	r.trimFolders()
	return nil
}

// trimFolders takes away the folder that all files are in, which is only the archive's name once more.
func (r *documentReader) trimFolders() {
	top, _, _ := strings.Cut(r.files[0].folder, "/")
	for _, f := range r.files {
		if f.folder != top && !strings.HasPrefix(f.folder, top+"/") || f.refused != nil {
			top = "."
			break
		}
	}
	for i, f := range r.files {
		r.files[i].folder = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(f.folder, top), "/"), ".")
	}
}

func isDocument(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".html", ".htm", ".docx", ".docm":
		return true
	}
	return false
}

func isPicture(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".avif":
		return true
	}
	return false
}

func (r *documentReader) close() error { return nil }

func (r *documentReader) next() (patch, error) { return r.joined.next(r.section) }

func (r *documentReader) section() (patch, error) {
	for len(r.waiting) == 0 {
		if r.at == len(r.files) {
			return patch{}, io.EOF
		}
		f := r.files[r.at]
		r.at++
		list, err := r.open(f)
		if err != nil {
			if err = refusedFile(err); r.joined.pending == nil && len(r.files) == 1 {
				return patch{}, err
			}
			list = []patch{{line: 1, refused: err}}
		}
		if len(list) == 0 {
			list = []patch{{line: 1, refused: &Invalid{"file", "nothing to read is in this file"}}}
		}
		for i := range list {
			list[i].source = f.name
			if err := r.takePictures(f, &list[i]); err != nil {
				return patch{}, err
			}
		}
		r.waiting = list
	}
	p := r.waiting[0]
	r.waiting = r.waiting[1:]
	return p, nil
}

// open takes one document apart.
func (r *documentReader) open(f documentFile) ([]patch, error) {
	if f.refused != nil {
		return nil, f.refused
	}
	from, size, err := f.from()
	if err != nil {
		return nil, err
	}
	title := strings.TrimSuffix(path.Base(f.name), path.Ext(f.name))
	switch strings.ToLower(path.Ext(f.name)) {
	case ".docx", ".docm":
		sections, err := document.Word(from, size, r.level)
		return sectionPatches(sections, f.folder, title), err
	}
	if size > maxDocument {
		return nil, &Invalid{"file", fmt.Sprintf("larger than %d MB; divide the file", maxDocument>>20)}
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(from, 0, size), data); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	if ext := strings.ToLower(path.Ext(f.name)); ext == ".html" || ext == ".htm" {
		sections, err := document.HTML(pageText(data), r.level)
		return sectionPatches(sections, f.folder, title), err
	}
	text, err := io.ReadAll(first(sheet.Decode(bytes.NewReader(data))))
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return markdownPatches(string(text), f.folder, title, r.level), nil
}

func first(r io.Reader, _ string) io.Reader { return r }

// pageText gives a page as UTF-8, by what it says itself of its encoding, else by its looks.
func pageText(data []byte) io.Reader {
	if e, _, certain := charset.DetermineEncoding(data, ""); certain {
		return e.NewDecoder().Reader(bytes.NewReader(data))
	}
	return first(sheet.Decode(bytes.NewReader(data)))
}

// sectionPatches makes an article of every section: the heading is the question, the headings above it the category.
func sectionPatches(sections []document.Section, folder, title string) []patch {
	var list []patch
	for i, s := range sections {
		question := cmp.Or(s.Heading, title)
		language := languageOf(question + " " + clip(s.Text, 400))
		category := categoryOf(folder, s.Path)
		p := patch{line: i + 1, category: &category, question: map[string]string{language: question}, answer: map[string]string{language: s.Text}}
		if s.Text == "" {
			p.notice = "nothing stands below this heading; it becomes a draft"
		}
		p.pictures = s.Pictures
		list = append(list, p)
	}
	return list
}

// categoryOf makes a category of folders and headings. What is deeper than categories go is left out.
func categoryOf(folder string, headings []string) string {
	parts := strings.Split(cleanCategory(folder), "/")
	for _, h := range headings {
		parts = append(parts, strings.ReplaceAll(h, "/", "／"))
	}
	if parts[0] == "" {
		parts = parts[1:]
	}
	category := ""
	for _, part := range parts[:min(len(parts), MaxDepth)] {
		if next := strings.TrimPrefix(category+"/"+clip(part, 60), "/"); len([]rune(next)) <= MaxCategory {
			category = next
		}
	}
	return category
}
