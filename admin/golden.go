package admin

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

// ListGolden shows a page of golden questions.
func (s *Server) ListGolden(ctx context.Context, r api.ListGoldenRequestObject) (api.ListGoldenResponseObject, error) {
	p := r.Params
	below, err := parseIDCursor(p.Cursor)
	if err != nil {
		return nil, err
	}
	limit := pageSize(p.Limit)
	list, err := golden.List(ctx, s.DB, golden.Filter{Outcome: string(val(p.Outcome)), Text: val(p.Q), Article: val(p.ArticleId), Below: below, Limit: limit + 1})
	if err != nil {
		return nil, err
	}
	counts, err := golden.Count(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := api.ListGolden200JSONResponse{}
	shown.Counts.Total, shown.Counts.New, shown.Counts.Right = counts.Total, counts.New, counts.Right
	shown.Counts.Offered, shown.Counts.Wrong, shown.Counts.Unanswered = counts.Offered, counts.Wrong, counts.Unanswered
	if len(list) > limit {
		list = list[:limit]
		shown.Next = opt(strconv.FormatInt(list[limit-1].ID, 36))
	}
	shown.Items, err = s.viewGolden(ctx, s.DB, list...)
	return shown, err
}

// AddGolden makes a golden question, by hand or from a message that the caller may see.
func (s *Server) AddGolden(ctx context.Context, r api.AddGoldenRequestObject) (api.AddGoldenResponseObject, error) {
	var shown api.Golden
	err := s.write(ctx, func(tx *db.Tx) error {
		q := goldenOf(ctx, r.Body)
		if q.Source.ConversationID != 0 {
			if err := s.fromMessage(ctx, tx, &q); err != nil {
				return err
			}
		}
		add := golden.Add
		if who := whoOf(ctx); who.key == nil && !restates(who.agent.Role) {
			add = golden.AddNew
		}
		added, err := add(ctx, tx, q)
		if errors.Is(err, golden.ErrStated) {
			return conflict("golden_stated", "this question is golden already, and something else is expected; an editor may change that")
		}
		if err != nil {
			return err
		}
		if err := s.note(ctx, tx, "golden_added", object("golden", added.ID), clip(added.Question)); err != nil {
			return err
		}
		list, err := s.viewGolden(ctx, tx, added)
		if err == nil {
			shown = list[0]
		}
		return err
	})
	return api.AddGolden201JSONResponse(shown), err
}

// restates tells whether people of a role may give a golden question another expectation than somebody has stated; all may add some.
func restates(role handoff.Role) bool {
	return role == handoff.Owner || role == handoff.Administrator || role == handoff.Editor
}

func goldenOf(ctx context.Context, in *api.GoldenInput) golden.Question {
	return golden.Question{Asked: golden.Asked{Question: val(in.Question), Language: string(val(in.Language)), Channel: val(in.Channel), Tier: val(in.Tier), At: val(in.At)},
		Wanted: golden.Wanted{Expect: golden.Expect(in.Expect), Article: val(in.ArticleId)}, Note: val(in.Note), Author: authorOf(ctx), Version: val(in.Version),
		Source: golden.Source{ConversationID: val(in.ConversationId), Seq: val(in.Seq)}}
}

// fromMessage fills in what a customer's message says and who wrote it where, unless that was given.
func (s *Server) fromMessage(ctx context.Context, tx *db.Tx, q *golden.Question) error {
	if !servesDesk(whoOf(ctx)) {
		return notFound()
	}
	c, err := s.seen(ctx, tx, q.Source.ConversationID)
	if err != nil {
		return err
	}
	m, err := s.Conversations.Message(ctx, tx, c.ID, q.Source.Seq)
	if err != nil {
		return err
	}
	if m.Sender != conversation.FromContact || m.Text == "" {
		return invalid("seq", "a golden question is made from what a customer wrote")
	}
	inbox, err := s.Conversations.Inbox(ctx, tx, c.InboxID)
	if err != nil {
		return err
	}
	contact, err := s.Conversations.Contact(ctx, tx, c.ContactID)
	if err != nil {
		return err
	}
	if q.Question == "" {
		q.Question = m.Text
	}
	if q.Channel == "" && q.Tier == "" {
		q.Channel, q.Tier = inbox.Kind, contact.Tier()
	}
	return nil
}

// SaveGolden changes a golden question.
func (s *Server) SaveGolden(ctx context.Context, r api.SaveGoldenRequestObject) (api.SaveGoldenResponseObject, error) {
	if r.Body.Version == nil {
		return nil, invalid("version", "is required")
	}
	q := goldenOf(ctx, r.Body)
	q.ID = r.Id
	var shown []api.Golden
	err := s.write(ctx, func(tx *db.Tx) error {
		saved, err := golden.Save(ctx, tx, q)
		if err != nil {
			return err
		}
		if err := s.note(ctx, tx, "golden_changed", object("golden", saved.ID), clip(saved.Question)); err != nil {
			return err
		}
		shown, err = s.viewGolden(ctx, tx, saved)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.SaveGolden200JSONResponse(shown[0]), nil
}

// DeleteGolden takes a golden question out.
func (s *Server) DeleteGolden(ctx context.Context, r api.DeleteGoldenRequestObject) (api.DeleteGoldenResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		q, err := golden.Get(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if err := golden.Delete(ctx, tx, r.Id); err != nil {
			return err
		}
		return s.note(ctx, tx, "golden_deleted", object("golden", r.Id), clip(q.Question))
	})
	return api.DeleteGolden204Response{}, err
}

// UndeleteGolden brings one back.
func (s *Server) UndeleteGolden(ctx context.Context, r api.UndeleteGoldenRequestObject) (api.UndeleteGoldenResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		if err := golden.Undelete(ctx, tx, r.Id); err != nil {
			return err
		}
		return s.note(ctx, tx, "golden_restored", object("golden", r.Id), "")
	})
	return api.UndeleteGolden204Response{}, err
}

