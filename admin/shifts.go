package admin

import (
	"context"
	"slices"
	"time"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
)

// ListOpenings shows whether each team works now.
func (s *Server) ListOpenings(ctx context.Context, _ api.ListOpeningsRequestObject) (api.ListOpeningsResponseObject, error) {
	teams, err := s.Desk.Teams(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := api.ListOpenings200JSONResponse{}
	for _, team := range append([]handoff.Team{{}}, teams...) {
		o, err := s.Desk.Opening(ctx, s.DB, team.ID)
		if err != nil {
			return nil, err
		}
		shown = append(shown, api.Opening{TeamId: o.TeamID, Scheduled: o.Scheduled, Open: o.Open, ClosesAt: optTime(o.ClosesAt), OpensAt: optTime(o.OpensAt), OnDuty: o.OnDuty})
	}
	return shown, nil
}

// maxRoster is how long a time the roster is shown for.
const maxRoster = 100 * 24 * time.Hour

// ListShifts shows who works when.
func (s *Server) ListShifts(ctx context.Context, r api.ListShiftsRequestObject) (api.ListShiftsResponseObject, error) {
	if !r.Params.To.After(r.Params.From) || r.Params.To.Sub(r.Params.From) > maxRoster {
		return nil, invalid("to", "ask for up to 100 days")
	}
	found, err := s.Desk.Shifts(ctx, s.DB, r.Params.From, r.Params.To)
	if err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListShifts200JSONResponse, 0, len(found))
	for _, shift := range found {
		shown = append(shown, viewShift(shift, table))
	}
	return shown, nil
}

// PlanShift plans a shift.
func (s *Server) PlanShift(ctx context.Context, r api.PlanShiftRequestObject) (api.PlanShiftResponseObject, error) {
	shown, err := s.shift(ctx, func(tx *db.Tx) (handoff.Shift, error) {
		if err := s.mayPlan(ctx, tx, r.Body.AgentId); err != nil {
			return handoff.Shift{}, err
		}
		return s.Desk.PlanShift(ctx, tx, handoff.Shift{AgentID: r.Body.AgentId, StartsAt: r.Body.StartsAt, EndsAt: r.Body.EndsAt, Note: val(r.Body.Note)})
	})
	return api.PlanShift201JSONResponse(shown), err
}

// mayPlan refuses a lead the shifts of people who are in none of their teams.
func (s *Server) mayPlan(ctx context.Context, tx *db.Tx, agentID int64) error {
	scope := whoOf(ctx).scope()
	if scope.All {
		return nil
	}
	a, err := s.Desk.Agent(ctx, tx, agentID)
	if err != nil {
		return err
	}
	if a.ID == scope.AgentID || slices.ContainsFunc(a.TeamIDs, func(id int64) bool { return slices.Contains(scope.TeamIDs, id) }) {
		return nil
	}
	return forbidden(a.Name + " is in none of your teams")
}

// CopyShifts plans the shifts of a time again some days later.
func (s *Server) CopyShifts(ctx context.Context, r api.CopyShiftsRequestObject) (api.CopyShiftsResponseObject, error) {
	if !r.Body.To.After(r.Body.From) || r.Body.To.Sub(r.Body.From) > maxRoster {
		return nil, invalid("to", "copy up to 100 days")
	}
	zone, err := time.LoadLocation(r.Body.Zone)
	if err != nil || r.Body.Zone == "" {
		return nil, invalid("zone", "this is no time zone; write one as Asia/Shanghai")
	}
	var done handoff.Copied
	err = s.write(ctx, func(tx *db.Tx) error {
		may, err := s.plannable(ctx, tx, val(r.Body.TeamId))
		if err != nil {
			return err
		}
		done, err = s.Desk.CopyShifts(ctx, tx, r.Body.From, r.Body.To, r.Body.Days, zone, may)
		return err
	})
	return api.CopyShifts200JSONResponse{Planned: done.Planned, Skipped: done.Skipped}, err
}

// plannable tells whose shifts the caller may plan, of one team (0: of all).
func (s *Server) plannable(ctx context.Context, from db.Querier, teamID int64) (func(int64) bool, error) {
	everybody, err := s.Desk.Agents(ctx, from)
	if err != nil {
		return nil, err
	}
	scope, may := whoOf(ctx).scope(), map[int64]bool{}
	for _, a := range everybody {
		if teamID != 0 && !slices.Contains(a.TeamIDs, teamID) {
			continue
		}
		may[a.ID] = scope.All || a.ID == scope.AgentID || slices.ContainsFunc(a.TeamIDs, func(id int64) bool { return slices.Contains(scope.TeamIDs, id) })
	}
	return func(id int64) bool { return may[id] }, nil
}

// DropShift takes a shift out of the roster.
func (s *Server) DropShift(ctx context.Context, r api.DropShiftRequestObject) (api.DropShiftResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		shift, err := s.Desk.Shift(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if err := s.mayPlan(ctx, tx, shift.AgentID); err != nil {
			return err
		}
		return s.Desk.DropShift(ctx, tx, r.Id)
	})
	return api.DropShift204Response{}, err
}

// AskSwap asks a colleague to take a shift over.
func (s *Server) AskSwap(ctx context.Context, r api.AskSwapRequestObject) (api.AskSwapResponseObject, error) {
	shown, err := s.shift(ctx, func(tx *db.Tx) (handoff.Shift, error) {
		return s.Desk.AskSwap(ctx, tx, r.Id, whoOf(ctx).actor(), val(r.Body.AgentId))
	})
	return api.AskSwap200JSONResponse(shown), err
}

// AnswerSwap answers a question to take a shift over.
func (s *Server) AnswerSwap(ctx context.Context, r api.AnswerSwapRequestObject) (api.AnswerSwapResponseObject, error) {
	shown, err := s.shift(ctx, func(tx *db.Tx) (handoff.Shift, error) {
		return s.Desk.TakeSwap(ctx, tx, r.Id, whoOf(ctx).actor(), r.Body.Accept)
	})
	return api.AnswerSwap200JSONResponse(shown), err
}

func (s *Server) shift(ctx context.Context, change func(*db.Tx) (handoff.Shift, error)) (api.Shift, error) {
	var shift handoff.Shift
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		shift, err = change(tx)
		return err
	})
	if err != nil {
		return api.Shift{}, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return api.Shift{}, err
	}
	return viewShift(shift, table), nil
}

func viewShift(s handoff.Shift, table *nameTable) api.Shift {
	return api.Shift{Id: s.ID, Agent: *person(s.AgentID, table.agents[s.AgentID]), StartsAt: s.StartsAt, EndsAt: s.EndsAt, Note: opt(s.Note),
		WantedBy: person(s.WantedBy, table.agents[s.WantedBy]), FirstAgent: person(s.FirstAgentID, table.agents[s.FirstAgentID])}
}
