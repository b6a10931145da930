package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

// replayed is how many questions of customers a change is replayed on.
const replayed = 10000

// memory keeps what was decided on customers' questions with the knowledge and the policy as they are, so that the next change is not
// compared with the same once more.
type memory struct {
	mu      sync.Mutex
	of      string
	decided map[string]golden.Decided
	until   time.Time
}

// memoryLasts is how long decisions are remembered: articles begin and cease to be valid by the clock.
const memoryLasts = 5 * time.Minute

// foresee decides golden questions and those of customers as things are and as they would be.
func (w *working) foresee(ctx context.Context, change golden.Change) (*golden.Foresight, error) {
	began, h := time.Now(), w.hub
	w.stage.Store("learning")
	policy, wishes, err := h.policyAndWishes(ctx)
	if err != nil {
		return nil, err
	}
	now, err := h.Knowledge.Copy(ctx)
	if err != nil {
		return nil, err
	}
	next, err := nextPolicy(policy, wishes, change)
	if err != nil {
		return nil, err
	}
	supposed := h.supposing(ctx, now, change)
	questions, err := golden.List(ctx, h.DB, golden.Filter{})
	if err != nil {
		return nil, err
	}
	real, err := h.recalled(ctx, replayed)
	if err != nil {
		return nil, err
	}
	list := slices.Concat(posedOf(questions), real)
	w.total.Store(int64(2 * len(list)))
	before, err := w.asItIs(ctx, examiner{h, now, policy}, list, fmt.Sprint(now.Edition(), policy.Version, wishes.TriggersVersion))
	if err != nil {
		return nil, err
	}
	found := <-supposed
	if found.err != nil {
		return nil, found.err
	}
	w.stage.Store("asking")
	after, err := examiner{h, found.copy, next}.examine(ctx, list, examiners(), &w.done)
	if err != nil {
		return nil, err
	}
	f := compared(questions, list, before, after)
	f.Milliseconds = time.Since(began).Milliseconds()
	return f, nil
}

func posedOf(questions []golden.Question) []posed {
	list := make([]posed, len(questions))
	for i, q := range questions {
		list[i] = pose(q.Asked)
	}
	return list
}

// supposition is the knowledge with a change.
type supposition struct {
	copy *knowledge.Copy
	err  error
}

// supposing learns the changed knowledge while something else is done.
func (h *Hub) supposing(ctx context.Context, now *knowledge.Copy, c golden.Change) <-chan supposition {
	done := make(chan supposition, 1)
	s, changed := supposed(c)
	if !changed {
		done <- supposition{copy: now}
		return done
	}
	go func() {
		copy, err := h.Knowledge.Suppose(ctx, now, s)
		done <- supposition{copy, err}
	}()
	return done
}

// supposed is what a change does to the knowledge; changed is false when it does nothing to it.
func supposed(c golden.Change) (s knowledge.Supposition, changed bool) {
	switch {
	case c.Publish != 0:
		s.Publish = []int64{c.Publish}
	case c.Unpublish != 0:
		s.Unpublish = []int64{c.Unpublish}
	case c.Archive != 0:
		s.Archive = []int64{c.Archive}
	case c.Synonyms != nil:
		s.Synonyms = slices.Concat([][]string{}, *c.Synonyms)
	default:
		return s, false
	}
	return s, true
}

// nextPolicy is the policy after a change of the wishes.
func nextPolicy(p Policy, w Wishes, c golden.Change) (Policy, error) {
	if c.Settings == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(c.Settings), &w); err != nil {
		return p, fmt.Errorf("read settings: %w", err)
	}
	next := w.Policy()
	next.Triggers = p.Triggers
	return next, nil
}

func (h *Hub) policyAndWishes(ctx context.Context) (Policy, Wishes, error) {
	p, err := h.policy(ctx)
	if err != nil {
		return p, Wishes{}, err
	}
	w, err := h.wishes(ctx)
	return p, w, err
}

