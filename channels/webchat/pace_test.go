package webchat

import (
	"fmt"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func TestStreamsLookRarelyAndApart(t *testing.T) {
	seen := map[time.Duration]bool{}
	for i := range 200 {
		address := fmt.Sprint("v_", i)
		every := pace(address, db.SQLite)
		if every < lookEvery || every >= lookEvery+lookSpread || every != pace(address, db.SQLite) {
			t.Fatalf("%s looks every %v", address, every)
		}
		if other := pace(address, db.Postgres); other != every/2 {
			t.Fatalf("%s looks every %v where other nodes may write", address, other)
		}
		seen[every] = true
	}
	if len(seen) < 100 {
		t.Fatalf("200 streams have %d paces", len(seen))
	}
}

func TestClientsHearInTimeThatTheStreamLives(t *testing.T) {
	const dead = 50 * time.Second // docs/channels/webchat.md
	if pause := lookEvery + lookSpread; beatAfter > lookEvery || 2*pause > dead {
		t.Fatalf("with a look every %v one may be lost before the client gives up", pause)
	}
}

func TestHowLongAStandingHolds(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	bot := conversation.Head{ID: 7, LastSeq: 3, Status: conversation.Pending}
	with := func(how func(*conversation.Head)) []conversation.Head {
		h := bot
		how(&h)
		return []conversation.Head{{ID: 1}, h}
	}
	for _, c := range []struct {
		name  string
		frame string
		heads []conversation.Head
		later time.Duration
		holds bool
	}{
		{"at the first look", "", []conversation.Head{bot}, 0, false},
		{"nothing changed", "{}", []conversation.Head{bot}, time.Second, true},
		{"messages came", "{}", with(func(h *conversation.Head) { h.LastSeq, h.AgentReadSeq = 9, 8 }), time.Second, true},
		{"it grew old", "{}", []conversation.Head{bot}, standingFor, false},
		{"another status", "{}", with(func(h *conversation.Head) { h.Status = conversation.Resolved }), 0, false},
		{"another team", "{}", with(func(h *conversation.Head) { h.TeamID = 2 }), 0, false},
		{"an agent has it", "{}", with(func(h *conversation.Head) { h.AgentID = 2 }), 0, false},
		{"a newer conversation", "{}", with(func(h *conversation.Head) { h.ID = 8 }), 0, false},
		{"erased", "{}", nil, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := standing{c.frame, placeIn([]conversation.Head{bot}), at}
			if got := s.holds(c.heads, at.Add(c.later)); got != c.holds {
				t.Fatalf("holds: %v", got)
			}
		})
	}
	waiting := conversation.Head{ID: 7, Status: conversation.Open, QueueOrder: 5}
	if (standing{"{}", waiting, at}).holds([]conversation.Head{waiting}, at) {
		t.Error("a place in the queue moves with others, and is not asked for again")
	}
	if !(standing{"{}", placeIn(nil), at}).holds(nil, at) {
		t.Error("before the first message each look asks again")
	}
}
