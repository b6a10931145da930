package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Place is where a customer's conversation stands.
type Place struct {
	Position     int           // in the queue, 1 is next; 0 when not queueing
	Wait         time.Duration // expected, in whole minutes; 0: unknown
	AgentName    string        // once an agent has it
	AgentsOnline bool          // somebody is on duty for it
	OpensAt      time.Time     // when its team opens, while it is closed and nobody is on duty
	Opens        OpeningWords  // OpensAt as people say it there and now
	Later        bool          // the customer does not wait live: an answer comes where they wrote
	Promise      time.Duration // within which it comes; 0: nothing is promised
}

// OpeningWords say when a team opens, such as "tomorrow at 8:30".
type OpeningWords struct{ Zh, En string }

// recentWaits is how many of a team's last waits the estimate looks at.
const recentWaits = 20

// Standing tells where a conversation stands now.
func (d *Desk) Standing(ctx context.Context, from db.Querier, c *conversation.Conversation) (Place, error) {
	online, err := d.Online(ctx, from, c.TeamID)
	if err != nil {
		return Place{}, err
	}
	p := Place{AgentsOnline: online > 0}
	if err := d.opens(ctx, from, c.TeamID, &p); err != nil {
		return Place{}, err
	}
	if has := owner(c); has != 0 {
		a, err := d.Agent(ctx, from, has)
		p.AgentName = a.Name
		return p, err
	}
	if !c.Queueing() {
		return p, nil
	}
	ahead, err := d.Conversations.Ahead(ctx, from, c)
	if err != nil {
		return Place{}, err
	}
	p.Position = ahead + 1
	if err := d.promised(ctx, from, c, &p); err != nil {
		return Place{}, err
	}
	if online > 0 {
		p.Wait, err = d.expected(ctx, from, c.TeamID, p.Position, online)
	}
	return p, err
}

// opens tells when the team of a place opens, while it is closed. Who works overtime serves all the same.
func (d *Desk) opens(ctx context.Context, from db.Querier, teamID int64, p *Place) error {
	if p.AgentsOnline {
		return nil
	}
	calendar, err := d.Calendar(ctx, from, teamID)
	if err != nil {
		return err
	}
	now := d.DB.Now()
	next, ok := calendar.Next(now)
	if !ok || next.Equal(now) {
		return nil
	}
	p.OpensAt = next
	p.Opens = OpeningWords{Zh: calendar.When(next, now, true), En: calendar.When(next, now, false)}
	return nil
}

// promised fills in whether the customer is answered later, and within which time.
func (d *Desk) promised(ctx context.Context, from db.Querier, c *conversation.Conversation, p *Place) error {
	known, err := d.waitOf(ctx, from, c.ID)
	if err != nil || !known.later {
		return err
	}
	s, err := d.Routing(ctx, from)
	p.Later, p.Promise = true, time.Duration(s.Team(c.TeamID).PromiseMinutes)*time.Minute
	return err
}

// expected is the median of the team's recent waits for each place, shared by who is on duty.
func (d *Desk) expected(ctx context.Context, from db.Querier, teamID int64, position, online int) (time.Duration, error) {
	rows, err := from.Query(ctx, "SELECT waited FROM assignments WHERE team_id = ? AND waited >= 0 ORDER BY id DESC LIMIT ?", teamID, recentWaits)
	if err != nil {
		return 0, fmt.Errorf("read waits: %w", err)
	}
	defer rows.Close()
	var waits []int64
	for rows.Next() {
		var ms int64
		if err := rows.Scan(&ms); err != nil {
			return 0, fmt.Errorf("read waits: %w", err)
		}
		waits = append(waits, ms)
	}
	return estimate(waits, position, online), rows.Err()
}

func estimate(waits []int64, position, online int) time.Duration {
	if len(waits) == 0 || online == 0 {
		return 0
	}
	slices.Sort(waits)
	median := time.Duration(waits[len(waits)/2]) * time.Millisecond
	wait := median * time.Duration(position) / time.Duration(online)
	return max(time.Minute, (wait + time.Minute - 1).Truncate(time.Minute))
}
