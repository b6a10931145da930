package golden

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

// JobKind is what a job computes.
type JobKind string

// The kinds of jobs.
const (
	JobReplay JobKind = "replay" // a change, on golden questions and customers' questions: Change, Foresight
	JobRun    JobKind = "run"    // all golden questions as things are: Run
	JobBatch  JobKind = "batch"  // a table of questions: Batch, BatchResult
)

// State is where a job stands.
type State string

// The states of a job.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
)

// Job is something to compute in the background. Its row is the job: whichever node takes it works on it, and when that node dies
// another one begins anew, which Attempts shows.
type Job struct {
	ID          int64
	Kind        JobKind
	Subject     string // what it is about; the newest of a subject holds
	State       State
	Stage       string
	Done, Total int
	Attempts    int
	Red         bool // JobReplay: the change does harm
	Author      knowledge.Author
	CreatedAt   time.Time
	FinishedAt  time.Time
	Asked       string // JSON
	Result      string // JSON, once it is done
	Problem     string // why it failed
}

// MaxAttempts is how often a job is begun before it is given up.
const MaxAttempts = 3

// Queue is the jobs' table as rows that fall due.
func Queue() db.Queue { return db.Queue{Table: "golden_jobs"} }

// Start has a job done. Jobs of the same person about the same thing that still wait or run are stopped.
func Start(ctx context.Context, tx *db.Tx, j Job, asked any) (Job, error) {
	text, err := json.Marshal(asked)
	if err != nil {
		return Job{}, fmt.Errorf("start job: %w", err)
	}
	now := db.Millis(tx.Now)
	if j.Subject != "" {
		if _, err := tx.Exec(ctx, "UPDATE golden_jobs SET stopped = 1 WHERE subject = ? AND author_id = ? AND state IN ('waiting', 'running')", j.Subject, j.Author.ID); err != nil {
			return Job{}, fmt.Errorf("stop older jobs: %w", err)
		}
	}
	id, err := tx.Insert(ctx, "INSERT INTO golden_jobs (due_at, kind, subject, state, total, author_id, author_name, created_at, asked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		now, string(j.Kind), j.Subject, string(Waiting), j.Total, j.Author.ID, j.Author.Name, now, string(text))
	if err != nil {
		return Job{}, fmt.Errorf("start job: %w", err)
	}
	return GetJob(ctx, tx, id)
}

// Stop asks for a job to be ended before its end.
func Stop(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "UPDATE golden_jobs SET stopped = 1 WHERE id = ? AND state IN ('waiting', 'running')", id)
	if err != nil {
		return fmt.Errorf("stop job %d: %w", id, err)
	}
	return nil
}

const jobColumns = `id, kind, subject, state, stage, done, total, attempts, red, author_id, author_name, created_at, finished_at, asked, result, problem`

// GetJob reads a job.
func GetJob(ctx context.Context, from db.Querier, id int64) (Job, error) {
	return jobWhere(ctx, from, "id = ?", id)
}

// LastReplay reads the newest replay about a subject that was finished; ErrNotFound when there is none.
func LastReplay(ctx context.Context, from db.Querier, subject string) (Job, error) {
	return jobWhere(ctx, from, "subject = ? AND kind = 'replay' AND state = 'done' ORDER BY id DESC LIMIT 1", subject)
}

// WasAwaited tells whether the newest replay about a subject came to its end; nobody was to wait for one that was never asked for.
func WasAwaited(ctx context.Context, from db.Querier, subject string) (bool, error) {
	j, err := jobWhere(ctx, from, "subject = ? AND kind = 'replay' ORDER BY id DESC LIMIT 1", subject)
	if errors.Is(err, knowledge.ErrNotFound) {
		return true, nil
	}
	return j.State == Done, err
}

func jobWhere(ctx context.Context, from db.Querier, where string, args ...any) (Job, error) {
	var j Job
	var red, created, finished int64
	err := from.QueryRow(ctx, "SELECT "+jobColumns+" FROM golden_jobs WHERE "+where, args...).Scan(&j.ID, &j.Kind, &j.Subject, &j.State, &j.Stage, &j.Done, &j.Total,
		&j.Attempts, &red, &j.Author.ID, &j.Author.Name, &created, &finished, &j.Asked, &j.Result, &j.Problem)
	if db.NoRows(err) {
		return Job{}, knowledge.ErrNotFound
	}
	if err != nil {
		return Job{}, fmt.Errorf("read job: %w", err)
	}
	j.Red, j.CreatedAt, j.FinishedAt = red != 0, timeOf(created), timeOf(finished)
	return j, nil
}

// Tell notes how far a job is and keeps it for longer. It tells whether somebody wants it stopped; db.ErrLeaseLost when another worker
// has taken it over.
func Tell(ctx context.Context, tx *db.Tx, l db.Lease, stage string, done, total int, until time.Time) (stopped bool, err error) {
	if err := Queue().Extend(ctx, tx, l, until); err != nil {
		return false, err
	}
	var n int64
	if err := tx.QueryRow(ctx, "SELECT stopped FROM golden_jobs WHERE id = ?", l.ID).Scan(&n); err != nil {
		return false, fmt.Errorf("read job %d: %w", l.ID, err)
	}
	_, err = tx.Exec(ctx, "UPDATE golden_jobs SET state = 'running', stage = ?, done = ?, total = ? WHERE id = ?", stage, done, total, l.ID)
	if err != nil {
		return false, fmt.Errorf("note progress of job %d: %w", l.ID, err)
	}
	return n != 0, nil
}

// Ended is how a job ended.
type Ended struct {
	State   State
	Red     bool
	Result  any // nil: none
	Problem string
}

// End takes a job out of the queue with its result, unless another worker has taken it over.
func End(ctx context.Context, tx *db.Tx, l db.Lease, e Ended) error {
	if err := Queue().Finish(ctx, tx, l, time.Time{}); err != nil {
		return err
	}
	text := ""
	if e.Result != nil {
		data, err := json.Marshal(e.Result)
		if err != nil {
			return fmt.Errorf("end job %d: %w", l.ID, err)
		}
		text = string(data)
	}
	red := 0
	if e.Red {
		red = 1
	}
	_, err := tx.Exec(ctx, "UPDATE golden_jobs SET state = ?, red = ?, result = ?, problem = ?, finished_at = ?, done = CASE WHEN ? = 'done' THEN total ELSE done END WHERE id = ?",
		string(e.State), red, text, e.Problem, db.Millis(tx.Now), string(e.State), l.ID)
	if err != nil {
		return fmt.Errorf("end job %d: %w", l.ID, err)
	}
	return nil
}

// keepJobs is how long finished jobs are kept: as long as somebody may still look at one.
const keepJobs = 7 * 24 * time.Hour

// Prune throws old jobs and what was deleted long ago away.
func Prune(ctx context.Context, tx *db.Tx) error {
	before := db.Millis(tx.Now.Add(-keepJobs))
	for _, statement := range []string{"DELETE FROM golden_jobs WHERE finished_at > 0 AND finished_at < ?", "DELETE FROM golden_questions WHERE deleted_at > 0 AND deleted_at < ?"} {
		if _, err := tx.Exec(ctx, statement, before); err != nil {
			return fmt.Errorf("prune jobs: %w", err)
		}
	}
	return nil
}

// IsDue tells, without writing, whether a job or the nightly run waits to be taken.
func IsDue(ctx context.Context, from db.Querier, now time.Time) (bool, error) {
	for _, q := range []db.Queue{Queue(), nights()} {
		if due, err := q.Due(ctx, from, now); due || err != nil {
			return due, err
		}
	}
	return false, nil
}
