package admin

import (
	"context"
	"errors"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
)

// asking is whose customers' questions the caller may read: editors read all of them, since that is what they write for, but
// without the conversations behind them; leads read those of their teams.
func asking(ctx context.Context) conversation.Scope {
	who := whoOf(ctx)
	if who.key == nil && who.agent.Role == handoff.Editor {
		return conversation.Scope{All: true}
	}
	return who.scope()
}

// gapQuestions is how many questions of a group are shown at once.
const gapQuestions = 100

// ListGaps shows what customers asked in vain.
func (s *Server) ListGaps(ctx context.Context, r api.ListGapsRequestObject) (api.ListGapsResponseObject, error) {
	p := r.Params
	q := gaps.Query{Scope: asking(ctx), State: gaps.State(val(p.State)), InboxID: val(p.InboxId), Language: val(p.Language), Offset: val(p.Offset), Limit: pageSize(p.Limit)}
	if val(p.Mine) {
		q.AgentID = whoOf(ctx).agent.ID
	}
	list, total, err := s.gaps.List(ctx, q)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewGaps(ctx, list)
	return api.ListGaps200JSONResponse{Items: shown, Total: total}, err
}

// GetGap shows a group with its questions.
func (s *Server) GetGap(ctx context.Context, r api.GetGapRequestObject) (api.GetGapResponseObject, error) {
	g, err := s.gapOf(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	if g.Examples, err = s.gaps.Questions(ctx, s.DB, asking(ctx), g.ID, gapQuestions); err != nil {
		return nil, err
	}
	shown, err := s.viewGaps(ctx, []gaps.Gap{g})
	if err != nil {
		return nil, err
	}
	return api.GetGap200JSONResponse(shown[0]), nil
}

// gapOf reads a group of which the caller may read a question; any other is not found.
func (s *Server) gapOf(ctx context.Context, id int64) (gaps.Gap, error) {
	list, _, err := s.gaps.List(ctx, gaps.Query{Scope: asking(ctx), ID: id, Limit: 1})
	if err == nil && len(list) == 0 {
		err = gaps.ErrNotFound
	}
	if err != nil {
		return gaps.Gap{}, err
	}
	return list[0], nil
}

func (s *Server) viewGaps(ctx context.Context, list []gaps.Gap) ([]api.Gap, error) {
	named, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := s.seenOf(ctx, list)
	if err != nil {
		return nil, err
	}
	shown := make([]api.Gap, 0, len(list))
	for _, g := range list {
		one := api.Gap{Id: g.ID, Version: g.Version, State: api.GapState(g.State), Title: g.Title, N: g.N, Handed: g.Handed, Since: g.Since, Weight: float32(g.Weight),
			Why:   api.GapWhy{Unanswered: g.Why[gaps.Unanswered], Unclear: g.Why[gaps.Unclear], Unhelpful: g.Why[gaps.Unhelpful], Marked: g.Why[gaps.MarkedWrong]},
			Trend: g.Trend[:], LastAt: g.Last, Agent: person(g.AgentID, named.agents[g.AgentID]), ArticleId: opt(g.ArticleID), Reason: opt(g.Reason),
			SettledAt: optTime(g.SettledAt), Examples: make([]api.GapExample, 0, len(g.Examples))}
		for _, e := range g.Examples {
			one.Examples = append(one.Examples, viewExample(e, named.inboxes[e.InboxID].Kind, seen[e.ConversationID]))
		}
		if one.ArticleTitle, err = s.titleOf(ctx, g.ArticleID); err != nil {
			return nil, err
		}
		shown = append(shown, one)
	}
	return shown, nil
}

func viewExample(e gaps.Example, channel string, seen bool) api.GapExample {
	shown := api.GapExample{Turn: e.Turn, Text: e.Text, Language: opt(e.Language), Why: api.GapExampleWhy(e.Why), Handed: e.Handed, At: e.At, Channel: opt(channel)}
	if seen {
		shown.ConversationId, shown.Seq = opt(e.ConversationID), opt(e.Seq)
	}
	return shown
}

// seenOf tells which of the conversations behind the examples the caller may open.
func (s *Server) seenOf(ctx context.Context, list []gaps.Gap) (map[int64]bool, error) {
	var ids []int64
	for _, g := range list {
		for _, e := range g.Examples {
			ids = append(ids, e.ConversationID)
		}
	}
	return s.mayOpen(ctx, ids)
}

func (s *Server) mayOpen(ctx context.Context, ids []int64) (map[int64]bool, error) {
	who, seen := whoOf(ctx), map[int64]bool{}
	if len(ids) == 0 || !servesDesk(who) {
		return seen, nil
	}
	found, err := s.Conversations.GetAll(ctx, s.DB, ids)
	for id, c := range found {
		seen[id] = who.scope().Sees(c)
	}
	return seen, err
}

// titleOf is what an article is called; nil when there is none.
func (s *Server) titleOf(ctx context.Context, id int64) (*string, error) {
	if id == 0 {
		return nil, nil
	}
	a, err := knowledge.Get(ctx, s.DB, id)
	if errors.Is(err, knowledge.ErrNotFound) {
		return nil, nil
	}
	return opt(a.Title), err
}

// ChangeGap gives a group to somebody, puts it aside or takes it up again.
func (s *Server) ChangeGap(ctx context.Context, r api.ChangeGapRequestObject) (api.ChangeGapResponseObject, error) {
	g, err := s.gapOf(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *db.Tx) error { return s.changeGap(ctx, tx, g, r.Body) })
	return api.ChangeGap204Response{}, err
}

func (s *Server) changeGap(ctx context.Context, tx *db.Tx, g gaps.Gap, in *api.ChangeGapJSONRequestBody) error {
	version := in.Version
	if in.AgentId != nil {
		if *in.AgentId != 0 {
			if a, err := s.Desk.Agent(ctx, tx, *in.AgentId); err != nil || !a.Active {
				return invalid("agent_id", "there is nobody like this")
			}
		}
		if err := s.gaps.Assign(ctx, tx, g.ID, version, *in.AgentId); err != nil {
			return err
		}
		version = 0
	}
	switch val(in.State) {
	case api.ChangeGapJSONBodyStateDismissed:
		if val(in.Reason) == "" {
			return invalid("reason", "say why it needs no answer")
		}
		if err := s.gaps.Dismiss(ctx, tx, g.ID, version, *in.Reason); err != nil {
			return err
		}
		return s.note(ctx, tx, "gap_dismissed", object("gap", g.ID), g.Title+": "+*in.Reason)
	case api.ChangeGapJSONBodyStateOpen:
		return s.gaps.Reopen(ctx, tx, g.ID, version)
	}
	return nil
}

// MergeGap puts a group into another one.
func (s *Server) MergeGap(ctx context.Context, r api.MergeGapRequestObject) (api.MergeGapResponseObject, error) {
	for _, id := range []int64{r.Id, r.Body.Into} {
		if _, err := s.gapOf(ctx, id); err != nil {
			return nil, err
		}
	}
	err := s.write(ctx, func(tx *db.Tx) error { return s.gaps.Merge(ctx, tx, r.Id, r.Body.Into) })
	return api.MergeGap204Response{}, err
}

// SplitGap takes questions out of a group.
func (s *Server) SplitGap(ctx context.Context, r api.SplitGapRequestObject) (api.SplitGapResponseObject, error) {
	if _, err := s.gapOf(ctx, r.Id); err != nil {
		return nil, err
	}
	var id int64
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		id, err = s.gaps.Split(ctx, tx, r.Id, r.Body.Turns)
		return err
	})
	return api.SplitGap200JSONResponse{Id: id}, err
}
