package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"huiyin/admin"
	"huiyin/admin/reports"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/mirror"
	"huiyin/handoff/slack"
	"huiyin/handoff/wecom"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
	"huiyin/knowledge/golden"
	"huiyin/knowledge/help"
)

// parts are what every command that touches data works with.
type parts struct {
	db            *db.DB
	conversations *conversation.Store
	files         conversation.Files
	vault         *channels.Vault
}

// migrations are all tables, in the order in which they are made.
func migrations() []db.Migrations {
	return []db.Migrations{conversation.Migrations(), knowledge.Migrations(), golden.Migrations(), handoff.Migrations(), admin.Migrations(), reports.Migrations(), gaps.Migrations(), mirror.Migrations(), slack.Migrations(), wecom.Migrations(), help.Migrations()}
}

// open opens the data and brings it forward.
func (w where) open(ctx context.Context) (*parts, error) { return w.openWith(ctx, db.Options{}) }

func (w where) openWith(ctx context.Context, options db.Options) (*parts, error) {
	if err := os.MkdirAll(w.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	key, err := secretKey(filepath.Join(w.Data, "secret.key"))
	if err != nil {
		return nil, err
	}
	vault, err := channels.NewVault(key)
	if err != nil {
		return nil, err
	}
	files, err := w.files()
	if err != nil {
		return nil, err
	}
	options.Now, options.ServerTime = w.now, true
	d, err := db.Open(ctx, w.url(), options)
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx, migrations()...); err != nil {
		return nil, errors.Join(w.advise(err), d.Close())
	}
	store := &conversation.Store{DB: d, CodeKey: vault.Key("contact codes")}
	files.Rows = store
	return &parts{db: d, conversations: store, vault: vault, files: files}, nil
}

// advise says what to do about a database that a restore has begun to fill.
func (w where) advise(err error) error {
	if !errors.Is(err, db.ErrBrokenOff) {
		return err
	}
	if w.DB != "" {
		return fmt.Errorf("%w; it holds a part of a backup: empty it and restore again", err)
	}
	return fmt.Errorf("%w; it holds a part of a backup: remove the folder %s and restore again", err, w.Data)
}

func (w where) url() string {
	if w.DB != "" {
		return w.DB
	}
	return filepath.Join(w.Data, "huiyin.db")
}

// secretKey reads the key that seals secrets, and makes it at the first start. HUIYIN_SECRET_KEY, the same
// 64 hexadecimal digits on every node, goes before the file.
func secretKey(path string) ([]byte, error) {
	text := os.Getenv("HUIYIN_SECRET_KEY")
	if text == "" {
		content, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return makeSecretKey(path)
		}
		if err != nil {
			return nil, fmt.Errorf("read the secret key: %w", err)
		}
		text = string(content)
	}
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("the secret key must be 64 hexadecimal digits; mend HUIYIN_SECRET_KEY or %s", path)
	}
	return key, nil
}

func makeSecretKey(path string) ([]byte, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".secret-*")
	if err != nil {
		return nil, fmt.Errorf("make the secret key: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, fmt.Errorf("make the secret key: %w", err)
	}
	// A link is there whole or not at all, and never takes the place of a key that another process has just made.
	if err = os.Link(file.Name(), path); errors.Is(err, os.ErrExist) {
		return secretKey(path)
	} else if err != nil {
		err = os.Rename(file.Name(), path) // a file system without links
	}
	if err != nil {
		return nil, fmt.Errorf("make the secret key: %w", err)
	}
	return key, syncFolder(filepath.Dir(path))
}
