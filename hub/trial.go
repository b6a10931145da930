package hub

import (
	"context"
	"encoding/json"
	"time"
)

// Trial is what triggers would have done with automatic decisions of the past. One trial looks at some of them; the next goes
// on before Next.
type Trial struct {
	LookedAt     int
	Oldest       time.Time
	Next         int64 // where the next trial goes on; 0: there is nothing before
	HandedThen   int   // handed to a human then
	HandedNow    int   // and with these triggers
	Triggers     []TriedTrigger
	MoreHandedTo map[int64]int // conversations newly handed over, by team; 0: as it is
}

// TriedTrigger is what one trigger of a trial would have done.
type TriedTrigger struct {
	Matched  int // so often it would have been the first that holds
	Changed  int // and the decision had been another one
	Unknown  int // so often it could not be told: what it looks at was not kept then
	Examples []TriedExample
}

// TriedExample is a decision of the past that a trigger takes part in.
type TriedExample struct {
	ConversationID, Seq int64
	At                  time.Time
	Text                string
	Then, Now           Act
	Changed             bool
}

const (
	// triedAtOnce is how many decisions one trial looks at.
	triedAtOnce = 500

	// triedExamples is how many examples of each trigger a trial brings; those that change something come first.
	triedExamples = 5
)

// TryTriggers decides past turns again with the triggers given, whether they are on or not, as if the policy were that of
// then. Nothing is stored. It looks at messages before the one with the id given; 0: from the newest on.
func (h *Hub) TryTriggers(ctx context.Context, all []Trigger, before int64) (Trial, error) {
	all = append([]Trigger{}, all...)
	for i := range all {
		all[i].On, all[i].ID = true, int64(i) // by place
	}
	triggers, err := NewTriggers(all)
	if err != nil {
		return Trial{}, err
	}
	past, err := h.Conversations.ExplainedTurns(ctx, h.DB, before, triedAtOnce)
	if err != nil {
		return Trial{}, err
	}
	trial := Trial{Triggers: make([]TriedTrigger, len(all)), MoreHandedTo: map[int64]int{}}
	for _, m := range past {
		trial.Next, trial.Oldest = m.MessageID, m.At
		var e Explanation
		if err := json.Unmarshal([]byte(m.Explanation), &e); err != nil || !e.tellable() {
			continue
		}
		trial.try(e, triggers, TriedExample{ConversationID: m.ConversationID, Seq: m.Seq, At: m.At, Text: e.Asked})
	}
	if len(past) < triedAtOnce {
		trial.Next = 0
	}
	return trial, nil
}

// tellable tells whether the decision was one that triggers take part in: no button and no reminder.
func (e Explanation) tellable() bool {
	switch {
	case e.Context != nil && (e.Context.Rule == pickedByNumber || e.Context.Rule == pickedByWords || e.Context.Rule == pressed):
		return false
	case e.Rule == ruleReminded || e.Asked == "":
		return false
	}
	switch e.Decision.Act {
	case ActAnswer, ActClarify, ActAsk, ActHandoff, ActSmalltalk:
		return true
	default:
		return false
	}
}

// try decides one turn again.
func (t *Trial) try(e Explanation, triggers *Triggers, x TriedExample) {
	t.LookedAt++
	if e.Decision.Act == ActHandoff {
		t.HandedThen++
	}
	p, turn := e.Policy, e.turn()
	if e.Facts == nil {
		triggers = t.leaveUnknown(triggers)
	}
	p.Triggers = triggers
	trigger := triggers.first(p, turn)
	x.Then, x.Now = e.Decision.Act, e.Decision.Act
	if trigger != nil {
		d := decide(p, turn, e.found())
		x.Now = d.Act
		if trigger.Do == TriggerTag || trigger.Do == TriggerNever && e.Decision.Act != ActHandoff {
			x.Now = x.Then
		}
		x.Changed = x.Now != x.Then
		t.Triggers[trigger.ID].add(x)
		if x.Changed && x.Now == ActHandoff {
			t.MoreHandedTo[trigger.TeamID]++
		}
	}
	if x.Now == ActHandoff {
		t.HandedNow++
	}
}

// leaveUnknown leaves triggers out that look at what was not kept then, and counts them.
func (t *Trial) leaveUnknown(triggers *Triggers) *Triggers {
	known := &Triggers{}
	for _, r := range triggers.list {
		if r.When.usesFacts() {
			t.Triggers[r.ID].Unknown++
			continue
		}
		known.list = append(known.list, r)
	}
	return known
}

func (t *TriedTrigger) add(x TriedExample) {
	t.Matched++
	if x.Changed {
		t.Changed++
	}
	if len(t.Examples) < triedExamples {
		t.Examples = append(t.Examples, x)
		return
	}
	for i := range t.Examples {
		if x.Changed && !t.Examples[i].Changed {
			t.Examples[i] = x
			return
		}
	}
}