// viewGolden shows questions with the names of their articles; the conversations that they come from only where the caller may see
// them.
func (s *Server) viewGolden(ctx context.Context, from db.Querier, list ...golden.Question) ([]api.Golden, error) {
	var spots []golden.Source
	articles := map[int64]*knowledge.Article{}
	for _, q := range list {
		spots = append(spots, q.Source)
		if q.Article == 0 || articles[q.Article] != nil {
			continue
		}
		a, err := knowledge.Get(ctx, from, q.Article)
		if err != nil {
			return nil, err
		}
		articles[q.Article] = &a
	}
	visible, err := s.visibleOf(ctx, from, spots)
	if err != nil {
		return nil, err
	}
	shown := make([]api.Golden, 0, len(list))
	for _, q := range list {
		v := api.Golden{Id: q.ID, Question: q.Question, Language: opt(q.Language), Channel: opt(q.Channel), Tier: opt(q.Tier), At: optTime(q.At),
			Expect: api.GoldenExpect(q.Expect), ArticleId: opt(q.Article), Note: opt(q.Note), Author: api.Person{Id: q.Author.ID, Name: q.Author.Name},
			CreatedAt: q.CreatedAt, Version: q.Version, Outcome: api.GoldenOutcome(q.Outcome), OutcomeAt: optTime(q.OutcomeAt), BrokeAt: optTime(q.BrokeAt)}
		if a := articles[q.Article]; a != nil {
			v.ArticleTitle, v.ArticleStatus = opt(a.Title), opt(string(a.Status))
		}
		if visible[q.Source.ConversationID] {
			v.ConversationId, v.Seq = opt(q.Source.ConversationID), opt(q.Source.Seq)
		}
		if q.Outcome != golden.NotRun {
			d := viewDecided(q.Decided)
			v.Decided = &d
		}
		shown = append(shown, v)
	}
	return shown, nil
}

