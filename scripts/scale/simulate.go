package main

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"
)

// simulation is a discrete-event simulation: what happens is a queue of moments, and time jumps from one to the next. Times
// are seconds. The same seed gives the same course.
type simulation struct {
	now    float64
	chance *rand.Rand
	coming moments
	count  int
}

func newSimulation(seed uint64) *simulation {
	return &simulation{chance: rand.New(rand.NewPCG(seed, 0))}
}

type moment struct {
	at    float64
	order int // those of one time happen in the order in which they were planned
	do    func()
}

type moments []moment

func (m moments) Len() int { return len(m) }
func (m moments) Less(i, j int) bool {
	return m[i].at < m[j].at || m[i].at == m[j].at && m[i].order < m[j].order
}
func (m moments) Swap(i, j int) { m[i], m[j] = m[j], m[i] }

// Push is container/heap's.
func (m *moments) Push(x any) { *m = append(*m, x.(moment)) }

// Pop is container/heap's.
func (m *moments) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}

func (s *simulation) after(wait float64, do func()) {
	s.count++
	heap.Push(&s.coming, moment{s.now + wait, s.count, do})
}

// run lets time pass until then.
func (s *simulation) run(until float64) {
	for len(s.coming) > 0 && s.coming[0].at <= until {
		m := heap.Pop(&s.coming).(moment)
		s.now = m.at
		m.do()
	}
	s.now = until
}

// about is a time around a mean, exponentially distributed: short ones are common, long ones rare.
func (s *simulation) about(mean float64) float64 { return s.chance.ExpFloat64() * mean }

// station is something of which there are so many, and for which one waits in line: processors, connections, a lock.
type station struct {
	name    string
	in      *simulation
	servers int
	busy    int
	line    []func()
	worked  float64 // server seconds
	since   float64
}

func (s *simulation) station(name string, servers int) *station {
	return &station{name: name, in: s, servers: servers, since: s.now}
}

func (st *station) note() {
	st.worked += float64(st.busy) * (st.in.now - st.since)
	st.since = st.in.now
}

// acquire goes on with then once it is one's turn; what then began must end with release.
func (st *station) acquire(then func()) {
	if st.busy == st.servers {
		st.line = append(st.line, then)
		return
	}
	st.note()
	st.busy++
	then()
}

func (st *station) release() {
	if len(st.line) > 0 {
		next := st.line[0]
		st.line = st.line[1:]
		next()
		return
	}
	st.note()
	st.busy--
}

// use takes the station for a while.
func (st *station) use(time float64, then func()) {
	st.acquire(func() {
		st.in.after(time, func() {
			st.release()
			then()
		})
	})
}

// load is the share of the servers that were busy since the simulation began.
func (st *station) load() float64 {
	st.note()
	return st.worked / (float64(st.servers) * math.Max(st.in.now, 1e-9))
}

// percentile of times, which it sorts.
func percentile(times []float64, share float64) float64 {
	if len(times) == 0 {
		return math.NaN()
	}
	slices.Sort(times)
	return times[min(len(times)-1, int(share*float64(len(times))))]
}
