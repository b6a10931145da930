package hub_test

import (
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/handoff"
)

// Who waits says in words, or by the button, not to wait live: it is confirmed in the response, at no cost, once.
func TestAnswerMeLaterGoesBackInTheResponse(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string
	}{"in Chinese": {"晚点回复我", "passive: 您排在第 1 位"}, "nothing of the sort": {"我的号码是 1390000", "success"}} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *house) {
				h.metered(true, nil)
				h.start()
				if got := h.calls("1", "转人工"); !strings.Contains(got, "位置已为您保留") {
					h.t.Fatal(got)
				}
				left := h.left().Left
				if got := h.calls("2", c.text); !strings.HasPrefix(got, c.want) {
					h.t.Fatalf("%q", got)
				}
				if c.want == "success" {
					return
				}
				if h.meter.count() != 0 || h.left().Left < left {
					h.t.Fatalf("it cost something: %q, %+v", h.meter.all(), h.left())
				}
				if got := h.calls("3", "稍后回复"); got != "success" {
					h.t.Fatalf("said twice: %q", got)
				}
			})
		})
	}
}

// Whoever is next learns so once, on a channel where nothing shows it; what the budget does not allow is not said late.
func TestTheNextIsToldWithinTheBudget(t *testing.T) {
	for name, c := range map[string]struct {
		sends int // that the customer's message allows
		want  string
	}{"there is budget": {3, "您是下一位，请稍候，客服马上就来。=sent"}, "the last is kept": {2, "您是下一位，请稍候，客服马上就来。="}} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *house) {
				h.metered(true, nil)
				if err := h.Desk.SetPresence(t.Context(), h.agent.ID, handoff.Online); err != nil {
					t.Fatal(err)
				}
				h.writes(conversation.Incoming{SourceID: "a", Address: "first", Text: "转人工"})
				h.start()
				h.eventually("the first waits", func() bool { return h.conversation(1).Queueing() })
				h.writes(conversation.Incoming{SourceID: "1", Address: "li", Text: "转人工", Grant: &conversation.Grant{Name: "message", Sends: c.sends, For: time.Hour}})
				h.eventually("the second waits", func() bool { return h.conversation(2).Queueing() })
				h.eventually("the place is told", func() bool { return strings.Contains(h.states(2), "第 2 位，请稍候。=sent") })
				h.claims(1)
				h.eventually("the second is next", func() bool { return strings.HasSuffix(h.states(2), c.want) })
			})
		})
	}
}
