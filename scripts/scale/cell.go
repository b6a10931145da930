package main

import (
	"fmt"
	"math"
)

// cell is one PostgreSQL with the nodes that work on it: the unit of which a large installation has several.
type cell struct {
	Nodes     int
	NodeCores int
	StoreCore int     // processors of PostgreSQL's machine
	RoundTrip float64 // between node and PostgreSQL, seconds
	Flush     float64 // of the write-ahead log to its disk, seconds
	Shared    bool    // nodes, PostgreSQL and the generator share the node's processors: the machine of the measurement
}

// course is how a cell fared under a load.
type course struct {
	Offered  float64 // turns a second
	Came     float64
	Done     float64
	AckP50   float64 // seconds from a message's arrival until it is durable
	AckP99   float64
	TurnP50  float64 // until the answer is on its way
	TurnP99  float64
	Loads    map[string]float64
	Busiest  string
	Followed float64 // share of the nodes' processors that goes into following the others' events
}

// connections is how many a node holds to PostgreSQL (package db).
const connections = 20

// rig is a cell under simulation.
type rig struct {
	*simulation
	cell
	costs  costs
	each   turnCosts
	steps  int        // writing transactions of a turn, one after the other
	cores  []*station // of each node
	pools  []*station
	store  *station
	lock   *station
	acks   []float64
	turns  []float64
	came   int
	follow float64
}

// simulate lets customers write at a rate for a while, each turn at that cost; the first tenth is not counted.
func simulate(c cell, k costs, each turnCosts, rate, seconds float64, seed uint64) course {
	r := &rig{simulation: newSimulation(seed), cell: c, costs: k, each: each, steps: int(math.Ceil(max(1, k.Steady.Writes)))}
	r.store, r.lock = r.station("PostgreSQL's processors", c.StoreCore), r.station("event lock", 1)
	for i := range c.Nodes {
		r.cores = append(r.cores, r.station(fmt.Sprintf("node %d's processors", i+1), c.NodeCores))
		r.pools = append(r.pools, r.station(fmt.Sprintf("node %d's connections", i+1), connections))
	}
	if c.Shared {
		r.store = r.cores[0]
	}
	r.arrive(rate, 0, seconds/10)
	r.run(seconds)
	return r.course(rate, seconds)
}

// arrive has customers write one after the other, independently of each other, to the nodes in turn.
func (r *rig) arrive(rate float64, node int, counted float64) {
	r.after(r.about(1/rate), func() {
		r.turn(node, counted)
		r.arrive(rate, (node+1)%r.Nodes, counted)
	})
}

// turn is a question and its answer: so many writing transactions one after the other, of which the first makes the
// question durable.
func (r *rig) turn(node int, counted float64) {
	began := r.now
	if began >= counted {
		r.came++
	}
	var next func(done int)
	next = func(done int) {
		if done == 1 && began >= counted {
			r.acks = append(r.acks, r.now-began)
		}
		if done < r.steps {
			r.transaction(node, func() { next(done + 1) })
			return
		}
		if began >= counted {
			r.turns = append(r.turns, r.now-began)
		}
	}
	if r.Shared {
		r.cores[0].use(r.each.Generator, func() { next(0) })
		return
	}
	next(0)
}

// transaction is one of a turn's: the node thinks, talks with PostgreSQL over a connection, and at last holds the lock under
// which events are numbered until the log is on disk.
func (r *rig) transaction(node int, then func()) {
	part := 1 / float64(r.steps)
	talk := r.costs.RoundTrips * part * r.RoundTrip
	r.pools[node].acquire(func() {
		r.cores[node].use(r.about(r.each.Node*part), func() {
			r.after(talk, func() {
				r.store.use(r.about(r.each.Store*part), func() { r.commit(node, then) })
			})
		})
	})
}

// commit holds the lock until the log is on disk. Where several share a transaction, one of them holds it for all.
func (r *rig) commit(node int, then func()) {
	done := func() {
		r.pools[node].release()
		r.tell(node)
		then()
	}
	if r.chance.Float64() >= r.each.Writes/float64(r.steps) {
		r.after(r.costs.Hold+r.Flush, done)
		return
	}
	r.lock.use(r.costs.Hold+r.Flush, done)
}

// tell has the other nodes follow the events of a transaction.
func (r *rig) tell(node int) {
	each := r.costs.Events / float64(r.steps)
	for i, other := range r.cores {
		if i == node {
			continue
		}
		r.follow += each * r.costs.Follow
		other.use(each*r.costs.Follow, func() {})
		r.store.use(each*r.costs.FollowStore, func() {})
	}
}

func (r *rig) course(rate, seconds float64) course {
	counted := seconds * 0.9
	c := course{Offered: rate, Came: float64(r.came) / counted, Done: float64(len(r.turns)) / counted, Loads: map[string]float64{},
		AckP50: percentile(r.acks, 0.5), AckP99: percentile(r.acks, 0.99), TurnP50: percentile(r.turns, 0.5), TurnP99: percentile(r.turns, 0.99),
		Followed: r.follow / (seconds * float64(r.Nodes*r.NodeCores))}
	most := -1.0
	for _, st := range append([]*station{r.lock, r.store, r.cores[0], r.pools[0]}, r.cores[1:]...) {
		c.Loads[st.name] = st.load()
		if c.Loads[st.name] > most {
			c.Busiest, most = st.name, c.Loads[st.name]
		}
	}
	return c
}

// enough is the p99 of a turn up to which a cell counts as carrying its load.
const enough = 0.5

// most finds the highest rate that a cell carries: nothing piles up, and the p99 of a turn stays within enough. It lies below
// what the narrowest place could do if everything came evenly.
func most(c cell, k costs) course {
	high := 1.1 * evenly(c, k)
	low, best := high/8, course{}
	for high/low > 1.04 {
		rate := math.Sqrt(low * high)
		got := simulate(c, k, k.Busy, rate, turnsToSee/rate, 1)
		if got.Done >= 0.96*got.Came && got.TurnP99 <= enough {
			low, best = rate, got
			continue
		}
		high = rate
	}
	return best
}

// turnsToSee is how many turns are simulated.
const turnsToSee = 6000

// evenly is how many turns a second the narrowest place could do without any waiting elsewhere.
func evenly(c cell, k costs) float64 {
	others := float64(c.Nodes-1) * k.Events
	writes := k.Busy.Writes
	held := k.Busy.Node + k.Busy.Store + k.RoundTrips*c.RoundTrip + writes*(k.Hold+c.Flush) // by a turn's connections
	rate := min(1/(writes*(k.Hold+c.Flush)), float64(c.Nodes*connections)/held, float64(c.Nodes*c.NodeCores)/(k.Busy.Node+others*k.Follow), float64(c.StoreCore)/(k.Busy.Store+others*k.FollowStore))
	if c.Shared {
		rate = min(rate, float64(c.NodeCores)/(k.Busy.Node+k.Busy.Store+k.Busy.Generator))
	}
	return rate
}
