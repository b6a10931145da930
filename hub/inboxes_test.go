package hub_test

import (
	"context"
	"errors"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

// What is changed on a node is in force there with the next message; what another node changed, within a second.
func TestAnInboxThatWasChangedIsTheChangedOne(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := context.Background()
		save := func(store *conversation.Store, change func(*conversation.Inbox)) {
			h.t.Helper()
			err := h.DB.Tx(ctx, func(tx *db.Tx) error {
				inbox, err := store.LoadInbox(ctx, tx, h.inbox.ID)
				if err != nil {
					return err
				}
				change(&inbox)
				return store.SaveInbox(ctx, tx, inbox)
			})
			if err != nil {
				h.t.Fatal(err)
			}
		}
		name := func() string {
			inbox, err := h.Inbox(ctx, h.inbox.ID)
			if err != nil {
				h.t.Fatal(err)
			}
			return inbox.Name
		}
		for _, want := range []string{"first", "second", "third"} {
			_ = name()
			save(h.Conversations, func(i *conversation.Inbox) { i.Name = want })
			if got := name(); got != want {
				h.t.Errorf("%q, want %q", got, want)
			}
		}
		other := &conversation.Store{DB: h.DB} // another node's
		save(other, func(i *conversation.Inbox) { i.Name = "elsewhere" })
		h.eventually("the name given elsewhere", func() bool { return name() == "elsewhere" })
		save(h.Conversations, func(i *conversation.Inbox) { i.ArchivedAt = h.DB.Now() })
		if _, err := h.Inbox(ctx, h.inbox.ID); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Errorf("an inbox out of service: %v", err)
		}
		if _, err := h.Inbox(ctx, h.inbox.ID+1); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Errorf("no inbox: %v", err)
		}
	})
}
