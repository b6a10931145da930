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
	Lease   db.Lease
	Message Message
	Inbox   Inbox
	Address string
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
		p.Message, p.Inbox = found[0], byID[found[0].InboxID]
		row := from.QueryRow(ctx, "SELECT i.address FROM conversations c JOIN identities i ON i.id = c.identity_id WHERE c.id = ?", p.Message.ConversationID)
		if err := row.Scan(&p.Address); err != nil {
			return nil, fmt.Errorf("load address of message %d: %w", l.ID, err)
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

// MarkSent notes that the provider took the message; state is Sent or, where the channel knows, further.
func (s *Store) MarkSent(ctx context.Context, tx *db.Tx, p Parcel, state Delivery, providerID string) error {
	return s.mark(ctx, tx, p, state, providerID, "", time.Time{})
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
	_, err := tx.Exec(ctx, "UPDATE messages SET delivery = ?, reason = ?, provider_id = CASE WHEN ? = '' THEN provider_id ELSE ? END WHERE id = ?",
		state, reason, providerID, providerID, p.Message.ID)
	if err != nil {
		return fmt.Errorf("mark message %d %s: %w", p.Message.ID, state, err)
	}
	s.note(ctx, tx, Event{Kind: EventMessageState, ConversationID: p.Message.ConversationID, Seq: p.Message.Seq})
	return nil
}

// Receipt is a provider's later word on a message that it was given.
type Receipt struct {
	ProviderID string
	State      Delivery // Delivered, Read or Failed
	Reason     string
}

var deliveryRank = map[Delivery]int{Queued: 0, Uncertain: 1, Sent: 2, Failed: 3, Delivered: 4, Read: 5}

// Settle applies a receipt; one that says less than is known changes nothing. ErrNotFound: no such message (yet).
func (s *Store) Settle(ctx context.Context, tx *db.Tx, inboxID int64, r Receipt) error {
	var id, conversation, seq int64
	var now Delivery
	row := tx.QueryRow(ctx, "SELECT id, conversation_id, seq, delivery FROM messages WHERE inbox_id = ? AND provider_id = ? AND provider_id <> ''"+tx.ForUpdate(), inboxID, r.ProviderID)
	if err := row.Scan(&id, &conversation, &seq, &now); err != nil {
		if db.NoRows(err) {
			return fmt.Errorf("message %q: %w", r.ProviderID, ErrNotFound)
		}
		return fmt.Errorf("settle receipt: %w", err)
	}
	if deliveryRank[r.State] <= deliveryRank[now] {
		return nil
	}
	if _, err := tx.Exec(ctx, "UPDATE messages SET delivery = ?, reason = ? WHERE id = ?", r.State, r.Reason, id); err != nil {
		return fmt.Errorf("settle receipt: %w", err)
	}
	s.note(ctx, tx, Event{Kind: EventMessageState, ConversationID: conversation, Seq: seq})
	return nil
}

// Resend queues a failed message again on an agent's word.
func (s *Store) Resend(ctx context.Context, tx *db.Tx, conversationID, seq int64) error {
	n, err := tx.Exec(ctx, `UPDATE messages SET delivery = 'queued', reason = '', due_at = ?, attempts = 0
 WHERE conversation_id = ? AND seq = ? AND delivery = 'failed'`, db.Millis(tx.Now), conversationID, seq)
	if err != nil {
		return fmt.Errorf("resend message: %w", err)
	}
	if n == 0 {
		return &FieldError{"seq", "only a failed message can be sent again"}
	}
	s.note(ctx, tx, Event{Kind: EventMessageState, ConversationID: conversationID, Seq: seq})
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
