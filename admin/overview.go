package admin

import (
	"context"
	"sync"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/handoff"
)

// overviewFor is how long the numbers of the day are shown before they are read again.
const overviewFor = 5 * time.Second

// overview keeps the numbers of the day for a moment, since many screens show them and reading them takes long.
type overview struct {
	mu    sync.Mutex
	until time.Time
	day   conversation.Day
}

func (o *overview) read(ctx context.Context, s *Server) (conversation.Day, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := s.DB.Now()
	if now.Before(o.until) {
		return o.day, nil
	}
	day, err := s.Conversations.Since(ctx, s.DB, midnight(now))
	if err != nil {
		return conversation.Day{}, err
	}
	o.day, o.until = day, now.Add(overviewFor)
	return day, nil
}

// midnight is when the day began where the server stands.
func midnight(now time.Time) time.Time {
	year, month, day := now.Local().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.Local)
}

// GetOverview shows the day at a glance.
func (s *Server) GetOverview(ctx context.Context, _ api.GetOverviewRequestObject) (api.GetOverviewResponseObject, error) {
	day, err := s.overview.read(ctx, s)
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
