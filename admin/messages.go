package admin

import (
	"context"
	"errors"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
)

// ListMessages shows a page of a conversation.
func (s *Server) ListMessages(ctx context.Context, r api.ListMessagesRequestObject) (api.ListMessagesResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	page := conversation.Page{Before: val(r.Params.Before), After: val(r.Params.After), Limit: pageSize(r.Params.Limit)}
	if r.Params.After != nil && *r.Params.After == 0 {
		page = conversation.Page{Before: int64(page.Limit) + 1, Limit: page.Limit} // seq starts at 1 and has no gaps
	}
	found, err := s.Conversations.Messages(ctx, s.DB, c.ID, page)
	if err != nil {
		return nil, err
	}
	v, err := s.viewing(ctx, s.DB, c)
	if err != nil {
		return nil, err
	}
	messages := make(api.ListMessages200JSONResponse, 0, len(found))
	for _, m := range found {
		messages = append(messages, v.message(m))
	}
	return messages, nil
}

// PostMessage stores a reply to the customer or a private note, in one transaction with the check that the
// caller may write it.
func (s *Server) PostMessage(ctx context.Context, r api.PostMessageRequestObject) (api.PostMessageResponseObject, error) {
	if val(r.Body.Private) && val(r.Body.Resolve) {
		return nil, invalid("resolve", "a note cannot resolve; send it, then resolve")
	}
	var stored conversation.Message
	var c *conversation.Conversation
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if c, err = s.taken(ctx, tx, r.Id); err != nil {
			return err
		}
		stored, err = s.say(ctx, tx, c, r.Body)
		return err
	})
	if err != nil {
		return nil, s.withNewer(ctx, r.Id, err)
	}
	shown, err := s.viewMessage(ctx, c, stored)
	return api.PostMessage201JSONResponse(shown), err
}

func (s *Server) say(ctx context.Context, tx *db.Tx, c *conversation.Conversation, in *api.MessageInput) (conversation.Message, error) {
	words, err := s.wordsOf(ctx, tx, c, in)
	if err != nil {
		return conversation.Message{}, err
	}
	last := c.LastSeq
	stored, err := s.Desk.Say(ctx, tx, c, s.actor(ctx), words)
	if err != nil || !words.Private || stored.Seq <= last {
		return stored, err
	}
	return stored, s.mention(ctx, tx, c, stored.Seq, in)
}

// mention tells those of a note whom it names.
func (s *Server) mention(ctx context.Context, tx *db.Tx, c *conversation.Conversation, seq int64, in *api.MessageInput) error {
	if len(in.MentionAgents)+len(in.MentionTeams) == 0 {
		return nil
	}
	everybody, err := s.Desk.Agents(ctx, tx)
	if err != nil {
		return err
	}
	for _, id := range mentioned(c, whoOf(ctx).agent.ID, in.MentionAgents, in.MentionTeams, everybody) {
		if err := s.Notify(ctx, tx, Notice{AgentID: id, Kind: NoticeMention, ConversationID: c.ID, Seq: seq}); err != nil {
			return err
		}
	}
	return nil
}

// refuseInternal keeps an internal article from being sent to a customer, whoever takes a reply from it.
func refuseInternal(ctx context.Context, tx *db.Tx, in *api.MessageInput) error {
	if val(in.Private) || val(in.ArticleId) == 0 {
		return nil
	}
	a, err := knowledge.Get(ctx, tx, *in.ArticleId)
	if errors.Is(err, knowledge.ErrNotFound) {
		return nil // a reply outlives the article it was taken from
	}
	if err == nil && a.Content.Audience == knowledge.Internal {
		return invalid("article_id", "this article is for colleagues only; send it as a private note")
	}
	return err
}

// sourceOf makes the repeat of a message known by the sender's own id for it.
func sourceOf(ctx context.Context, conversationID int64, in *api.MessageInput) string {
	if in.ClientId == nil || *in.ClientId == "" {
		return ""
	}
	return object(whoOf(ctx).id(), conversationID) + ":" + *in.ClientId
}

// ownFiles finds the uploaded files that a message names; each must be the caller's and not sent yet.
func (s *Server) ownFiles(ctx context.Context, tx *db.Tx, keys []string) ([]int64, error) {
	var ids []int64
	for _, key := range keys {
		a, err := s.Conversations.AttachmentByKey(ctx, tx, key)
		if err != nil || a.Owner != whoOf(ctx).id() || a.MessageID != 0 {
			return nil, invalid("attachments", "a file is unknown or was sent already; upload it again")
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}

func (s *Server) viewMessage(ctx context.Context, c *conversation.Conversation, m conversation.Message) (api.Message, error) {
	v, err := s.viewing(ctx, s.DB, c)
	if err != nil {
		return api.Message{}, err
	}
	return v.message(m), nil
}

// RetryMessage queues a failed message again.
func (s *Server) RetryMessage(ctx context.Context, r api.RetryMessageRequestObject) (api.RetryMessageResponseObject, error) {
	var c *conversation.Conversation
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if c, err = s.taken(ctx, tx, r.Id); err != nil {
			return err
		}
		if err := s.Desk.MayReply(ctx, tx, c, whoOf(ctx).actor()); err != nil {
			return err
		}
		return s.Conversations.Resend(ctx, tx, c.ID, r.Seq)
	})
	if err != nil {
		return nil, err
	}
	m, err := s.Conversations.Message(ctx, s.DB, c.ID, r.Seq)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewMessage(ctx, c, m)
	return api.RetryMessage200JSONResponse(shown), err
}

// MarkRead notes what the caller has seen of a conversation.
func (s *Server) MarkRead(ctx context.Context, r api.MarkReadRequestObject) (api.MarkReadResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		if _, err := s.taken(ctx, tx, r.Id); err != nil {
			return err
		}
		return s.Conversations.MarkAgentRead(ctx, tx, r.Id, r.Body.Seq)
	})
	return api.MarkRead204Response{}, err
}
