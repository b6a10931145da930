package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"huiyin/db"
	"huiyin/knowledge"
)

// articleCmd moves articles in and out of the knowledge base. A running node sees the change within a second.
type articleCmd struct {
	Import articleImportCmd `cmd:"" help:"Add and change articles from a file: csv, xlsx, jsonl, docx, html, md, zip, xliff."`
	Undo   articleUndoCmd   `cmd:"" help:"Give back what the articles of an import were before."`
	Export articleExportCmd `cmd:"" help:"Write articles to a file: csv, xlsx, jsonl, zip (Markdown), or for translation."`
}

type articleImportCmd struct {
	where   `embed:""`
	File    string         `arg:"" help:"File to read."`
	DryRun  bool           `help:"Only report."`
	Draft   bool           `help:"Publish nothing; what is imported becomes drafts."`
	Match   string         `help:"What an article is found by: key or question." enum:"key,question" default:"key"`
	Mode    string         `help:"What may be done: both, create or update." enum:"both,create,update" default:"both"`
	Sheet   string         `help:"Sheet of a spreadsheet; the first one by default." placeholder:"NAME"`
	Column  map[string]int `help:"What a column is, counted from 1, such as --column question=2." placeholder:"WHAT=N"`
	Heading int            `help:"Level of heading at which documents are divided, 1 to 3." default:"2"`
	JSON    bool           `name:"json" help:"Print the report as JSON."`
}

func (c articleImportCmd) options() knowledge.ImportOptions {
	o := knowledge.ImportOptions{DryRun: c.DryRun, Draft: c.Draft, Heading: c.Heading, Table: knowledge.Table{Sheet: c.Sheet}}
	if c.Match == "question" {
		o.Match = knowledge.MatchQuestion
	}
	if c.Mode != "both" {
		o.Mode = knowledge.Mode(c.Mode)
	}
	for what, n := range c.Column {
		if o.Table.Columns == nil {
			o.Table.Columns = map[string]int{}
		}
		o.Table.Columns[what] = n - 1
	}
	return o
}

// Run imports the file and says row by row what changed and what was refused. Refused rows end it with an error.
func (c articleImportCmd) Run(std streams) error {
	ctx := context.Background()
	if _, err := knowledge.FormatOf(c.File); err != nil {
		return usageError{err}
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = p.db.Close() }()
	made, report, err := knowledge.ImportFile(ctx, p.db, knowledge.Author{Name: "command line"}, filepath.Base(c.File), file, c.options())
	if err != nil {
		return fmt.Errorf("nothing is imported: %w", err)
	}
	if err := c.print(std.out, report); err != nil {
		return err
	}
	if !c.JSON && !c.DryRun && report.Added+report.Changed > 0 {
		_, err = fmt.Fprintf(std.err, "to take it back: huiyin article undo %d\n", made.ID)
	}
	if err == nil && report.Refused > 0 {
		err = fmt.Errorf("%d of %d articles were refused; mend these lines and import the file again", report.Refused, len(report.Rows))
	}
	return err
}

type articleUndoCmd struct {
	where `embed:""`
	ID    int64 `arg:"" help:"Number of the import."`
	Force bool  `help:"Also articles that were changed since."`
}

// Run undoes an import.
func (c articleUndoCmd) Run(std streams) error {
	ctx := context.Background()
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = p.db.Close() }()
	undo := knowledge.Undo{By: knowledge.Author{Name: "command line"}, Force: c.Force}
	if err := p.db.Tx(ctx, func(tx *db.Tx) error { return knowledge.BeginUndo(ctx, tx, c.ID, undo) }); err != nil {
		return err
	}
	if err := knowledge.RunUndo(ctx, p.db, c.ID, undo); err != nil {
		return err
	}
	i, err := knowledge.GetImport(ctx, p.db, c.ID)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "import %d is undone; %d articles are left because they were changed since\n", i.ID, i.Kept)
	return err
}

func (c articleImportCmd) print(out io.Writer, report knowledge.Report) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(report)
	}
	for _, row := range report.Rows {
		if row.Outcome == knowledge.Unchanged {
			continue
		}
		text := fmt.Sprintf("line %d: %s %s", row.Line, row.Outcome, row.Key)
		if row.Message != "" {
			text += fmt.Sprintf(" (%s: %s)", row.Field, row.Message)
		}
		if _, err := fmt.Fprintln(out, text); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%d added, %d changed, %d unchanged, %d refused\n", report.Added, report.Changed, report.Unchanged, report.Refused)
	return err
}

type articleExportCmd struct {
	where    `embed:""`
	File     string `arg:"" help:"File to write, ending in .csv, .xlsx, .jsonl, .zip (Markdown) or .xlf (translation)."`
	Category string `help:"Only this category and those below it."`
	Status   string `help:"Only those that are draft, published or archived." enum:",draft,published,archived" default:""`
	Tag      string `help:"Only those with this tag."`
	Source   string `help:"For translation: the language that is translated."`
	Target   string `help:"For translation: the language to fill in."`
	JSON     bool   `name:"json" help:"Print the number of articles as JSON."`
}

// Run writes the file whole or not at all.
func (c articleExportCmd) Run(std streams) error {
	ctx := context.Background()
	format, err := knowledge.FormatOf(c.File)
	if err != nil {
		return usageError{err}
	}
	if format == knowledge.ZIP {
		format = knowledge.Markdown
	}
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = p.db.Close() }()
	filter := knowledge.Filter{Category: c.Category, Status: knowledge.Status(c.Status), Tag: c.Tag}
	n, err := writeWhole(c.File, func(w io.Writer) (int, error) {
		if c.Source != "" || c.Target != "" || format == knowledge.XLIFF {
			return knowledge.ExportTranslation(ctx, p.db, filter, knowledge.Translation{Source: c.Source, Target: c.Target}, format, w)
		}
		return knowledge.ExportSome(ctx, p.db, filter, format, w)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(map[string]int{"articles": n})
	}
	_, err = fmt.Fprintf(std.out, "%d articles written to %s\n", n, c.File)
	return err
}

// writeWhole writes beside the file and puts it in place when it is complete.
func writeWhole(name string, write func(io.Writer) (int, error)) (int, error) {
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return 0, err
	}
	n, err := write(file)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = renameDurably(file.Name(), name)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return n, err
}
