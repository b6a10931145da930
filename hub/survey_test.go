package hub_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// surveyed makes the inbox ask for ratings at once.
func (h *house) surveyed(change func(r *conversation.SurveyRule)) {
	h.t.Helper()
	rule := conversation.DefaultSurveyRule()
	rule.Enabled, rule.DelayMinutes = true, 0
	if change != nil {
		change(&rule)
	}
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		return h.Conversations.SaveSurveyRule(ctx, tx, h.inbox.ID, rule)
	})
}

// served lets the agent take and end the first conversation.
func (h *house) served() {
	h.t.Helper()
	h.claims(1)
	h.desk(func(ctx context.Context, tx *db.Tx) error { _, err := h.Desk.Resolve(ctx, tx, 1, h.agent); return err })
}

func (h *house) rating() conversation.Rating {
	h.t.Helper()
	found, err := h.Conversations.Ratings(context.Background(), h.DB, []int64{1})
	if err != nil {
		h.t.Fatal(err)
	}
	return found[1]
}

// onSQLite is for rules that do not depend on the database; the roads that they take are walked on both.
func onSQLite(t *testing.T, test func(h *house)) {
	test(build(t, filepath.Join(t.TempDir(), "huiyin.db")))
}

func (h *house) asked() bool { return strings.Count(h.wire.all(), "请为本次服务评分") == 1 }

func TestARatingIsAskedOnceAndUnderstood(t *testing.T) {
	onBoth(t, func(h *house) {
		h.surveyed(nil)
		h.start()
		h.asks("li", "转人工")
		h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
		h.served()
		h.eventually("asked", h.asked)
		h.asks("li", "4，等得有点久")
		r := h.rating()
		if r.Score != 4 || r.Comment != "等得有点久" || r.AgentID != h.agent.ID || r.InboxID != h.inbox.ID || r.Way != "reply" {
			h.t.Fatalf("%+v", r)
		}
		if c := h.conversation(1); c.Status != conversation.Resolved || c.Unread != 0 {
			h.t.Fatalf("the rating took the conversation up again: %+v", c)
		}
		h.eventually("it shows in the thread", func() bool { m := h.messages(1); return m[len(m)-1].Content.Activity == "rated" })
		h.asks("li", "网速太慢")
		h.gets("li: 请重启光猫。")
		if !h.asked() || strings.Contains(h.wire.all(), "4") {
			h.t.Fatal(h.wire.all())
		}
	})
}

func TestANewQuestionIsNoRating(t *testing.T) {
	onBoth(t, func(h *house) {
		h.surveyed(nil)
		h.start()
		h.asks("li", "转人工")
		h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
		h.served()
		h.eventually("asked", h.asked)
		h.asks("li", "怎么开发票")
		h.gets("li: 在 App 里开。")
		h.asks("li", "5")
		h.eventually("a digit is no rating any more", func() bool { return len(h.messages(1)) > 7 && h.conversation(1).TurnDue.IsZero() })
		if r := h.rating(); r.Score != 0 {
			h.t.Fatalf("%+v", r)
		}
	})
}

func TestWhoIsNotAsked(t *testing.T) {
	for name, c := range map[string]struct {
		rule   func(*conversation.SurveyRule)
		before func(h *house)
		reason string
	}{
		"no person was there": {nil, func(h *house) {
			h.desk(func(ctx context.Context, tx *db.Tx) error {
				c, err := h.Conversations.Load(ctx, tx, 1)
				if err != nil {
					return err
				}
				c.Status = conversation.Resolved
				return h.Conversations.Save(ctx, tx, c)
			})
		}, "no person was there"},
		"opted out": {nil, func(h *house) {
			h.desk(func(ctx context.Context, tx *db.Tx) error {
				return h.Conversations.SetConsent(ctx, tx, h.inbox.ID, "li", conversation.OptOut, "T")
			})
			h.served()
		}, "the customer has opted out"},
		"rated already": {nil, func(h *house) {
			h.claims(1)
			h.desk(func(ctx context.Context, tx *db.Tx) error {
				c, err := h.Desk.Resolve(ctx, tx, 1, h.agent)
				if err != nil {
					return err
				}
				return h.Conversations.Rate(ctx, tx, c, conversation.Rating{Score: 3})
			})
		}, "rated already"},
		"not in the sample": {func(r *conversation.SurveyRule) { r.Percent = 1 }, (*house).served, "not in the sample"},
	} {
		t.Run(name, func(t *testing.T) {
			onSQLite(t, func(h *house) {
				h.surveyed(c.rule)
				h.asks("li", "转人工")
				c.before(h)
				h.start()
				h.eventually(c.reason, func() bool {
					var reason string
					err := h.DB.QueryRow(context.Background(), "SELECT reason FROM surveys WHERE conversation_id = 1 AND state = 'left'").Scan(&reason)
					return err == nil && reason == c.reason
				})
				if strings.Contains(h.wire.all(), "评分") {
					h.t.Fatal(h.wire.all())
				}
			})
		})
	}
}

