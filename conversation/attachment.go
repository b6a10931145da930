package conversation

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"huiyin/db"
)

// Attachment is a file that belongs to a message. Its bytes are among the Files under their SHA-256.
type Attachment struct {
	ID                        int64
	Key                       string // unguessable name for URLs
	MessageID, ConversationID int64
	Owner                     string // who uploaded it, e.g. "visitor:ab12" or "agent:3"; ArticleFiles once an article names it
	SHA256, Name, Type        string
	Size                      int64
	Width, Height             int // of a picture
	CreatedAt                 time.Time
}

// AddAttachment stores the row of a file that was put; it is loose until a message takes it.
func (s *Store) AddAttachment(ctx context.Context, tx *db.Tx, owner, name string, f Stored) (Attachment, error) {
	a := Attachment{Key: rand.Text(), Owner: owner, SHA256: f.SHA256, Name: cleanName(name), Type: f.Type, Size: f.Size,
		Width: f.Width, Height: f.Height, CreatedAt: tx.Now}
	if err := s.stays(ctx, tx, f); err != nil {
		return Attachment{}, fmt.Errorf("store attachment: %w", err)
	}
	id, err := tx.Insert(ctx, "INSERT INTO attachments (key, owner, sha256, name, type, size, width, height, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.Key, a.Owner, a.SHA256, a.Name, a.Type, a.Size, a.Width, a.Height, db.Millis(tx.Now))
	a.ID = id
	if err != nil {
		return Attachment{}, fmt.Errorf("store attachment: %w", err)
	}
	return a, nil
}

// cleanName keeps a file's name printable, short and without a path.
func cleanName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:60]) + "…" + string(runes[len(runes)-59:])
	}
	if name == "" {
		return "file"
	}
	return name
}

const attachmentColumns = "id, key, message_id, conversation_id, owner, sha256, name, type, size, width, height, created_at"

// ArticleFiles owns the files that articles name. They belong to no message and stay.
const ArticleFiles = "article"

// KeepForArticles gives loose files of an owner to the articles, so that they are not forgotten like those that were never sent.
func (s *Store) KeepForArticles(ctx context.Context, tx *db.Tx, owner string, keys []string) error {
	for _, key := range keys {
		_, err := tx.Exec(ctx, "UPDATE attachments SET owner = ? WHERE key = ? AND owner = ? AND message_id = 0 AND conversation_id = 0", ArticleFiles, key, owner)
		if err != nil {
			return fmt.Errorf("keep file: %w", err)
		}
	}
	return nil
}

// AttachmentByKey finds an attachment by its unguessable key.
func (s *Store) AttachmentByKey(ctx context.Context, from db.Querier, key string) (Attachment, error) {
	var found []Attachment
	if utf8.ValidString(key) && !strings.ContainsRune(key, 0) { // PostgreSQL would take offence
		var err error
		if found, err = s.queryAttachments(ctx, from, "key = ?", key); err != nil {
			return Attachment{}, err
		}
	}
	if len(found) == 0 {
		return Attachment{}, fmt.Errorf("attachment: %w", ErrNotFound)
	}
	return found[0], nil
}

// PublicFile tells whether the customer may see a file that a message has taken: it is not a private note's.
func (s *Store) PublicFile(ctx context.Context, from db.Querier, a Attachment) (bool, error) {
	var private bool
	if err := from.QueryRow(ctx, "SELECT private FROM messages WHERE id = ?", a.MessageID).Scan(&private); err != nil {
		return false, fmt.Errorf("read message of attachment %d: %w", a.ID, err)
	}
	return !private, nil
}

func (s *Store) queryAttachments(ctx context.Context, from db.Querier, where string, args ...any) ([]Attachment, error) {
	rows, err := from.Query(ctx, "SELECT "+attachmentColumns+" FROM attachments WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read attachments: %w", err)
	}
	defer rows.Close()
	var found []Attachment
	for rows.Next() {
		var a Attachment
		var created int64
		if err := rows.Scan(&a.ID, &a.Key, &a.MessageID, &a.ConversationID, &a.Owner, &a.SHA256, &a.Name, &a.Type, &a.Size, &a.Width, &a.Height, &created); err != nil {
			return nil, fmt.Errorf("read attachments: %w", err)
		}
		a.CreatedAt = db.Time(created)
		found = append(found, a)
	}
	return found, rows.Err()
}

// attach gives loose attachments to a message; one that is gone or another message's refuses the message.
func (s *Store) attach(ctx context.Context, tx *db.Tx, m *Message, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	n, err := tx.Exec(ctx, "UPDATE attachments SET message_id = ?, conversation_id = ? WHERE message_id = 0 AND id IN ("+idList(ids)+")",
		m.ID, m.ConversationID)
	if err != nil {
		return fmt.Errorf("attach files: %w", err)
	}
	if int(n) != len(ids) {
		return &FieldError{"attachments", "a file is unknown or was sent already; upload it again"}
	}
	m.Attachments, err = s.queryAttachments(ctx, tx, ofMessage+" ORDER BY id", m.ID)
	if err == nil && len(m.Attachments) == 0 {
		err = ErrNotFound
	}
	return err
}

// ofMessage says that there is a message at all: SQLite uses the index, which has the others only, for nothing less.
const ofMessage = "message_id = ? AND message_id <> 0"

// ofMessages is the condition for attachments of some messages.
func ofMessages(ids []int64) (where string, args []any) {
	list, args := idMarks(ids)
	return "message_id IN (" + list + ") AND message_id <> 0", args
}

// fillAttachments adds the attachments to messages that were read.
func (s *Store) fillAttachments(ctx context.Context, from db.Querier, messages []Message) error {
	var ids []int64
	at := map[int64]int{}
	for i, m := range messages {
		if m.files {
			ids, at[m.ID] = append(ids, m.ID), i
		}
	}
	if len(ids) == 0 {
		return nil
	}
	where, args := ofMessages(ids)
	found, err := s.queryAttachments(ctx, from, where+" ORDER BY id", args...)
	for _, a := range found {
		m := &messages[at[a.MessageID]]
		m.Attachments = append(m.Attachments, a)
	}
	return err
}

// PruneAttachments forgets files that were uploaded before a time and never sent, and deletes bytes that
// nothing names any more.
func (s *Store) PruneAttachments(ctx context.Context, files Files, before time.Time) error {
	if err := s.finishLeaving(ctx, files); err != nil {
		return err
	}
	var loose []Attachment
	err := s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		loose, err = s.queryAttachments(ctx, tx, "message_id = 0 AND conversation_id = 0 AND owner <> ? AND created_at < ? LIMIT 500", ArticleFiles, db.Millis(before))
		if err != nil {
			return err
		}
		ids := make([]int64, len(loose))
		for i, a := range loose {
			ids[i] = a.ID
		}
		_, err = tx.Exec(ctx, "DELETE FROM attachments WHERE message_id = 0 AND conversation_id = 0 AND owner <> ? AND id IN ("+idList(ids)+")", ArticleFiles)
		return err
	})
	for _, a := range loose {
		if err == nil {
			err = s.removeIdle(ctx, files, a.SHA256)
		}
	}
	return err
}

// removeIdle deletes bytes unless they are named, or were put lately: their row may be under way, and would be refused.
func (s *Store) removeIdle(ctx context.Context, files Files, sum string) error {
	if files.justPut(sum) {
		return nil
	}
	return s.removeUnnamed(ctx, files, sum)
}
