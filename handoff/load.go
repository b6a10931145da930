package handoff

import (
	"context"

	"huiyin/db"
)

// Load is how busy an agent is.
type Load struct {
	Agent          Agent
	Presence       Presence
	Used, Capacity int // units: a conversation costs some of them by its channel
	Conversations  int // open ones that the agent holds
}

// DefaultCapacity is how many units an agent takes at a time where nobody has said otherwise.
const DefaultCapacity = 12

// Loads reads how busy everybody is who serves, in the order of their ids.
func (d *Desk) Loads(ctx context.Context, from db.Querier) ([]Load, error) {
	agents, err := d.Agents(ctx, from)
	if err != nil {
		return nil, err
	}
	held, err := d.Conversations.OpenByAgent(ctx, from)
	if err != nil {
		return nil, err
	}
	var loads []Load
	for _, a := range agents {
		if a.Active && a.Role.Serves() {
			n := int(held[a.ID])
			loads = append(loads, Load{Agent: a, Presence: a.Presence, Used: n, Capacity: DefaultCapacity, Conversations: n})
		}
	}
	return loads, nil
}
