package hub_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

func TestASpentBudgetHoldsUntilTheCustomerWrites(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(false, nil)
		h.start()
		h.writes(message("1", "li", "你好"))
		h.placeTold()
		for _, text := range []string{"a", "b", "c"} {
			h.replies(1, text)
		}
		h.eventually("the third held", func() bool { return strings.HasSuffix(h.states(1), "a=sent | b=sent | c=held") })
		if b := h.left(); b.Left != 0 || b.Of != 3 || b.Until.Before(time.Now()) {
			h.t.Fatalf("%+v", b)
		}
		held := h.messages(1)
		if reason := held[len(held)-1].Reason; !strings.Contains(reason, "used up") {
			h.t.Fatal(reason)
		}
		h.writes(message("2", "li", "在吗"))
		h.eventually("it goes out", func() bool { return strings.HasSuffix(h.states(1), "c=sent") })
		if b := h.left(); b.Left != 2 {
			h.t.Fatalf("%+v", b)
		}
	})
}

// placeTold waits for the line about the queue.
func (h *house) placeTold() {
	h.t.Helper()
	h.eventually("the place is told", func() bool { return h.meter.count() == 1 })
	h.eventually("and noted", func() bool { return strings.Contains(h.states(1), "=sent") })
}

// What the inbox says to an event goes out under the event's ticket, alone and at no cost, also when nothing is open.
func TestWhatHasATicketGoesOutAlone(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.writes(conversation.Incoming{SourceID: "e", Address: "li", Activity: "entered", Say: "欢迎", Ticket: "code"})
		h.writes(message("1", "li", "怎么开发票"))
		h.start()
		h.eventually("both sent", func() bool { return h.meter.count() == 2 })
		if sent := h.meter.all(); !strings.Contains(sent[0], "欢迎") || strings.Contains(sent[1], "欢迎") {
			h.t.Fatalf("%q", sent)
		}
		h.eventually("and counted", func() bool { return h.left().Left == 2 })
	})
}

func TestTheLastOfABudgetIsKeptForAHuman(t *testing.T) {
	for name, c := range map[string]struct {
		settings map[string]string
		want     string
	}{
		"kept":     {nil, "请重启光猫。=sent | 在 App 里开。=sent | 请重启光猫。=held"},
		"not kept": {map[string]string{channels.SettingReserve: "false"}, "请重启光猫。=sent | 在 App 里开。=sent | 请重启光猫。=sent"},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *house) {
				h.metered(true, c.settings)
				h.start()
				h.writes(message("1", "li", "网速太慢"))
				h.reaches("请重启光猫。=sent")
				h.ungranted("怎么开发票")
				h.reaches("请重启光猫。=sent | 在 App 里开。=sent")
				h.ungranted("网速太慢")
				h.reaches(c.want)
				if name == "not kept" {
					return
				}
				h.writes(conversation.Incoming{SourceID: "x", Address: "li", Text: "谢谢", Grant: &conversation.Grant{Name: "menu", Sends: 3, For: time.Minute}})
				h.replies(1, "我来")
				h.eventually("held ones first", func() bool {
					sent := h.meter.all()
					return slices.Index(sent, "li: 我来") > slices.Index(sent[2:], "li: 请重启光猫。")+1
				})
			})
		})
	}
}

// ungranted is a message that opens nothing.
func (h *house) ungranted(text string) {
	h.t.Helper()
	h.writes(conversation.Incoming{SourceID: text + time.Now().String(), Address: "li", Text: text})
}

