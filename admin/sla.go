package admin

import (
	"context"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// GetServiceLevels shows the policies of service levels in their order.
func (s *Server) GetServiceLevels(ctx context.Context, _ api.GetServiceLevelsRequestObject) (api.GetServiceLevelsResponseObject, error) {
	shown, err := s.serviceLevels(ctx, s.DB)
	return api.GetServiceLevels200JSONResponse(shown), err
}

func (s *Server) serviceLevels(ctx context.Context, from db.Querier) (api.ServiceLevels, error) {
	found, err := s.Desk.Policies(ctx, from)
	shown := api.ServiceLevels{Version: handoff.PoliciesMark(found), Policies: make([]api.Policy, 0, len(found))}
	for _, p := range found {
		shown.Policies = append(shown.Policies, viewPolicy(p))
	}
	return shown, err
}

// SaveServiceLevels makes a list the policies that hold.
func (s *Server) SaveServiceLevels(ctx context.Context, r api.SaveServiceLevelsRequestObject) (api.SaveServiceLevelsResponseObject, error) {
	list := make([]handoff.Policy, 0, len(r.Body.Policies))
	for _, p := range r.Body.Policies {
		list = append(list, policyOf(p))
	}
	var shown api.ServiceLevels
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if err := s.Desk.PoliciesAre(ctx, tx, r.Body.Version); err != nil {
			return err
		}
		if err := s.Desk.SavePolicies(ctx, tx, list, whoOf(ctx).actor().ID); err != nil {
			return err
		}
		if err := s.note(ctx, tx, "service_levels_changed", "service_levels", ""); err != nil {
			return err
		}
		shown, err = s.serviceLevels(ctx, tx)
		return err
	})
	return api.SaveServiceLevels200JSONResponse(shown), err
}

// ListPolicyVersions shows every version of a policy.
func (s *Server) ListPolicyVersions(ctx context.Context, r api.ListPolicyVersionsRequestObject) (api.ListPolicyVersionsResponseObject, error) {
	found, err := s.Desk.PolicyHistory(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, notFound()
	}
	shown := make(api.ListPolicyVersions200JSONResponse, 0, len(found))
	for _, p := range found {
		shown = append(shown, viewPolicy(p))
	}
	return shown, nil
}

func policyOf(p api.Policy) handoff.Policy {
	policy := handoff.Policy{ID: p.Id, Version: val(p.Version), Name: p.Name, On: p.On, Tiers: p.Tiers, Channels: p.Channels, TeamIDs: p.TeamIds,
		FirstResponse: val(p.FirstResponse), NextResponse: val(p.NextResponse), Resolution: val(p.Resolution), Always: val(p.Always),
		WarnMinutes: val(p.WarnMinutes), WarnPercent: val(p.WarnPercent)}
	for _, word := range p.Priorities {
		policy.Priorities = append(policy.Priorities, string(word))
	}
	for _, e := range p.Escalations {
		step := handoff.Escalation{After: e.After, Action: handoff.EscalationAction(e.Action), TeamID: val(e.TeamId)}
		for _, k := range e.Kinds {
			step.Kinds = append(step.Kinds, handoff.ClockKind(k))
		}
		policy.Escalations = append(policy.Escalations, step)
	}
	return policy
}

func viewPolicy(p handoff.Policy) api.Policy {
	shown := api.Policy{Id: p.ID, Version: opt(p.Version), Name: p.Name, On: p.On, Tiers: p.Tiers, Channels: p.Channels, TeamIds: p.TeamIDs,
		FirstResponse: opt(p.FirstResponse), NextResponse: opt(p.NextResponse), Resolution: opt(p.Resolution), Always: opt(p.Always),
		WarnMinutes: opt(p.WarnMinutes), WarnPercent: opt(p.WarnPercent)}
	for _, word := range p.Priorities {
		shown.Priorities = append(shown.Priorities, api.Priority(word))
	}
	for _, e := range p.Escalations {
		step := api.Escalation{After: e.After, Action: api.EscalationAction(e.Action), TeamId: opt(e.TeamID)}
		for _, k := range e.Kinds {
			step.Kinds = append(step.Kinds, api.ClockKind(k))
		}
		shown.Escalations = append(shown.Escalations, step)
	}
	return shown
}

// GetClocks shows the clocks of a conversation and what happened to them.
func (s *Server) GetClocks(ctx context.Context, r api.GetClocksRequestObject) (api.GetClocksResponseObject, error) {
	if _, err := s.seen(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	clocks, err := s.Desk.Clocks(ctx, s.DB, []int64{r.Id})
	if err != nil {
		return nil, err
	}
	events, err := s.Desk.ClockEvents(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown := api.GetClocks200JSONResponse{Clocks: viewClocks(clocks[r.Id], s.DB.Now()), Events: make([]api.ClockEvent, 0, len(events))}
	for _, e := range events {
		shown.Events = append(shown.Events, api.ClockEvent{Id: e.ID, ClockId: e.ClockID, Kind: api.ClockKind(e.Kind), What: api.ClockEventWhat(e.What), At: e.At,
			PolicyId: e.PolicyID, PolicyVersion: e.PolicyVersion, TargetSeconds: seconds(e.Target), UsedSeconds: seconds(e.Used),
			DueAt: optTime(e.Deadline), Reason: opt(e.Reason)})
	}
	return shown, nil
}

func seconds(d time.Duration) int { return int(d / time.Second) }

func viewClocks(clocks []handoff.Clock, now time.Time) []api.Clock {
	shown := make([]api.Clock, 0, len(clocks))
	for _, c := range clocks {
		one := api.Clock{Kind: api.ClockKind(c.Kind), State: api.ClockState(c.Mark(now)), TargetSeconds: seconds(c.Target),
			PolicyId: opt(c.PolicyID), PolicyVersion: opt(c.PolicyVersion)}
		if c.State == handoff.ClockPaused {
			left := seconds(c.Left())
			one.LeftSeconds, one.PausedFor = &left, opt(api.ClockPausedFor(c.PausedFor))
		} else {
			one.DueAt, one.WarnAt = optTime(c.Deadline), optTime(c.WarnAt)
		}
		shown = append(shown, one)
	}
	return shown
}

// service is what belongs to conversations of clocks and opening hours.
type service struct {
	clocks map[int64][]handoff.Clock
	night  map[int64]bool
	now    time.Time
}

func (s *Server) service(ctx context.Context, from db.Querier, list []*conversation.Conversation) (service, error) {
	all := service{now: s.DB.Now()}
	var ids []int64
	for _, c := range list {
		if c.Status != conversation.Resolved {
			ids = append(ids, c.ID)
		}
	}
	var err error
	if all.clocks, err = s.Desk.Clocks(ctx, from, ids); err != nil {
		return all, err
	}
	all.night, err = s.Desk.FromTheNight(ctx, from, list)
	return all, err
}
