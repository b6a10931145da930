package conversation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"huiyin/db"
)

// File is a file that arrives with a message, its bytes with it.
type File struct {
	Name      string
	ContentID string // by which the message's HTML shows it
	Body      func() io.Reader
	// Until is set for the whole message as it came: it is no attachment of the customer's, and is kept so long.
	Until  time.Time
	Stored Stored // once its bytes are kept
}

// typeOriginal is the media type of a mail as it came (RFC 2046 section 5.2.1).
const typeOriginal = "message/rfc822"

// bringFiles makes attachments of the files whose bytes are kept.
func (s *Store) bringFiles(ctx context.Context, tx *db.Tx, in *Incoming) error {
	if len(in.Files) == 0 {
		return nil
	}
	ids, mail := append([]int64(nil), in.Attachments...), Mail{}
	if in.Mail != nil {
		mail = *in.Mail
	}
	mail.Inline = maps.Clone(mail.Inline)
	for _, f := range in.Files {
		if !f.Until.IsZero() {
			f.Stored.Type, f.Stored.Width, f.Stored.Height = typeOriginal, 0, 0
		}
		a, err := s.AddAttachment(ctx, tx, "provider", f.Name, f.Stored)
		if err != nil {
			return err
		}
		ids = append(ids, a.ID)
		if f.ContentID != "" && !slices.Contains([]string{"automatic", "rating", "consent", "activity", "elsewhere"}, f.ContentID) { // names that isEvent and its like look for
			if mail.Inline == nil {
				mail.Inline = map[string]string{}
			}
			mail.Inline[f.ContentID] = a.Key
		}
		if f.Until.IsZero() {
			continue
		}
		mail.RawID = a.ID
		if _, err := tx.Exec(ctx, "INSERT INTO kept_originals (attachment_id, until) VALUES (?, ?)", a.ID, db.Millis(f.Until)); err != nil {
			return fmt.Errorf("keep original: %w", err)
		}
	}
	in.Attachments = ids
	if in.Mail != nil {
		in.Mail = &mail
	}
	return nil
}

// Known tells whether a message of a source is stored, so that its files need not be.
func (s *Store) Known(ctx context.Context, from db.Querier, inboxID int64, sourceID string) (bool, error) {
	var one int
	err := from.QueryRow(ctx, "SELECT 1 FROM messages m WHERE "+ofSource, inboxID, sourceID).Scan(&one)
	if db.NoRows(err) {
		return false, nil
	}
	return err == nil, wrap("look for message", err)
}

// originalsBatch is how many originals are removed in one transaction.
const originalsBatch = 500

// PruneOriginals removes the messages as they came whose time is over, all of them: how long they are kept was promised.
func (s *Store) PruneOriginals(ctx context.Context, files Files) error {
	for {
		more, err := s.pruneOriginals(ctx, files)
		if err != nil || !more {
			return err
		}
	}
}

func (s *Store) pruneOriginals(ctx context.Context, files Files) (more bool, err error) {
	var gone []Attachment
	err = s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		ids, err := s.ids(ctx, tx, "SELECT attachment_id FROM kept_originals WHERE until < ? ORDER BY until LIMIT ?", db.Millis(tx.Now), originalsBatch)
		if more = len(ids) == originalsBatch; err != nil || len(ids) == 0 {
			gone = nil
			return err
		}
		if gone, err = s.queryAttachments(ctx, tx, "id IN ("+idList(ids)+")"); err != nil {
			return err
		}
		for _, query := range []string{"DELETE FROM attachments WHERE id IN (", "DELETE FROM kept_originals WHERE attachment_id IN ("} {
			if _, err := tx.Exec(ctx, query+idList(ids)+")"); err != nil {
				return fmt.Errorf("remove originals: %w", err)
			}
		}
		return nil
	})
	for _, a := range gone {
		if err == nil {
			err = s.removeIdle(ctx, files, a.SHA256)
		}
	}
	return more, err
}

// storeIncoming stores a message and what comes with it.
func (s *Store) storeIncoming(ctx context.Context, tx *db.Tx, c *Conversation, in Incoming) (Message, error) {
	if err := s.bringFiles(ctx, tx, &in); err != nil {
		return Message{}, err
	}
	m := c.message(tx, in)
	err := s.insertMessage(ctx, tx, &m, time.Time{})
	if in.Thread != nil && errors.Is(err, errDuplicate) {
		err = errCollided // a repeat would have been refused before
	}
	if err != nil {
		return Message{}, err
	}
	if err := s.attach(ctx, tx, &m, in.Attachments); err != nil {
		return Message{}, err
	}
	if err := s.keepOriginal(ctx, tx, m, in); err != nil {
		return Message{}, err
	}
	if err := s.remember(ctx, tx, c, m, in); err != nil {
		return Message{}, err
	}
	return m, s.follow(ctx, tx, c.IdentityID, m, in)
}

// Collided tells whether err says that another transaction was at the same rows, so that all of it may be tried again.
func Collided(err error) bool { return db.IsUnique(err) || errors.Is(err, errCollided) }
