package conversation

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"huiyin/db"
)

// Rating is what a customer thought of a conversation once it was over.
type Rating struct {
	ConversationID  int64
	Score           int // 1 to 5
	Comment, Reason string
	AgentID         int64     // whose conversation it was; 0: the bot's
	TeamID, InboxID int64     // where it was
	Way             string    // how it came: "" by the channel's own page, "reply" or "link"
	At, ChangedAt   time.Time // given, and last changed
}

// ErrNotNow refuses what cannot be done at this point of a conversation.
var ErrNotNow = errors.New("not at this point of the conversation")

const (
	rateWithin   = 7 * 24 * time.Hour // of its end a conversation may be rated
	rerateWithin = 24 * time.Hour     // of the rating it may be changed
	maxComment   = 2000
	maxReason    = 500
	maxScore     = 5
)

// Rateable tells whether the customer may rate the conversation now, or change the rating given; has is the zero
// value when there is none. A conversation that was taken up again and ended anew may be rated anew.
func (c *Conversation) Rateable(has Rating, now time.Time) bool {
	if c.Status != Resolved || now.Sub(c.ResolvedAt) > rateWithin {
		return false
	}
	return has.Score == 0 || has.At.Before(c.ResolvedAt) || now.Sub(has.At) <= rerateWithin
}

// Rate stores the customer's rating of a loaded conversation; ErrNotNow when it is not over, or long over.
func (s *Store) Rate(ctx context.Context, tx *db.Tx, c *Conversation, r Rating) error {
	if err := r.check(); err != nil {
		return err
	}
	found, err := s.Ratings(ctx, tx, []int64{c.ID})
	if err != nil {
		return err
	}
	has := found[c.ID]
	if !c.Rateable(has, tx.Now) {
		return fmt.Errorf("rate conversation %d: %w", c.ID, ErrNotNow)
	}
	if has.Score == 0 || has.At.Before(c.ResolvedAt) {
		has.At = tx.Now
	}
	_, err = tx.Exec(ctx, insertRating, c.ID, r.Score, r.Comment, r.Reason, c.AgentID, c.TeamID, c.InboxID, r.Way, db.Millis(has.At), db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("rate conversation %d: %w", c.ID, err)
	}
	if err := closeSurvey(ctx, tx, c.ID); err != nil {
		return err
	}
	s.note(tx, Event{Kind: EventConversation, ConversationID: c.ID})
	return nil
}

const insertRating = `INSERT INTO ratings (conversation_id, score, comment, reason, agent_id, team_id, inbox_id, way, created_at, updated_at, settled)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (conversation_id) DO UPDATE SET score = excluded.score, comment = excluded.comment,
 reason = excluded.reason, agent_id = excluded.agent_id, team_id = excluded.team_id, inbox_id = excluded.inbox_id, way = excluded.way,
 created_at = excluded.created_at, updated_at = excluded.updated_at, settled = CASE WHEN ratings.score = excluded.score THEN ratings.settled ELSE 0 END`

func (r Rating) check() error {
	switch {
	case r.Score < 1 || r.Score > maxScore:
		return &FieldError{"score", "must be 1 to 5"}
	case utf8.RuneCountInString(r.Comment) > maxComment:
		return &FieldError{"comment", "may have 2000 characters"}
	case utf8.RuneCountInString(r.Reason) > maxReason:
		return &FieldError{"reason", "may have 500 characters"}
	}
	return nil
}

// Ratings reads the ratings of some conversations; those without one are missing.
func (s *Store) Ratings(ctx context.Context, from db.Querier, ids []int64) (map[int64]Rating, error) {
	found := map[int64]Rating{}
	if len(ids) == 0 {
		return found, nil
	}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT conversation_id, score, comment, reason, agent_id, team_id, inbox_id, way, created_at, updated_at FROM ratings WHERE conversation_id IN ("+
		list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read ratings: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Rating
		var at, changed int64
		if err := rows.Scan(&r.ConversationID, &r.Score, &r.Comment, &r.Reason, &r.AgentID, &r.TeamID, &r.InboxID, &r.Way, &at, &changed); err != nil {
			return nil, fmt.Errorf("read ratings: %w", err)
		}
		r.At, r.ChangedAt = db.Time(at), db.Time(changed)
		found[r.ConversationID] = r
	}
	return found, rows.Err()
}

// SetReason stores why an answer helped or did not, beside the verdict given before.
func (s *Store) SetReason(ctx context.Context, tx *db.Tx, conversationID, seq int64, reason string) error {
	if utf8.RuneCountInString(reason) > maxReason {
		return &FieldError{"reason", "may have 500 characters"}
	}
	n, err := tx.Exec(ctx, "UPDATE messages SET helpful_reason = ? WHERE conversation_id = ? AND seq = ? AND helpful IS NOT NULL AND helpful_reason <> ?",
		reason, conversationID, seq, reason)
	if err != nil {
		return fmt.Errorf("store reason: %w", err)
	}
	if n > 0 {
		s.note(tx, Event{Kind: EventMessageState, ConversationID: conversationID, Seq: seq})
	}
	return nil
}
