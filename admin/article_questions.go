package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"huiyin/admin/api"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
)

const (
	questionsLookedAt = 600 // automatic decisions
	questionsShown    = 20
	shortestQuestion  = 3 // characters; less is no question
	longestQuestion   = 200
)

// ListCustomerQuestions shows what customers asked that this article answered, or was the nearest to, in words that it lacks.
// Editors read all of them, as they do what was asked in vain; a question tells nothing of its conversation.
func (s *Server) ListCustomerQuestions(ctx context.Context, r api.ListCustomerQuestionsRequestObject) (api.ListCustomerQuestionsResponseObject, error) {
	a, err := knowledge.Get(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	past, err := s.Conversations.ExplainedWith(ctx, s.DB, fmt.Sprintf(`"article":%d,`, a.ID), questionsLookedAt)
	if err != nil {
		return nil, err
	}
	questions := gathering{known: map[string]bool{}, found: map[string]*api.CustomerQuestion{}}
	for _, l := range a.Content.Languages() {
		for _, text := range append(a.Content.Similar[l], a.Content.Question[l]) {
			questions.known[knowledge.Wording(text)] = true
		}
	}
	sees := s.seeing(ctx)
	for _, turn := range past {
		visible, err := sees(turn.ConversationID)
		if err != nil {
			return nil, err
		}
		if visible {
			questions.add(a.ID, turn.Explanation, turn.At)
		}
	}
	return api.ListCustomerQuestions200JSONResponse(questions.best()), nil
}

// seeing tells whether the caller may read what a conversation's customer asked, and reads each once.
func (s *Server) seeing(ctx context.Context) func(id int64) (bool, error) {
	scope, known := asking(ctx), map[int64]bool{}
	return func(id int64) (bool, error) {
		if visible, read := known[id]; read || scope.All {
			return visible || scope.All, nil
		}
		c, err := s.Conversations.Get(ctx, s.DB, id)
		if err != nil {
			return false, err
		}
		known[id] = scope.Sees(c)
		return known[id], nil
	}
}

// gathering are questions by their wording.
type gathering struct {
	known map[string]bool
	found map[string]*api.CustomerQuestion
}

// decided is what an explanation tells of a question.
type decided struct {
	Asked    string
	Language string
	Context  *struct{}
	Hits     []struct{ Article int64 }
	Decision struct {
		Act     string
		Article int64
	}
}

// add takes a question in that this article answered, or that nothing answered and this article is nearest to. What was understood by
// what stood before it is no question of its own.
func (g gathering) add(article int64, explanation string, at time.Time) {
	var d decided
	if json.Unmarshal([]byte(explanation), &d) != nil || d.Context != nil || len(d.Hits) == 0 {
		return
	}
	answered := d.Decision.Act == "answer"
	if answered && d.Decision.Article != article || !answered && d.Hits[0].Article != article {
		return
	}
	wording, n := knowledge.Wording(d.Asked), utf8.RuneCountInString(d.Asked)
	if g.known[wording] || n < shortestQuestion || n > longestQuestion {
		return
	}
	q := g.found[wording]
	if q == nil { // the newest comes first
		q = &api.CustomerQuestion{Text: gaps.WithoutNumbers(d.Asked), Language: d.Language, LastAt: at}
		g.found[wording] = q
	}
	q.Times++
	q.Answered = q.Answered || answered
}

// best are the questions that were asked most, those that went unanswered first.
func (g gathering) best() []api.CustomerQuestion {
	list := make([]api.CustomerQuestion, 0, len(g.found))
	for _, q := range g.found {
		list = append(list, *q)
	}
	slices.SortFunc(list, func(a, b api.CustomerQuestion) int {
		return cmp.Or(before(a.Answered, b.Answered), cmp.Compare(b.Times, a.Times), b.LastAt.Compare(a.LastAt), cmp.Compare(a.Text, b.Text))
	})
	return list[:min(len(list), questionsShown)]
}