func TestShortAnswersGoOutAsOne(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.writes(message("1", "li", "网速太慢"))
		h.writes(message("2", "li", "怎么开发票"))
		h.start()
		h.reaches("请重启光猫。=sent | 在 App 里开。=sent")
		if sent := h.meter.all(); len(sent) != 1 || sent[0] != "li: 请重启光猫。\n\n在 App 里开。" || h.left().Left != 2 {
			h.t.Fatalf("%q, %+v", sent, h.left())
		}
		head := h.messages(1)[2]
		ctx := context.Background()
		receipt := channels.Received{Receipts: []conversation.Receipt{{ProviderID: head.ProviderID, State: conversation.Failed, Reason: "blocked"}}}
		if _, err := h.Accept(ctx, h.inbox, receipt); err != nil {
			h.t.Fatal(err)
		}
		h.reaches("请重启光猫。=failed | 在 App 里开。=failed")
	})
}

func TestWhatTheProviderDidNotTakeIsNotCounted(t *testing.T) {
	long := strings.Repeat("a", 500) // three parts
	for name, c := range map[string]struct {
		refuse error
		want   string
		left   int
		sent   string
	}{
		"refused for good":       {&channels.SendError{Reason: "too long"}, "failed", 3, ""},
		"the window is shut":     {&channels.SendError{Reason: "45015", Shut: true}, "held", 0, ""},
		"out of reach":           {errors.New("refused"), "queued", 3, ""},
		"one part taken":         {&channels.SendError{Reason: "busy", Retry: true, Taken: 1}, "queued", 2, ""},
		"nobody knows":           {&channels.SendError{Reason: "no answer", Uncertain: true}, "uncertain", 0, ""},
		"shut after a first one": {&channels.SendError{Reason: "45047", Shut: true, Taken: 1}, "held", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *house) {
				h.metered(true, nil)
				h.meter.refuse = []error{c.refuse}
				h.start()
				h.writes(conversation.Incoming{SourceID: "1", Address: "li", Activity: "followed", Grant: &conversation.Grant{Name: "message", Sends: 3, For: time.Hour}})
				h.replies(1, long)
				h.eventually(c.want, func() bool {
					m := h.messages(1)[1]
					return m.Delivery == conversation.Delivery(c.want) && m.Reason+c.want != "queued"
				})
				if b := h.left(); b.Left != c.left {
					h.t.Fatalf("%+v", b)
				}
			})
		})
	}
}

// A reply of five parts where three are allowed after each message would wait for ever as a whole.
func TestAMessageLongerThanTheBudgetGoesInTurns(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.start()
		h.writes(conversation.Incoming{SourceID: "1", Address: "li", Activity: "followed", Grant: &conversation.Grant{Name: "message", Sends: 3, For: time.Hour}})
		h.replies(1, "a")
		h.replies(1, strings.Repeat("b", 500))
		h.eventually("what would fit waits whole", func() bool { return h.why(2) == "it takes more messages than the send budget has left" })
		h.replies(1, strings.Repeat("c", 900))
		h.eventually("what never fits begins", func() bool { return h.why(3) == "a part of it is sent" })
		if sent := h.meter.all(); len(sent) != 2 || sent[1] != "parts 1 to 2 of 5" || h.left().Left != 0 {
			h.t.Fatalf("%q, %+v", sent, h.left())
		}
		h.writes(conversation.Incoming{SourceID: "2", Address: "li", Activity: "followed", Grant: &conversation.Grant{Name: "message", Sends: 6, For: time.Hour}})
		h.eventually("the rest", func() bool {
			sent := h.meter.all()
			return len(sent) == 4 && sent[2] == "li: "+strings.Repeat("b", 500) && strings.HasSuffix(sent[3], "c from part 2") && h.left().Left == 0
		})
	})
}

// why is the first half of the reason on a message that is held.
func (h *house) why(at int) string {
	m := h.messages(1)[at]
	first, _, _ := strings.Cut(m.Reason, ";")
	if m.Delivery != conversation.Held {
		return string(m.Delivery)
	}
	return first
}

func TestARetryRepeatsNoPart(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	h.metered(true, nil)
	h.meter.refuse = []error{&channels.SendError{Reason: "busy", Retry: true, Taken: 2}}
	h.start()
	h.writes(message("1", "li", "转人工"))
	h.eventually("sent in the end", func() bool { return h.meter.count() == 1 || h.moveOn() })
	if sent := h.meter.all()[0]; !strings.Contains(sent, "from part 2") {
		t.Fatal(sent)
	}
}

