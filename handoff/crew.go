package handoff

import (
	"context"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/routing"
)

// crew reads everybody who serves a team's customers, as routing knows them; for conversations of no team everybody who serves.
func (d *Desk) crew(ctx context.Context, from db.Querier, s routing.Settings, teamID int64) ([]routing.Agent, error) {
	held, err := d.Conversations.HeldByInbox(ctx, from)
	if err != nil {
		return nil, err
	}
	offered, err := d.offered(ctx, from, "SELECT agent_id FROM offers WHERE ended_at = 0")
	if err != nil {
		return nil, err
	}
	query := "SELECT id, active, presence, seen_at, abilities, given_at FROM agents WHERE active = 1 AND role <> 'editor'"
	var args []any
	if teamID != 0 {
		query += " AND id IN (SELECT agent_id FROM team_members WHERE team_id = ?)"
		args = append(args, teamID)
	}
	agents, err := d.scanCrew(ctx, from, query+" ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	off, err := d.OffShift(ctx, from)
	if err != nil {
		return nil, err
	}
	for i := range agents {
		agents[i].Online = agents[i].Online && !off[agents[i].ID]
		agents[i].Offered = offered[agents[i].ID]
		if agents[i], err = d.taking(ctx, from, s, agents[i], held[agents[i].ID]); err != nil {
			return nil, err
		}
	}
	return agents, nil
}

func (d *Desk) scanCrew(ctx context.Context, from db.Querier, query string, args ...any) ([]routing.Agent, error) {
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read crew: %w", err)
	}
	defer rows.Close()
	var agents []routing.Agent
	now := d.DB.Now()
	for rows.Next() {
		var a Agent
		var seen, given int64
		var text string
		if err := rows.Scan(&a.ID, &a.Active, &a.Presence, &seen, &text, &given); err != nil {
			return nil, fmt.Errorf("read crew: %w", err)
		}
		able, err := d.knownAbilities(text)
		if err != nil {
			return nil, fmt.Errorf("abilities of agent %d: %w", a.ID, err)
		}
		a.SeenAt = db.Time(seen)
		agents = append(agents, routing.Agent{ID: a.ID, Online: a.effective(now) == Online, Skills: able.Skills, Languages: able.Languages,
			Capacity: able.Capacity, Most: able.Most, StandIn: able.StandIn, Since: db.Time(given)})
	}
	return agents, rows.Err()
}

// offered reads one side of the open offers.
func (d *Desk) offered(ctx context.Context, from db.Querier, query string, args ...any) (map[int64]bool, error) {
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	defer rows.Close()
	offered := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read offers: %w", err)
		}
		offered[id] = true
	}
	return offered, rows.Err()
}

// taking adds up what an agent holds, in conversations by inbox.
func (d *Desk) taking(ctx context.Context, from db.Querier, s routing.Settings, a routing.Agent, held map[int64]int) (routing.Agent, error) {
	for inbox, n := range held {
		kind, err := d.kindOf(ctx, from, inbox)
		if err != nil {
			return a, err
		}
		if a.Kinds == nil {
			a.Kinds = map[string]int{}
		}
		a.Kinds[kind] += n
		a.Used += n * s.Cost(kind, d.manners(kind).Units)
		a.Holds += n
	}
	return a, nil
}

// cases reads waiting conversations as routing knows them, in the order of the ids. Those that wait no more are left out.
func (d *Desk) cases(ctx context.Context, from db.Querier, s routing.Settings, ids []int64) ([]routing.Case, error) {
	found, err := d.Conversations.GetAll(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	contactIDs := make([]int64, 0, len(found))
	for _, c := range found {
		contactIDs = append(contactIDs, c.ContactID)
	}
	contacts, err := d.Conversations.Contacts(ctx, from, contactIDs)
	if err != nil {
		return nil, err
	}
	servers, err := d.Conversations.LastServers(ctx, from, contactIDs)
	if err != nil {
		return nil, err
	}
	waits, err := d.waits(ctx, from, "conversation_id IN ("+idList(ids)+")")
	if err != nil {
		return nil, err
	}
	refused, err := d.refusals(ctx, from, found)
	if err != nil {
		return nil, err
	}
	var list []routing.Case
	for _, id := range ids {
		c := found[id]
		if c == nil || !c.Queueing() {
			continue
		}
		kind, err := d.kindOf(ctx, from, c.InboxID)
		if err != nil {
			return nil, err
		}
		one := d.caseOf(s, c, contacts[c.ContactID], kind, waits[id])
		one.Last, one.LastAt, one.Refused = servers[c.ContactID].AgentID, servers[c.ContactID].At, refused[id]
		list = append(list, one)
	}
	return list, nil
}

// refusals are the agents who had a conversation offered in vain, or have given it back, since it came into the queue.
func (d *Desk) refusals(ctx context.Context, from db.Querier, of map[int64]*conversation.Conversation) (map[int64][]int64, error) {
	ids := make([]int64, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	rows, err := from.Query(ctx, `SELECT conversation_id, agent_id, ended_at FROM offers WHERE outcome IN ('declined', 'silent') AND conversation_id IN (`+idList(ids)+`)
 UNION ALL SELECT conversation_id, agent_id, ended_at FROM assignments WHERE end_reason IN ('released', 'requeued') AND conversation_id IN (`+idList(ids)+`)`)
	if err != nil {
		return nil, fmt.Errorf("read refusals: %w", err)
	}
	defer rows.Close()
	refused := map[int64][]int64{}
	for rows.Next() {
		var id, agent, at int64
		if err := rows.Scan(&id, &agent, &at); err != nil {
			return nil, fmt.Errorf("read refusals: %w", err)
		}
		if !db.Time(at).Before(of[id].QueuedAt) {
			refused[id] = append(refused[id], agent)
		}
	}
	return refused, rows.Err()
}
