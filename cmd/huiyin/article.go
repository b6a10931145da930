package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"huiyin/knowledge"
)

// articleCmd moves articles in and out of the knowledge base. A running node sees the change within a second.
type articleCmd struct {
	Import articleImportCmd `cmd:"" help:"Add and change articles from a CSV or JSONL file."`
	Export articleExportCmd `cmd:"" help:"Write every article to a CSV or JSONL file."`
}

type articleImportCmd struct {
	where `embed:""`
	File  string `arg:"" help:"File to read, ending in .csv or .jsonl."`
	JSON  bool   `name:"json" help:"Print the report as JSON."`
}

// Run imports the file and says row by row what changed and what was refused. Refused rows end it with an error.
func (c articleImportCmd) Run(std streams) error {
	ctx := context.Background()
	format, err := knowledge.FormatOf(c.File)
	if err != nil {
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
	report, err := knowledge.Import(ctx, p.db, knowledge.Author{Name: "command line"}, format, file)
	if printed := c.print(std.out, report); err == nil {
		err = printed
	}
	if err == nil && report.Refused > 0 {
		err = fmt.Errorf("%d of %d articles were refused; mend these lines and import the file again", report.Refused, len(report.Rows))
	}
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
	where `embed:""`
	File  string `arg:"" help:"File to write, ending in .csv or .jsonl."`
	JSON  bool   `name:"json" help:"Print the number of articles as JSON."`
}

// Run writes the file whole or not at all.
func (c articleExportCmd) Run(std streams) error {
	ctx := context.Background()
	format, err := knowledge.FormatOf(c.File)
	if err != nil {
		return usageError{err}
	}
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = p.db.Close() }()
	n, err := writeWhole(c.File, func(w io.Writer) (int, error) { return knowledge.Export(ctx, p.db, format, w) })
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
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return n, err
}
