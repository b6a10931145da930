package conversation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"huiyin/db"
)

// CheckFiles reads every file that a row names, and tells how many there are; one that is lost or changed is an error.
func (s *Store) CheckFiles(ctx context.Context, from db.Querier, files Files) (n int, err error) {
	return s.eachNamed(ctx, from, files.check)
}

// CopyFiles copies every file that a row names from one place to another.
func (s *Store) CopyFiles(ctx context.Context, named db.Querier, from, to Files) error {
	_, err := s.eachNamed(ctx, named, func(sum string) error {
		file, err := from.Open(sum)
		if err != nil {
			return fmt.Errorf("the file %s of an attachment: %w", sum, err)
		}
		defer file.Close()
		stored, err := to.Put(file, math.MaxInt64-1)
		if err == nil && stored.SHA256 != sum {
			err = fmt.Errorf("the file %s of an attachment holds other bytes (%s)", sum, stored.SHA256)
		}
		return err
	})
	return err
}

// eachNamed goes through the names of the files that rows name, and counts them.
func (s *Store) eachNamed(ctx context.Context, from db.Querier, do func(sum string) error) (n int, err error) {
	rows, err := from.Query(ctx, "SELECT DISTINCT sha256 FROM attachments ORDER BY sha256")
	if err != nil {
		return 0, fmt.Errorf("go through the files: %w", err)
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		var sum string
		if err := rows.Scan(&sum); err != nil {
			return n, fmt.Errorf("go through the files: %w", err)
		}
		if err := do(sum); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

func (f Files) check(sum string) error {
	file, err := f.Open(sum)
	if err != nil {
		return fmt.Errorf("the file %s of an attachment: %w", sum, err)
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return fmt.Errorf("the file %s of an attachment: %w", sum, err)
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return fmt.Errorf("the file %s of an attachment holds other bytes (%s)", sum, got)
	}
	return nil
}

// Probe writes a small file durably and takes it away again, and so tells whether files can be stored now.
func (f Files) Probe() error {
	if err := os.MkdirAll(f.Folder, 0o700); err != nil {
		return fmt.Errorf("probe the folder of files: %w", err)
	}
	path := filepath.Join(f.Folder, ".probe") // the same at every time, so that a process that dies leaves one at most
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = file.WriteString("whether files can be stored\n")
		err = errors.Join(err, file.Sync(), file.Close(), os.Remove(path))
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) { // another node took it away
		return fmt.Errorf("probe the folder of files: %w", err)
	}
	return nil
}
