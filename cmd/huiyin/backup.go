package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

type backupCmd struct {
	where   `embed:""`
	File    string `arg:"" help:"File to write, by custom ending in .zip."`
	WithKey bool   `help:"Put secret.key into the backup too; without it, keep that file yourself."`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// manifest says what a backup holds.
type manifest struct {
	Product     string         `json:"product"`
	Format      int            `json:"format"`
	At          time.Time      `json:"at"`
	Versions    db.Versions    `json:"versions"`
	Tables      []db.TableDump `json:"tables"`
	Attachments int            `json:"attachments"`
	Key         bool           `json:"key"`
}

const (
	backupProduct = "huiyin"
	backupFormat  = 1
)

// Run writes a backup of everything while the server may go on running.
func (c backupCmd) Run(std streams) error {
	ctx := context.Background()
	if err := c.there(); err != nil {
		return err
	}
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.db.Close()
	m, err := c.write(ctx, p)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(m)
	}
	rows := int64(0)
	for _, t := range m.Tables {
		rows += t.Rows
	}
	_, err = fmt.Fprintf(std.out, "%s: %d rows of %d tables, %d attachments\n", c.File, rows, len(m.Tables), m.Attachments)
	return err
}

// write makes the file under another name first, so that there is never half a backup under its own.
func (c backupCmd) write(ctx context.Context, p *parts) (m manifest, err error) {
	file, err := os.CreateTemp(filepath.Dir(c.File), ".backup-*")
	if err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	z := zip.NewWriter(file)
	m, err = c.fill(ctx, p, z)
	err = errors.Join(err, z.Close(), file.Sync(), file.Close())
	if err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	return m, renameDurably(file.Name(), c.File)
}

func (c backupCmd) fill(ctx context.Context, p *parts, z *zip.Writer) (manifest, error) {
	m := manifest{Product: backupProduct, Format: backupFormat, At: p.db.Now(), Key: c.WithKey}
	var err error
	if m.Versions, err = p.db.Versions(ctx, migrations()...); err != nil {
		return m, err
	}
	m.Tables, err = p.db.Dump(ctx, func(table string) (io.Writer, error) { return z.Create("tables/" + table + ".jsonl") })
	if err != nil {
		return m, err
	}
	// Files are never changed and only ever added before the rows that name them, so copying them after the
	// rows leaves none out.
	if m.Attachments, err = copyAttachments(p.files, z); err != nil {
		return m, err
	}
	if c.WithKey {
		if err := copyIn(z, "secret.key", filepath.Join(c.Data, "secret.key")); err != nil {
			return m, err
		}
	}
	w, err := z.Create("manifest.json")
	if err != nil {
		return m, err
	}
	return m, json.NewEncoder(w).Encode(m)
}

func copyAttachments(files conversation.Files, z *zip.Writer) (n int, err error) {
	err = files.Each(func(sum string) error {
		from, err := files.Open(sum)
		if errors.Is(err, conversation.ErrNotFound) {
			return nil // no row names it any more, and it was removed just now
		}
		if err != nil {
			return err
		}
		defer from.Close()
		to, err := z.Create("attachments/" + sum[:2] + "/" + sum[2:4] + "/" + sum)
		if err != nil {
			return err
		}
		n++
		_, err = io.Copy(to, from)
		return err
	})
	return n, err
}

func copyIn(z *zip.Writer, name, path string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}
