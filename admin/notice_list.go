package admin

import (
	"context"
	"errors"
	"fmt"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
)

// ListNotices shows what the caller was told of, newest first; what they may no longer see is left out.
func (s *Server) ListNotices(ctx context.Context, r api.ListNoticesRequestObject) (api.ListNoticesResponseObject, error) {
	me := whoOf(ctx)
	below, err := parseIDCursor(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := pageSize(r.Params.Limit)
	list, err := s.Notices(ctx, s.DB, me.agent.ID, below, limit+1)
	if err != nil {
		return nil, err
	}
	shown := api.ListNotices200JSONResponse{Items: []api.Notice{}}
	if err := s.DB.QueryRow(ctx, "SELECT COUNT(*) FROM notices WHERE agent_id = ? AND read_at = 0", me.agent.ID).Scan(&shown.Unread); err != nil {
		return nil, fmt.Errorf("count notices: %w", err)
	}
	if len(list) > limit {
		list = list[:limit]
		shown.Next = opt(fmt.Sprint(list[limit-1].ID))
	}
	shown.Items, err = s.viewNotices(ctx, list)
	return shown, err
}

func (s *Server) viewNotices(ctx context.Context, list []Notice) ([]api.Notice, error) {
	ids := make([]int64, len(list))
	spots := make([]conversation.Spot, len(list))
	for i, n := range list {
		ids[i], spots[i] = n.ConversationID, conversation.Spot{ConversationID: n.ConversationID, Seq: n.Seq}
	}
	scope := whoOf(ctx).scope()
	visible, err := s.inScope(ctx, unique(ids), scope, 0, len(ids))
	if err != nil {
		return nil, err
	}
	byID := map[int64]api.Conversation{}
	for _, c := range visible {
		byID[c.Id] = c
	}
	messages, err := s.Conversations.MessagesOf(ctx, s.DB, spots)
	if err != nil {
		return nil, err
	}
	named, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	titles, err := s.noticeTitles(ctx, list)
	if err != nil {
		return nil, err
	}
	items := []api.Notice{}
	for i, n := range list {
		if n.ArticleID != 0 || n.Kind == NoticeGoldenBroke {
			one := api.Notice{Id: n.ID, Kind: n.Kind, At: n.At, Read: !n.ReadAt.IsZero(), Text: opt(n.Words), By: person(n.By, named.agents[n.By])}
			if n.ArticleID != 0 {
				one.Article = &api.NoticeArticle{Id: n.ArticleID, Title: titles[n.ArticleID]}
			}
			items = append(items, one)
			continue
		}
		c, ok := byID[n.ConversationID]
		if !ok {
			continue
		}
		m := messages[spots[i]]
		items = append(items, api.Notice{Id: n.ID, Kind: n.Kind, At: n.At, Read: !n.ReadAt.IsZero(), Conversation: &c, Text: opt(clip(m.Text)),
			By: person(m.AgentID, named.agents[m.AgentID])})
	}
	return items, nil
}

// noticeTitles are the titles of the articles that notices are about.
func (s *Server) noticeTitles(ctx context.Context, list []Notice) (map[int64]string, error) {
	titles := map[int64]string{}
	for _, n := range list {
		if _, known := titles[n.ArticleID]; known || n.ArticleID == 0 {
			continue
		}
		a, err := knowledge.Get(ctx, s.DB, n.ArticleID)
		if err != nil && !errors.Is(err, knowledge.ErrNotFound) {
			return nil, err
		}
		titles[n.ArticleID] = a.Title
	}
	return titles, nil
}

func unique(ids []int64) []int64 {
	seen := map[int64]bool{}
	var list []int64
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			list = append(list, id)
		}
	}
	return list
}

// maxNoticeText is how much of a note a notice shows, in characters.
const maxNoticeText = 140

func clip(text string) string {
	letters := []rune(text)
	if len(letters) <= maxNoticeText {
		return text
	}
	return string(letters[:maxNoticeText]) + "…"
}

// MarkNoticesRead marks the caller's notices up to one as read.
func (s *Server) MarkNoticesRead(ctx context.Context, r api.MarkNoticesReadRequestObject) (api.MarkNoticesReadResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error { return s.ReadNotices(ctx, tx, whoOf(ctx).agent.ID, r.Body.UpTo) })
	return api.MarkNoticesRead204Response{}, err
}
