package admin

import (
	"context"

	"huiyin/admin/reports"
	"huiyin/db"
)

// deadlines tells reports which promises were kept: a target that was met before its time ran out. One that ran out is missed
// at that moment, whatever came later.
func (s *Server) deadlines(ctx context.Context, from db.Querier, ids []int64) (map[int64][]reports.Deadline, error) {
	events, err := s.Desk.Promises(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	missed, found := map[int64]bool{}, map[int64][]reports.Deadline{}
	for _, e := range events {
		kept := e.What == "met"
		if missed[e.ClockID] {
			continue
		}
		missed[e.ClockID] = !kept
		found[e.ConversationID] = append(found[e.ConversationID], reports.Deadline{At: e.At, Kept: kept, AgentID: e.AgentID, Used: e.Used})
	}
	return found, nil
}