func TestASurveyNeverTakesTheLastMessage(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(false, map[string]string{"reserve_last": "false"})
		h.surveyed(nil)
		h.start()
		h.writes(message("1", "li", "你好"))
		h.placeTold()
		h.replies(1, "a")
		h.eventually("two spent", func() bool { return h.left().Left == 1 })
		h.served()
		h.eventually("not asked", func() bool {
			var n int
			err := h.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM surveys WHERE reason = 'the send budget has no message to spare'").Scan(&n)
			return err == nil && n == 1
		})
		if h.left().Left != 1 {
			h.t.Fatalf("%+v", h.left())
		}
	})
}

func TestABadRatingIsTakenUpByRule(t *testing.T) {
	for name, c := range map[string]struct {
		rule   conversation.OnLow
		online bool
		owned  bool
		status conversation.Status
	}{
		"nothing":                        {conversation.LowNothing, true, false, conversation.Resolved},
		"a notice":                       {conversation.LowNotify, true, false, conversation.Resolved},
		"back to who had it":             {conversation.LowReopen, true, true, conversation.Open},
		"to the queue when they are off": {conversation.LowReopen, false, false, conversation.Open},
		"first in the queue":             {conversation.LowQueue, true, false, conversation.Open},
	} {
		t.Run(name, func(t *testing.T) {
			onSQLite(t, func(h *house) {
				h.surveyed(func(r *conversation.SurveyRule) { r.OnLow = c.rule })
				h.start()
				h.asks("li", "转人工")
				h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
				h.served()
				h.eventually("asked", h.asked)
				if c.online {
					if err := h.Desk.SetPresence(context.Background(), h.agent.ID, handoff.Online); err != nil {
						h.t.Fatal(err)
					}
				}
				h.asks("li", "不满意")
				h.eventually("settled", func() bool {
					for _, m := range h.messages(1) {
						if m.Content.Activity == "rated" {
							return (m.Content.ActivityData["low"] == "true") == (c.rule != conversation.LowNothing)
						}
					}
					return false
				})
				got := h.conversation(1)
				if got.Status != c.status || (got.AgentID == h.agent.ID) != (c.owned || c.status == conversation.Resolved) {
					h.t.Fatalf("%+v", got)
				}
				if c.status == conversation.Open && !c.owned && got.Priority != conversation.Urgent {
					h.t.Fatalf("not first: %v", got.Priority)
				}
			})
		})
	}
}

func TestALinkRatesOnce(t *testing.T) {
	onBoth(t, func(h *house) {
		h.RatingURL = func(int64) string { return "https://help.example.com/rate/x" }
		h.surveyed(nil)
		h.start()
		h.asks("li@example.com", "转人工")
		h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
		h.served()
		h.gets("https://help.example.com/rate/x")
		ctx := context.Background()
		if scale, _, err := h.Hub.RatingAsked(ctx, 1); err != nil || scale != conversation.ScaleFive {
			h.t.Fatal(scale, err)
		}
		if err := h.RateByLink(ctx, 1, conversation.Rating{Score: 2, Reason: "响应速度"}); err != nil {
			h.t.Fatal(err)
		}
		if err := h.RateByLink(ctx, 1, conversation.Rating{Score: 5}); err == nil || h.rating().Score != 2 {
			h.t.Fatal(err, h.rating())
		}
	})
}
