package admin

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
	"huiyin/knowledge/golden"
)

// RunGolden asks the golden questions now.
func (s *Server) RunGolden(ctx context.Context, r api.RunGoldenRequestObject) (api.RunGoldenResponseObject, error) {
	asked := golden.RunAsked{Only: r.Body.Ids}
	subject := "run"
	if len(asked.Only) > 0 {
		subject = ""
	}
	shown, err := s.begin(ctx, golden.Job{Kind: golden.JobRun, Subject: subject}, asked)
	return api.RunGolden202JSONResponse(shown), err
}

// StartReplay replays a change that nobody has published yet.
func (s *Server) StartReplay(ctx context.Context, r api.StartReplayRequestObject) (api.StartReplayResponseObject, error) {
	change, err := changeOf(r.Body)
	if err != nil {
		return nil, err
	}
	subject, err := s.subjectOf(ctx, s.DB, change)
	if err != nil {
		return nil, err
	}
	shown, err := s.begin(ctx, golden.Job{Kind: golden.JobReplay, Subject: subject}, change)
	return api.StartReplay202JSONResponse(shown), err
}

func changeOf(in *api.ReplayInput) (golden.Change, error) {
	c := golden.Change{Publish: val(in.Publish), Unpublish: val(in.Unpublish), Archive: val(in.Archive)}
	if in.Synonyms != nil {
		c.Synonyms = &in.Synonyms
	}
	if in.Settings != nil {
		wishes, err := cleanWishes(*in.Settings)
		if err != nil {
			return c, err
		}
		text, err := json.Marshal(wishes)
		if err != nil {
			return c, fmt.Errorf("write settings: %w", err)
		}
		c.Settings = string(text)
	}
	n := 0
	for _, given := range []bool{c.Publish != 0, c.Unpublish != 0, c.Archive != 0, c.Synonyms != nil, c.Settings != ""} {
		if given {
			n++
		}
	}
	if n != 1 {
		return c, invalid("publish", "name exactly one change")
	}
	return c, nil
}

// subjectOf names a change so that the same change, of the same content, has the same name.
func (s *Server) subjectOf(ctx context.Context, from db.Querier, c golden.Change) (string, error) {
	named := func(what string, id int64) (string, error) {
		a, err := knowledge.Get(ctx, from, id)
		return fmt.Sprintf("%s:%d:%d", what, id, a.DraftRevision), err
	}
	switch {
	case c.Publish != 0:
		return named("publish", c.Publish)
	case c.Unpublish != 0:
		return named("withdraw", c.Unpublish)
	case c.Archive != 0:
		return named("withdraw", c.Archive)
	case c.Synonyms != nil:
		text, err := json.Marshal(*c.Synonyms)
		return "synonyms:" + digest(text), err
	default:
		return "settings:" + digest([]byte(c.Settings)), nil
	}
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// minReason is the least that a reason says, in characters.
const minReason = 3

// reasonFor demands a reason for a change that a replay has shown to do harm. It gives what the audit log says of it.
func (s *Server) reasonFor(ctx context.Context, from db.Querier, c golden.Change, reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	subject, err := s.subjectOf(ctx, from, c)
	if err != nil {
		return "", err
	}
	j, err := golden.LastReplay(ctx, from, subject)
	if isNotFound(err) || err == nil && !j.Red {
		return unawaited(ctx, from, subject, reason)
	}
	if err != nil {
		return "", err
	}
	var f golden.Foresight
	if err := json.Unmarshal([]byte(j.Result), &f); err != nil {
		return "", fmt.Errorf("read replay %d: %w", j.ID, err)
	}
	if len([]rune(reason)) < minReason {
		return "", conflict("red_list", fmt.Sprintf("this change breaks %d golden questions, and %d customers lose their answer while %d gain one; give a reason",
			f.Counts[golden.Broken], f.Counts[golden.Lost], f.Counts[golden.Gained]))
	}
	return fmt.Sprintf("despite the replay (golden broken: %d, lost: %d, gained: %d): %s", f.Counts[golden.Broken], f.Counts[golden.Lost], f.Counts[golden.Gained], reason), nil
}

// unawaited adds to a reason that the replay did not come to its end, which might have been red.
func unawaited(ctx context.Context, from db.Querier, subject, reason string) (string, error) {
	awaited, err := golden.WasAwaited(ctx, from, subject)
	if err != nil || awaited {
		return reason, err
	}
	return strings.TrimSuffix("without the end of the replay: "+reason, ": "), nil
}

// because is a reason behind other words of the audit log.
func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " · " + reason
}

func isNotFound(err error) bool {
	f, known := asFault(err)
	return err != nil && known && f.code == "not_found"
}

// begin starts a job for the caller.
func (s *Server) begin(ctx context.Context, j golden.Job, asked any) (api.Job, error) {
	j.Author = authorOf(ctx)
	err := s.write(ctx, func(tx *db.Tx) (err error) { j, err = golden.Start(ctx, tx, j, asked); return err })
	if err != nil {
		return api.Job{}, err
	}
	if s.Answers.RingJobs != nil {
		s.Answers.RingJobs()
	}
	return s.viewJob(ctx, j)
}

// GetJob shows how far a job is.
func (s *Server) GetJob(ctx context.Context, r api.GetJobRequestObject) (api.GetJobResponseObject, error) {
	j, err := golden.GetJob(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewJob(ctx, j)
	return api.GetJob200JSONResponse(shown), err
}

// StopJob asks for a job to be ended.
func (s *Server) StopJob(ctx context.Context, r api.StopJobRequestObject) (api.StopJobResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		if _, err := golden.GetJob(ctx, tx, r.Id); err != nil {
			return err
		}
		return golden.Stop(ctx, tx, r.Id)
	})
	return api.StopJob204Response{}, err
}

