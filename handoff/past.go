package handoff

import (
	"context"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/routing"
)

// Past is a customer who asked for a person, as it went.
type Past struct {
	At     time.Time
	Case   routing.Case
	Work   time.Duration // that agents held the conversation; 0: nobody ever did
	GaveUp time.Duration // after which it ended without an agent; 0: it did not
}

// AtWork is when an agent was at work, as far as what they held shows it.
type AtWork struct {
	Agent       routing.Agent
	Teams       []int64
	From, Until time.Time
}

// usualWork is for a conversation that nobody has ended yet.
const usualWork = 10 * time.Minute

// Recorded reads a time that is over: who asked for a person and how long serving them took, and who was at work, so that it can
// be played again. Of what customers wanted only what still stands in their conversations is known.
func (d *Desk) Recorded(ctx context.Context, from db.Querier, since, until time.Time) ([]Past, []AtWork, error) {
	asked, err := d.Conversations.AskedBetween(ctx, from, since, until)
	if err != nil {
		return nil, nil, err
	}
	held, work, err := d.heldBetween(ctx, from, since, until)
	if err != nil {
		return nil, nil, err
	}
	s, err := d.Routing(ctx, from)
	if err != nil {
		return nil, nil, err
	}
	var list []Past
	for _, a := range asked {
		c, err := d.Conversations.Get(ctx, from, a.ConversationID)
		if err != nil {
			return nil, nil, err
		}
		contact, err := d.Conversations.Contact(ctx, from, c.ContactID)
		if err != nil {
			return nil, nil, err
		}
		kind, err := d.kindOf(ctx, from, c.InboxID)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, past(a, d.caseOf(s.Settings, c, contact, kind, wait{}), c, held[c.ID]))
	}
	crew, err := d.atWork(ctx, from, work)
	return list, crew, err
}

func past(a conversation.Arrival, as routing.Case, c *conversation.Conversation, held time.Duration) Past {
	as.Complaint = c.HandoffReason == string(Complaint)
	as.Angry = c.HandoffReason == string(Anger)
	p := Past{At: a.At, Case: as, Work: held}
	if held == 0 && c.Status == conversation.Resolved && c.ResolvedAt.After(a.At) {
		p.GaveUp = c.ResolvedAt.Sub(a.At)
	}
	if p.Work == 0 {
		p.Work = usualWork
	}
	return p
}

// heldBetween sums up how long conversations were held that were claimed in a time, and when each agent held anything.
func (d *Desk) heldBetween(ctx context.Context, from db.Querier, since, until time.Time) (map[int64]time.Duration, map[int64][2]time.Time, error) {
	rows, err := from.Query(ctx, "SELECT conversation_id, agent_id, claimed_at, ended_at FROM assignments WHERE claimed_at >= ? AND claimed_at < ? ORDER BY id",
		db.Millis(since), db.Millis(until))
	if err != nil {
		return nil, nil, fmt.Errorf("read past assignments: %w", err)
	}
	defer rows.Close()
	held, work := map[int64]time.Duration{}, map[int64][2]time.Time{}
	for rows.Next() {
		var id, agent, claimed, ended int64
		if err := rows.Scan(&id, &agent, &claimed, &ended); err != nil {
			return nil, nil, fmt.Errorf("read past assignments: %w", err)
		}
		begin, end := db.Time(claimed), db.Time(ended)
		if ended == 0 {
			end = begin.Add(usualWork)
		}
		held[id] += max(time.Second, end.Sub(begin))
		span, known := work[agent]
		if !known || begin.Before(span[0]) {
			span[0] = begin
		}
		if end.After(span[1]) {
			span[1] = end
		}
		work[agent] = span
	}
	return held, work, rows.Err()
}

func (d *Desk) atWork(ctx context.Context, from db.Querier, work map[int64][2]time.Time) ([]AtWork, error) {
	agents, err := d.Agents(ctx, from)
	if err != nil {
		return nil, err
	}
	able, err := d.Abilities(ctx, from)
	if err != nil {
		return nil, err
	}
	var crew []AtWork
	for _, a := range agents {
		span, there := work[a.ID]
		if !there {
			continue
		}
		can := able[a.ID]
		crew = append(crew, AtWork{Teams: a.TeamIDs, From: span[0], Until: span[1], Agent: routing.Agent{ID: a.ID, Skills: can.Skills,
			Languages: can.Languages, Capacity: can.Capacity, Most: can.Most, StandIn: can.StandIn}})
	}
	return crew, nil
}
