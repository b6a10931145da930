package admin

import (
	"context"
	"strconv"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
	"huiyin/knowledge/golden"
)

// ListAnswerProposals shows what agents answered where the bot had failed.
func (s *Server) ListAnswerProposals(ctx context.Context, r api.ListAnswerProposalsRequestObject) (api.ListAnswerProposalsResponseObject, error) {
	before, err := parseIDCursor(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := pageSize(r.Params.Limit)
	found, err := s.gaps.Proposals(ctx, asking(ctx), before, limit)
	if err != nil {
		return nil, err
	}
	named, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(found))
	for i, p := range found {
		ids[i] = p.ConversationID
	}
	seen, err := s.mayOpen(ctx, ids)
	if err != nil {
		return nil, err
	}
	page := api.AnswerProposalPage{Items: make([]api.AnswerProposal, 0, len(found))}
	for _, p := range found {
		one := api.AnswerProposal{Id: p.ID, Question: p.Question, Answer: p.Answer, Agent: person(p.AgentID, named.agents[p.AgentID]), At: p.At,
			Channel: named.inboxes[p.InboxID].Kind, ArticleId: opt(p.Article)}
		if seen[p.ConversationID] {
			one.ConversationId, one.Seq = opt(p.ConversationID), opt(p.Seq)
		}
		if one.ArticleTitle, err = s.titleOf(ctx, p.Article); err != nil {
			return nil, err
		}
		page.Items = append(page.Items, one)
	}
	if len(found) == limit {
		page.Next = opt(strconv.FormatInt(found[limit-1].ID, 36))
	}
	return api.ListAnswerProposals200JSONResponse(page), nil
}

// DecideAnswerProposal makes a draft or a phrasing of a proposal as somebody has edited it, or puts it aside.
func (s *Server) DecideAnswerProposal(ctx context.Context, r api.DecideAnswerProposalRequestObject) (api.DecideAnswerProposalResponseObject, error) {
	var article int64
	err := s.write(ctx, func(tx *db.Tx) error {
		p, err := s.gaps.Proposal(ctx, tx, asking(ctx), r.Id)
		if err != nil {
			return err
		}
		if article, err = s.takeProposal(ctx, tx, p, r.Body); err != nil {
			return err
		}
		return s.gaps.Finish(ctx, tx, p.ID, article)
	})
	if err != nil {
		return nil, err
	}
	s.Knowledge.Poke()
	return api.DecideAnswerProposal200JSONResponse{ArticleId: article}, nil
}

// takeProposal makes of a proposal what somebody decided, and tells of which article it became part; 0: of none.
func (s *Server) takeProposal(ctx context.Context, tx *db.Tx, p gaps.Proposal, in *api.AnswerProposalInput) (article int64, err error) {
	switch in.Do {
	case api.AnswerProposalInputDoDismiss:
		return 0, nil
	case api.AnswerProposalInputDoGolden:
		if in.ArticleId == nil {
			return 0, invalid("article_id", "choose an article")
		}
		q, err := golden.Add(ctx, tx, golden.Question{Asked: golden.Asked{Question: val(in.Question)}, Wanted: golden.Wanted{Expect: golden.ExpectArticle, Article: *in.ArticleId},
			Source: golden.Source{ConversationID: p.ConversationID, Seq: p.Seq}, Author: authorOf(ctx)})
		return q.Article, err
	default:
		a, err := s.writeProposal(ctx, tx, in)
		return a.ID, err
	}
}

func (s *Server) writeProposal(ctx context.Context, tx *db.Tx, in *api.AnswerProposalInput) (knowledge.Article, error) {
	question, answer := val(in.Question), val(in.Answer)
	if question == "" {
		return knowledge.Article{}, invalid("question", "write the question")
	}
	language := gaps.LanguageOf(question)
	if in.Do == api.AnswerProposalInputDoPhrasing {
		if in.ArticleId == nil {
			return knowledge.Article{}, invalid("article_id", "choose an article")
		}
		return s.addPhrasings(ctx, tx, *in.ArticleId, map[string][]string{language: {question}})
	}
	if answer == "" {
		return knowledge.Article{}, invalid("answer", "write the answer")
	}
	return s.newArticle(ctx, tx, knowledge.NewArticle{Content: knowledge.Content{
		Question: map[string]string{language: question}, Answer: map[string]string{language: answer}}})
}

// ListSynonymProposals shows words that customers use where an article says another.
func (s *Server) ListSynonymProposals(ctx context.Context, _ api.ListSynonymProposalsRequestObject) (api.ListSynonymProposalsResponseObject, error) {
	found, err := s.gaps.Synonyms(ctx)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListSynonymProposals200JSONResponse, 0, len(found))
	for _, p := range found {
		one := api.SynonymProposal{Word: p.Word, Other: p.Other, N: p.N, Articles: []api.ArticleRef{}}
		for _, id := range p.Articles[:min(len(p.Articles), 5)] {
			title, err := s.titleOf(ctx, id)
			if err != nil {
				return nil, err
			}
			one.Articles = append(one.Articles, api.ArticleRef{Id: id, Title: val(title)})
		}
		shown = append(shown, one)
	}
	return shown, nil
}

// DecideSynonymProposal adds a pair to the synonyms, or proposes it no more.
func (s *Server) DecideSynonymProposal(ctx context.Context, r api.DecideSynonymProposalRequestObject) (api.DecideSynonymProposalResponseObject, error) {
	in := r.Body
	err := s.write(ctx, func(tx *db.Tx) error {
		if !in.Accept {
			return s.gaps.RefuseSynonyms(ctx, tx, in.Word, in.Other)
		}
		if err := s.mayArticles(ctx, tx, rightPublish, ""); err != nil { // they hold for all articles, and at once
			return err
		}
		if err := knowledge.AddSynonym(ctx, tx, in.Word, in.Other); err != nil {
			return err
		}
		return s.note(ctx, tx, "synonyms_changed", "", in.Word+" = "+in.Other)
	})
	if err != nil {
		return nil, err
	}
	s.Knowledge.Poke()
	return api.DecideSynonymProposal204Response{}, nil
}