func (s *Server) viewJob(ctx context.Context, j golden.Job) (api.Job, error) {
	v := api.Job{Id: j.ID, Kind: api.JobKind(j.Kind), State: api.JobState(j.State), Stage: j.Stage, Done: j.Done, Total: j.Total, Attempts: j.Attempts,
		Problem: opt(j.Problem), Red: j.Red, CreatedAt: j.CreatedAt, FinishedAt: optTime(j.FinishedAt)}
	if j.State != golden.Done {
		return v, nil
	}
	var err error
	switch j.Kind {
	case golden.JobReplay:
		v.Foresight, err = s.viewForesight(ctx, j)
	case golden.JobRun:
		v.Run, err = viewRun(j)
	case golden.JobBatch:
		v.Batch, err = viewBatch(j)
	}
	return v, err
}

func (s *Server) viewForesight(ctx context.Context, j golden.Job) (*api.Foresight, error) {
	var f golden.Foresight
	if err := json.Unmarshal([]byte(j.Result), &f); err != nil {
		return nil, fmt.Errorf("read replay %d: %w", j.ID, err)
	}
	var spots []golden.Source
	for _, d := range f.Differences {
		spots = append(spots, d.Spots...)
	}
	visible, err := s.visibleOf(ctx, s.DB, spots)
	if err != nil {
		return nil, err
	}
	v := &api.Foresight{Golden: f.Golden, Passed: f.Passed, WouldPass: f.WouldPass, Questions: f.Questions, Distinct: f.Distinct, Before: viewTally(f.Before),
		After: viewTally(f.After), Counts: map[string]int{}, LeftOut: f.LeftOut, Milliseconds: f.Milliseconds, Differences: []api.Difference{}}
	for kind, n := range f.Counts {
		v.Counts[string(kind)] = n
	}
	for _, d := range f.Differences {
		shown := api.Difference{Kind: api.DifferenceKind(d.Kind), GoldenId: opt(d.GoldenID), Question: d.Asked.Question, Language: opt(d.Asked.Language),
			Channel: opt(d.Asked.Channel), Tier: opt(d.Asked.Tier), Count: d.Count, Before: viewDecided(d.Before), After: viewDecided(d.After), Spots: []api.Spot{}}
		for _, spot := range d.Spots {
			if visible[spot.ConversationID] {
				shown.Spots = append(shown.Spots, api.Spot{ConversationId: spot.ConversationID, Seq: spot.Seq})
			}
		}
		if d.GoldenID == 0 && len(shown.Spots) == 0 {
			shown.Question = gaps.WithoutNumbers(d.Asked.Question)
		}
		v.Differences = append(v.Differences, shown)
	}
	return v, nil
}

func viewTally(t golden.Tally) api.Tally {
	return api.Tally{Answered: t.Answered, Offered: t.Offered, Asked: t.Asked, Handed: t.Handed}
}

func viewRun(j golden.Job) (*api.GoldenRunResult, error) {
	var r golden.RunResult
	if err := json.Unmarshal([]byte(j.Result), &r); err != nil {
		return nil, fmt.Errorf("read run %d: %w", j.ID, err)
	}
	return &api.GoldenRunResult{Total: r.Total, Right: r.Count[golden.Right], Offered: r.Count[golden.Offered], Wrong: r.Count[golden.Wrong],
		Unanswered: r.Count[golden.Unanswered], Broke: r.Broke}, nil
}

// shownBatch is how many rows of a batch are shown; the report has all.
const shownBatch = 500

func viewBatch(j golden.Job) (*api.BatchResult, error) {
	asked, r, err := batchOf(j)
	if err != nil {
		return nil, err
	}
	v := &api.BatchResult{Name: asked.Name, Total: len(asked.Rows), Right: r.Count[golden.Right], Offered: r.Count[golden.Offered], Wrong: r.Count[golden.Wrong],
		Unanswered: r.Count[golden.Unanswered], Acts: viewTally(r.Acts), Rows: []api.BatchRow{}}
	v.Expected = v.Right + v.Offered + v.Wrong + v.Unanswered
	for i, a := range r.Answers {
		row := asked.Rows[i]
		v.Rows = append(v.Rows, api.BatchRow{Number: row.Number, Question: row.Asked.Question, Expected: opt(row.Title), Outcome: api.GoldenOutcome(a.Outcome), Decided: viewDecided(a.Decided)})
	}
	worst := map[api.GoldenOutcome]int{"wrong": 0, "unanswered": 1, "offered": 2, "": 3, "right": 4}
	slices.SortStableFunc(v.Rows, func(a, b api.BatchRow) int { return cmp.Compare(worst[a.Outcome], worst[b.Outcome]) })
	v.Rows = v.Rows[:min(len(v.Rows), shownBatch)]
	return v, nil
}

func batchOf(j golden.Job) (asked golden.Batch, r golden.BatchResult, err error) {
	if err := json.Unmarshal([]byte(j.Asked), &asked); err != nil {
		return asked, r, fmt.Errorf("read batch %d: %w", j.ID, err)
	}
	if err := json.Unmarshal([]byte(j.Result), &r); err != nil {
		return asked, r, fmt.Errorf("read batch %d: %w", j.ID, err)
	}
	if len(r.Answers) != len(asked.Rows) {
		return asked, r, fmt.Errorf("batch %d has %d answers for %d rows", j.ID, len(r.Answers), len(asked.Rows))
	}
	return asked, r, nil
}
