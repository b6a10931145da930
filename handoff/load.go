package handoff

import (
	"context"

	"huiyin/db"
	"huiyin/handoff/routing"
)

// Load is how busy an agent is.
type Load struct {
	Agent          Agent
	Presence       Presence
	Used, Capacity int // units: a conversation costs some of them by its channel
	Conversations  int // open ones that the agent holds
	Offered        bool
}

// Loads reads how busy everybody is who serves, in the order of their ids.
func (d *Desk) Loads(ctx context.Context, from db.Querier) ([]Load, error) {
	agents, err := d.Agents(ctx, from)
	if err != nil {
		return nil, err
	}
	s, err := d.Routing(ctx, from)
	if err != nil {
		return nil, err
	}
	crew, err := d.crew(ctx, from, s.Settings, 0)
	if err != nil {
		return nil, err
	}
	busy := make(map[int64]routing.Agent, len(crew))
	for _, a := range crew {
		busy[a.ID] = a
	}
	var loads []Load
	for _, a := range agents {
		if b, serves := busy[a.ID]; serves {
			loads = append(loads, Load{Agent: a, Presence: a.Presence, Used: b.Used, Capacity: s.Of(b), Conversations: b.Holds, Offered: b.Offered})
		}
	}
	return loads, nil
}
