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
	ids := make([]int64, len(leases))
	for i, l := range leases {
		ids[i] = l.ID
	}
	list, args := idMarks(ids)
	found, err := s.queryMessages(ctx, from, "WHERE m.id IN ("+list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("load messages to send: %w", err)
	}
	addressed, err := s.addressed(ctx, from, list, args)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		if p, ok := addressed[m.ID]; ok {
			p.Message = m
		}
	}
	parcels := make([]Parcel, 0, len(leases))
	for _, l := range leases {
		p, ok := addressed[l.ID]
		if !ok || p.Message.ID == 0 {
			return nil, fmt.Errorf("load message %d: %w", l.ID, ErrNotFound)
		}
		p.Lease = l
		if l.Recovered {
			if p.Joined, err = s.queryMessages(ctx, from, "WHERE m.joined_to = ? AND m.joined_to <> 0 AND m.due_at IS NOT NULL ORDER BY m.seq", l.ID); err != nil {
				return nil, fmt.Errorf("load messages joined to %d: %w", l.ID, err)
			}
		}
		parcels = append(parcels, *p)
	}
	return parcels, nil
}

// addressed is where some messages go: by message, and without the message itself.
func (s *Store) addressed(ctx context.Context, from db.Querier, list string, args []any) (map[int64]*Parcel, error) {
	rows, err := from.Query(ctx, `SELECT m.id, i.id, i.address, COALESCE((SELECT o.opted_out FROM consents o WHERE o.inbox_id = i.inbox_id AND o.address = i.address), 0) = 1,
 COALESCE((SELECT h.created_at FROM messages h WHERE h.conversation_id = c.id AND h.sender = 'contact' ORDER BY h.seq DESC LIMIT 1), 0), `+
		columnsOf("b", inboxColumns)+` FROM messages m JOIN conversations c ON c.id = m.conversation_id
 JOIN identities i ON i.id = CASE WHEN m.via_identity_id <> 0 THEN m.via_identity_id ELSE c.identity_id END
 JOIN inboxes b ON b.id = i.inbox_id WHERE m.id IN (`+list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("load addresses: %w", err)
	}
	defer rows.Close()
	found := map[int64]*Parcel{}
	for rows.Next() {
		var id, heard int64
		p := &Parcel{}
		if p.Inbox, err = scanInbox(rows, &id, &p.IdentityID, &p.Address, &p.OptedOut, &heard); err != nil {
			return nil, fmt.Errorf("load addresses: %w", err)
		}
		p.Heard = db.Time(heard)
		found[id] = p
	}
	return found, rows.Err()
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
	row := Outbox().FinishAnd(ctx, tx, p.Lease, next, acknowledged, "delivery",
		string(state), string(state), reason, providerID, providerID)
	if err := row.Scan((*string)(&state)); db.NoRows(err) {
		return db.ErrLeaseLost
	} else if err != nil {
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

// acknowledged sets the state of a message, that a provider has just taken one which the customer's device may have read from our
// rows, and confirmed, before it was marked sent.
const acknowledged = `delivery = CASE WHEN ? <> 'sent' THEN ?
 WHEN seq <= (SELECT c.contact_read_seq FROM conversations c WHERE c.id = conversation_id) THEN 'read'
 WHEN seq <= (SELECT c.contact_got_seq FROM conversations c WHERE c.id = conversation_id) THEN 'delivered' ELSE 'sent' END,
 reason = ?, provider_id = CASE WHEN ? = '' THEN provider_id ELSE ? END`

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
