package knowledge

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"huiyin/db"
	"huiyin/knowledge/sheet"
)

// unit is one text to translate: a field of an article, in the source language and in the other one.
type unit struct {
	line           int
	article        int64
	revision       int64 // of the article, when the file was written
	field          string
	source, target string
}

// unitSource gives the units of a file one by one; io.EOF ends it.
type unitSource interface {
	unit() (unit, error)
	language() string // of the translations
	close() error
}

// translationReader puts the units of an article together. A translation comes in as a draft, and never changes what
// customers get; where the source text is another one by now, the report says so.
type translationReader struct {
	units   unitSource
	source  string
	waiting *unit
}

func (r *translationReader) close() error { return r.units.close() }

func (r *translationReader) next() (patch, error) {
	u, err := r.take()
	if err != nil {
		return patch{}, err
	}
	target := r.units.language()
	p := patch{line: u.line, article: u.article, draft: true, mode: UpdateOnly, translated: &translated{language: r.source, revision: u.revision, source: map[string][]string{}},
		question: map[string]string{}, similar: map[string][]string{}, answer: map[string]string{}}
	if u.article == 0 {
		p.refused = &Invalid{"article", "which article this is cannot be read; leave this column as it was"}
	}
	for ; err == nil && u.article == p.article; u, err = r.take() {
		p.add(u, target)
	}
	if err == nil {
		r.waiting = &u
	}
	if !validLanguage(target) && p.refused == nil {
		p.refused = &Invalid{"language", "the language of the translation is not named"}
	}
	return p, nil
}

func (r *translationReader) take() (unit, error) {
	if r.waiting != nil {
		u := *r.waiting
		r.waiting = nil
		return u, nil
	}
	return r.units.unit()
}

func (p *patch) add(u unit, language string) {
	said, text := p.translated.source, strings.TrimSpace(u.target)
	said[u.field] = append(said[u.field], u.source)
	switch {
	case text == "":
	case u.field == "question":
		p.question[language] = text
	case u.field == "answer":
		p.answer[language] = text
	case u.field == "similar":
		p.similar[language] = append(p.similar[language], splitList(text)...)
	}
}

// translated is what a translation was made of.
type translated struct {
	language string
	revision int64
	source   map[string][]string // by field
}

// changedIn names the fields whose source is another one by now.
func (t translated) changedIn(c Content) []string {
	var fields []string
	for field, said := range t.source {
		var is string
		switch field {
		case "question":
			is = c.Question[t.language]
		case "answer":
			is = c.Answer[t.language]
		case "similar":
			is = strings.Join(c.Similar[t.language], "\n")
		}
		if strings.Join(strings.Fields(strings.Join(said, "\n")), " ") != strings.Join(strings.Fields(is), " ") {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	return fields
}

// translationColumns are the columns of a table to translate, before those of the two languages.
func translationColumns() []string { return []string{"article", "key", "revision", "field"} }

// translationHead knows the first row of such a table, and which languages it is about.
func translationHead(cells []string) ([2]string, bool) {
	fixed := translationColumns()
	if len(cells) != len(fixed)+2 || !slices.Equal(cells[:len(fixed)], fixed) {
		return [2]string{}, false
	}
	source, isSource := strings.CutPrefix(cells[len(fixed)], "source ")
	target, isTarget := strings.CutPrefix(cells[len(fixed)+1], "target ")
	return [2]string{source, target}, isSource && isTarget
}

// unitTable reads units from a table.
type unitTable struct {
	rows   *sheet.Rows
	target string
}

func (t *unitTable) language() string { return t.target }
func (t *unitTable) close() error     { return t.rows.Close() }

func (t *unitTable) unit() (unit, error) {
	row, err := t.rows.Next()
	if err != nil {
		return unit{}, refusedFile(err)
	}
	cells := append(slices.Clone(row.Cells), make([]string, len(translationColumns())+2)...)
	u := unit{line: row.Number, field: cells[3], source: cells[4], target: cells[5]}
	u.article, _ = strconv.ParseInt(strings.TrimSpace(cells[0]), 10, 64) // 0 is refused where it is used
	u.revision, _ = strconv.ParseInt(strings.TrimSpace(cells[2]), 10, 64)
	return u, nil
}

// Translation says what is translated into what.
type Translation struct{ Source, Target string }

func (t Translation) check() error {
	if !validLanguage(t.Source) || !validLanguage(t.Target) || t.Source == t.Target {
		return &Invalid{"language", "choose two languages, such as zh and en"}
	}
	return nil
}

// ExportTranslation writes the texts of articles in one language for a translator to fill in the other: as CSV, XLSX or
// XLIFF. Articles that say nothing in the source language are left out. It tells how many were written.
func ExportTranslation(ctx context.Context, from db.Querier, f Filter, t Translation, format Format, to io.Writer) (int, error) {
	if err := t.check(); err != nil {
		return 0, err
	}
	out, err := newTranslationWriter(format, to, t)
	if err != nil {
		return 0, err
	}
	n := 0
	err = eachExported(ctx, from, f, func(a Article) error {
		units := unitsOf(a, t)
		if len(units) == 0 {
			return nil
		}
		n++
		return out.article(a, units)
	})
	if err != nil {
		return n, err
	}
	return n, out.end()
}

// translationWriter writes the units of articles.
type translationWriter interface {
	article(a Article, units []unit) error
	end() error
}

func newTranslationWriter(format Format, to io.Writer, t Translation) (translationWriter, error) {
	switch format {
	case CSV, XLSX:
		out, err := sheet.NewWriter(sheet.Kind(format), to, "translation")
		if err != nil {
			return nil, err
		}
		return unitTableWriter{out}, out.Row(append(translationColumns(), "source "+t.Source, "target "+t.Target)...)
	case XLIFF:
		return newXLIFFWriter(to, t)
	}
	return nil, &Invalid{"format", "translations go out as xlsx, csv or xliff"}
}

func unitsOf(a Article, t Translation) []unit {
	c := a.Content
	all := []unit{
		{field: "question", source: c.Question[t.Source], target: c.Question[t.Target]},
		{field: "similar", source: strings.Join(c.Similar[t.Source], "\n"), target: strings.Join(c.Similar[t.Target], "\n")},
		{field: "answer", source: c.Answer[t.Source], target: c.Answer[t.Target]},
	}
	return slices.DeleteFunc(all, func(u unit) bool { return u.source == "" })
}

type unitTableWriter struct{ to sheet.Writer }

func (w unitTableWriter) article(a Article, units []unit) error {
	for _, u := range units {
		if err := w.to.Row(fmt.Sprint(a.ID), a.Key, fmt.Sprint(a.Revisions), u.field, u.source, u.target); err != nil {
			return refusedFile(err)
		}
	}
	return nil
}

func (w unitTableWriter) end() error { return w.to.Close() }
