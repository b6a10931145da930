package hub_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/hub"
)

func (h *house) follows(rules ...hub.Trigger) {
	h.Wishes = func(context.Context) (hub.Wishes, error) {
		w := hub.DefaultWishes()
		w.Triggers, w.TriggersVersion = rules, 1
		return w, nil
	}
}

func TestATriggerHandsOverToItsTeam(t *testing.T) {
	onBoth(t, func(h *house) {
		var team handoff.Team
		err := h.DB.Tx(context.Background(), func(tx *db.Tx) (err error) {
			team, err = h.Desk.CreateTeam(context.Background(), tx, handoff.Team{Name: "Retention"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.follows(hub.Trigger{ID: 1, Version: 4, Name: "Leaving", On: true, When: hub.Conditions{Words: []string{"转网"}}, Do: hub.TriggerHandoff,
			TeamID: team.ID, Priority: "urgent", Tags: []string{"流失"}})
		h.start()
		h.asks("li", "我要转网")
		h.eventually("handed over", func() bool { return h.conversation(1).Status == conversation.Open })
		c := h.conversation(1)
		if c.TeamID != team.ID || c.Priority != conversation.Urgent || c.HandoffReason != "rule" || !slices.Equal(c.Tags, []string{"流失"}) {
			t.Errorf("%+v", c)
		}
		turns, err := h.Conversations.ExplainedTurns(context.Background(), h.DB, 0, 10)
		if err != nil || len(turns) != 1 || !strings.Contains(turns[0].Explanation, `"trigger":{"id":1,"version":4,"name":"Leaving","do":"handoff"}`) ||
			!strings.Contains(turns[0].Explanation, `"facts":{"messages":1}`) {
			t.Errorf("%+v, %v", turns, err)
		}
	})
}

func TestTriggersAreTriedOnThePast(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		for i, ask := range []struct{ from, text, sent string }{{"li", "网速太慢", "请重启光猫"}, {"ann", "怎么开发票", "在 App 里开"}, {"wu", "我要投诉你们", ""}} {
			h.asks(ask.from, ask.text)
			if ask.sent != "" {
				h.gets(ask.sent)
			} else {
				h.eventually("handed over", func() bool { return h.conversation(int64(i+1)).Status == conversation.Open })
			}
		}
		trial, err := h.TryTriggers(context.Background(), []hub.Trigger{
			{Name: "invoices", When: hub.Conditions{Words: []string{"发票"}}, Do: hub.TriggerHandoff, TeamID: 5},
			{Name: "complaints stay", When: hub.Conditions{Words: []string{"投诉"}}, Do: hub.TriggerNever},
			{Name: "slow", When: hub.Conditions{Patterns: []string{"慢$"}}, Do: hub.TriggerTag},
			{Name: "never", When: hub.Conditions{Hours: "closed"}, Do: hub.TriggerTag},
		}, 0)
		if err != nil || trial.LookedAt != 3 || trial.HandedThen != 1 || trial.HandedNow != 1 || trial.Next != 0 || trial.MoreHandedTo[5] != 1 {
			t.Fatalf("%+v, %v", trial, err)
		}
		for i, want := range []hub.TriedTrigger{{Matched: 1, Changed: 1}, {Matched: 1, Changed: 1}, {Matched: 1}, {}} {
			if got := trial.Triggers[i]; got.Matched != want.Matched || got.Changed != want.Changed || got.Unknown != 0 {
				t.Errorf("trigger %d: %+v", i, got)
			}
		}
		if x := trial.Triggers[0].Examples; len(x) != 1 || x[0].Text != "怎么开发票" || x[0].Then != hub.ActAnswer || x[0].Now != hub.ActHandoff || x[0].ConversationID != 2 {
			t.Errorf("%+v", x)
		}
		if _, err := h.TryTriggers(context.Background(), []hub.Trigger{{Name: "bad", When: hub.Conditions{Patterns: []string{"("}}}}, 0); err == nil {
			t.Error("a wrong pattern is accepted")
		}
	})
}
