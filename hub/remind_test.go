package hub_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/hub"
)

// later makes what was said so far older.
func (h *house) later(d time.Duration) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE conversations SET last_message_at = last_message_at - ?", d.Milliseconds())
		return err
	})
}

func TestSilenceIsRemindedOfOnceAndOnlyWhenWanted(t *testing.T) {
	onBoth(t, func(h *house) {
		wishes := hub.DefaultWishes()
		wishes.RemindAfterMinutes = 5
		h.Hub.Wishes = func(context.Context) (hub.Wishes, error) { return wishes, nil }
		h.start()
		h.talks("今天月亮为什么是绿色的呀")
		h.asks("bob", "slow internet")
		h.gets("bob: Restart")
		h.later(6 * time.Minute)
		h.gets("li: 您还在吗？")
		m, e := h.last(1)
		if len(m.Content.Choices) == 0 || !strings.HasPrefix(e.Rule, "the customer has not") {
			h.t.Fatalf("%+v", m)
		}
		h.later(6 * time.Minute)
		time.Sleep(6 * time.Second) // longer than between two looks
		if got, answered := h.messages(1), h.messages(2); len(got) != 3 || len(answered) != 2 || answered[1].Sender != conversation.FromBot {
			h.t.Fatalf("%d and %d messages", len(got), len(answered))
		}
	})
}