// asItIs decides as things are, what is remembered left out..
func (w *working) asItIs(ctx context.Context, x examiner, list []posed, of string) ([]golden.Decided, error) {
	m := &w.hub.before
	m.mu.Lock()
	defer m.mu.Unlock()
	if clock := w.hub.DB.Now(); m.of != of || clock.After(m.until) {
		m.of, m.decided, m.until = of, map[string]golden.Decided{}, clock.Add(memoryLasts)
	}
	decided, unknown, places := make([]golden.Decided, len(list)), []posed{}, []int{}
	for i, p := range list {
		if d, known := m.decided[p.key]; known && p.key != "" {
			decided[i] = d
			w.done.Add(1)
			continue
		}
		unknown, places = append(unknown, p), append(places, i)
	}
	fresh, err := x.examine(ctx, unknown, examiners(), &w.done)
	if err != nil {
		return nil, err
	}
	for i, d := range fresh {
		decided[places[i]] = d
		if key := unknown[i].key; key != "" {
			m.decided[key] = d
		}
	}
	return decided, nil
}

// compared puts the decisions side by side; the golden questions stand first in the list.
func compared(questions []golden.Question, list []posed, before, after []golden.Decided) *golden.Foresight {
	f := &golden.Foresight{Counts: map[golden.Kind]int{}}
	for i, p := range list {
		if i < len(questions) {
			f.AddGolden(questions[i], before[i], after[i])
			continue
		}
		f.AddReal(p.asked, p.count, before[i], after[i], p.spots)
	}
	f.Sort()
	return f
}

// askGolden asks golden questions as things are; how they fared is stored with the end of the job.
func (w *working) askGolden(ctx context.Context, asked golden.RunAsked) (any, error) {
	h := w.hub
	questions, err := golden.List(ctx, h.DB, golden.Filter{})
	if err != nil {
		return nil, err
	}
	if len(asked.Only) > 0 {
		questions = slices.DeleteFunc(questions, func(q golden.Question) bool { return !slices.Contains(asked.Only, q.ID) })
	}
	decided, err := w.ask(ctx, posedOf(questions))
	if err != nil {
		return nil, err
	}
	result := &golden.RunResult{}
	w.settle = func(ctx context.Context, tx *db.Tx) error {
		settled, broke, err := golden.Settle(ctx, tx, questions, decided)
		if err != nil {
			return err
		}
		*result = settled
		if len(broke) > 0 && h.OnGoldenBroke != nil {
			if err := h.OnGoldenBroke(ctx, tx, broke); err != nil {
				return err
			}
		}
		if len(asked.Only) > 0 {
			return nil
		}
		return golden.Keep(ctx, tx, settled, asked.Nightly, w.job.Author.Name)
	}
	return result, nil
}

// ask decides questions with everything as it is and learnt.
func (w *working) ask(ctx context.Context, list []posed) ([]golden.Decided, error) {
	w.stage.Store("learning")
	w.total.Store(int64(len(list)))
	now, err := w.hub.Knowledge.Copy(ctx)
	if err != nil {
		return nil, err
	}
	policy, err := w.hub.policy(ctx)
	if err != nil {
		return nil, err
	}
	w.stage.Store("asking")
	return examiner{w.hub, now, policy}.examine(ctx, list, examiners(), &w.done)
}

// askBatch asks a table of questions.
func (w *working) askBatch(ctx context.Context, b golden.Batch) (any, error) {
	list := make([]posed, len(b.Rows))
	for i, row := range b.Rows {
		list[i] = pose(row.Asked)
		list[i].drafts = b.Drafts
	}
	decided, err := w.ask(ctx, list)
	if err != nil {
		return nil, err
	}
	result := &golden.BatchResult{Count: map[golden.Outcome]int{}}
	for i, d := range decided {
		result.Add(b.Rows[i], d)
	}
	return result, nil
}
