package simulate

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"time"

	"huiyin/handoff/routing"
)

// Run plays a day under settings and tells how it went. The same in gives the same out.
func Run(s routing.Settings, d Day, h Habits) Result {
	w := &world{s: s, day: d, habits: h, chance: rand.New(rand.NewPCG(h.Seed, 2)), of: map[int64]int{}}
	for i, one := range d.Workers {
		w.workers = append(w.workers, &worker{Worker: one})
		w.of[one.Agent.ID] = i
		for _, span := range one.Shifts {
			w.at(span.From, func() { w.workers[i].Agent.Online = true })
			w.at(span.Until, func() { w.workers[i].Agent.Online = false })
		}
	}
	for _, a := range d.Arrivals {
		w.at(a.At, func() { w.arrive(a) })
	}
	for len(w.events) > 0 {
		e := heap.Pop(&w.events).(event)
		w.now = e.at
		e.do()
		for len(w.events) > 0 && w.events[0].at.Equal(w.now) { // what happens at once is decided on together
			heap.Pop(&w.events).(event).do()
		}
		w.route()
	}
	return w.result()
}

// world is a day under way.
type world struct {
	s       routing.Settings
	day     Day
	habits  Habits
	chance  *rand.Rand
	now     time.Time
	events  events
	made    int
	workers []*worker
	of      map[int64]int // place of an agent among the workers
	queue   []*guest      // in the order in which they are served
	guests  []*guest
	offers  int
	missed  int
}

// worker is an agent during the day.
type worker struct {
	Worker
	served int
	busy   time.Duration // units times time
	most   int           // units at a time
}

// guest is a customer during the day.
type guest struct {
	Arrival
	came    time.Time
	order   time.Time
	offered bool
	fate    fate
	waited  time.Duration
	again   time.Time // when time alone may decide otherwise, once that is among the events
}

// fate is what became of a customer.
type fate int

const (
	waits fate = iota
	served
	gaveUp
	turnedAway
)

func (w *world) at(t time.Time, do func()) {
	w.made++
	heap.Push(&w.events, event{t, w.made, do})
}

func (w *world) arrive(a Arrival) {
	g := &guest{Arrival: a, came: w.now}
	w.guests = append(w.guests, g)
	g.Case.Queued, g.Case.Units = w.now, w.s.Cost(g.Case.Kind, w.habits.Units[g.Case.Kind])
	to, err := routing.Arrive(w.s, func(team int64) (int, error) { return w.queued(team), nil }, true, g.Case)
	if err != nil || to.Stay {
		g.fate = turnedAway
		return
	}
	if to.Team != g.Case.Team {
		g.Case.Been, g.Case.Team = append(g.Case.Been, g.Case.Team), to.Team
	}
	g.Case.Later = to.Later
	w.enqueue(g)
	if g.Patience > 0 && !to.Later {
		w.at(w.now.Add(g.Patience), func() { w.giveUp(g) })
	}
	if t := w.s.Team(g.Case.Team); t.OverflowMinutes > 0 {
		w.at(w.now.Add(time.Duration(t.OverflowMinutes)*time.Minute), func() {})
	}
}

func (w *world) queued(team int64) int {
	n := 0
	for _, g := range w.queue {
		if g.Case.Team == team {
			n++
		}
	}
	return n
}

// enqueue puts a customer into the place that the head start gives.
func (w *world) enqueue(g *guest) {
	g.order = g.came.Add(-routing.HeadStart(w.s, g.Case))
	i, _ := slices.BinarySearchFunc(w.queue, g, func(a, b *guest) int {
		if c := a.order.Compare(b.order); c != 0 {
			return c
		}
		return int(a.Case.ID - b.Case.ID)
	})
	w.queue = slices.Insert(w.queue, i, g)
}

func (w *world) leave(g *guest) {
	if i := slices.Index(w.queue, g); i >= 0 {
		w.queue = slices.Delete(w.queue, i, i+1)
	}
}

func (w *world) giveUp(g *guest) {
	if g.fate != waits || g.offered {
		return // who is just being answered stays
	}
	g.fate, g.waited = gaveUp, w.now.Sub(g.came)
	w.leave(g)
}

// event is something that happens at a time; made orders what happens at the same.
type event struct {
	at   time.Time
	made int
	do   func()
}

// events is a heap of them.
type events []event

// Len is how many there are.
func (e events) Len() int { return len(e) }

// Less orders by time, then as they were made.
func (e events) Less(i, j int) bool {
	if c := e[i].at.Compare(e[j].at); c != 0 {
		return c < 0
	}
	return e[i].made < e[j].made
}

// Swap swaps two.
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

// Push adds one.
func (e *events) Push(x any) { *e = append(*e, x.(event)) }

// Pop takes the last.
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}
