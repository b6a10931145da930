package admin

import (
	"context"
	"strconv"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// ShowOriginal shows a customer's message as it came. The look is on record before anything is shown.
func (s *Server) ShowOriginal(ctx context.Context, r api.ShowOriginalRequestObject) (api.ShowOriginalResponseObject, error) {
	var shown api.Original
	err := s.DB.Tx(ctx, func(tx *db.Tx) error { // not repeatable by an idempotency key, which would keep the answer
		c, err := s.taken(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if err := mayLook(whoOf(ctx), c); err != nil {
			return err
		}
		m, err := s.Conversations.Message(ctx, tx, r.Id, r.Seq)
		if err != nil {
			return err
		}
		text, subject, err := s.Answers.Original(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		shown = api.Original{Text: text, Subject: opt(subject)}
		return s.note(ctx, tx, "original_shown", object("conversation", c.ID), "message "+strconv.FormatInt(m.Seq, 10))
	})
	if err != nil {
		return nil, err
	}
	return api.ShowOriginal200JSONResponse(shown), nil
}

// mayLook lets agents look while the conversation is theirs, and those above them always.
func mayLook(who *principal, c *conversation.Conversation) error {
	if who.key == nil && who.agent.Role == handoff.AgentRole && c.AgentID != who.agent.ID {
		return forbidden("take the conversation first; then you may see what is hidden")
	}
	return nil
}
