package conversation

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"huiyin/db"
)

// Talk is a conversation of which is told what was said and decided in it, without the words: what the quality of answers is measured
// from.
type Talk struct {
	ID, InboxID, TeamID, ContactID int64
	Status                         Status
	Rating                         Rating // Score 0: none
}

// Said is one message or activity line of a talk. Of its content only what tells what happened is sure to be there.
type Said struct {
	MessageID, Seq int64
	At             time.Time
	Sender         Sender
	AgentID        int64
	Private        bool
	Helpful        *bool
	Wrong          bool // a person has marked it as a wrong answer
	Letters        int  // how long its text is
	Content        Content
	Explanation    string
}

// Event tells whether it is news of the customer's and no message.
func (s Said) Event() bool { return Step{Sender: s.Sender, Content: s.Content}.Event() }

// EachTalk hands on some conversations in the order of their ids, each with what was said in it; those that are gone are left out. One
// message after the other is read from the database: what the bot decided is long, and those of many conversations would fill the
// memory. What each leaves unread is skipped.
func (s *Store) EachTalk(ctx context.Context, from db.Querier, ids []int64, each func(t Talk, said iter.Seq[Said])) error {
	talks, err := s.talks(ctx, from, ids)
	if err != nil {
		return err
	}
	ratings, err := s.Ratings(ctx, from, ids)
	if err != nil {
		return err
	}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, selectSaid+list+") ORDER BY m.conversation_id, m.seq", args...)
	if err != nil {
		return fmt.Errorf("read what was said: %w", err)
	}
	defer rows.Close()
	all := reading{rows: rows}
	all.next()
	for _, t := range talks {
		t.Rating = ratings[t.ID]
		each(t, all.of(t.ID))
		if all.err != nil {
			return all.err
		}
	}
	return rows.Err()
}

// reading is a place among what was said in conversations, in the order of their ids.
type reading struct {
	rows *sql.Rows
	more bool // id and one are the next that was said
	id   int64
	one  Said
	err  error
}

// of goes through what was said in one conversation.
func (r *reading) of(id int64) iter.Seq[Said] {
	return func(yield func(Said) bool) {
		for ; r.more && r.id <= id; r.next() {
			if r.id == id && !yield(r.one) {
				return
			}
		}
	}
}

func (r *reading) next() {
	var created int64
	var content string
	r.one = Said{}
	if r.more = r.err == nil && r.rows.Next(); !r.more {
		return
	}
	r.err = r.rows.Scan(&r.id, &r.one.MessageID, &r.one.Seq, &created, &r.one.Sender, &r.one.AgentID, &r.one.Private, &r.one.Helpful, &r.one.Letters, &content,
		&r.one.Explanation, &r.one.Wrong)
	if r.err == nil {
		r.one.At = db.Time(created)
		r.one.Content, r.err = told(content)
	}
	if r.err != nil {
		r.more, r.err = false, fmt.Errorf("read what was said in conversation %d: %w", r.id, r.err)
	}
}

func (s *Store) talks(ctx context.Context, from db.Querier, ids []int64) (talks []Talk, err error) {
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT id, inbox_id, team_id, contact_id, status FROM conversations WHERE id IN ("+list+") ORDER BY id", args...)
	if err != nil {
		return nil, fmt.Errorf("read talks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Talk
		if err := rows.Scan(&t.ID, &t.InboxID, &t.TeamID, &t.ContactID, &t.Status); err != nil {
			return nil, fmt.Errorf("read talks: %w", err)
		}
		talks = append(talks, t)
	}
	return talks, rows.Err()
}

const selectSaid = `SELECT m.conversation_id, m.id, m.seq, m.created_at, m.sender, m.agent_id, m.private, m.helpful, LENGTH(m.text), m.content, m.explanation,
 CASE WHEN m.sender = 'bot' AND EXISTS (SELECT 1 FROM answer_marks k WHERE k.message_id = m.id) THEN 1 ELSE 0 END
 FROM messages m WHERE m.conversation_id IN (`

// Words are the words of one message, with where it stands.
type Words struct {
	MessageID, ConversationID, Seq int64
	ContactID                      int64
	Text                           string
}

// WordsOf reads the words of messages by id; those that are gone are missing.
func (s *Store) WordsOf(ctx context.Context, from db.Querier, ids []int64) (map[int64]Words, error) {
	found := make(map[int64]Words, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT m.id, m.conversation_id, m.seq, c.contact_id, m.text FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.id IN ("+list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read words: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var w Words
		if err := rows.Scan(&w.MessageID, &w.ConversationID, &w.Seq, &w.ContactID, &w.Text); err != nil {
			return nil, fmt.Errorf("read words: %w", err)
		}
		found[w.MessageID] = w
	}
	return found, rows.Err()
}
