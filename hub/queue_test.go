package hub_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// desk runs a change at the desk that must succeed.
func (h *house) desk(change func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	ctx := context.Background()
	if err := h.DB.Tx(ctx, func(tx *db.Tx) error { return change(ctx, tx) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) claims(id int64) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		_, err := h.Desk.Claim(ctx, tx, id, h.agent, false)
		return err
	})
}

func TestWhoWaitsSeesTheQueueMove(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.asks("first", "转人工")
		h.eventually("first queued", func() bool { return h.conversation(1).Queueing() })
		h.asks("second", "转人工")
		h.eventually("second queued", func() bool { return h.conversation(2).Queueing() })
		standing := func() int {
			s, err := h.Customer().Standing(context.Background(), h.inbox, "second")
			if err != nil {
				h.t.Fatal(err)
			}
			return s.Position
		}
		if got := standing(); got != 2 {
			h.t.Fatalf("place %d", got)
		}
		screen := h.Live.Subscribe(channels.Topic(h.inbox.ID, "second"))
		defer screen.Close()
		h.eventually("its screen is quiet", func() bool {
			select {
			case <-screen.Pulses():
				return false
			case <-time.After(50 * time.Millisecond):
				return true
			}
		})
		h.claims(1)
		h.eventually("its screen is told", func() bool {
			select {
			case <-screen.Pulses():
				return standing() == 1
			default:
				return false
			}
		})
	})
}

// What a human has answered is no part of the bot's next turn.
func TestTheBotDoesNotTakeUpWhatAHumanAnswered(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.asks("li", "转人工")
		h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
		h.claims(1)
		h.desk(func(ctx context.Context, tx *db.Tx) error {
			c, err := h.Conversations.Load(ctx, tx, 1)
			if err != nil {
				return err
			}
			if err := h.Desk.MayReply(ctx, tx, c, h.agent); err != nil {
				return err
			}
			_, err = h.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: h.agent.ID, Text: "好的"})
			return err
		})
		h.desk(func(ctx context.Context, tx *db.Tx) error {
			_, err := h.Desk.Release(ctx, tx, 1, h.agent, handoff.ToBot)
			return err
		})
		before := len(h.messages(1))
		h.asks("li", "天王盖地虎")
		h.eventually("answered", func() bool { return len(h.messages(1)) > before+1 })
		if c := h.conversation(1); c.Status != conversation.Pending {
			h.t.Fatalf("handed over again: %s", c.Status)
		}
	})
}

// Without a bot the place is told at the first message, and at the one that takes a resolved conversation up again.
func TestWithoutABotThePlaceIsTold(t *testing.T) {
	onBoth(t, func(h *house) {
		h.desk(func(ctx context.Context, tx *db.Tx) error {
			h.inbox.Bot = false
			return h.Conversations.SaveInbox(ctx, tx, h.inbox)
		})
		h.start()
		told := func() int { return strings.Count(h.wire.all(), "li: ") }
		h.asks("li", "网速太慢")
		h.eventually("the place", func() bool { return told() == 1 })
		h.desk(func(ctx context.Context, tx *db.Tx) error {
			_, err := h.Desk.Resolve(ctx, tx, 1, h.agent)
			return err
		})
		h.asks("li", "又慢了")
		h.eventually("the place again", func() bool { return told() == 2 && h.conversation(1).Queueing() })
	})
}

// Who was with the bot when it is turned off gets a human with the next message.
func TestTheBotIsTurnedOff(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.asks("li", "网速太慢")
		h.gets("li: 请重启光猫。")
		h.desk(func(ctx context.Context, tx *db.Tx) error {
			h.inbox.Bot = false
			return h.Conversations.SaveInbox(ctx, tx, h.inbox)
		})
		h.asks("li", "开票")
		h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
		if got := h.wire.all(); strings.Contains(got, "在 App 里开。") || h.conversation(1).HandoffReason != string(handoff.NoBot) {
			h.t.Fatalf("%s, %+v", got, h.conversation(1))
		}
	})
}
