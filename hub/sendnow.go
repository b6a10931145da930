package hub

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"huiyin/channels"
	"huiyin/conversation"
)

// SendNow hands a text to an address of an inbox at once, past the outbox, and stores nothing of it: for a one-time code,
// which colleagues must not be able to read. Whoever opted out is left alone.
func (h *Hub) SendNow(ctx context.Context, inbox conversation.Inbox, address, text string) error {
	adapter, ok := h.adapters[inbox.Kind]
	if !ok || !inbox.ArchivedAt.IsZero() {
		return &channels.SendError{Reason: "this inbox is out of service"}
	}
	if _, metered := adapter.(channels.Metered); metered {
		return &channels.SendError{Reason: "this channel cannot write first"}
	}
	out, err := h.Conversations.OptedOut(ctx, h.DB, inbox.ID, address)
	if err != nil {
		return err
	}
	if !out.IsZero() {
		return &channels.SendError{Reason: whyOptedOut}
	}
	if inbox, err = h.Vault.Open(inbox); err != nil {
		return &channels.SendError{Reason: "the inbox's secrets cannot be read; set them again", Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	id, err := passingID()
	if err != nil {
		return err
	}
	_, err = adapter.Send(ctx, inbox, channels.Outgoing{ID: id, Address: address,
		Message: conversation.Message{ID: id, InboxID: inbox.ID, Sender: conversation.FromSystem, Text: text, CreatedAt: h.DB.Now()}})
	return err
}

// passingID is a number for a message that is not stored; it is negative, as no row's is.
func passingID() (int64, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, fmt.Errorf("number message: %w", err)
	}
	return -int64(binary.BigEndian.Uint64(b[:]) >> 2), nil
}
