package hub

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

const (
	// jobLease is how long after a node's death another one takes its job over.
	jobLease = 15 * time.Second
	// tellEvery is how often a job says how far it is.
	tellEvery = 400 * time.Millisecond
)

// RingJobs tells that a job was started. It never blocks; call it after the commit.
func (h *Hub) RingJobs() { h.jobs.ring() }

func (h *Hub) workJobs(ctx context.Context) {
	h.loop(ctx, "compute in the background", h.jobs, h.workJob)
}

// workJob starts the nightly run when it is due, and does the oldest job there is.
func (h *Hub) workJob(ctx context.Context) (more bool, err error) {
	due, err := golden.IsDue(ctx, h.DB, h.DB.Now())
	if err != nil || !due {
		return false, err
	}
	zone, err := h.zone(ctx)
	if err != nil {
		return false, err
	}
	var leases []db.Lease
	err = h.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		if err := golden.Dusk(ctx, tx, rand.Text(), zone); err != nil {
			return err
		}
		leases, err = golden.Queue().Claim(ctx, tx, rand.Text(), jobLease, 1)
		return err
	})
	if err != nil || len(leases) == 0 {
		return false, err
	}
	return true, h.do(ctx, leases[0])
}

// zone is where the organisation's nights are; the opening hours' when nobody says.
func (h *Hub) zone(ctx context.Context) (*time.Location, error) {
	if h.Zone != nil {
		return h.Zone(ctx)
	}
	calendar, err := h.Desk.Calendar(ctx, h.DB, 0)
	if err != nil {
		return nil, err
	}
	return calendar.Zone(), nil
}

// do does one job. What goes wrong with it is its result; an error is that it could not even be noted.
func (h *Hub) do(ctx context.Context, l db.Lease) error {
	j, err := golden.GetJob(ctx, h.DB, l.ID)
	if err != nil {
		return err
	}
	w := &working{hub: h, lease: l, job: j}
	w.stage.Store("reading")
	w.total.Store(int64(j.Total))
	ended := golden.Ended{State: golden.Failed, Problem: fmt.Sprintf("given up after %d attempts: the program ended each time", golden.MaxAttempts)}
	if l.Attempts <= golden.MaxAttempts {
		ended = w.work(ctx)
	}
	if ctx.Err() != nil || w.gone.Load() { // the node stops, and another one begins anew; or one has already
		return nil
	}
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		if w.settle != nil && ended.State == golden.Done {
			if err := w.settle(ctx, tx); err != nil {
				return err
			}
		}
		return golden.End(ctx, tx, l, ended)
	})
	if errors.Is(err, db.ErrLeaseLost) {
		return nil
	}
	return err
}

// working is a job under way.
type working struct {
	hub     *Hub
	lease   db.Lease
	job     golden.Job
	stage   atomic.Value // string
	done    atomic.Int64
	total   atomic.Int64
	stopped atomic.Bool // somebody wants it stopped
	gone    atomic.Bool // another worker has it
	settle  func(ctx context.Context, tx *db.Tx) error
}

// work computes, and says meanwhile how far it is.
func (w *working) work(parent context.Context) golden.Ended {
	ctx, cancel := context.WithCancel(parent)
	telling := make(chan struct{})
	go func() { defer close(telling); w.keepTelling(ctx, cancel) }()
	result, err := w.compute(ctx)
	cancel()
	<-telling
	switch {
	case w.stopped.Load():
		return golden.Ended{State: golden.Cancelled}
	case errors.Is(err, knowledge.ErrNotFound):
		return golden.Ended{State: golden.Failed, Problem: "the article is gone"}
	case err != nil:
		w.hub.Log.Error("a job failed", "job", w.job.ID, "kind", w.job.Kind, "error", err)
		return golden.Ended{State: golden.Failed, Problem: err.Error()}
	}
	ended := golden.Ended{State: golden.Done, Result: result}
	if f, ok := result.(*golden.Foresight); ok {
		ended.Red = f.Red()
	}
	return ended
}

func (w *working) keepTelling(ctx context.Context, cancel func()) {
	ticker := time.NewTicker(tellEvery)
	defer ticker.Stop()
	for {
		stage, _ := w.stage.Load().(string)
		err := w.hub.DB.Tx(ctx, func(tx *db.Tx) error {
			stopped, err := golden.Tell(ctx, tx, w.lease, stage, int(w.done.Load()), int(w.total.Load()), tx.Now.Add(jobLease))
			w.stopped.Store(stopped)
			return err
		})
		if errors.Is(err, db.ErrLeaseLost) {
			w.gone.Store(true)
		}
		if w.stopped.Load() || w.gone.Load() {
			cancel()
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (w *working) compute(ctx context.Context) (any, error) {
	switch w.job.Kind {
	case golden.JobReplay:
		var change golden.Change
		if err := json.Unmarshal([]byte(w.job.Asked), &change); err != nil {
			return nil, fmt.Errorf("read change: %w", err)
		}
		return w.foresee(ctx, change)
	case golden.JobRun:
		var asked golden.RunAsked
		if err := json.Unmarshal([]byte(w.job.Asked), &asked); err != nil {
			return nil, fmt.Errorf("read run: %w", err)
		}
		return w.askGolden(ctx, asked)
	case golden.JobBatch:
		var batch golden.Batch
		if err := json.Unmarshal([]byte(w.job.Asked), &batch); err != nil {
			return nil, fmt.Errorf("read questions: %w", err)
		}
		return w.askBatch(ctx, batch)
	default:
		return nil, fmt.Errorf("unknown kind of job %q", w.job.Kind)
	}
}
