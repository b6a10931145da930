package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
)

// ReplayAnswer decides an automatic answer again, as the bot would today.
func (s *Server) ReplayAnswer(ctx context.Context, r api.ReplayAnswerRequestObject) (api.ReplayAnswerResponseObject, error) {
	if _, err := s.seen(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	m, err := s.Conversations.Message(ctx, s.DB, r.Id, r.Seq)
	if err != nil {
		return nil, err
	}
	if m.Explanation == "" || m.Sender != conversation.FromBot {
		return nil, ErrNotAutomatic
	}
	result, err := s.Answers.Replay(ctx, m.Explanation)
	if err != nil {
		return nil, err
	}
	shown := api.Replay{Then: api.Explanation(result.Then), Now: api.Explanation(result.Now), ThenText: m.Text, ThenHtml: opt(htmlOf(m)),
		NowText: result.Text, NowDecision: api.ReplayNowDecision(result.Decision), Changes: []api.ReplayChange{}}
	if result.SaysArticle {
		shown.NowHtml = opt(channels.RenderMarkdown(result.Text))
	}
	for _, c := range result.Changes {
		shown.Changes = append(shown.Changes, api.ReplayChange{What: api.ReplayChangeWhat(c.What), Then: c.Then, Now: c.Now})
	}
	return api.ReplayAnswer200JSONResponse(shown), nil
}

// MarkAnswerWrong notes that an automatic answer was wrong.
func (s *Server) MarkAnswerWrong(ctx context.Context, r api.MarkAnswerWrongRequestObject) (api.MarkAnswerWrongResponseObject, error) {
	err := s.marking(ctx, r.Id, r.Seq, func(tx *db.Tx, m conversation.Message) error {
		if err := s.Conversations.MarkWrong(ctx, tx, m, whoOf(ctx).agent.ID, val(r.Body.Note)); err != nil || r.Body.ArticleId == nil {
			return err
		}
		if _, err := knowledge.Get(ctx, tx, *r.Body.ArticleId); err != nil {
			return invalid("article_id", "there is no such article")
		}
		return s.gaps.Suggest(ctx, tx, m, whoOf(ctx).agent.ID, *r.Body.ArticleId)
	})
	return api.MarkAnswerWrong204Response{}, err
}

// UnmarkAnswerWrong takes the mark away.
func (s *Server) UnmarkAnswerWrong(ctx context.Context, r api.UnmarkAnswerWrongRequestObject) (api.UnmarkAnswerWrongResponseObject, error) {
	err := s.marking(ctx, r.Id, r.Seq, func(tx *db.Tx, m conversation.Message) error { return s.Conversations.Unmark(ctx, tx, m) })
	return api.UnmarkAnswerWrong204Response{}, err
}

func (s *Server) marking(ctx context.Context, id, seq int64, change func(*db.Tx, conversation.Message) error) error {
	return s.write(ctx, func(tx *db.Tx) error {
		if _, err := s.taken(ctx, tx, id); err != nil {
			return err
		}
		m, err := s.Conversations.Message(ctx, tx, id, seq)
		if err != nil {
			return err
		}
		return change(tx, m)
	})
}

// shownWrong is how many marked answers a list shows.
const shownWrong = 100

// ListWrongAnswers shows the marked answers of the conversations that the caller may see. Editors read all of them, since that is what
// they mend, but without the conversations.
func (s *Server) ListWrongAnswers(ctx context.Context, _ api.ListWrongAnswersRequestObject) (api.ListWrongAnswersResponseObject, error) {
	found, err := s.Conversations.WrongAnswers(ctx, s.DB, shownWrong)
	if err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	scope, visible, desk := asking(ctx), map[int64]bool{}, servesDesk(whoOf(ctx))
	shown := api.ListWrongAnswers200JSONResponse{}
	for _, k := range found {
		m := k.Message
		sees, known := visible[m.ConversationID]
		if !known {
			c, err := s.Conversations.Get(ctx, s.DB, m.ConversationID)
			if err != nil {
				return nil, err
			}
			sees = scope.Sees(c)
			visible[m.ConversationID] = sees
		}
		if !sees {
			continue
		}
		one := api.WrongAnswer{Id: m.ID, Said: k.Said, Answer: m.Text, ArticleId: opt(m.Content.ArticleID), Note: opt(k.Note), At: k.At,
			Agent: api.Person{Id: k.AgentID, Name: table.agents[k.AgentID]}}
		if desk {
			one.ConversationId, one.Seq = &m.ConversationID, &m.Seq
		} else {
			one.Said = gaps.WithoutNumbers(k.Said)
		}
		shown = append(shown, one)
	}
	return shown, nil
}
