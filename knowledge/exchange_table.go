package knowledge

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"huiyin/knowledge/sheet"
)

// Table says what the columns of a table are.
type Table struct {
	Sheet   string         // empty: the first one
	Columns map[string]int // what → the column from 0; nil: told by the words of the first row
}

// tableReader reads articles of which each row is one language.
type tableReader struct {
	rows    *sheet.Rows
	columns map[string]int
	joined  joined
}

func newTableReader(book *sheet.Book, t Table) (reader, error) {
	rows, err := book.Rows(t.Sheet)
	if err != nil {
		return nil, refusedFile(err)
	}
	head, err := rows.Next()
	if errors.Is(err, io.EOF) {
		return nil, &Invalid{"file", "the file is empty"}
	}
	if err != nil {
		return nil, refusedFile(err)
	}
	if languages, ok := translationHead(head.Cells); ok {
		return &translationReader{units: &unitTable{rows: rows, target: languages[1]}, source: languages[0]}, nil
	}
	r := &tableReader{rows: rows, columns: t.Columns}
	if r.columns == nil {
		r.columns, err = headed(head.Cells)
	} else {
		err = checkColumns(r.columns)
	}
	return r, err
}

// headed tells the columns by their names.
func headed(names []string) (map[string]int, error) {
	found := map[string]int{}
	for i, name := range names {
		if name = columnName(name); !isTarget(name) {
			continue
		}
		if _, twice := found[name]; twice {
			return nil, &Invalid{"file", "the column " + name + " occurs twice"}
		}
		found[name] = i
	}
	if !asks(found) {
		return nil, &Invalid{"file", "the first line must name the columns: " + strings.Join(columns(), ", ")}
	}
	return found, nil
}

// asks tells whether one of the columns is a question.
func asks(columns map[string]int) bool {
	for target := range columns {
		if base, _, _ := strings.Cut(target, "."); base == "question" {
			return true
		}
	}
	return false
}

func checkColumns(columns map[string]int) error {
	for target, i := range columns {
		if !isTarget(target) || i < 0 {
			return &Invalid{"columns", fmt.Sprintf("%q is not something that a column can be", clip(target, 40))}
		}
	}
	if !asks(columns) {
		return &Invalid{"columns", "say which column holds the question"}
	}
	return nil
}

// isTarget knows what a column can be: one of columns(), or a text in one language, such as answer.en.
func isTarget(target string) bool {
	base, language, in := strings.Cut(target, ".")
	if !in {
		return slices.Contains(columns(), target)
	}
	return slices.Contains([]string{"question", "similar", "answer"}, base) && validLanguage(language)
}

func (r *tableReader) next() (patch, error) {
	return r.joined.next(func() (patch, error) {
		row, err := r.rows.Next()
		if err != nil {
			return patch{}, refusedFile(err)
		}
		return r.parse(row), nil
	})
}

func (r *tableReader) close() error { return r.rows.Close() }

func (r *tableReader) cell(cells []string, column string) (string, bool) {
	i, ok := r.columns[column]
	if !ok || i >= len(cells) {
		return "", ok
	}
	return cells[i], true
}

func (r *tableReader) parse(row sheet.Row) patch {
	text := func(column string) string { s, _ := r.cell(row.Cells, column); return s }
	p := patch{line: row.Number, key: strings.TrimSpace(text("key")), status: statusNamed(text("status"))}
	if row.Fault != nil {
		p.refused = &Invalid{row.Fault.Code, row.Fault.Message}
	}
	if category, ok := r.cell(row.Cells, "category"); ok {
		p.category = &category
	}
	if tags, ok := r.cell(row.Cells, "tags"); ok {
		list := splitTags(tags)
		p.tags = &list
	}
	r.texts(row.Cells, &p)
	if p.key != sameAsAbove && p.refused == nil {
		p.refused = r.scope(row.Cells, &p)
	}
	return p
}

// texts reads the texts of the row's language, and those of columns that name theirs.
func (r *tableReader) texts(cells []string, p *patch) {
	p.question, p.similar, p.answer = map[string]string{}, map[string][]string{}, map[string]string{}
	language := ""
	if question, ok := r.cell(cells, "question"); ok {
		said, _ := r.cell(cells, "language")
		if language = languageNamed(said); language == "" {
			language = languageOf(question)
		}
		p.question[language] = question
	}
	for target := range r.columns {
		base, in, apart := strings.Cut(target, ".")
		if !apart {
			in = language
		}
		text, _ := r.cell(cells, target)
		switch {
		case in == "" || apart && strings.TrimSpace(text) == "":
		case base == "similar":
			p.similar[in] = splitList(text)
		case base == "answer":
			p.answer[in] = text
		case base == "question" && apart:
			p.question[in] = text
		}
	}
}

// scope reads for whom and when an article is; the row of its first language says so.
func (r *tableReader) scope(cells []string, p *patch) (err error) {
	if audience, ok := r.cell(cells, "audience"); ok {
		a := audienceNamed(audience)
		p.audience = &a
	}
	for _, c := range []struct {
		column string
		into   **time.Time
	}{{"valid_from", &p.validFrom}, {"valid_until", &p.validUntil}} {
		cell, ok := r.cell(cells, c.column)
		if !ok {
			continue
		}
		at, err := parseTimeCell(c.column, cell)
		if err != nil {
			return err
		}
		*c.into = &at
	}
	if notes, ok := r.cell(cells, "notes"); ok {
		p.notes = &notes
	}
	if cell, ok := r.cell(cells, "related"); ok {
		list := splitList(cell)
		p.related = &list
	}
	if cell, ok := r.cell(cells, "variants"); ok {
		list, err := parseVariantsCell(cell)
		if err != nil {
			return err
		}
		p.variants = &list
	}
	return nil
}
