package routing

import (
	"cmp"
	"slices"
)

// best chooses among everybody who comes into question.
func (d *decider) best(by Strategy) Choice {
	barred, online := map[Bar]int{}, 0
	var list []Candidate
	for i := range d.agents {
		a := &d.agents[i]
		if a.Online {
			online++
		}
		if b := d.bar(a); b != "" {
			barred[b]++
			continue
		}
		list = append(list, d.candidate(a))
	}
	if len(list) == 0 {
		return Choice{Rule: d.because(online, barred), Units: d.c.Units, Relaxed: d.relaxed, Barred: barred}
	}
	slices.SortFunc(list, order(by, d.refusedLast))
	return Choice{Agent: list[0].Agent, Rule: rule(by), Units: d.c.Units, Relaxed: d.relaxed, Best: list[:min(len(list), maxBest)], Barred: barred}
}

func (d *decider) because(online int, barred map[Bar]int) Rule {
	switch {
	case online == 0:
		return BecauseNobody
	case barred[BarSkill]+barred[BarLanguage]+barred[BarRefused] > 0:
		return BecauseUnfit
	default:
		return BecauseBusy
	}
}

func (d *decider) candidate(a *Agent) Candidate {
	c := Candidate{Agent: a.ID, Load: float64(a.Used) / float64(max(1, d.s.Of(*a))), Idle: -1}
	if !a.Since.IsZero() {
		c.Idle = int(d.now.Sub(a.Since).Seconds())
	}
	for skill := range d.needs {
		c.Fit += a.Skills[skill]
	}
	return c
}

// refusedLast puts those who have had the offer more often behind the others, so that one who never answers does not get it
// again and again.
func (d *decider) refusedLast(a, b Candidate) int {
	return cmp.Compare(times(d.c.Refused, a.Agent), times(d.c.Refused, b.Agent))
}

func times(list []int64, id int64) (n int) {
	for _, one := range list {
		if one == id {
			n++
		}
	}
	return n
}

func rule(by Strategy) Rule {
	switch by {
	case RoundRobin:
		return ByRoundRobin
	case BestFit:
		return ByBestFit
	default:
		return ByLeastBusy
	}
}

// order compares candidates by a strategy; ties go to who has been idle longest, then to the lowest number.
func order(by Strategy, first func(a, b Candidate) int) func(a, b Candidate) int {
	return func(a, b Candidate) int {
		load, idle := cmp.Compare(a.Load, b.Load), cmp.Compare(idleness(b), idleness(a))
		switch by {
		case RoundRobin:
			return cmp.Or(first(a, b), idle, load, cmp.Compare(a.Agent, b.Agent))
		case BestFit:
			return cmp.Or(first(a, b), cmp.Compare(b.Fit, a.Fit), load, idle, cmp.Compare(a.Agent, b.Agent))
		default:
			return cmp.Or(first(a, b), load, idle, cmp.Compare(a.Agent, b.Agent))
		}
	}
}

func idleness(c Candidate) int {
	if c.Idle < 0 {
		return int(^uint(0) >> 1)
	}
	return c.Idle
}
