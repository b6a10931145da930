package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"huiyin/db"
)

type moveCmd struct {
	Data        string `help:"Folder whose SQLite database is to move." default:"data" placeholder:"DIR"`
	Attachments string `help:"Where files are kept, if it is not in the data folder." placeholder:"DIR"`
	To          string `help:"Database to move into; it must be empty." required:"" placeholder:"postgres://…"`
	FilesTo     string `help:"Copy the files too, into the folder or s3://BUCKET/PREFIX that all nodes share." placeholder:"DIR"`
	JSON        bool   `name:"json" help:"Print JSON."`
}

// moved says what a move has brought over and compared.
type moved struct {
	Tables      int     `json:"tables"`
	Rows        int64   `json:"rows"`
	Attachments int     `json:"attachments"`
	Kept        string  `json:"kept"` // the old database, out of use
	Seconds     float64 `json:"seconds"`
}

// movedEnding is what the old database is called by once it is out of use.
const movedEnding = ".moved"

// Run moves everything from SQLite to PostgreSQL and compares both, row by row, before the old database is put out of use.
// The files stay where they are, or are copied.
func (c moveCmd) Run(std streams) error {
	began := time.Now()
	old := where{Data: c.Data, Attachments: c.Attachments}
	if err := old.there(); err != nil {
		return err
	}
	if !strings.HasPrefix(c.To, "postgres://") && !strings.HasPrefix(c.To, "postgresql://") {
		return usageError{errors.New("--to must be postgres://…; `restore` of a `backup` goes the other way")}
	}
	lock, err := lockFolder(c.Data)
	if err != nil {
		return fmt.Errorf("%w: nothing may be written while it moves", err)
	}
	defer lock.Close()
	m, err := c.move(context.Background(), old)
	if err != nil {
		return err
	}
	m.Seconds = time.Since(began).Seconds()
	if c.JSON {
		return json.NewEncoder(std.out).Encode(m)
	}
	then := ""
	if c.FilesTo != "" {
		then = ", and with --attachments as --files-to was"
	}
	_, err = fmt.Fprintf(std.out, "moved and compared: %d rows of %d tables, %d attachments; the old database is kept as %s\nServe from now on with the same --data, and with --db as --to was here%s.\n",
		m.Rows, m.Tables, m.Attachments, m.Kept, then)
	return err
}

func (c moveCmd) move(ctx context.Context, old where) (m moved, err error) {
	p, err := old.open(ctx)
	if err != nil {
		return m, err
	}
	defer func() { // the last to close writes the log into the file, which then is whole under its new name
		if err = errors.Join(err, p.db.Close()); err == nil {
			err = renameDurably(old.url(), m.Kept)
		}
	}()
	to, err := db.Open(ctx, c.To, db.Options{})
	if err != nil {
		return m, err
	}
	defer to.Close()
	empty, err := to.Empty(ctx)
	if err != nil {
		return m, err
	}
	if !empty {
		return m, errors.New("the database of --to holds tables already; give an empty one")
	}
	files, err := p.conversations.CheckFiles(ctx, p.db, p.files)
	if err != nil {
		return m, err
	}
	if err := c.copyFiles(ctx, p); err != nil {
		return m, fmt.Errorf("%w; the data in %s is untouched", err, c.Data)
	}
	if err := c.bring(ctx, p, to); err != nil {
		return m, fmt.Errorf("%w; the data in %s is untouched; empty the database of --to before the next try", err, c.Data)
	}
	if m, err = compare(ctx, p, to); err != nil {
		return m, fmt.Errorf("%w; the data in %s is untouched", err, c.Data)
	}
	m.Kept, m.Attachments = old.url()+movedEnding, files
	return m, nil
}

// copyFiles copies the files that rows name to where they are to be, and reads all of them there.
func (c moveCmd) copyFiles(ctx context.Context, p *parts) error {
	if c.FilesTo == "" {
		return nil
	}
	to, err := where{Data: c.Data, Attachments: c.FilesTo}.files()
	if err != nil {
		return err
	}
	if err := p.conversations.CopyFiles(ctx, p.db, p.files, to); err != nil {
		return err
	}
	_, err = p.conversations.CheckFiles(ctx, p.db, to)
	return err
}

// bring copies the rows by way of files, because all tables are of one moment and go in together.
func (c moveCmd) bring(ctx context.Context, p *parts, to *db.DB) error {
	folder, err := os.MkdirTemp(c.Data, ".move-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	tables, err := dumpInto(ctx, p.db, folder)
	if err != nil {
		return err
	}
	versions, err := p.db.Versions(ctx, migrations()...)
	if err != nil {
		return err
	}
	if err := errors.Join(to.BeginRestore(ctx), to.MigrateTo(ctx, versions, migrations()...)); err != nil {
		return err
	}
	return to.Restore(ctx, tables, func(table string) (io.ReadCloser, error) { return os.Open(filepath.Join(folder, table)) })
}

func dumpInto(ctx context.Context, d *db.DB, folder string) ([]db.TableDump, error) {
	var file *os.File
	var text *bufio.Writer
	end := func() error {
		if file == nil {
			return nil
		}
		return errors.Join(text.Flush(), file.Close())
	}
	tables, err := d.Dump(ctx, func(table string) (io.Writer, error) {
		if err := end(); err != nil {
			return nil, err
		}
		var err error
		file, err = os.OpenFile(filepath.Join(folder, table), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		text = bufio.NewWriterSize(file, 1<<16)
		return text, err
	})
	return tables, errors.Join(err, end())
}

// compare reads both databases whole.
func compare(ctx context.Context, p *parts, to *db.DB) (m moved, err error) {
	ours, err := p.db.Digests(ctx)
	if err != nil {
		return m, err
	}
	theirs, err := to.Digests(ctx)
	if err != nil {
		return m, err
	}
	for _, table := range slices.Sorted(maps.Keys(ours)) {
		if theirs[table] != ours[table] {
			return m, fmt.Errorf("the table %s differs after the move: %d rows here, %d there", table, ours[table].Rows, theirs[table].Rows)
		}
		m.Rows += ours[table].Rows
	}
	m.Tables = len(ours)
	return m, nil
}
