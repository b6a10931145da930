package handoff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/conversation"
)

// ClockKind is what a clock of a service level agreement measures.
type ClockKind string

// The kinds of clocks.
const (
	FirstResponse ClockKind = "first_response" // from when a person is needed until a person answers
	NextResponse  ClockKind = "next_response"  // from a later message of the customer until a person answers
	Resolution    ClockKind = "resolution"     // from when a person is needed until the conversation is resolved
)

// ClockKinds are all of them.
func ClockKinds() []ClockKind { return []ClockKind{FirstResponse, NextResponse, Resolution} }

// Policy says how fast some customers are served. Stored as JSON: fields are added, never renamed.
type Policy struct {
	ID      int64  `json:"-"`
	Version int64  `json:"-"` // rises with each change
	Name    string `json:"name"`
	On      bool   `json:"on"`

	// Whom it is for; an empty list is everybody.
	Tiers      []string `json:"tiers,omitempty"`
	Channels   []string `json:"channels,omitempty"` // kinds of inboxes
	Priorities []string `json:"priorities,omitempty"`
	TeamIDs    []int64  `json:"team_ids,omitempty"` // 0: conversations of no team

	// Targets in minutes of work; 0: none.
	FirstResponse int `json:"first_response,omitempty"`
	NextResponse  int `json:"next_response,omitempty"`
	Resolution    int `json:"resolution,omitempty"`

	Always      bool         `json:"always,omitempty"`       // around the clock instead of the team's hours
	WarnMinutes int          `json:"warn_minutes,omitempty"` // so many minutes of work before the deadline
	WarnPercent int          `json:"warn_percent,omitempty"` // or when so much of the time is used; the earlier counts
	Escalations []Escalation `json:"escalations,omitempty"`
}

// Escalation is what is done once a target is missed.
type Escalation struct {
	After  int              `json:"after"` // minutes of work after the deadline
	Action EscalationAction `json:"action"`
	TeamID int64            `json:"team_id,omitempty"` // of ToTeam
	Kinds  []ClockKind      `json:"kinds,omitempty"`   // of which clocks; empty: of all
}

// EscalationAction is a thing that an escalation does.
type EscalationAction string

// The actions.
const (
	NotifyLead    EscalationAction = "notify" // the lead and whoever has it are told
	RaisePriority EscalationAction = "raise"  // by one
	ToFront       EscalationAction = "front"  // back to its team's queue, before the others
	ToTeam        EscalationAction = "team"   // into another team's queue
)

const (
	maxPolicies    = 50
	maxTarget      = 60 * 24 * 60 // minutes
	maxEscalations = 6
)

// clean finds fault with a policy; field is where it stands in a list.
func (p *Policy) clean(field string) error {
	p.Name = strings.Join(strings.Fields(p.Name), " ")
	wrong := func(name, message string) error {
		return &conversation.FieldError{Field: field + name, Message: message}
	}
	switch {
	case p.Name == "" || len([]rune(p.Name)) > maxName:
		return wrong("name", "give a name of at most 100 characters")
	case p.FirstResponse < 0 || p.NextResponse < 0 || p.Resolution < 0 || max(p.FirstResponse, p.NextResponse, p.Resolution) > maxTarget:
		return wrong("targets", "a target is at most 60 days")
	case p.FirstResponse+p.NextResponse+p.Resolution == 0:
		return wrong("targets", "give at least one target")
	case p.WarnPercent < 0 || p.WarnPercent > 99 || p.WarnMinutes < 0 || p.WarnMinutes > maxTarget:
		return wrong("warn", "warn some minutes before the deadline, or when 1 to 99 percent of the time are used")
	case len(p.Escalations) > maxEscalations:
		return wrong("escalations", "a policy has at most 6 escalations")
	}
	for _, word := range p.Priorities {
		if _, ok := conversation.ParsePriority(word); !ok {
			return wrong("priorities", "a priority is low, normal, high or urgent")
		}
	}
	for i, e := range p.Escalations {
		if message := e.wrong(); message != "" {
			return wrong("escalations["+strconv.Itoa(i)+"]", message)
		}
	}
	return nil
}

func (e Escalation) wrong() string {
	switch {
	case e.After < 0 || e.After > maxTarget:
		return "an escalation comes at most 60 days after the deadline"
	case !slices.Contains([]EscalationAction{NotifyLead, RaisePriority, ToFront, ToTeam}, e.Action):
		return "the action is notify, raise, front or team"
	case e.Action == ToTeam && e.TeamID == 0:
		return "name the team"
	}
	for _, k := range e.Kinds {
		if !slices.Contains(ClockKinds(), k) {
			return fmt.Sprintf("%q is no kind of clock", k)
		}
	}
	return ""
}

// slaCase is what of a conversation a policy looks at.
type slaCase struct {
	tier, channel string
	priority      conversation.Priority
	team          int64
}

// fits tells whether the policy is for such a conversation.
func (p Policy) fits(c slaCase) bool {
	return p.On && (len(p.Tiers) == 0 || slices.Contains(p.Tiers, c.tier)) && (len(p.Channels) == 0 || slices.Contains(p.Channels, c.channel)) &&
		(len(p.Priorities) == 0 || slices.Contains(p.Priorities, c.priority.String())) && (len(p.TeamIDs) == 0 || slices.Contains(p.TeamIDs, c.team))
}

// firstFit is the first policy for such a conversation.
func firstFit(all []Policy, c slaCase) (Policy, bool) {
	i := slices.IndexFunc(all, func(p Policy) bool { return p.fits(c) })
	if i < 0 {
		return Policy{}, false
	}
	return all[i], true
}

// target is how much work a clock of the kind may take; 0: there is none.
func (p Policy) target(kind ClockKind) time.Duration {
	minutes := map[ClockKind]int{FirstResponse: p.FirstResponse, NextResponse: p.NextResponse, Resolution: p.Resolution}[kind]
	return time.Duration(minutes) * time.Minute
}

// warnAfter is after how much work a clock warns; 0: never.
func (p Policy) warnAfter(target time.Duration) time.Duration {
	after := target
	if p.WarnPercent > 0 {
		after = target * time.Duration(p.WarnPercent) / 100
	}
	if early := target - time.Duration(p.WarnMinutes)*time.Minute; p.WarnMinutes > 0 && early < after {
		after = early
	}
	if after == target {
		return 0
	}
	return max(after, time.Second)
}

// escalations are those for a kind of clock, the earliest first.
func (p Policy) escalations(kind ClockKind) []Escalation {
	var list []Escalation
	for _, e := range p.Escalations {
		if len(e.Kinds) == 0 || slices.Contains(e.Kinds, kind) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b Escalation) int { return a.After - b.After })
	return list
}
