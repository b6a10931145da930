package handoff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func (r *room) perform(id int64, a handoff.Agent, actions ...handoff.Action) (c *conversation.Conversation, err error) {
	err = r.DB.Tx(r.ctx, func(tx *db.Tx) (err error) {
		for _, one := range actions {
			if c, err = r.Act(r.ctx, tx, id, a, one); err != nil {
				return err
			}
		}
		return nil
	})
	return c, err
}

func TestActions(t *testing.T) {
	onBoth(t, func(r *room) {
		for _, c := range []struct {
			name    string
			actions []handoff.Action
			want    string
		}{
			{"claim", []handoff.Action{{Kind: "claim"}}, "open anna normal []"},
			{"transfer to a colleague", []handoff.Action{{Kind: "transfer", AgentID: r.lin.ID, Text: "please"}}, "open lin normal []"},
			{"transfer to a team", []handoff.Action{{Kind: "transfer", TeamID: r.other.ID}}, "open  normal []"},
			{"release", []handoff.Action{{Kind: "claim"}, {Kind: "release", To: "queue"}}, "open  normal []"},
			{"to the bot", []handoff.Action{{Kind: "release", To: "bot"}}, "pending  normal []"},
			{"tags", []handoff.Action{{Kind: "tag", Tags: []string{"a", "b", "a"}}, {Kind: "untag", Tags: []string{"b", "c"}}}, "open  normal [a]"},
			{"priority", []handoff.Action{{Kind: "priority", Priority: "urgent"}, {Kind: "priority", Priority: "urgent"}}, "open  urgent []"},
			{"resolve", []handoff.Action{{Kind: "resolve"}}, "resolved anna normal []"},
			{"reopen", []handoff.Action{{Kind: "resolve"}, {Kind: "reopen"}}, "open anna normal []"},
			{"snooze", []handoff.Action{{Kind: "snooze", Minutes: 30, Text: "parts come"}}, "snoozed  normal []"},
			{"wake", []handoff.Action{{Kind: "snooze"}, {Kind: "wake"}, {Kind: "wake"}}, "open  normal []"},
			{"read and note", []handoff.Action{{Kind: "read"}, {Kind: "note", Text: "done"}}, "open  normal []"},
		} {
			id := r.queued(handoff.Asked)
			got, err := r.perform(id, r.anna, c.actions...)
			if err != nil {
				r.Errorf("%s: %v", c.name, err)
				continue
			}
			names := map[int64]string{0: "", r.anna.ID: "anna", r.lin.ID: "lin"}
			if have := fmt.Sprintf("%s %s %s %v", got.Status, names[got.AgentID], got.Priority, got.Tags); have != c.want {
				r.Errorf("%s: %s, want %s", c.name, have, c.want)
			}
		}
	})
}

func TestActionsThatMeanNothingOrAreNotAllowed(t *testing.T) {
	r := onSQLite(t)
	id := r.queued(handoff.Asked)
	for _, c := range []struct {
		name, field string
		action      handoff.Action
	}{
		{"none", "kind", handoff.Action{}},
		{"an unknown one", "kind", handoff.Action{Kind: "sing"}},
		{"transfer to nobody", "agent_id", handoff.Action{Kind: "transfer"}},
		{"release into the air", "to", handoff.Action{Kind: "release"}},
		{"tag nothing", "tags", handoff.Action{Kind: "tag"}},
		{"no priority", "priority", handoff.Action{Kind: "priority", Priority: "soon"}},
		{"snooze backwards", "minutes", handoff.Action{Kind: "snooze", Minutes: -1}},
		{"snooze into the past", "until", handoff.Action{Kind: "snooze", Until: r.clock.Now().Add(-time.Hour)}},
		{"snooze with a novel", "reason", handoff.Action{Kind: "snooze", Text: strings.Repeat("x", 201)}},
		{"an empty note", "text", handoff.Action{Kind: "note", Text: " "}},
	} {
		if _, err := r.perform(id, r.anna, c.action); field(err) != c.field {
			r.Errorf("%s: %v, want a fault of %s", c.name, err, c.field)
		}
	}
	if err := handoff.CheckActions(make([]handoff.Action, 11)); field(err) != "actions" {
		r.Errorf("eleven: %v", err)
	}
	for _, kind := range []string{"tag", "priority", "read", "note", "claim", "resolve"} {
		_, err := r.perform(id, r.mei, handoff.Action{Kind: kind, Tags: []string{"x"}, Priority: "high", Text: "x"})
		if !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("%s by another team: %v", kind, err)
		}
	}
}

func TestSnoozeUntilTheCustomerWrites(t *testing.T) {
	onBoth(t, func(r *room) {
		c := r.customer("en")
		r.request(c.ID, handoff.Asked)
		if _, err := r.perform(c.ID, r.anna, handoff.Action{Kind: "claim"}, handoff.Action{Kind: "snooze", Text: " waits for   the bill "}); err != nil {
			r.Fatal(err)
		}
		if why, err := r.Conversations.SnoozeReasons(r.ctx, r.DB, []int64{c.ID}); err != nil || why[c.ID] != "waits for the bill" {
			r.Errorf("%v, %v", why, err)
		}
		r.clock.pass(1000 * time.Hour)
		r.tx(func(tx *db.Tx) error { return r.Wake(r.ctx, tx, c.ID) })
		if got, _ := r.Conversations.Get(r.ctx, r.DB, c.ID); got.Status != conversation.Snoozed || !got.SnoozedUntil.IsZero() {
			r.Errorf("woke by itself: %v until %v", got.Status, got.SnoozedUntil)
		}
		rec, err := r.Conversations.Record(r.ctx, r.inbox, conversation.Incoming{SourceID: "back", Address: r.addressOf(c.ID), Text: "here it is"})
		if err != nil {
			r.Fatal(err)
		}
		if got, _ := r.Conversations.Get(r.ctx, r.DB, rec.Conversation.ID); got.ID != c.ID || got.Status != conversation.Open || got.AgentID != r.anna.ID {
			r.Errorf("%+v", got)
		}
	})
}
