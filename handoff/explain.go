package handoff

import (
	"context"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/routing"
)

// Explained is why a waiting conversation stands where it does, and what would be decided of it now.
type Explained struct {
	Parts []routing.Part
	Needs map[string]int
	Now   routing.Choice
	Later bool
}

// Explain tells why a conversation stands where it does in the queue. Of one that does not wait there is nothing to tell.
func (d *Desk) Explain(ctx context.Context, from db.Querier, c *conversation.Conversation) (Explained, error) {
	if !c.Queueing() {
		return Explained{}, nil
	}
	s, err := d.Routing(ctx, from)
	if err != nil {
		return Explained{}, err
	}
	found, err := d.cases(ctx, from, s.Settings, []int64{c.ID})
	if err != nil || len(found) == 0 {
		return Explained{}, err
	}
	one := found[0]
	e := Explained{Parts: routing.Parts(s.Settings, one), Needs: routing.NeedsOf(s.Settings, one), Later: one.Later}
	crew, err := d.crew(ctx, from, s.Settings, c.TeamID)
	if err != nil {
		return Explained{}, err
	}
	e.Now = routing.Decide(s.Settings, d.DB.Now(), crew, one)
	return e, nil
}
