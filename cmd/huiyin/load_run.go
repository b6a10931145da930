package main

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"strconv"
	"sync"
	"time"
)

// loadRun is a plan under way.
type loadRun struct {
	loadPlan
	api      loadAPI
	id       string // begins the ids of all messages of the run
	visitors []*loadVisitor
	agents   []*loadAgent
	posted   sync.Map // by message id: when it was first posted
	late     []time.Duration
}

// sessionsAtOnce bounds the sessions that are opened at the same time.
const sessionsAtOnce = 16

// run does what the plan says and reports. The senders are paced by the clock alone: a server that is slow gets
// its messages at the same rate, and the wait counts from when a message was due.
func (p loadPlan) run(ctx context.Context) (loadReport, error) {
	r := &loadRun{loadPlan: p, api: loadAPI{base: p.base, key: p.key, client: loadClient()}, id: "load-" + rand.Text()[:12] + "-"}
	following, stopFollowing := context.WithCancel(ctx)
	defer stopFollowing()
	if err := r.open(ctx); err != nil {
		return loadReport{}, err
	}
	var followers sync.WaitGroup
	for _, v := range r.visitors {
		followers.Go(func() { v.follow(following) })
	}
	if err := r.startAgents(following, &followers); err != nil {
		return loadReport{}, err
	}
	if r.started != nil {
		r.started()
	}
	start := time.Now()
	r.send(ctx)
	sent := time.Since(start)
	r.wait(ctx)
	report, err := r.reconcile(ctx, sent)
	stopFollowing()
	followers.Wait()
	return report, err
}

// open gives every visitor a session.
func (r *loadRun) open(ctx context.Context) error {
	seats := make(chan struct{}, sessionsAtOnce)
	errs := make([]error, r.customers)
	var all sync.WaitGroup
	for i := range r.customers {
		v := newLoadVisitor(r, i)
		r.visitors = append(r.visitors, v)
		seats <- struct{}{}
		all.Go(func() {
			defer func() { <-seats }()
			errs[i] = v.open(ctx)
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("open a session on inbox %d: %w", r.inbox, err)
		}
	}
	return nil
}

func (r *loadRun) startAgents(ctx context.Context, followers *sync.WaitGroup) error {
	for range r.loadPlan.agents {
		a := &loadAgent{run: r, seen: map[string]int{}}
		if err := a.start(ctx); err != nil {
			return fmt.Errorf("follow the events: %w", err)
		}
		r.agents = append(r.agents, a)
		followers.Go(func() { a.follow(ctx) })
	}
	return nil
}

// job is a message that is due.
type job struct {
	id, text string
	due      time.Time
}

// send hands every message to its visitor when it is due and waits until all have been sent.
func (r *loadRun) send(ctx context.Context) {
	var senders sync.WaitGroup
	for _, v := range r.visitors {
		senders.Go(func() { v.send(ctx) })
	}
	r.late = r.pace(ctx, r.id, func(n int, j job) { r.visitors[n%len(r.visitors)].queue.put(j) })
	for _, v := range r.visitors {
		v.queue.close()
	}
	senders.Wait()
}

// pace gives out the plan's messages, each when it is due, and tells how late it was with each.
func (p loadPlan) pace(ctx context.Context, id string, put func(n int, j job)) (late []time.Duration) {
	chance := mathrand.New(mathrand.NewPCG(p.seed, 0))
	end := time.Now().Add(p.duration)
	due := time.Now()
	for n := 0; ctx.Err() == nil; n++ {
		due = due.Add(time.Duration(chance.ExpFloat64() / p.rate * float64(time.Second)))
		if p.over(due.After(end)) {
			break
		}
		sleep(ctx, time.Until(due))
		late = append(late, time.Since(due))
		put(n, job{id: id + strconv.Itoa(n), text: p.questions[chance.IntN(len(p.questions))], due: due})
	}
	return late
}

// over tells whether the sending ends: when its time is up, or when until is closed.
func (p loadPlan) over(late bool) bool {
	if p.until == nil {
		return late
	}
	select {
	case <-p.until:
		return true
	default:
		return false
	}
}

// wait gives the last replies their time.
func (r *loadRun) wait(ctx context.Context) {
	for end := time.Now().Add(r.drain); time.Now().Before(end) && ctx.Err() == nil; sleep(ctx, 20*time.Millisecond) {
		missing := false
		for _, v := range r.visitors {
			missing = missing || v.waits()
		}
		if !missing {
			return
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// jobQueue holds what a visitor still has to send; it never makes the one who puts wait.
type jobQueue struct {
	mu     sync.Mutex
	some   *sync.Cond
	jobs   []job
	closed bool
}

func newJobQueue() *jobQueue {
	q := &jobQueue{}
	q.some = sync.NewCond(&q.mu)
	return q
}

func (q *jobQueue) put(j job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append(q.jobs, j)
	q.some.Signal()
}

func (q *jobQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.some.Broadcast()
}

func (q *jobQueue) take() (j job, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) == 0 && !q.closed {
		q.some.Wait()
	}
	if len(q.jobs) == 0 {
		return job{}, false
	}
	j, q.jobs = q.jobs[0], q.jobs[1:]
	return j, true
}
