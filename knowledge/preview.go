package knowledge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"huiyin/db"
	"huiyin/knowledge/document"
	"huiyin/knowledge/sheet"
)

// Preview is what a file looks like before it is imported.
type Preview struct {
	Format      Format
	Encoding    string
	Macros      bool // there are macros in it; they are never run
	Sheets      []string
	Columns     []string       // the first row of a table
	Guess       map[string]int // what the columns seem to be
	Rows        [][]string     // the first rows below
	Translation bool           // a file that was exported for translation; its columns are known
	Samples     []Sample       // of other files: the first articles
	Headings    []int          // of documents: how many articles there would be, divided at headings of level 1, 2, 3
}

// Sample is an article of a file that is not a table.
type Sample struct{ Source, Category, Question, Answer string }

// The sizes of a preview.
const (
	previewRows     = 5
	previewColumns  = 50
	previewText     = 200
	previewSections = 500
)

// Look opens a file and shows what is in it; nothing is imported.
func Look(ctx context.Context, from db.Querier, agent int64, u *Upload, o ImportOptions) (Preview, error) {
	format, err := FormatOf(u.Name)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Format: format}
	if format == CSV || format == XLSX {
		return p, p.table(ctx, from, agent, u, o.Table.Sheet)
	}
	if p.Samples, err = samples(format, u, o); err != nil {
		return p, err
	}
	if format == JSONL || format == XLIFF {
		p.Translation = format == XLIFF
		return p, nil
	}
	for level := 1; level <= document.MaxLevel; level++ {
		o.Heading = level
		in, err := newReader(format, u, o)
		if err != nil {
			return p, err
		}
		n, err := countUpTo(in, previewSections)
		if err != nil {
			return p, err
		}
		p.Headings = append(p.Headings, n)
	}
	return p, nil
}

func (p *Preview) table(ctx context.Context, from db.Querier, agent int64, u *Upload, name string) error {
	book, err := sheet.Open(u, u.Size, tableLimits())
	if err != nil {
		return refusedFile(err)
	}
	p.Format, p.Encoding, p.Macros, p.Sheets = Format(book.Kind), book.Encoding, book.Macros, book.Sheets
	rows, err := book.Rows(name)
	if err != nil {
		return refusedFile(err)
	}
	defer func() { _ = rows.Close() }()
	for n := range previewRows + 1 {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return refusedFile(err)
		}
		cells := row.Cells[:min(len(row.Cells), previewColumns)]
		if n == 0 {
			_, p.Translation = translationHead(row.Cells)
			p.Columns = append([]string{}, cells...)
			continue
		}
		for i := range cells {
			cells[i] = clip(cells[i], previewText)
		}
		p.Rows = append(p.Rows, cells)
	}
	if len(p.Columns) == 0 {
		return &Invalid{"file", "the file is empty"}
	}
	p.Guess, err = guessColumns(ctx, from, agent, p.Columns)
	return err
}

func samples(format Format, u *Upload, o ImportOptions) ([]Sample, error) {
	in, err := newReader(format, u, o)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.close() }()
	list := []Sample{}
	for len(list) < 2*previewRows {
		p, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		s := Sample{Source: p.source, Question: p.title()}
		if p.category != nil {
			s.Category = *p.category
		}
		for _, text := range p.answer {
			s.Answer = shownText(clip(text, previewText))
		}
		if p.refused != nil {
			s.Answer = p.refused.Error()
		}
		list = append(list, s)
	}
	return list, nil
}

func countUpTo(in reader, most int) (int, error) {
	defer func() { _ = in.close() }()
	for n := range most {
		if _, err := in.next(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
	return most, nil
}

// guessColumns tells what columns seem to be: what this person last took a column of this name for, else by its words.
func guessColumns(ctx context.Context, from db.Querier, agent int64, names []string) (map[string]int, error) {
	guess := map[string]int{}
	for i, name := range names {
		target := ""
		err := from.QueryRow(ctx, "SELECT target FROM article_import_columns WHERE agent_id = ? AND header = ?", agent, headerName(name)).Scan(&target)
		if err != nil && !db.NoRows(err) {
			return nil, fmt.Errorf("read column names: %w", err)
		}
		if err != nil {
			target = columnName(name)
		}
		if _, taken := guess[target]; !taken && isTarget(target) {
			guess[target] = i
		}
	}
	return guess, nil
}

// RememberColumns keeps what a person took the columns of a table for; the names are those of the first row.
func RememberColumns(ctx context.Context, tx *db.Tx, agent int64, names []string, columns map[string]int) error {
	taken := map[int]string{}
	for target, i := range columns {
		taken[i] = target
	}
	for i, name := range names[:min(len(names), previewColumns)] {
		if name = headerName(name); name == "" {
			continue
		}
		_, err := tx.Exec(ctx, "INSERT INTO article_import_columns (agent_id, header, target) VALUES (?, ?, ?)"+
			" ON CONFLICT (agent_id, header) DO UPDATE SET target = excluded.target", agent, name, taken[i])
		if err != nil {
			return fmt.Errorf("remember columns: %w", err)
		}
	}
	return nil
}

func headerName(name string) string {
	return shownText(clip(strings.ToLower(strings.Join(strings.Fields(name), " ")), 100))
}
