package hub_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// sparing is a letterbox whose addresses get one automatic letter an hour, and four a day.
type sparing struct{ letterbox }

func (sparing) Kind() channels.Kind { return channels.Kind{Name: "sparing"} }

func (sparing) Restraint(conversation.Inbox) channels.Restraint {
	return channels.Restraint{Every: time.Hour, Daily: 4}
}

// What a letter asks for in reply is answered however soon; anything else written within the hour is for a person.
func TestARestrainedLetterAnswersADirectReply(t *testing.T) {
	for _, c := range []struct {
		label, says, gets, reason string
		letters                   int
	}{
		{"a choice by number", "2", "li: 可以补开。", "", 2},
		{"a choice by words", "丢了那个", "li: 可以补开。", "", 2},
		{"a person", "转人工", "", "asked", 2},
		{"another question", "网速太慢", "", "no_bot", 1},
		{"a robot's words", "我正在休假，回来后会尽快回复您。", "", "no_bot", 1},
	} {
		t.Run(c.label, func(t *testing.T) {
			onBoth(t, func(h *house) {
				h.lettersOf("sparing")
				h.asks("li", "怎么开发票")
				h.gets("li: 在 App 里开。")
				h.desk(func(ctx context.Context, tx *db.Tx) error { return h.offersAs(ctx, tx) })
				h.asks("li", c.says)
				h.eventually("the turn", func() bool { return !h.owes() })
				if got := h.conversation(1).HandoffReason; string(got) != c.reason {
					h.t.Errorf("handed over for %q", got)
				}
				if c.gets != "" && !strings.Contains(h.wire.all(), c.gets) {
					h.t.Errorf("sent: %s", h.wire.all())
				}
				if n := strings.Count(h.wire.all(), "li: "); n != c.letters {
					h.t.Errorf("%d letters, want %d:\n%s", n, c.letters, h.wire.all())
				}
			})
		})
	}
}

// A robot that writes what a letter asks for is held by the day's number.
func TestDirectRepliesAreCountedByTheDay(t *testing.T) {
	onBoth(t, func(h *house) {
		h.lettersOf("sparing")
		h.asks("li", "怎么开发票")
		h.gets("li: 在 App 里开。")
		for range 5 {
			h.desk(func(ctx context.Context, tx *db.Tx) error { return h.offersAs(ctx, tx) })
			h.asks("li", "2")
			h.eventually("the turn", func() bool { return !h.owes() })
		}
		if n := strings.Count(h.wire.all(), "li: "); n != 2 { // two more were offers
			h.t.Errorf("%d letters in a day:\n%s", n, h.wire.all())
		}
		if !h.conversation(1).Queueing() {
			h.t.Error("nobody has what is not answered")
		}
	})
}

// offersAs has the bot offer two articles in a letter that has gone out.
func (h *house) offersAs(ctx context.Context, tx *db.Tx) error {
	c, err := h.Conversations.Load(ctx, tx, 1)
	if err != nil || c.Status != conversation.Pending {
		return err
	}
	if err := h.offers(ctx, tx, "article:2", "article:3"); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE messages SET delivery = 'sent', due_at = NULL WHERE text = 'which?' AND delivery = 'queued'")
	return err
}

// owes tells whether a turn or a letter is still to come.
func (h *house) owes() bool {
	var n int
	err := h.DB.QueryRow(context.Background(), `SELECT (SELECT COUNT(*) FROM conversations WHERE due_at IS NOT NULL) + (SELECT COUNT(*) FROM messages WHERE delivery = 'queued')`).Scan(&n)
	if err != nil {
		h.t.Fatal(err)
	}
	return n > 0
}
