package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Trace is what happened in a conversation, without its words: what reports are measured from.
type Trace struct {
	ID, InboxID, TeamID int64
	Steps               []Step
	Rating              Rating    // Score 0: none
	AskedAt             time.Time // when the customer was asked for one
}

// Step is one message or activity line. Of its content only what tells what happened is sure to be there.
type Step struct {
	Seq     int64
	At      time.Time
	Sender  Sender
	AgentID int64
	Private bool
	Helpful *bool
	Content Content
}

// Event tells whether the step is news of the customer's and no message.
func (s Step) Event() bool {
	return s.Content.Consent != "" || s.Content.Rating != 0 || s.Content.Activity != "" && s.Sender == FromContact
}

// Traces reads what happened in some conversations, in the order of their ids; those that are gone are missing.
func (s *Store) Traces(ctx context.Context, from db.Querier, ids []int64) ([]Trace, error) {
	traces, at, err := s.traced(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	if err := s.steps(ctx, from, ids, func(id int64, step Step) {
		if i, ok := at[id]; ok {
			traces[i].Steps = append(traces[i].Steps, step)
		}
	}); err != nil {
		return nil, err
	}
	ratings, err := s.Ratings(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	asked, err := s.askedOf(ctx, from, ids)
	for i := range traces {
		traces[i].Rating, traces[i].AskedAt = ratings[traces[i].ID], asked[traces[i].ID]
	}
	return traces, err
}

// Stands reads where some conversations stand: their traces without what happened in them.
func (s *Store) Stands(ctx context.Context, from db.Querier, ids []int64) (map[int64]Trace, error) {
	found := map[int64]Trace{}
	if len(ids) == 0 {
		return found, nil
	}
	traces, _, err := s.traced(ctx, from, ids)
	for _, t := range traces {
		found[t.ID] = t
	}
	return found, err
}

func (s *Store) traced(ctx context.Context, from db.Querier, ids []int64) (traces []Trace, at map[int64]int, err error) {
	at = map[int64]int{}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT id, inbox_id, team_id FROM conversations WHERE id IN ("+list+") ORDER BY id", args...)
	if err != nil {
		return nil, nil, fmt.Errorf("read traces: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Trace
		if err := rows.Scan(&t.ID, &t.InboxID, &t.TeamID); err != nil {
			return nil, nil, fmt.Errorf("read traces: %w", err)
		}
		at[t.ID] = len(traces)
		traces = append(traces, t)
	}
	return traces, at, rows.Err()
}

func (s *Store) steps(ctx context.Context, from db.Querier, ids []int64, each func(id int64, step Step)) error {
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT conversation_id, seq, created_at, sender, agent_id, private, helpful, content FROM messages WHERE conversation_id IN ("+
		list+") ORDER BY conversation_id, seq", args...)
	if err != nil {
		return fmt.Errorf("read steps: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, created int64
		var step Step
		var content string
		if err := rows.Scan(&id, &step.Seq, &created, &step.Sender, &step.AgentID, &step.Private, &step.Helpful, &content); err != nil {
			return fmt.Errorf("read steps: %w", err)
		}
		step.At = db.Time(created)
		if step.Content, err = told(content); err != nil {
			return fmt.Errorf("read steps of conversation %d: %w", id, err)
		}
		each(id, step)
	}
	return rows.Err()
}

func (s *Store) askedOf(ctx context.Context, from db.Querier, ids []int64) (map[int64]time.Time, error) {
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT conversation_id, at FROM surveys WHERE state <> '"+surveyLeft+"' AND conversation_id IN ("+list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read surveys: %w", err)
	}
	defer rows.Close()
	asked := map[int64]time.Time{}
	for rows.Next() {
		var id, at int64
		if err := rows.Scan(&id, &at); err != nil {
			return nil, fmt.Errorf("read surveys: %w", err)
		}
		asked[id] = db.Time(at)
	}
	return asked, rows.Err()
}

// IDsAfter reads the ids of conversations after one, in order.
func (s *Store) IDsAfter(ctx context.Context, from db.Querier, id int64, limit int) ([]int64, error) {
	return s.ids(ctx, from, "SELECT id FROM conversations WHERE id > ? ORDER BY id LIMIT ?", id, limit)
}
