package hub_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// closes gives those without a team hours that are days away, whenever the test runs.
func (h *house) closes() (s handoff.Schedule) {
	h.t.Helper()
	day := strings.ToLower(time.Now().UTC().Add(72 * time.Hour).Format("Mon"))
	h.desk(func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = h.Desk.CreateSchedule(ctx, tx, handoff.Schedule{Name: "Office", Zone: "UTC", Week: day + " 08:00-09:00", TeamIDs: []int64{0}})
		return err
	})
	return s
}

// lawful fails the test where the rows break a law.
func (h *house) lawful() {
	h.t.Helper()
	_, faults, err := h.Conversations.Ledger(context.Background(), 0)
	if err != nil || len(faults) > 0 {
		h.t.Errorf("%+v, %v", faults, err)
	}
}

func (h *house) count(text string) int { return strings.Count(h.wire.all(), text) }

func TestAtNightTheBotGoesOnWhileNobodyHasIt(t *testing.T) {
	onBoth(t, func(h *house) {
		h.closes()
		h.start()
		h.asks("li", "转人工")
		h.gets("现在是非服务时间")
		before := h.conversation(1)
		if before.BotSeq == 0 || !before.Queueing() || before.WaitingSince.IsZero() {
			h.t.Fatalf("%+v", before)
		}
		h.asks("li", "网速太慢")
		h.gets("li: 请重启光猫。")
		h.asks("li", "我的门牌是 3 栋 502，请带梯子")
		h.gets("已为您记下，客服会一并看到。我们")
		h.asks("li", "还有一只狗，不要怕")
		h.asks("li", "开票")
		h.gets("在 App 里开。")
		after := h.conversation(1)
		if !after.Queueing() || !after.QueuedAt.Equal(before.QueuedAt) || !after.WaitingSince.Equal(before.WaitingSince) || after.Unread < 5 {
			h.t.Errorf("the place or the wait moved: %+v", after)
		}
		if n := h.count("已为您记下"); n != 1 {
			h.t.Errorf("noted %d times", n)
		}
		h.lawful()
		h.claims(1)
		said := len(h.messages(1))
		h.asks("li", "网速太慢")
		h.asks("bo", "网速太慢")
		h.gets("bo: 请重启光猫。")
		if c := h.conversation(1); c.BotSeq != 0 || !c.TurnDue.IsZero() || len(h.messages(1)) != said+1 {
			h.t.Errorf("after the claim: %+v, %d messages", c, len(h.messages(1)))
		}
		h.lawful()
	})
}

func TestWhatAWaitingCustomerSaysAtNight(t *testing.T) {
	onBoth(t, func(h *house) {
		h.closes()
		h.start()
		for _, c := range []struct{ from, then, want string }{
			{"asks again", "转人工", ""},
			{"thanks", "谢谢", "thanks: 不客气"},
			{"asks the place", "查排队", ""},
			{"complains", "我要投诉你们", ""},
		} {
			h.asks(c.from, "转人工")
			h.gets(c.from + ": 现在是非服务时间")
			h.asks(c.from, c.then)
			if c.want != "" {
				h.gets(c.want)
			}
		}
		h.eventually("the complaint goes first", func() bool { return h.conversation(4).Priority == conversation.High })
		h.eventually("no turn is left", func() bool {
			for id := int64(1); id <= 4; id++ {
				if c := h.conversation(id); !c.TurnDue.IsZero() || !c.Queueing() {
					return false
				}
			}
			return true
		})
		if n := h.count("现在是非服务时间"); n != 4 { // a place is told at most once a minute
			h.t.Errorf("told %d times:\n%s", n, h.wire.all())
		}
		h.lawful()
	})
}

func TestByDayTheBotLeavesWhoWaitsToThePeople(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(h *house)
	}{
		{"no hours", func(*house) {}},
		{"overtime", func(h *house) {
			h.closes()
			if err := h.Desk.SetPresence(context.Background(), h.agent.ID, handoff.Online); err != nil {
				h.t.Fatal(err)
			}
		}},
		{"the bot is turned off", func(h *house) {
			h.closes()
			h.asks("li", "转人工")
			h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
			h.desk(func(ctx context.Context, tx *db.Tx) error {
				h.inbox.Bot = false
				return h.Conversations.SaveInbox(ctx, tx, h.inbox)
			})
		}},
		{"a colleague had it", func(h *house) {
			h.closes()
			h.asks("li", "转人工")
			h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
			h.claims(1)
			h.desk(func(ctx context.Context, tx *db.Tx) error {
				_, err := h.Desk.Release(ctx, tx, 1, h.agent, handoff.ToQueue)
				return err
			})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(h *house) {
				h.start()
				c.change(h)
				h.asks("li", "转人工")
				h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
				h.asks("li", "网速太慢")
				h.eventually("looked at", func() bool { return h.conversation(1).TurnDue.IsZero() })
				if n := h.count("请重启光猫"); n != 0 {
					h.t.Errorf("answered: %s", h.wire.all())
				}
				h.lawful()
			})
		})
	}
}

// Claims race with the turns of the bot: whoever is first, the bot says nothing after a claim, and nothing is lost.
func TestAClaimAtNightSilencesTheBot(t *testing.T) {
	onBoth(t, func(h *house) {
		h.closes()
		h.start()
		const customers = 20
		for i := range customers {
			h.asks(fmt.Sprint("c", i), "转人工")
		}
		h.eventually("all wait", func() bool {
			n, err := h.Conversations.Queued(context.Background(), h.DB, 0, customers+1)
			return err == nil && n == customers
		})
		var all sync.WaitGroup
		for i := range customers {
			all.Go(func() { h.asks(fmt.Sprint("c", i), "网速太慢") })
			all.Go(func() { time.Sleep(time.Duration(i) * time.Millisecond); h.claims(int64(i + 1)) })
		}
		all.Wait()
		answered := 0
		for id := int64(1); id <= customers; id++ {
			h.eventually("no turn is left", func() bool { return h.conversation(id).TurnDue.IsZero() })
			claimed := int64(0)
			for _, m := range h.messages(id) {
				switch {
				case m.Content.Activity == "claimed":
					claimed = m.Seq
				case m.Sender == conversation.FromBot && !m.Private && claimed != 0:
					h.t.Errorf("conversation %d: the bot said %q at %d after the claim at %d", id, m.Text, m.Seq, claimed)
				case m.Sender == conversation.FromBot && !m.Private:
					answered++
				}
			}
			if c := h.conversation(id); c.AgentID != h.agent.ID || c.BotSeq != 0 {
				h.t.Errorf("%+v", c)
			}
		}
		h.t.Logf("%d of %d were answered before the claim", answered, customers)
		h.lawful()
	})
}