// moveOn lets waits be over.
func (h *house) moveOn() bool {
	_ = h.DB.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), "UPDATE messages SET due_at = 1 WHERE due_at IS NOT NULL AND lease_token = ''")
		return err
	})
	return false
}

func TestOtherWaysWhenTheBudgetIsSpent(t *testing.T) {
	for name, c := range map[string]struct {
		rule     string
		verified bool
		notify   error
		want     string
		notices  int
	}{
		"a notice":                          {channels.SpentNotice, true, nil, "sent", 1},
		"a notice that is refused":          {channels.SpentNotice, true, &channels.SendError{Reason: "43101 not subscribed"}, "held", 0},
		"a notice refused as shut":          {channels.SpentNotice, true, &channels.SendError{Reason: "not subscribed", Shut: true}, "held", 0},
		"another channel":                   {channels.SpentOther, true, nil, "sent", 0},
		"another address that is not known": {channels.SpentOther, false, nil, "held", 0},
		"wait":                              {channels.SpentWait, true, nil, "held", 0},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *house) {
				wire := h.inbox
				h.metered(true, map[string]string{channels.SettingWhenSpent: c.rule})
				h.meter.notify = c.notify
				r := h.writes(conversation.Incoming{SourceID: "1", Address: "li", Activity: "followed"})
				h.also(r.Conversation.ContactID, wire.ID, "li@wire", c.verified)
				h.start()
				h.replies(1, "您的账单")
				h.reaches("您的账单=" + c.want)
				if told := h.messages(1)[1].Content.Notice; told != (c.notices > 0) {
					h.t.Fatalf("as a notice: %v", told)
				}
				if len(h.meter.notices) != c.notices || h.meter.count() != 0 {
					h.t.Fatalf("%q %q", h.meter.notices, h.meter.all())
				}
				if c.rule == channels.SpentOther && c.verified {
					h.gets("li@wire: 您的账单")
					m := h.messages(1)[1]
					if m.ViaIdentity.Address != "li@wire" {
						h.t.Fatalf("%+v", m)
					}
					receipt := channels.Received{Receipts: []conversation.Receipt{{ProviderID: m.ProviderID, State: conversation.Delivered}}}
					if _, err := h.Accept(context.Background(), wire, receipt); err != nil {
						h.t.Fatal(err)
					}
					h.reaches("您的账单=delivered")
				}
			})
		})
	}
}

func (h *house) also(contact, inbox int64, address string, verified bool) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		v := 0
		if verified {
			v = 1
		}
		_, err := tx.Exec(ctx, "INSERT INTO identities (inbox_id, address, contact_id, verified, created_at) VALUES (?, ?, ?, ?, ?)", inbox, address, contact, v, db.Millis(tx.Now))
		return err
	})
}

func TestLeavingShutsTheWindowAndWhoTookOverIsNotTold(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.start()
		h.writes(message("1", "li", "转人工"))
		h.placeTold()
		h.claims(1)
		h.eventually("the line costs nothing", func() bool {
			all := h.messages(1)
			last := all[len(all)-1]
			return last.Content.Activity == "claimed" && last.Delivery == "" && h.left().Left == 2
		})
		h.writes(conversation.Incoming{SourceID: "2", Address: "li", Activity: "unfollowed", Leaves: true})
		if b := h.left(); b != (conversation.Budget{}) {
			h.t.Fatalf("%+v", b)
		}
		if c := h.conversation(1); c.AgentID != h.agent.ID || !c.TurnDue.IsZero() {
			h.t.Fatalf("%+v", c)
		}
		h.replies(1, "再见")
		h.eventually("held", func() bool { return strings.HasSuffix(h.states(1), "再见=held") })
	})
}
