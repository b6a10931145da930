package handoff

import (
	"context"
	"errors"
	"slices"
	"time"

	"huiyin/db"
	"huiyin/handoff/routing"
)

const (
	routedFirst = 8   // of a team's queue are looked at first
	routedMore  = 8   // times as many each time that none of those fits whoever is free
	routedMost  = 512 // at most
)

// Route gives waiting customers to agents: it ends offers that nobody answered, passes customers to teams that help out, tells
// who is next, and offers each to the agent that routing chooses. What it did stands in rows that let every customer
// be offered once, so any number of nodes may call it at the same time; call it after OnRoute, and every second.
func (d *Desk) Route(ctx context.Context) error {
	failed := errors.Join(d.reorder(ctx), d.expire(ctx))
	teams, err := d.Conversations.QueuedTeams(ctx, d.DB)
	if err != nil {
		return errors.Join(failed, err)
	}
	s, err := d.Routing(ctx, d.DB)
	if err != nil {
		return errors.Join(failed, err)
	}
	for _, team := range teams {
		failed = errors.Join(failed, d.overflow(ctx, s.Settings, team), d.offerTeam(ctx, s.Settings, team))
		if s.Nudge {
			failed = errors.Join(failed, d.nudge(ctx, team))
		}
	}
	return failed
}

// offerTeam offers a team's customers to its agents until one of both has run out.
func (d *Desk) offerTeam(ctx context.Context, s routing.Settings, team int64) error {
	if !s.Team(team).Offers() {
		return nil
	}
	agents, err := d.crew(ctx, d.DB, s, team)
	if err != nil || !anyFree(s, agents) {
		return err
	}
	open, err := d.offeredConversations(ctx, team)
	if err != nil {
		return err
	}
	for done, upTo := 0, routedFirst; done < routedMost; done, upTo = upTo, upTo*routedMore {
		ids, err := d.Conversations.Queue(ctx, d.DB, team, upTo+len(open))
		if err != nil || len(ids) <= done {
			return err
		}
		last := len(ids) < upTo+len(open)
		ids = slices.DeleteFunc(ids[min(done, len(ids)):], func(id int64) bool { return open[id] })
		cases, err := d.cases(ctx, d.DB, s, ids)
		if err != nil {
			return err
		}
		if err := d.offerCases(ctx, s, agents, cases); err != nil || last || !anyFree(s, agents) {
			return err
		}
	}
	return nil
}

// offerCases decides on each case in turn, with what the decisions before it have taken.
func (d *Desk) offerCases(ctx context.Context, s routing.Settings, agents []routing.Agent, cases []routing.Case) error {
	now := d.DB.Now()
	for _, c := range cases {
		choice := routing.Decide(s, now, agents, c)
		if choice.Agent == 0 {
			continue
		}
		err := d.DB.Tx(ctx, func(tx *db.Tx) error {
			_, err := d.makeOffer(ctx, tx, c.ID, choice, s)
			return err
		})
		if err != nil {
			return err
		}
		taken(agents, choice, s.Team(c.Team).Automatic, now)
		if !anyFree(s, agents) {
			return nil
		}
	}
	return nil
}

// taken notes a decision on the crew, whether or not it could be carried out: the next look reads the truth.
func taken(agents []routing.Agent, choice routing.Choice, automatic bool, now time.Time) {
	i := slices.IndexFunc(agents, func(a routing.Agent) bool { return a.ID == choice.Agent })
	agents[i].Used += choice.Units
	agents[i].Holds++
	agents[i].Offered = !automatic
	agents[i].Since = now
}

func anyFree(s routing.Settings, agents []routing.Agent) bool {
	return slices.ContainsFunc(agents, func(a routing.Agent) bool { return a.Online && !a.Offered && s.Room(a)+s.GreenUnits > 0 })
}

// offeredConversations are those of a team that are offered to somebody now.
func (d *Desk) offeredConversations(ctx context.Context, team int64) (map[int64]bool, error) {
	return d.offered(ctx, d.DB, "SELECT conversation_id FROM offers WHERE ended_at = 0 AND team_id = ?", team)
}
