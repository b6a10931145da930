package hub

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"huiyin/conversation"
	"huiyin/handoff"
	"huiyin/nlu"
)

// StoredTriggers are the administrator's triggers as they are stored. Last is the greatest id ever given, so that none is
// given twice.
type StoredTriggers struct {
	Last  int64     `json:"last"`
	Rules []Trigger `json:"rules"`
}

// Change puts a list in the place of the triggers: new ones get an id, changed ones a new version. Its error is for whoever
// made the list.
func (s StoredTriggers) Change(list []Trigger) (StoredTriggers, error) {
	next := StoredTriggers{Last: s.Last, Rules: make([]Trigger, 0, len(list))}
	for place, t := range list {
		if err := t.clean("rules[" + strconv.Itoa(place) + "]."); err != nil {
			return s, err
		}
		i := slices.IndexFunc(s.Rules, func(old Trigger) bool { return old.ID == t.ID })
		switch {
		case t.ID == 0:
			next.Last++
			t.ID, t.Version = next.Last, 1
		case i < 0 || slices.ContainsFunc(next.Rules, func(o Trigger) bool { return o.ID == t.ID }):
			return s, &conversation.FieldError{Field: "rules", Message: fmt.Sprintf("there is no rule %d any more; load the page again", t.ID)}
		default:
			t.Version = s.Rules[i].Version
			if !t.same(s.Rules[i]) {
				t.Version++
			}
		}
		next.Rules = append(next.Rules, t)
	}
	return next, nil
}

func (t Trigger) same(other Trigger) bool {
	a, errA := json.Marshal(t)
	b, errB := json.Marshal(other)
	return errA == nil && errB == nil && string(a) == string(b)
}

// clean brings a trigger into the form in which it is stored, and finds fault with it; field is where it stands in a list.
func (t *Trigger) clean(field string) error {
	wrong := func(name, message string) error {
		return &conversation.FieldError{Field: field + name, Message: message}
	}
	t.Name = strings.Join(strings.Fields(t.Name), " ")
	for _, list := range []*[]string{&t.When.Words, &t.When.Patterns, &t.When.Tiers, &t.When.Channels, &t.When.Pages, &t.Tags} {
		*list = cleanList(*list)
	}
	t.Reason, t.Priority, t.TeamID = t.target()
	switch {
	case t.Name == "":
		return wrong("name", "give the rule a name")
	case t.When.Empty():
		return wrong("when", "set at least one condition")
	case !slices.Contains([]TriggerAct{TriggerHandoff, TriggerNever, TriggerTag}, t.Do):
		return wrong("do", "the rule hands over, never hands over, or only tags")
	case t.Do == TriggerTag && len(t.Tags) == 0:
		return wrong("tags", "name a tag")
	case t.Reason != "" && !handoff.Reason(t.Reason).Valid():
		return wrong("reason", "this is no reason")
	case !slices.Contains([]string{"", "open", "closed"}, t.When.Hours):
		return wrong("when.hours", "the hours are open or closed")
	}
	for _, w := range t.When.Words {
		if nlu.Normalize(w) == "" {
			return wrong("when.words", fmt.Sprintf("nothing of %q is left once it is brought into normal form", w))
		}
	}
	if _, err := t.ready(); err != nil {
		return wrong("when.patterns", strings.TrimPrefix(strings.TrimPrefix(err.Error(), fmt.Sprintf("trigger %q: ", t.Name)), "error parsing regexp: "))
	}
	return nil
}

// target is to whom the trigger hands over; nothing when it does not.
func (t *Trigger) target() (Reason, string, int64) {
	if t.Do != TriggerHandoff {
		return "", "", 0
	}
	return t.Reason, t.Priority, t.TeamID
}

// cleanList trims the entries and leaves out empty ones and repetitions; nil when none is left.
func cleanList(list []string) []string {
	var clean []string
	for _, word := range list {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(clean, word) {
			clean = append(clean, word)
		}
	}
	return clean
}
