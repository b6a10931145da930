package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"huiyin/conversation"
	"huiyin/conversation/bucket"
)

// files is where attachments are kept: in a folder, or in a bucket.
func (w where) files() (conversation.Files, error) {
	if w.Attachments == "" {
		return conversation.Files{Folder: filepath.Join(w.Data, "attachments")}, nil
	}
	if !strings.HasPrefix(w.Attachments, bucket.Scheme) {
		if strings.Contains(w.Attachments, "://") {
			return conversation.Files{}, usageError{errors.New("--attachments is a folder, or " + bucket.Scheme + "BUCKET/PREFIX")}
		}
		return conversation.Files{Folder: w.Attachments}, nil
	}
	at, err := bucket.Parse(w.Attachments, os.Getenv)
	if err != nil {
		return conversation.Files{}, usageError{fmt.Errorf("--attachments: %w", err)}
	}
	gathering := filepath.Join(w.Data, "incoming")
	b, err := bucket.Open(at, gathering)
	if err != nil {
		return conversation.Files{}, usageError{fmt.Errorf("--attachments: %w", err)}
	}
	return conversation.Files{Folder: gathering, Away: b}, nil
}

// checkFiles refuses to serve with a bucket that will never take a file. One that is away for now is waited for.
func checkFiles(files conversation.Files, log *slog.Logger) error {
	b, ok := files.Away.(*bucket.Bucket)
	if !ok {
		return nil
	}
	err := b.Check()
	if errors.Is(err, bucket.ErrRefused) {
		return fmt.Errorf("--attachments: %w; mend its address, key or rights: it must let us read, write, list and delete", err)
	}
	if err != nil {
		log.Warn("the store of files is away; messages go on, files wait for it", "error", err)
	}
	return nil
}

// stopFiles ends what is under way to a bucket, so that nobody waits for it any more.
func stopFiles(files conversation.Files) {
	if b, ok := files.Away.(*bucket.Bucket); ok {
		b.Stop()
	}
}
