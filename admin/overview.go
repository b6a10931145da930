package admin

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/handoff"
)

const (
	// overviewFor is how long the numbers of the day are shown before they are read again.
	overviewFor = 5 * time.Second
	// maxOverviews bounds how many scopes' numbers are kept.
	maxOverviews = 200
)

// overview keeps the numbers of the day for a moment, for each of those who see the same, since many screens show them and
// reading them takes long.
type overview struct {
	mu   sync.Mutex
	days map[string]keptDay
}

type keptDay struct {
	until time.Time
	day   conversation.Day
}

func (o *overview) read(ctx context.Context, s *Server, scope conversation.Scope) (conversation.Day, error) {
	zone, err := s.Zone(ctx)
	if err != nil {
		return conversation.Day{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	now, key := s.DB.Now(), overviewKey(scope)
	if kept := o.days[key]; now.Before(kept.until) {
		return kept.day, nil
	}
	day, err := s.Conversations.Since(ctx, s.DB, midnight(now.In(zone)), scope)
	if err != nil {
		return conversation.Day{}, err
	}
	if o.days == nil || len(o.days) >= maxOverviews {
		o.days = map[string]keptDay{}
	}
	o.days[key] = keptDay{now.Add(overviewFor), day}
	return day, nil
}

// overviewKey is the same for those who see the same.
func overviewKey(scope conversation.Scope) string {
	if scope.All {
		return "all"
	}
	return fmt.Sprint(scope.AgentID, slices.Sorted(slices.Values(scope.TeamIDs)))
}

// midnight is when the day of a local time began.
func midnight(local time.Time) time.Time {
	year, month, day := local.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, local.Location())
}

// GetOverview shows the day at a glance, of what the caller may see.
func (s *Server) GetOverview(ctx context.Context, _ api.GetOverviewRequestObject) (api.GetOverviewResponseObject, error) {
	scope := whoOf(ctx).scope()
	day, err := s.overview.read(ctx, s, scope)
	if err != nil {
		return nil, err
	}
	agents, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	online := 0
	for _, a := range agents {
		if a.Role.Serves() && a.Presence == handoff.Online {
			online++
		}
	}
	return api.GetOverview200JSONResponse{ReceivedToday: day.Received, ConversationsToday: day.Active, SolvedByBotToday: day.SolvedByBot,
		HandedOffToday: day.HandedOff, HelpfulToday: day.Helpful, UnhelpfulToday: day.Unhelpful, Waiting: day.Waiting, Open: day.Open,
		LongestWaitSince: optTime(day.LongestWaitSince), AgentsOnline: online}, nil
}
