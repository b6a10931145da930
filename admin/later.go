package admin

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// ListLater shows the replies of a conversation that are still to go out.
func (s *Server) ListLater(ctx context.Context, r api.ListLaterRequestObject) (api.ListLaterResponseObject, error) {
	if _, err := s.seen(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	found, err := s.Desk.LaterOf(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewLater(ctx, found)
	return api.ListLater200JSONResponse(shown), err
}

// ListMyLater shows the caller's replies that are still to go out, of conversations that they see.
func (s *Server) ListMyLater(ctx context.Context, _ api.ListMyLaterRequestObject) (api.ListMyLaterResponseObject, error) {
	found, err := s.Desk.LaterBy(ctx, s.DB, whoOf(ctx).agent.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(found))
	for i, l := range found {
		ids[i] = l.ConversationID
	}
	conversations, err := s.Conversations.GetAll(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	var visible []handoff.Later
	for _, l := range found {
		if c := conversations[l.ConversationID]; c != nil && whoOf(ctx).scope().Sees(c) {
			visible = append(visible, l)
		}
	}
	shown, err := s.viewLater(ctx, visible)
	return api.ListMyLater200JSONResponse(shown), err
}

// CreateLater keeps a reply until its time.
func (s *Server) CreateLater(ctx context.Context, r api.CreateLaterRequestObject) (api.CreateLaterResponseObject, error) {
	var kept handoff.Later
	err := s.write(ctx, func(tx *db.Tx) error {
		c, err := s.taken(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		in := &api.MessageInput{Text: r.Body.Text, ArticleId: r.Body.ArticleId, Attachments: r.Body.Attachments, ClientId: r.Body.ClientId, LastSeq: r.Body.LastSeq, Actions: r.Body.Actions, Mail: r.Body.Mail}
		words, err := s.wordsOf(ctx, tx, c, in)
		if err != nil {
			return err
		}
		l := handoff.Later{Words: words, SendAt: val(r.Body.SendAt)}
		if r.Body.UndoSeconds != nil {
			l.Undo, l.SendAt = true, tx.Now.Add(time.Duration(*r.Body.UndoSeconds)*time.Second)
		}
		kept, err = s.Desk.Hold(ctx, tx, c, whoOf(ctx).actor(), l)
		s.tellLater(tx, r.Id)
		return err
	})
	if err != nil {
		return nil, s.withNewer(ctx, r.Id, err)
	}
	shown, err := s.viewOneLater(ctx, kept)
	return api.CreateLater201JSONResponse(shown), err
}

// ChangeLater writes a reply for later anew, or has it sent at once.
func (s *Server) ChangeLater(ctx context.Context, r api.ChangeLaterRequestObject) (api.ChangeLaterResponseObject, error) {
	var l handoff.Later
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if _, err = s.seen(ctx, tx, r.Id); err != nil {
			return err
		}
		if l, err = s.Desk.TakeLater(ctx, tx, r.Id, r.Number, whoOf(ctx).actor()); err != nil {
			return asGone(err)
		}
		l.Words.Text, l.SendAt = strings.TrimSpace(or(r.Body.Text, l.Words.Text)), or(r.Body.SendAt, l.SendAt)
		if val(r.Body.Now) {
			l.Undo, l.SendAt = true, tx.Now
		}
		l, err = s.Desk.Rearrange(ctx, tx, l)
		s.tellLater(tx, r.Id)
		return err
	})
	if err == nil && val(r.Body.Now) {
		err = s.Desk.SendDue(ctx)
	}
	if err != nil {
		return nil, err
	}
	shown, err := s.viewOneLater(ctx, l)
	return api.ChangeLater200JSONResponse(shown), err
}

// WithdrawLater takes a reply back that has not gone out.
func (s *Server) WithdrawLater(ctx context.Context, r api.WithdrawLaterRequestObject) (api.WithdrawLaterResponseObject, error) {
	var l handoff.Later
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if _, err = s.seen(ctx, tx, r.Id); err != nil {
			return err
		}
		l, err = s.Desk.Withdraw(ctx, tx, r.Id, r.Number, whoOf(ctx).actor())
		s.tellLater(tx, r.Id)
		return asGone(err)
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewOneLater(ctx, l)
	return api.WithdrawLater200JSONResponse(shown), err
}

func asGone(err error) error {
	if errors.Is(err, handoff.ErrGone) {
		return conflict("gone", "it was sent or taken back already")
	}
	return err
}

// tellLater has the pages that show the conversation read its replies for later again.
func (s *Server) tellLater(tx *db.Tx, conversationID int64) {
	text, err := json.Marshal(hint{Kind: "later", ConversationID: conversationID})
	if err == nil {
		tx.OnCommit(func() { s.Live.Hint(channels.TopicHints, text) })
	}
}

func (s *Server) viewOneLater(ctx context.Context, l handoff.Later) (api.Later, error) {
	shown, err := s.viewLater(ctx, []handoff.Later{l})
	if err != nil {
		return api.Later{}, err
	}
	return shown[0], nil
}

func (s *Server) viewLater(ctx context.Context, list []handoff.Later) ([]api.Later, error) {
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	shown := []api.Later{}
	for _, l := range list {
		files, err := s.Conversations.AttachmentsByID(ctx, s.DB, l.Words.Attachments)
		if err != nil {
			return nil, err
		}
		shown = append(shown, api.Later{Id: l.ID, ConversationId: l.ConversationID, Agent: api.Person{Id: l.AgentID, Name: table.agents[l.AgentID]}, Text: l.Words.Text,
			Attachments: viewAttachments(files), ArticleId: opt(l.Words.ArticleID), ClientId: opt(l.Words.ClientID), Actions: viewActions(l.Words.Then),
			State: api.LaterState(l.State), Reason: opt(l.Reason), Undo: l.Undo, SendAt: l.SendAt, SeenSeq: l.SeenSeq})
	}
	return shown, nil
}

// withNewer shows, with the refusal of a reply, what was said to the customer that its writer had not seen.
func (s *Server) withNewer(ctx context.Context, conversationID int64, refused error) error {
	var newer *handoff.NewerError
	if !errors.As(refused, &newer) {
		return refused
	}
	c, err := s.seen(ctx, s.DB, conversationID)
	if err != nil {
		return err
	}
	v, err := s.viewing(ctx, s.DB, c)
	if err != nil {
		return err
	}
	f := conflict("newer_reply", newer.Error())
	for _, m := range newer.Messages {
		f.newer = append(f.newer, v.message(m))
	}
	return f
}

// wordsOf is what the caller has written, with the files that are theirs.
func (s *Server) wordsOf(ctx context.Context, tx *db.Tx, c *conversation.Conversation, in *api.MessageInput) (handoff.Words, error) {
	if err := refuseInternal(ctx, tx, in); err != nil {
		return handoff.Words{}, err
	}
	files, err := s.ownFiles(ctx, tx, in.Attachments)
	if err != nil {
		return handoff.Words{}, err
	}
	mail, err := s.mailOf(ctx, tx, c, in)
	if err != nil {
		return handoff.Words{}, err
	}
	w := handoff.Words{Mail: mail, Text: strings.TrimSpace(in.Text), Private: val(in.Private), Attachments: files, SourceID: sourceOf(ctx, c.ID, in),
		ClientID: val(in.ClientId), ArticleID: val(in.ArticleId), Then: actionsOf(in.Actions), Seen: val(in.LastSeq)}
	if val(in.Resolve) {
		w.Then = append(w.Then, handoff.Action{Kind: handoff.ActResolve})
	}
	return w, nil
}