// visibleOf tells which of the conversations the caller may open.
func (s *Server) visibleOf(ctx context.Context, from db.Querier, spots []golden.Source) (map[int64]bool, error) {
	who, visible := whoOf(ctx), map[int64]bool{}
	if !servesDesk(who) {
		return visible, nil
	}
	var ids []int64
	for _, spot := range spots {
		if spot.ConversationID != 0 {
			ids = append(ids, spot.ConversationID)
		}
	}
	found, err := s.Conversations.GetAll(ctx, from, unique(ids))
	if err != nil {
		return nil, err
	}
	scope := who.scope()
	for id, c := range found {
		visible[id] = scope.Sees(c)
	}
	return visible, nil
}

func viewDecided(d golden.Decided) api.Decided {
	v := api.Decided{Act: d.Act, ArticleId: opt(d.Article), Title: opt(d.Title), Revision: opt(d.Number), Confidence: d.Confidence, Reason: opt(d.Reason), Rule: d.Rule}
	v.Offers = make([]api.CandidateArticle, 0, len(d.Offers))
	for _, c := range d.Offers {
		v.Offers = append(v.Offers, api.CandidateArticle{ArticleId: c.Article, Title: c.Title, Confidence: c.Confidence})
	}
	return v
}

// shownRuns is how many runs a chart shows.
const shownRuns = 60

// ListGoldenRuns shows how the golden questions fared over time.
func (s *Server) ListGoldenRuns(ctx context.Context, _ api.ListGoldenRunsRequestObject) (api.ListGoldenRunsResponseObject, error) {
	runs, err := golden.Runs(ctx, s.DB, shownRuns)
	if err != nil {
		return nil, err
	}
	night, err := golden.ReadNight(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := api.ListGoldenRuns200JSONResponse{Runs: []api.GoldenRun{}}
	for _, r := range runs {
		shown.Runs = append(shown.Runs, api.GoldenRun{At: r.At, Nightly: r.Nightly, Author: opt(r.Author), Right: r.Right, Offered: r.Offered, Wrong: r.Wrong,
			Unanswered: r.Unanswered, Broke: r.Broke})
	}
	shown.Night, err = s.viewNight(ctx, night)
	return shown, err
}

func (s *Server) viewNight(ctx context.Context, n golden.Night) (api.GoldenNight, error) {
	zone, err := s.Zone(ctx)
	if err != nil {
		return api.GoldenNight{}, err
	}
	return api.GoldenNight{Enabled: n.On, Time: fmt.Sprintf("%02d:%02d", n.Minute/60, n.Minute%60), Version: n.Version, Zone: opt(zoneName(zone)), Next: optTime(n.Next)}, nil
}

// zoneName is what people know a zone by; the server's own has no name but its difference.
func zoneName(zone *time.Location) string {
	if zone != time.Local {
		return zone.String()
	}
	return time.Now().Format("UTC-07:00")
}

// SaveGoldenNight sets when the golden questions are asked by themselves.
func (s *Server) SaveGoldenNight(ctx context.Context, r api.SaveGoldenNightRequestObject) (api.SaveGoldenNightResponseObject, error) {
	at, err := time.Parse("15:04", r.Body.Time)
	if err != nil {
		return nil, invalid("time", "give a time of the day, such as 03:00")
	}
	zone, err := s.Zone(ctx)
	if err != nil {
		return nil, err
	}
	var saved golden.Night
	err = s.write(ctx, func(tx *db.Tx) (err error) {
		saved, err = golden.SaveNight(ctx, tx, golden.Night{On: r.Body.Enabled, Minute: at.Hour()*60 + at.Minute(), Version: r.Body.Version}, zone)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, "golden_night_changed", "", fmt.Sprintf("%s, on: %v", r.Body.Time, r.Body.Enabled))
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewNight(ctx, saved)
	return api.SaveGoldenNight200JSONResponse(shown), err
}
