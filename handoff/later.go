package handoff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// LaterState is how far a reply has come that does not go out at once.
type LaterState string

// The states of a reply for later.
const (
	LaterWaiting   LaterState = "waiting"   // for its time
	LaterAsked     LaterState = "asked"     // the customer wrote meanwhile; its writer is asked
	LaterStopped   LaterState = "stopped"   // it may not go out; the reason says why
	LaterSent      LaterState = "sent"      // a message like any other
	LaterWithdrawn LaterState = "withdrawn" // taken back
)

// Later is a reply that is written and goes out at a time: in a few seconds, so that it can be taken back, or when the
// writer wants. Until then it is no message: no customer, channel or seq knows of it.
type Later struct {
	ID, ConversationID, AgentID  int64
	Words                        Words
	State                        LaterState
	Reason                       string
	Undo                         bool  // held only so that it can be taken back
	SeenSeq                      int64 // the conversation's last seq when it was written
	SendAt, CreatedAt, UpdatedAt time.Time
}

const (
	maxUndo     = 20 * time.Second
	maxLater    = 366 * 24 * time.Hour
	dueAtOnce   = 100
	laterFields = "id, conversation_id, agent_id, reply, state, reason, undo, seen_seq, send_at, created_at, updated_at"
)

// ErrGone says that a reply for later is none any more: it was sent or taken back.
var ErrGone = errors.New("it was sent or taken back already")

