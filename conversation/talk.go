package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Talk is what was said and decided in a conversation, without the words: what the quality of answers is measured from.
type Talk struct {
	ID, InboxID, TeamID, ContactID int64
	Status                         Status
	Said                           []Said
	Rating                         Rating // Score 0: none
}

// Said is one message or activity line of a talk.
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

// Talks reads what was said in some conversations, in the order of their ids; those that are gone are missing.
func (s *Store) Talks(ctx context.Context, from db.Querier, ids []int64) ([]Talk, error) {
	talks, at, err := s.talks(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	err = s.said(ctx, from, ids, func(id int64, one Said) {
		if i, ok := at[id]; ok {
			talks[i].Said = append(talks[i].Said, one)
		}
	})
	if err != nil {
		return nil, err
	}
	ratings, err := s.Ratings(ctx, from, ids)
	for i := range talks {
		talks[i].Rating = ratings[talks[i].ID]
	}
	return talks, err
}

func (s *Store) talks(ctx context.Context, from db.Querier, ids []int64) (talks []Talk, at map[int64]int, err error) {
	at = map[int64]int{}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT id, inbox_id, team_id, contact_id, status FROM conversations WHERE id IN ("+list+") ORDER BY id", args...)
	if err != nil {
		return nil, nil, fmt.Errorf("read talks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Talk
		if err := rows.Scan(&t.ID, &t.InboxID, &t.TeamID, &t.ContactID, &t.Status); err != nil {
			return nil, nil, fmt.Errorf("read talks: %w", err)
		}
		at[t.ID] = len(talks)
		talks = append(talks, t)
	}
	return talks, at, rows.Err()
}

const selectSaid = `SELECT m.conversation_id, m.id, m.seq, m.created_at, m.sender, m.agent_id, m.private, m.helpful, LENGTH(m.text), m.content, m.explanation,
 CASE WHEN m.sender = 'bot' AND EXISTS (SELECT 1 FROM answer_marks k WHERE k.message_id = m.id) THEN 1 ELSE 0 END
 FROM messages m WHERE m.conversation_id IN (`

func (s *Store) said(ctx context.Context, from db.Querier, ids []int64, each func(id int64, one Said)) error {
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, selectSaid+list+") ORDER BY m.conversation_id, m.seq", args...)
	if err != nil {
		return fmt.Errorf("read what was said: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, created int64
		var one Said
		var content string
		if err := rows.Scan(&id, &one.MessageID, &one.Seq, &created, &one.Sender, &one.AgentID, &one.Private, &one.Helpful, &one.Letters, &content, &one.Explanation,
			&one.Wrong); err != nil {
			return fmt.Errorf("read what was said: %w", err)
		}
		one.At = db.Time(created)
		if one.Content, err = decodeContent(content); err != nil {
			return fmt.Errorf("read what was said in conversation %d: %w", id, err)
		}
		each(id, one)
	}
	return rows.Err()
}

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
