package hub

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// maxHook bounds the body of a provider's callback.
const maxHook = 1 << 20

// storeWithin is how long a callback is stored for, also after its caller has hung up.
const storeWithin = 30 * time.Second

// ServeHook takes a provider's callback for an inbox: verified and translated by the adapter, made durable,
// and only then acknowledged.
func (h *Hub) ServeHook(w http.ResponseWriter, r *http.Request, inboxID string) {
	id, err := strconv.ParseInt(inboxID, 10, 64)
	if err != nil {
		http.Error(w, "no such inbox", http.StatusNotFound)
		return
	}
	inbox, err := h.Inbox(r.Context(), id)
	if err != nil {
		h.refuse(w, err)
		return
	}
	hook, ok := h.adapters[inbox.Kind].(channels.Webhook)
	if !ok {
		http.Error(w, "this inbox takes no callbacks", http.StatusNotFound)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxHook)
	received, err := hook.Receive(inbox, r)
	if err != nil {
		h.complain(inbox.ID, err)
		h.refuse(w, err)
		return
	}
	storing, done := context.WithTimeout(context.WithoutCancel(r.Context()), storeWithin) // a caller who hangs up may not call again
	recorded, err := h.Accept(storing, inbox, received)
	done()
	if err != nil {
		h.refuse(w, err)
		return
	}
	if received.Passive != nil {
		h.answerInResponse(w, r, recorded, received)
		return
	}
	_ = acknowledge(w, received.Ack) // everything is durable; who did not hear so repeats it
}

// acknowledge writes the response; an error is a connection that broke under it.
func acknowledge(w http.ResponseWriter, a channels.Ack) error {
	if a.ContentType != "" {
		w.Header().Set("Content-Type", a.ContentType)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	if _, err := w.Write(a.Body); err != nil {
		return err
	}
	err := http.NewResponseController(w).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// refuse answers a callback that was not accepted. What is ours to mend is a 500, so that the provider repeats.
func (h *Hub) refuse(w http.ResponseWriter, err error) {
	var field *conversation.FieldError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, channels.ErrUnauthorized):
		http.Error(w, "the signature does not fit", http.StatusUnauthorized)
	case errors.Is(err, conversation.ErrNotFound):
		http.Error(w, "no such inbox", http.StatusNotFound)
	case errors.As(err, &tooLarge):
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
	case errors.As(err, &field):
		http.Error(w, field.Error(), http.StatusBadRequest)
	case errors.Is(err, conversation.ErrUnavailable):
		h.Log.Error("callback not accepted; the provider will repeat it", "error", err)
		http.Error(w, "nothing can be stored at the moment; please repeat", http.StatusServiceUnavailable)
	default:
		h.Log.Error("callback not accepted; the provider will repeat it", "error", err)
		http.Error(w, "not stored; please repeat", http.StatusInternalServerError)
	}
}

// Accept records what a channel received. When it returns without error everything is durable.
func (h *Hub) Accept(ctx context.Context, inbox conversation.Inbox, in channels.Received) ([]conversation.Recorded, error) {
	recorded := make([]conversation.Recorded, 0, len(in.Messages))
	if _, err := h.wishes(ctx); err != nil { // read now, for guard
		return recorded, err
	}
	if err := h.putAll(ctx, inbox, in.Messages); err != nil {
		return recorded, err
	}
	for _, m := range in.Messages {
		r, err := h.record(ctx, inbox, ready(m, in.Passive))
		if err != nil {
			return recorded, err
		}
		if m.Thread == nil {
			h.topics.put(r.Conversation.ID, channels.Topic(inbox.ID, m.Address))
		}
		h.meet(inbox, r, m.Address)
		if r.Queued {
			if err := h.queueUp(ctx, r.Conversation.ID); err != nil {
				return recorded, err
			}
		} else if err := h.hearWaiting(ctx, r, in.Passive != nil); err != nil {
			return recorded, err
		}
		if r.Duplicate {
			h.stats.repeated.Add(1)
		} else {
			h.stats.received.Add(1)
		}
		recorded = append(recorded, r)
	}
	if err := h.settle(ctx, inbox, in.Receipts); err != nil || in.Ring == nil {
		return recorded, err
	}
	return recorded, h.answerRing(ctx, inbox, *in.Ring)
}

// answerRing has the inboxes asked for that a callback rang for.
func (h *Hub) answerRing(ctx context.Context, inbox conversation.Inbox, ring channels.Ring) error {
	meant := []conversation.Inbox{inbox}
	if ring.For != nil {
		all, err := h.Conversations.Inboxes(ctx, h.DB)
		if err != nil {
			return err
		}
		meant = slices.DeleteFunc(all, func(i conversation.Inbox) bool { return i.Kind != inbox.Kind || !has(i.Settings, ring.For) })
	}
	err := h.DB.Tx(ctx, func(tx *db.Tx) error {
		for _, i := range meant {
			if err := h.Conversations.Ring(ctx, tx, i.ID, ring.Hint); err != nil {
				return err
			}
		}
		return nil
	})
	h.pulls.ring()
	return err
}

// has tells whether settings hold those that are wanted.
func has(settings, wanted map[string]string) bool {
	for key, value := range wanted {
		if settings[key] != value {
			return false
		}
	}
	return true
}

// queueUp tells the customer the place in the queue that a message has led to without the bot: in an inbox that has
// none, or because the conversation was put aside while nobody had it.
func (h *Hub) queueUp(ctx context.Context, id int64) error {
	return h.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := h.Conversations.Load(ctx, tx, id)
		if err != nil || !c.Queueing() {
			return err
		}
		reason := handoff.Reason(c.HandoffReason)
		if !reason.Valid() {
			reason = handoff.NoBot
		}
		return h.Desk.Request(ctx, tx, c, reason)
	})
}

func (h *Hub) settle(ctx context.Context, inbox conversation.Inbox, receipts []conversation.Receipt) error {
	for i := range receipts {
		err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.settleIn(ctx, tx, inbox, receipts[i:i+1]) })
		if err != nil {
			return err
		}
	}
	return nil
}

// settleIn applies receipts in a transaction of the caller's.
func (h *Hub) settleIn(ctx context.Context, tx *db.Tx, inbox conversation.Inbox, receipts []conversation.Receipt) error {
	for _, receipt := range receipts {
		err := h.Conversations.Settle(ctx, tx, inbox.ID, receipt)
		if errors.Is(err, conversation.ErrNotFound) {
			h.Log.Warn("receipt for a message that is not known", "inbox", inbox.ID)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}
