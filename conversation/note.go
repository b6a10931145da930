package conversation

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/db"
)

// Note is what a colleague wrote down about a contact; customers never see it.
type Note struct {
	ID, ContactID, AgentID int64 // who wrote it; 0: brought in
	Text                   string
	CreatedAt, UpdatedAt   time.Time
	UpdatedBy              int64
	Versions               []NoteVersion // what it said before, newest first
}

// NoteVersion is what a note said until it was changed.
type NoteVersion struct {
	AgentID int64 // who changed it
	Text    string
	At      time.Time
}

const maxNote = 5000

func cleanNote(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > maxNote {
		return "", &FieldError{"text", "write up to 5000 characters"}
	}
	return text, nil
}

// AddNote keeps a note on a contact. The note belongs to the contact it is about: when that was merged with another, give
// the contact behind the conversation (Identity.HomeID), so that taking the merge back leaves the note where it belongs.
func (s *Store) AddNote(ctx context.Context, tx *db.Tx, contactID, agentID int64, text string) (Note, error) {
	text, err := cleanNote(text)
	if err != nil {
		return Note{}, err
	}
	n := Note{ContactID: contactID, AgentID: agentID, Text: text, CreatedAt: tx.Now, UpdatedAt: tx.Now, UpdatedBy: agentID}
	n.ID, err = tx.Insert(ctx, "INSERT INTO contact_notes (contact_id, agent_id, text, created_at, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?)",
		contactID, agentID, text, db.Millis(tx.Now), db.Millis(tx.Now), agentID)
	return n, wrap("add note", err)
}

// ChangeNote gives a note of a contact another text and keeps what it said before.
func (s *Store) ChangeNote(ctx context.Context, tx *db.Tx, contactID, id, agentID int64, text string) error {
	text, err := cleanNote(text)
	if err != nil {
		return err
	}
	if err := s.keepNote(ctx, tx, contactID, id, agentID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE contact_notes SET text = ?, updated_at = ?, updated_by = ? WHERE id = ?", text, db.Millis(tx.Now), agentID, id)
	return wrap("change note", err)
}

// RemoveNote takes a note of a contact away. Its text stays in its history, which nobody but the audit sees.
func (s *Store) RemoveNote(ctx context.Context, tx *db.Tx, contactID, id, agentID int64) error {
	if err := s.keepNote(ctx, tx, contactID, id, agentID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE contact_notes SET deleted_at = ?, updated_by = ? WHERE id = ?", db.Millis(tx.Now), agentID, id)
	return wrap("remove note", err)
}

func (s *Store) keepNote(ctx context.Context, tx *db.Tx, contactID, id, agentID int64) error {
	ids, err := s.group(ctx, tx, contactID)
	if err != nil {
		return err
	}
	list, args := idMarks(ids)
	n, err := tx.Exec(ctx, `INSERT INTO contact_note_versions (note_id, agent_id, text, at)
 SELECT id, ?, text, ? FROM contact_notes WHERE id = ? AND deleted_at = 0 AND contact_id IN (`+list+")",
		append([]any{agentID, db.Millis(tx.Now), id}, args...)...)
	if err != nil {
		return fmt.Errorf("keep note's history: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("note %d: %w", id, ErrNotFound)
	}
	return nil
}

// notesShown bounds the notes of a contact that are read.
const notesShown = 200

// Notes reads the notes on a contact and on those merged into it, newest first, each with its history.
func (s *Store) Notes(ctx context.Context, from db.Querier, contactID int64) ([]Note, error) {
	ids, err := s.group(ctx, from, contactID)
	if err != nil {
		return nil, err
	}
	list, args := idMarks(ids)
	found, err := s.queryNotes(ctx, from, "contact_id IN ("+list+") AND deleted_at = 0 ORDER BY created_at DESC, id DESC LIMIT ?", append(args, notesShown)...)
	if err != nil || len(found) == 0 {
		return found, err
	}
	return found, s.fillVersions(ctx, from, found)
}

func (s *Store) queryNotes(ctx context.Context, from db.Querier, where string, args ...any) ([]Note, error) {
	rows, err := from.Query(ctx, "SELECT id, contact_id, agent_id, text, created_at, updated_at, updated_by FROM contact_notes WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	defer rows.Close()
	var found []Note
	for rows.Next() {
		var n Note
		var created, updated int64
		if err := rows.Scan(&n.ID, &n.ContactID, &n.AgentID, &n.Text, &created, &updated, &n.UpdatedBy); err != nil {
			return nil, fmt.Errorf("read notes: %w", err)
		}
		n.CreatedAt, n.UpdatedAt = db.Time(created), db.Time(updated)
		found = append(found, n)
	}
	return found, rows.Err()
}

func (s *Store) fillVersions(ctx context.Context, from db.Querier, notes []Note) error {
	at := map[int64]int{}
	ids := make([]int64, len(notes))
	for i, n := range notes {
		at[n.ID], ids[i] = i, n.ID
	}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT note_id, agent_id, text, at FROM contact_note_versions WHERE note_id IN ("+list+") ORDER BY id DESC", args...)
	if err != nil {
		return fmt.Errorf("read notes' history: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v NoteVersion
		var note, when int64
		if err := rows.Scan(&note, &v.AgentID, &v.Text, &when); err != nil {
			return fmt.Errorf("read notes' history: %w", err)
		}
		v.At = db.Time(when)
		n := &notes[at[note]]
		n.Versions = append(n.Versions, v)
	}
	return rows.Err()
}
