package routing

import (
	"slices"
	"time"
)

// Rule is what decided.
type Rule string

// The rules: by which an agent was chosen, or why nobody was.
const (
	ByManager    Rule = "manager"
	ByStandIn    Rule = "stand_in"
	ByLastAgent  Rule = "last_agent"
	ByLeastBusy  Rule = "least_busy"
	ByRoundRobin Rule = "round_robin"
	ByBestFit    Rule = "best_fit"

	BecauseManual  Rule = "manual"
	BecauseNobody  Rule = "nobody_on_duty"
	BecauseBusy    Rule = "all_busy"
	BecauseUnfit   Rule = "nobody_fits"
	BecauseManager Rule = "waits_for_manager"
)

// Bar is why an agent does not come into question.
type Bar string

// The bars, in the order in which they are looked at.
const (
	BarOffline  Bar = "offline"
	BarOffered  Bar = "has_an_offer"
	BarFull     Bar = "full"
	BarChannel  Bar = "full_on_channel"
	BarSkill    Bar = "skill"
	BarLanguage Bar = "language"
	BarRefused  Bar = "refused"
)

// Choice is a decision with its reasons. Agent is 0 when nobody is chosen.
type Choice struct {
	Agent   int64       `json:"agent,omitempty"`
	Rule    Rule        `json:"rule"`
	Units   int         `json:"units"`
	Relaxed bool        `json:"relaxed,omitempty"` // skills and languages did not count any more
	Best    []Candidate `json:"best,omitempty"`    // who came into question, best first
	Barred  map[Bar]int `json:"barred,omitempty"`  // how many did not, and why
	Again   time.Time   `json:"-"`                 // when time alone may change the decision; zero: never
}

// Candidate is an agent who came into question.
type Candidate struct {
	Agent int64   `json:"agent"`
	Load  float64 `json:"load"` // share of the capacity in use
	Fit   int     `json:"fit"`  // levels of the skills needed
	Idle  int     `json:"idle"` // seconds since the last customer; -1: never had one
}

// maxBest bounds the candidates that an explanation names.
const maxBest = 5

// Decide chooses who is to get a customer, of the agents on the team. It is pure: the same in gives the same out.
func Decide(s Settings, now time.Time, agents []Agent, c Case) Choice {
	t := s.Team(c.Team)
	d := decider{s: s, now: now, c: c, needs: NeedsOf(s, c), green: s.IsGreen(c.Tier), agents: agents}
	if !t.Offers() {
		return Choice{Rule: BecauseManual}
	}
	if choice, done := d.known(); done {
		return choice
	}
	relax := c.Queued.Add(time.Duration(s.RelaxAfter) * time.Minute)
	choice := d.best(t.Strategy)
	if choice.Agent != 0 {
		return choice
	}
	if !d.limited(choice) {
		return choice
	}
	if now.Before(relax) {
		choice.Again = relax
		return choice
	}
	d.relaxed = true
	return d.best(t.Strategy)
}

// limited tells whether somebody would come into question if skills, languages and refusals did not count.
func (d *decider) limited(c Choice) bool {
	return c.Barred[BarSkill]+c.Barred[BarLanguage]+c.Barred[BarRefused] > 0
}

type decider struct {
	s       Settings
	now     time.Time
	c       Case
	needs   map[string]int
	green   bool
	relaxed bool
	agents  []Agent
}

// known tries the dedicated agent, the stand-in and the last agent, in this order.
func (d *decider) known() (Choice, bool) {
	if manager := d.find(d.c.Manager); manager != nil {
		if d.free(manager) {
			return d.chosen(manager, ByManager), true
		}
		if until := d.c.Queued.Add(time.Duration(d.s.ManagerWait) * time.Second); manager.Online && d.now.Before(until) && !d.refused(manager) {
			return Choice{Rule: BecauseManager, Again: until}, true
		}
		if deputy := d.find(manager.StandIn); deputy != nil && d.free(deputy) {
			return d.chosen(deputy, ByStandIn), true
		}
	}
	recent := d.s.LastAgentDays > 0 && d.now.Sub(d.c.LastAt) <= time.Duration(d.s.LastAgentDays)*24*time.Hour
	if last := d.find(d.c.Last); last != nil && recent && d.free(last) {
		return d.chosen(last, ByLastAgent), true
	}
	return Choice{}, false
}

func (d *decider) find(id int64) *Agent {
	if id == 0 {
		return nil
	}
	if i := slices.IndexFunc(d.agents, func(a Agent) bool { return a.ID == id }); i >= 0 {
		return &d.agents[i]
	}
	return nil
}

// free tells whether an agent whom the customer knows can take it: skills and languages do not matter to them.
func (d *decider) free(a *Agent) bool {
	return d.room(a) == "" && !d.refused(a)
}

func (d *decider) refused(a *Agent) bool { return slices.Contains(d.c.Refused, a.ID) }

// room is what keeps an agent from taking anything of this size; empty: nothing.
func (d *decider) room(a *Agent) Bar {
	room := d.s.Room(*a)
	if d.green {
		room += d.s.GreenUnits
	}
	switch most, limited := a.Most[d.c.Kind]; {
	case !a.Online:
		return BarOffline
	case a.Offered:
		return BarOffered
	case d.c.Units > room:
		return BarFull
	case limited && a.Kinds[d.c.Kind] >= most:
		return BarChannel
	}
	return ""
}

// Room is how many units an agent has left.
func (s Settings) Room(a Agent) int { return s.Of(a) - a.Used }

// Of is an agent's capacity.
func (s Settings) Of(a Agent) int {
	if a.Capacity > 0 {
		return a.Capacity
	}
	return s.Capacity
}

// bar is why an agent does not come into question; empty: they do.
func (d *decider) bar(a *Agent) Bar {
	if b := d.room(a); b != "" {
		return b
	}
	if d.relaxed {
		return ""
	}
	for skill, level := range d.needs {
		if a.Skills[skill] < level {
			return BarSkill
		}
	}
	switch {
	case d.c.Language != "" && len(a.Languages) > 0 && !slices.Contains(a.Languages, d.c.Language):
		return BarLanguage
	case d.refused(a):
		return BarRefused
	}
	return ""
}

func (d *decider) chosen(a *Agent, by Rule) Choice {
	return Choice{Agent: a.ID, Rule: by, Units: d.c.Units, Best: []Candidate{d.candidate(a)}}
}
