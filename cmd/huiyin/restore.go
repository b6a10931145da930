package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
)

type restoreCmd struct {
	where `embed:""`
	File  string `arg:"" help:"Backup to restore."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run restores a backup into a data folder and database that hold nothing yet.
func (c restoreCmd) Run(std streams) error {
	ctx := context.Background()
	z, err := zip.OpenReader(c.File)
	if err != nil {
		return fmt.Errorf("open the backup %s: %w", c.File, err)
	}
	defer z.Close()
	m, err := readManifest(z)
	if err != nil {
		return err
	}
	lock, err := lockFolder(c.Data)
	if err != nil {
		return err
	}
	defer lock.Close()
	d, err := db.Open(ctx, c.url(), db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := c.restore(ctx, d, z, m); err != nil {
		return c.begun(err)
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(m)
	}
	_, err = fmt.Fprintf(std.out, "restored %s of %s: %d tables, %d attachments\n", c.File, m.At.Format("2006-01-02 15:04:05Z07:00"), len(m.Tables), m.Attachments)
	if err == nil && !m.Key && !exists(filepath.Join(c.Data, "secret.key")) {
		_, err = fmt.Fprintf(std.out, "The backup has no secret.key: put yours into %s before serving, or set the inboxes' secrets again.\n", c.Data)
	}
	return err
}

func (c restoreCmd) restore(ctx context.Context, d *db.DB, z *zip.ReadCloser, m manifest) error {
	empty, err := d.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return errors.Join(d.Whole(ctx), errHoldsData)
	}
	if err := d.BeginRestore(ctx); err != nil {
		return err
	}
	if err := c.unpack(z); err != nil {
		return fmt.Errorf("restore files: %w", err)
	}
	if err := d.MigrateTo(ctx, m.Versions, migrations()...); err != nil {
		return err
	}
	if err := d.Restore(ctx, m.Tables, func(table string) (io.ReadCloser, error) { return z.Open("tables/" + table + ".jsonl") }); err != nil {
		return err
	}
	return d.Migrate(ctx, migrations()...)
}

// errHoldsData refuses to restore over data.
var errHoldsData = errors.New("the database holds data already; restore into an empty folder (--data) or database (--db)")

// begun says what a failed restore may have left behind.
func (c restoreCmd) begun(err error) error {
	if errors.Is(err, db.ErrBrokenOff) {
		err = db.ErrBrokenOff
	} else if errors.Is(err, errHoldsData) {
		return err
	}
	left := "the folder " + c.Data
	if c.DB != "" {
		left += " and empty the database"
	}
	return fmt.Errorf("%w; before the next try remove %s: it holds a part of the backup", err, left)
}

func readManifest(z *zip.ReadCloser) (m manifest, err error) {
	f, err := z.Open("manifest.json")
	if err != nil {
		return m, errors.New("this is no backup of huiyin: it has no manifest.json")
	}
	defer f.Close()
	if err := json.NewDecoder(f).Decode(&m); err != nil || m.Product != backupProduct {
		return m, errors.New("this is no backup of huiyin: its manifest cannot be read")
	}
	if m.Format > backupFormat {
		return m, errors.New("this backup was made by a newer version; restore it with that version")
	}
	return m, nil
}

// unpack keeps the attachments, each only under the name that its bytes have, and writes the key.
func (c restoreCmd) unpack(z *zip.ReadCloser) error {
	files, err := c.files()
	if err != nil {
		return err
	}
	for _, f := range z.File {
		switch {
		case f.Name == "secret.key":
			err = unpackKey(filepath.Join(c.Data, "secret.key"), f)
		case strings.HasPrefix(f.Name, "attachments/") && !strings.HasSuffix(f.Name, "/"):
			err = unpackFile(files, f)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return syncFolder(c.Data)
}

func unpackFile(files conversation.Files, f *zip.File) error {
	from, err := f.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	stored, err := files.Put(from, math.MaxInt64-1)
	if err == nil && stored.SHA256 != path.Base(f.Name) {
		err = errors.New("it is damaged: its bytes have another SHA-256")
	}
	return err
}

func unpackKey(to string, f *zip.File) error {
	from, err := f.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Sync(), file.Close())
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
