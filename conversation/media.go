package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"huiyin/db"
)

// Media is a file that the provider of a channel holds for a while.
type Media struct {
	Ref  string // the provider's name of it
	Kind string // image, voice, video or file
	Name string
	Type string // media type, where the provider tells
}

// MediaState is what is known of a file that is not here: it is being fetched, or was given up for a reason.
type MediaState struct {
	Kind   string `json:"kind"`
	Name   string `json:"name,omitempty"`
	Reason string `json:"reason,omitempty"`
	Done   bool   `json:"done,omitempty"` // it is among the attachments
}

// MediaQueue are the files that are still to be fetched from providers.
func MediaQueue() db.Queue { return db.Queue{Table: "media"} }

// Errand is a claimed file to fetch.
type Errand struct {
	Lease     db.Lease
	Media     Media
	MessageID int64
	Inbox     Inbox
	place     int
}

// announce queues the files of a message to be fetched.
func (s *Store) announce(ctx context.Context, tx *db.Tx, m Message, files []Media) error {
	for i, f := range files {
		_, err := tx.Exec(ctx, "INSERT INTO media (message_id, inbox_id, place, ref, kind, name, type, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			m.ID, m.InboxID, i, f.Ref, f.Kind, cleanName(f.Name), f.Type, db.Millis(tx.Now))
		if err != nil {
			return fmt.Errorf("announce file: %w", err)
		}
	}
	return nil
}

// Errands loads claimed files.
func (s *Store) Errands(ctx context.Context, from db.Querier, leases []db.Lease) ([]Errand, error) {
	var errands []Errand
	for _, l := range leases {
		e := Errand{Lease: l}
		var inbox int64
		row := from.QueryRow(ctx, "SELECT message_id, inbox_id, place, ref, kind, name, type FROM media WHERE id = ?", l.ID)
		if err := row.Scan(&e.MessageID, &inbox, &e.place, &e.Media.Ref, &e.Media.Kind, &e.Media.Name, &e.Media.Type); err != nil {
			return nil, fmt.Errorf("load file %d: %w", l.ID, err)
		}
		found, err := s.queryInboxes(ctx, from, "id = ?", inbox)
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("load inbox of file %d: %w", l.ID, orNotFound(err))
		}
		e.Inbox = found[0]
		errands = append(errands, e)
	}
	return errands, nil
}

// Fetched gives a fetched file to its message.
func (s *Store) Fetched(ctx context.Context, tx *db.Tx, e Errand, name string, f Stored) error {
	if err := MediaQueue().Finish(ctx, tx, e.Lease, time.Time{}); err != nil {
		return err
	}
	a, err := s.AddAttachment(ctx, tx, "provider", name, f)
	if err != nil {
		return err
	}
	m, err := s.messageOf(ctx, tx, e)
	if err != nil {
		return err
	}
	if err := s.attach(ctx, tx, &m, []int64{a.ID}); err != nil {
		return err
	}
	return s.tellMedia(ctx, tx, m, e.place, func(state *MediaState) { state.Done = true })
}

// FetchLater puts a file back until the time given.
func (s *Store) FetchLater(ctx context.Context, tx *db.Tx, e Errand, at time.Time) error {
	return MediaQueue().Finish(ctx, tx, e.Lease, at)
}

// FetchFailed gives a file up, with the reason in words for the agent.
func (s *Store) FetchFailed(ctx context.Context, tx *db.Tx, e Errand, reason string) error {
	if err := MediaQueue().Finish(ctx, tx, e.Lease, time.Time{}); err != nil {
		return err
	}
	m, err := s.messageOf(ctx, tx, e)
	if err != nil {
		return err
	}
	return s.tellMedia(ctx, tx, m, e.place, func(state *MediaState) { state.Reason = reason })
}

func (s *Store) messageOf(ctx context.Context, tx *db.Tx, e Errand) (Message, error) {
	found, err := s.queryMessages(ctx, tx, "WHERE m.id = ?"+tx.ForUpdate(), e.MessageID)
	if err != nil || len(found) == 0 {
		return Message{}, fmt.Errorf("load message of file: %w", orNotFound(err))
	}
	return found[0], nil
}

func (s *Store) tellMedia(ctx context.Context, tx *db.Tx, m Message, place int, change func(*MediaState)) error {
	if place < len(m.Content.Media) {
		change(&m.Content.Media[place])
	}
	content, err := json.Marshal(m.Content)
	if err != nil {
		return fmt.Errorf("note file: %w", err)
	}
	if _, err := tx.Exec(ctx, "UPDATE messages SET content = ? WHERE id = ?", string(content), m.ID); err != nil {
		return fmt.Errorf("note file: %w", err)
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: m.ConversationID, Seq: m.Seq})
	return nil
}
