package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Outbox are the messages that still have to be handed to a provider, one at a time for each conversation.
func Outbox() db.Queue { return db.Queue{Table: "messages", Group: "conversation_id", Order: "seq"} }

// Turns are the conversations in which the bot owes an answer.
func Turns() db.Queue { return db.Queue{Table: "conversations"} }

// Parcel is a claimed message with all that its channel needs.
type Parcel struct {
	Lease      db.Lease
	Message    Message
	Inbox      Inbox // that it goes out by
	IdentityID int64
	Address    string
	OptedOut   bool      // its receiver wants no messages
	Heard      time.Time // when the customer last wrote in the conversation
	Joined     []Message // those behind it that go out with it, as one
}

// Parcels loads the claimed messages with their addresses.
func (s *Store) Parcels(ctx context.Context, from db.Querier, leases []db.Lease) ([]Parcel, error) {
	inboxes, err := s.AllInboxes(ctx, from)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]Inbox, len(inboxes))
	for _, i := range inboxes {
		byID[i.ID] = i
	}
	parcels := make([]Parcel, 0, len(leases))
	for _, l := range leases {
		p := Parcel{Lease: l}
		found, err := s.queryMessages(ctx, from, "WHERE m.id = ?", l.ID)
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("load message %d: %w", l.ID, orNotFound(err))
		}
		p.Message = found[0]
		var inbox, heard int64
		row := from.QueryRow(ctx, `SELECT i.id, i.inbox_id, i.address, COALESCE((SELECT o.opted_out FROM consents o WHERE o.inbox_id = i.inbox_id AND o.address = i.address), 0) = 1,
 COALESCE((SELECT h.created_at FROM messages h WHERE h.conversation_id = c.id AND h.sender = 'contact' ORDER BY h.seq DESC LIMIT 1), 0)
 FROM conversations c
 JOIN identities i ON i.id = CASE WHEN ? <> 0 THEN ? ELSE c.identity_id END WHERE c.id = ?`, p.Message.Via, p.Message.Via, p.Message.ConversationID)
		if err := row.Scan(&p.IdentityID, &inbox, &p.Address, &p.OptedOut, &heard); err != nil {
			return nil, fmt.Errorf("load address of message %d: %w", l.ID, err)
		}
		p.Inbox, p.Heard = byID[inbox], db.Time(heard)
		if p.Lease.Recovered {
			if p.Joined, err = s.queryMessages(ctx, from, "WHERE m.joined_to = ? AND m.joined_to <> 0 AND m.due_at IS NOT NULL ORDER BY m.seq", l.ID); err != nil {
				return nil, fmt.Errorf("load messages joined to %d: %w", l.ID, err)
			}
		}
		parcels = append(parcels, p)
	}
	return parcels, nil
}

func orNotFound(err error) error {
	if err == nil {
		return ErrNotFound
	}
	return err
}

// MarkSent notes that the provider took the message; state is Sent or, where the channel knows, further. The ids are the
// provider's: one of the message, or one of each of its parts.
func (s *Store) MarkSent(ctx context.Context, tx *db.Tx, p Parcel, state Delivery, ids ...string) error {
	id := ""
	if len(ids) > 0 {
		id = ids[0]
	}
	if err := s.mark(ctx, tx, p, state, id, "", time.Time{}); err != nil || id == "" {
		return err
	}
	return s.taken(ctx, tx, p, ids)
}

// MarkNoticed notes that a notice has told the customer of the message: more than its beginning they do not have.
func (s *Store) MarkNoticed(ctx context.Context, tx *db.Tx, p Parcel, state Delivery, ids ...string) error {
	if err := s.MarkSent(ctx, tx, p, state, ids...); err != nil {
		return err
	}
	for _, m := range append([]Message{p.Message}, p.Joined...) {
		m.Content.Notice = true
		content, err := m.Content.encode()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE messages SET content = ? WHERE id = ?", content, m.ID); err != nil {
			return fmt.Errorf("note notice of message %d: %w", m.ID, err)
		}
	}
	return nil
}

// MarkPostponed keeps the message queued until the time given without counting an attempt: it was not tried.
func (s *Store) MarkPostponed(ctx context.Context, tx *db.Tx, p Parcel, at time.Time, reason string) error {
	if err := s.mark(ctx, tx, p, Queued, "", reason, at); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE messages SET attempts = attempts - 1 WHERE id = ?", p.Message.ID); err != nil {
		return fmt.Errorf("postpone message %d: %w", p.Message.ID, err)
	}
	return nil
}

// MarkRetry keeps the message queued until the time given, with the reason of the last failure.
func (s *Store) MarkRetry(ctx context.Context, tx *db.Tx, p Parcel, at time.Time, reason string) error {
	return s.mark(ctx, tx, p, Queued, "", reason, at)
}

// MarkFailed gives the message up, with the reason in words for the agent.
func (s *Store) MarkFailed(ctx context.Context, tx *db.Tx, p Parcel, reason string) error {
	return s.mark(ctx, tx, p, Failed, "", reason, time.Time{})
}

// MarkUncertain notes that the message was handed over and nobody knows whether it arrived. It is not repeated.
func (s *Store) MarkUncertain(ctx context.Context, tx *db.Tx, p Parcel, reason string) error {
	return s.mark(ctx, tx, p, Uncertain, "", reason, time.Time{})
}

