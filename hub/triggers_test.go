package hub

import (
	"errors"
	"strings"
	"testing"

	"huiyin/conversation"
)

func TestTriggersAreChanged(t *testing.T) {
	a := Trigger{Name: " A ", On: true, When: Conditions{Words: []string{" 退款 ", "退款", ""}}, Do: TriggerHandoff, Priority: "high"}
	b := Trigger{Name: "B", When: Conditions{Repeated: true}, Do: TriggerTag, Tags: []string{"again"}, TeamID: 7, Priority: "high"}
	first, err := StoredTriggers{}.Change([]Trigger{a, b})
	if err != nil || first.Last != 2 || first.Rules[0].Name != "A" || len(first.Rules[0].When.Words) != 1 || first.Rules[1].TeamID != 0 || first.Rules[1].Priority != "" {
		t.Fatalf("%+v, %v", first, err)
	}
	changed := first.Rules[1]
	changed.On = true
	second, err := first.Change([]Trigger{changed, b})
	if err != nil || second.Last != 3 || second.Rules[0].ID != 2 || second.Rules[0].Version != 2 || second.Rules[1].ID != 3 || second.Rules[1].Version != 1 {
		t.Fatalf("%+v, %v", second, err)
	}
	same, err := second.Change(second.Rules)
	if err != nil || same.Rules[0].Version != 2 {
		t.Errorf("saved without a change: %+v, %v", same, err)
	}
	if _, err := second.Change(first.Rules); err == nil {
		t.Error("a rule that is gone is saved")
	}
}

func TestTriggersThatAreRefused(t *testing.T) {
	good := Trigger{Name: "A", When: Conditions{Words: []string{"x"}}, Do: TriggerHandoff}
	for field, change := range map[string]func(*Trigger){
		"name":          func(r *Trigger) { r.Name = " " },
		"when":          func(r *Trigger) { r.When = Conditions{Words: []string{" "}} },
		"do":            func(r *Trigger) { r.Do = "dance" },
		"tags":          func(r *Trigger) { r.Do = TriggerTag },
		"reason":        func(r *Trigger) { r.Reason = "boredom" },
		"when.hours":    func(r *Trigger) { r.When.Hours = "noon" },
		"when.patterns": func(r *Trigger) { r.When.Patterns = []string{"("} },
	} {
		rule := good
		change(&rule)
		_, err := StoredTriggers{}.Change([]Trigger{rule})
		var wrong *conversation.FieldError
		if !errors.As(err, &wrong) || wrong.Field != "rules[0]."+field {
			t.Errorf("%s: %v", field, err)
		}
	}
	long := good
	long.When.Patterns = []string{strings.Repeat("a", 301)}
	if _, err := (StoredTriggers{}).Change([]Trigger{long}); err == nil {
		t.Error("a pattern of 301 characters is accepted")
	}
}
