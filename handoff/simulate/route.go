package simulate

import (
	"slices"
	"time"

	"huiyin/handoff/routing"
)

// looked bounds how many of those who wait are decided on at one moment, like the router's own look.
const looked = 512

// route gives customers to agents, as far as there is room now.
func (w *world) route() {
	w.overflow()
	crews := map[int64][]routing.Agent{}
	for i := 0; i < min(len(w.queue), looked); i++ {
		g := w.queue[i]
		if g.offered {
			continue
		}
		crew, known := crews[g.Case.Team]
		if !known {
			crew = w.crew(g.Case.Team)
		}
		if len(crew) == 0 {
			crews[g.Case.Team] = crew
			continue
		}
		if id := w.decide(g, crew); id != 0 {
			clear(crews)
			if g.fate == served { // given without asking: the queue is one shorter
				i--
			}
			continue
		}
		crews[g.Case.Team] = crew
	}
}

// crew is who serves a team now; empty when nobody of it has room.
func (w *world) crew(team int64) []routing.Agent {
	var crew []routing.Agent
	free := false
	for _, one := range w.workers {
		if one.serves(team) {
			crew = append(crew, one.Agent)
			free = free || one.Agent.Online && !one.Agent.Offered && w.s.Room(one.Agent)+w.s.GreenUnits > 0
		}
	}
	if !free {
		return nil
	}
	return crew
}

// decide finds an agent for a customer; 0: nobody now.
func (w *world) decide(g *guest, crew []routing.Agent) int64 {
	t := w.s.Team(g.Case.Team)
	if !t.Offers() {
		return w.takeThemselves(g, crew)
	}
	choice := routing.Decide(w.s, w.now, crew, g.Case)
	if choice.Agent == 0 {
		if choice.Again.After(w.now) && !choice.Again.Equal(g.again) {
			g.again = choice.Again
			w.at(choice.Again, func() {})
		}
		return 0
	}
	a := w.workers[w.of[choice.Agent]]
	w.offers++
	if t.Automatic {
		w.serve(g, a)
		return choice.Agent
	}
	a.Agent.Offered, a.Agent.Since, g.offered = true, w.now, true
	if w.chance.Float64() < w.habits.Misses {
		w.at(w.now.Add(t.OfferFor()), func() { w.miss(g, a) })
		return choice.Agent
	}
	w.at(w.now.Add(min(w.habits.Accept, t.OfferFor())), func() { w.accept(g, a) })
	return choice.Agent
}

// takeThemselves is how it goes without routing: whoever has room takes the next, once it is noticed.
func (w *world) takeThemselves(g *guest, crew []routing.Agent) int64 {
	for _, a := range crew {
		if a.Online && !a.Offered && g.Case.Units <= w.s.Room(a) {
			one := w.workers[w.of[a.ID]]
			one.Agent.Offered, g.offered = true, true
			w.at(w.now.Add(w.habits.Notice), func() { w.accept(g, one) })
			return a.ID
		}
	}
	return 0
}

func (w *world) accept(g *guest, a *worker) {
	a.Agent.Offered, g.offered = false, false
	if g.fate == waits {
		w.serve(g, a)
	}
}

func (w *world) miss(g *guest, a *worker) {
	a.Agent.Offered, g.offered = false, false
	w.missed++
	g.Case.Refused, g.Case.Returned = append(g.Case.Refused, a.Agent.ID), true
	w.leave(g)
	w.enqueue(g)
}

func (w *world) serve(g *guest, a *worker) {
	w.leave(g)
	g.fate, g.waited = served, w.now.Sub(g.came)
	units := g.Case.Units
	a.Agent.Used, a.Agent.Since = a.Agent.Used+units, w.now
	if a.Agent.Kinds == nil {
		a.Agent.Kinds = map[string]int{}
	}
	a.Agent.Kinds[g.Case.Kind]++
	a.served++
	a.most = max(a.most, a.Agent.Used)
	a.busy += g.Work * time.Duration(units)
	w.at(w.now.Add(g.Work), func() {
		a.Agent.Used -= units
		a.Agent.Kinds[g.Case.Kind]--
	})
}

// overflow passes on who has waited too long or has nobody to wait for.
func (w *world) overflow() {
	for _, g := range slices.Clone(w.queue) {
		if g.offered {
			continue
		}
		to, _, _ := routing.Overflow(w.s, w.now, w.staffed, g.Case)
		if to == 0 {
			continue
		}
		g.Case.Been, g.Case.Team = append(g.Case.Been, g.Case.Team), to
	}
}

func (w *world) staffed(team int64) bool {
	return slices.ContainsFunc(w.workers, func(one *worker) bool { return one.Agent.Online && one.serves(team) })
}
