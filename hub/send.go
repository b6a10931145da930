package hub

import (
	"context"
	"errors"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// deliver sends one message and notes how it ended. What was handed over and not settled by a crash is only
// repeated where the provider recognises the repeat; otherwise it is marked uncertain.
func (h *Hub) deliver(ctx context.Context, p conversation.Parcel) {
	o := h.attempt(ctx, &p)
	if o.settled {
		return
	}
	o.attempts = p.Lease.Attempts
	h.stats.delivery(o)
	if ctx.Err() != nil && errors.Is(o.err, ctx.Err()) {
		ctx = context.WithoutCancel(ctx)
	}
	err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.mark(ctx, tx, p, o) })
	if err != nil && !errors.Is(err, db.ErrLeaseLost) {
		h.Log.Error("delivery not noted; it is settled when the lease ends", "message", p.Message.ID, "error", err)
	}
}

type outcome struct {
	accepted channels.Accepted
	err      error
	recovery bool // an earlier worker had it and its outcome is unknown
	notice   bool // it was tried as a notice outside the budget
	settled  bool // it was not sent, and what becomes of it is noted
	attempts int
}

// ids are the provider's, of the message or of its parts.
func ids(a channels.Accepted) []string {
	if len(a.Parts) > 0 {
		return a.Parts
	}
	return []string{a.ProviderID}
}

// refusal is the provider's refusal; what is no SendError is a provider out of reach.
func (o outcome) refusal() *channels.SendError {
	var refused *channels.SendError
	if errors.As(o.err, &refused) {
		return refused
	}
	return &channels.SendError{Reason: "the provider could not be reached", Retry: true, After: channels.Wait(o.err), Err: o.err}
}

// final tells whether a message that was not taken is not tried again.
func (o outcome) final() bool {
	r := o.refusal()
	return o.recovery || r.Uncertain || !r.Postponed && (!r.Retry || o.attempts > len(retryAfter))
}

// attempt hands a message to its provider, if that may be.
func (h *Hub) attempt(ctx context.Context, p *conversation.Parcel) outcome {
	adapter, ok := h.adapters[p.Inbox.Kind]
	if !ok || !p.Inbox.ArchivedAt.IsZero() {
		return outcome{err: &channels.SendError{Reason: "this inbox is out of service"}}
	}
	same, ok := adapter.(channels.Idempotent)
	repeatable := ok && same.Idempotent()
	if p.Lease.Recovered && !repeatable {
		return outcome{recovery: true}
	}
	inbox, err := h.Vault.Open(p.Inbox)
	if err != nil {
		return outcome{err: &channels.SendError{Reason: "the inbox's secrets cannot be read; set them again", Err: err}}
	}
	if p.OptedOut && !p.Message.Content.Confirms {
		return outcome{err: &channels.SendError{Reason: whyOptedOut}}
	}
	by, err := h.admit(ctx, adapter, inbox, p)
	if err != nil || by.send == nil {
		return outcome{err: err, settled: err == nil || errors.Is(err, db.ErrLeaseLost)}
	}
	threaded, ok := adapter.(channels.Threaded)
	if ok {
		if stop, err := h.restrain(ctx, threaded, inbox, p); err != nil || stop {
			return outcome{err: err, settled: err == nil || errors.Is(err, db.ErrLeaseLost)}
		}
	}
	out, err := h.outgoing(ctx, *p, ok)
	if err != nil {
		return outcome{err: err}
	}
	if err := ctx.Err(); err != nil {
		return outcome{err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	accepted, err := by.send(ctx, inbox, out)
	if ctx.Err() != nil && !repeatable {
		err = cutOff(err)
	}
	return outcome{accepted: accepted, err: err, notice: by.notice}
}

// way is how a message is handed to its provider.
type way struct {
	send   func(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error)
	notice bool
}

func (h *Hub) outgoing(ctx context.Context, p conversation.Parcel, threaded bool) (channels.Outgoing, error) {
	out := channels.Outgoing{ID: p.Message.ID, Address: p.Address, Message: together(p), Heard: p.Heard, Skip: p.Message.Taken, Paid: p.Message.Charged,
		Open: h.openFile}
	if !threaded {
		return out, nil
	}
	c, err := h.Conversations.Get(ctx, h.DB, p.Message.ConversationID)
	if err != nil {
		return out, err
	}
	out.Subject = c.Subject
	if out.Recap, err = h.recap(ctx, p.Message); err != nil {
		return out, err
	}
	last, err := h.Conversations.LastMail(ctx, h.DB, c.ID, p.Message.Seq)
	if err == nil {
		out.Answers = &last
	}
	if errors.Is(err, conversation.ErrNotFound) {
		err = nil
	}
	return out, err
}

// cutOff is what became of a message whose sending ran out of time: unless the adapter knows better, nobody can tell
// whether the provider has it.
func cutOff(err error) error {
	var known *channels.SendError
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &channels.SendError{Reason: "the provider did not answer in time; it may or may not have arrived", Uncertain: true, Err: err}
}

// mark notes how sending a message ended.
func (h *Hub) mark(ctx context.Context, tx *db.Tx, p conversation.Parcel, o outcome) error {
	s := h.Conversations
	if o.recovery {
		return s.MarkUncertain(ctx, tx, p, "the server stopped while sending; it may or may not have arrived")
	}
	if o.err == nil {
		state := o.accepted.State
		if state == "" {
			state = conversation.Sent
		}
		if o.notice {
			return s.MarkNoticed(ctx, tx, p, state, ids(o.accepted)...)
		}
		return s.MarkSent(ctx, tx, p, state, ids(o.accepted)...)
	}
	refused := o.refusal()
	if refused.Uncertain {
		return s.MarkUncertain(ctx, tx, p, refused.Reason)
	}
	if err := h.giveBack(ctx, tx, p, refused); err != nil {
		return err
	}
	if refused.Postponed {
		return s.MarkPostponed(ctx, tx, p, tx.Now.Add(refused.After), refused.Reason)
	}
	if refused.Unpaid {
		return s.MarkHeld(ctx, tx, p, whyRest)
	}
	if refused.Shut {
		return h.turnAway(ctx, tx, p, refused.Reason)
	}
	if o.final() && o.notice {
		return s.MarkHeld(ctx, tx, p, refused.Reason)
	}
	if o.final() {
		return s.MarkFailed(ctx, tx, p, refused.Reason)
	}
	wait := max(refused.After, retryAfter[max(0, o.attempts-1)])
	return s.MarkRetry(ctx, tx, p, tx.Now.Add(wait), refused.Reason)
}