func (s *Store) mark(ctx context.Context, tx *db.Tx, p Parcel, state Delivery, providerID, reason string, next time.Time) error {
	if err := Outbox().Finish(ctx, tx, p.Lease, next); err != nil {
		return err
	}
	state, err := s.acknowledged(ctx, tx, p.Message, state)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE messages SET delivery = ?, reason = ?, provider_id = CASE WHEN ? = '' THEN provider_id ELSE ? END WHERE id = ?",
		state, reason, providerID, providerID, p.Message.ID)
	if err != nil {
		return fmt.Errorf("mark message %d %s: %w", p.Message.ID, state, err)
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: p.Message.ConversationID, Seq: p.Message.Seq})
	for _, m := range p.Joined {
		if err := s.markJoined(ctx, tx, p, m, state, reason, next); err != nil {
			return err
		}
	}
	return nil
}

// markJoined lets a message share the fate of the one it went out with. One that did not go out is on its own again.
func (s *Store) markJoined(ctx context.Context, tx *db.Tx, p Parcel, m Message, state Delivery, reason string, next time.Time) error {
	if state == Queued {
		_, err := tx.Exec(ctx, "UPDATE messages SET joined_to = 0 WHERE id = ?", m.ID)
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE messages SET delivery = ?, reason = ?, due_at = NULL, joined_to = CASE WHEN ? = 'held' THEN 0 ELSE ? END WHERE id = ?",
		state, reason, state, p.Message.ID, m.ID)
	if err != nil {
		return fmt.Errorf("mark message %d %s: %w", m.ID, state, err)
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: m.ConversationID, Seq: m.Seq})
	return nil
}

// MarkHeld keeps the message until the customer's next one allows it, with the reason in words for the agent.
func (s *Store) MarkHeld(ctx context.Context, tx *db.Tx, p Parcel, reason string) error {
	return s.mark(ctx, tx, p, Held, "", reason, time.Time{})
}

// MarkUnsent takes a line out of the outbox that is not worth a message of the budget; agents see it, the customer does not.
func (s *Store) MarkUnsent(ctx context.Context, tx *db.Tx, p Parcel) error {
	return s.mark(ctx, tx, p, "", "", "", time.Time{})
}

// Join lets a message take those behind it along. They are in the outbox after it, so that nobody else can have them.
func (s *Store) Join(ctx context.Context, tx *db.Tx, p *Parcel, more []Message) error {
	for _, m := range more {
		if _, err := tx.Exec(ctx, "UPDATE messages SET joined_to = ? WHERE id = ? AND due_at IS NOT NULL", p.Message.ID, m.ID); err != nil {
			return fmt.Errorf("join message %d: %w", m.ID, err)
		}
	}
	p.Joined = more
	return nil
}

// Following reads the messages of a conversation that are in the outbox after seq, in their order.
func (s *Store) Following(ctx context.Context, from db.Querier, conversationID, seq int64, limit int) ([]Message, error) {
	return s.queryMessages(ctx, from, "WHERE m.conversation_id = ? AND m.seq > ? AND m.due_at IS NOT NULL ORDER BY m.seq LIMIT ?", conversationID, seq, limit)
}

// Reroute sends a message to another identity of its receiver.
func (s *Store) Reroute(ctx context.Context, tx *db.Tx, p Parcel, identityID int64) error {
	if err := s.mark(ctx, tx, p, Queued, "", "", tx.Now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE messages SET via_identity_id = ?, charged = 0, attempts = 0 WHERE id = ?", identityID, p.Message.ID)
	if err != nil {
		return fmt.Errorf("reroute message %d: %w", p.Message.ID, err)
	}
	return nil
}

// acknowledged is the state of a message that the customer's device may have read from our rows, and confirmed, before
// it was marked sent.
func (s *Store) acknowledged(ctx context.Context, tx *db.Tx, m Message, state Delivery) (Delivery, error) {
	if state != Sent {
		return state, nil
	}
	var got, read int64
	err := tx.QueryRow(ctx, "SELECT contact_got_seq, contact_read_seq FROM conversations WHERE id = ?", m.ConversationID).Scan(&got, &read)
	switch {
	case err != nil:
		return state, fmt.Errorf("mark message %d: %w", m.ID, err)
	case m.Seq <= read:
		return Read, nil
	case m.Seq <= got:
		return Delivered, nil
	}
	return state, nil
}

// Resend queues a failed message again on an agent's word.
func (s *Store) Resend(ctx context.Context, tx *db.Tx, conversationID, seq int64) error {
	n, err := tx.Exec(ctx, `UPDATE messages SET delivery = 'queued', reason = '', due_at = ?, attempts = 0
 WHERE conversation_id = ? AND seq = ? AND delivery IN ('failed', 'held')`, db.Millis(tx.Now), conversationID, seq)
	if err != nil {
		return fmt.Errorf("resend message: %w", err)
	}
	if n == 0 {
		return &FieldError{"seq", "only a failed message, or one that waits, can be sent again"}
	}
	s.note(tx, Event{Kind: EventMessageState, ConversationID: conversationID, Seq: seq})
	return nil
}

// MarkAllSent takes what an inbox has queued out of the outbox as sent: for history that was brought in.
func (s *Store) MarkAllSent(ctx context.Context, tx *db.Tx, inboxID int64) error {
	_, err := tx.Exec(ctx, "UPDATE messages SET delivery = 'read', due_at = NULL WHERE inbox_id = ? AND delivery = 'queued'", inboxID)
	if err != nil {
		return fmt.Errorf("mark history sent: %w", err)
	}
	return nil
}