// Hold keeps a reply until its time. That the agent may write to the customer is checked now, and claims the
// conversation as a reply does, and again when it goes out. A repeat with the same client id returns the first one.
func (d *Desk) Hold(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, l Later) (Later, error) {
	if err := l.check(tx.Now); err != nil {
		return Later{}, err
	}
	if err := d.MayReply(ctx, tx, c, agent); err != nil {
		return Later{}, err
	}
	if err := d.nothingNewer(ctx, tx, c, agent, l.Words); err != nil {
		return Later{}, err
	}
	l.ConversationID, l.AgentID, l.State, l.SeenSeq = c.ID, agent.ID, LaterWaiting, c.LastSeq
	l.CreatedAt, l.UpdatedAt = tx.Now, tx.Now
	reply, err := json.Marshal(l.Words)
	if err != nil {
		return Later{}, err
	}
	id, inserted, err := tx.InsertNew(ctx, `INSERT INTO later_messages (conversation_id, agent_id, reply, state, undo, seen_seq, client_id, send_at, created_at, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, c.ID, agent.ID, string(reply), string(LaterWaiting), truth(l.Undo), l.SeenSeq,
		l.Words.ClientID, db.Millis(l.SendAt), db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return Later{}, fmt.Errorf("keep reply for later: %w", err)
	}
	if !inserted {
		return firstLater(d.queryLater(ctx, tx, "agent_id = ? AND conversation_id = ? AND client_id = ? AND client_id <> ''", agent.ID, c.ID, l.Words.ClientID))
	}
	l.ID = id
	if err := d.Conversations.HoldFiles(ctx, tx, c.ID, l.Words.Attachments); err != nil || l.Undo {
		return l, err
	}
	return l, d.tellLater(ctx, tx, c, agent, "scheduled", l.SendAt)
}

func (l Later) check(now time.Time) error {
	switch in := l.SendAt.Sub(now); {
	case l.Words.Text == "" && len(l.Words.Attachments) == 0:
		return &conversation.FieldError{Field: "text", Message: "write something or attach a file"}
	case l.Words.Private:
		return &conversation.FieldError{Field: "private", Message: "a note is written at once"}
	case l.Undo && in > maxUndo+time.Second:
		return &conversation.FieldError{Field: "undo_seconds", Message: "a reply can be held for 20 seconds at most"}
	case !l.Undo && (in <= 0 || in > maxLater):
		return &conversation.FieldError{Field: "send_at", Message: "choose a time from now to a year ahead"}
	}
	return CheckActions(l.Words.Then)
}

func (d *Desk) tellLater(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, kind string, at time.Time) error {
	data := about(agent)
	if !at.IsZero() {
		data["at"] = at.UTC().Format(time.RFC3339)
	}
	_, err := d.Conversations.Activity(ctx, tx, c, kind, data, "")
	return err
}

// LaterOf reads the replies of a conversation that are still to go out, or stopped, in the order of their time.
func (d *Desk) LaterOf(ctx context.Context, from db.Querier, conversationID int64) ([]Later, error) {
	return d.queryLater(ctx, from, "conversation_id = ? AND state <> 'sent' AND state <> 'withdrawn' ORDER BY send_at, id LIMIT 100", conversationID)
}

// LaterBy reads the replies of an agent that are still to go out, or stopped, in the order of their time.
func (d *Desk) LaterBy(ctx context.Context, from db.Querier, agentID int64) ([]Later, error) {
	return d.queryLater(ctx, from, "agent_id = ? AND state IN ('waiting', 'asked', 'stopped') ORDER BY send_at, id LIMIT 200", agentID)
}

// TakeLater reads one for a change by whoever wrote it, or a lead.
func (d *Desk) TakeLater(ctx context.Context, tx *db.Tx, conversationID, id int64, agent Agent) (Later, error) {
	l, err := firstLater(d.queryLater(ctx, tx, "id = ? AND conversation_id = ?"+tx.ForUpdate(), id, conversationID))
	if err != nil {
		return l, err
	}
	if l.AgentID != agent.ID && !agent.Role.Leads() {
		return l, ErrForbidden
	}
	if l.State == LaterSent || l.State == LaterWithdrawn {
		return l, ErrGone
	}
	return l, nil
}

// Withdraw takes a reply back that has not gone out, and returns it; its files can be sent again.
func (d *Desk) Withdraw(ctx context.Context, tx *db.Tx, conversationID, id int64, agent Agent) (Later, error) {
	l, err := d.TakeLater(ctx, tx, conversationID, id, agent)
	if err != nil {
		return l, err
	}
	if err := d.Conversations.HoldFiles(ctx, tx, 0, l.Words.Attachments); err != nil {
		return l, err
	}
	l.State = LaterWithdrawn
	if l.Undo {
		return l, d.saveLater(ctx, tx, l)
	}
	c, err := d.Conversations.Load(ctx, tx, conversationID)
	if err != nil {
		return l, err
	}
	if err := d.tellLater(ctx, tx, c, agent, "unscheduled", time.Time{}); err != nil {
		return l, err
	}
	return l, d.saveLater(ctx, tx, l)
}

// Rearrange writes text and time of a reply for later anew: its writer has seen what was said until now.
func (d *Desk) Rearrange(ctx context.Context, tx *db.Tx, l Later) (Later, error) {
	if err := l.check(tx.Now); err != nil {
		return l, err
	}
	c, err := d.Conversations.Load(ctx, tx, l.ConversationID)
	if err != nil {
		return l, err
	}
	l.State, l.Reason, l.SeenSeq = LaterWaiting, "", c.LastSeq
	return l, d.saveLater(ctx, tx, l)
}

func (d *Desk) saveLater(ctx context.Context, tx *db.Tx, l Later) error {
	reply, err := json.Marshal(l.Words)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE later_messages SET reply = ?, state = ?, reason = ?, seen_seq = ?, send_at = ?, updated_at = ? WHERE id = ?",
		string(reply), string(l.State), l.Reason, l.SeenSeq, db.Millis(l.SendAt), db.Millis(tx.Now), l.ID)
	if err != nil {
		return fmt.Errorf("save reply for later %d: %w", l.ID, err)
	}
	return nil
}

func (d *Desk) queryLater(ctx context.Context, from db.Querier, where string, args ...any) ([]Later, error) {
	rows, err := from.Query(ctx, "SELECT "+laterFields+" FROM later_messages WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read replies for later: %w", err)
	}
	defer rows.Close()
	var found []Later
	for rows.Next() {
		var l Later
		var reply string
		var send, created, updated int64
		if err := rows.Scan(&l.ID, &l.ConversationID, &l.AgentID, &reply, &l.State, &l.Reason, &l.Undo, &l.SeenSeq, &send, &created, &updated); err != nil {
			return nil, fmt.Errorf("read replies for later: %w", err)
		}
		if err := json.Unmarshal([]byte(reply), &l.Words); err != nil {
			return nil, fmt.Errorf("read reply for later %d: %w", l.ID, err)
		}
		l.SendAt, l.CreatedAt, l.UpdatedAt = db.Time(send), db.Time(created), db.Time(updated)
		found = append(found, l)
	}
	return found, rows.Err()
}

func firstLater(found []Later, err error) (Later, error) {
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("reply for later: %w", conversation.ErrNotFound)
	}
	if err != nil {
		return Later{}, err
	}
	return found[0], nil
}
