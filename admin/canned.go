package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
)

// ListCannedReplies shows the ready-made texts.
func (s *Server) ListCannedReplies(ctx context.Context, _ api.ListCannedRepliesRequestObject) (api.ListCannedRepliesResponseObject, error) {
	found, err := s.Desk.CannedReplies(ctx, s.DB, s.actor(ctx))
	if err != nil {
		return nil, err
	}
	shown := make(api.ListCannedReplies200JSONResponse, 0, len(found))
	for _, r := range found {
		shown = append(shown, s.viewCanned(ctx, r))
	}
	return shown, nil
}

// CreateCannedReply makes a ready-made text.
func (s *Server) CreateCannedReply(ctx context.Context, r api.CreateCannedReplyRequestObject) (api.CreateCannedReplyResponseObject, error) {
	reply := cannedOf(0, r.Body)
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		reply, err = s.Desk.CreateCannedReply(ctx, tx, cannedOf(0, r.Body), s.actor(ctx))
		return err
	})
	return api.CreateCannedReply201JSONResponse(s.viewCanned(ctx, reply)), err
}

// PatchCannedReply writes a ready-made text anew.
func (s *Server) PatchCannedReply(ctx context.Context, r api.PatchCannedReplyRequestObject) (api.PatchCannedReplyResponseObject, error) {
	var reply handoff.CannedReply
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if err = s.Desk.SaveCannedReply(ctx, tx, cannedOf(r.Id, r.Body), s.actor(ctx)); err != nil {
			return err
		}
		reply, err = s.Desk.CannedReply(ctx, tx, r.Id, s.actor(ctx))
		return err
	})
	return api.PatchCannedReply200JSONResponse(s.viewCanned(ctx, reply)), err
}

// DeleteCannedReply removes a ready-made text.
func (s *Server) DeleteCannedReply(ctx context.Context, r api.DeleteCannedReplyRequestObject) (api.DeleteCannedReplyResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error { return s.Desk.DeleteCannedReply(ctx, tx, r.Id, s.actor(ctx)) })
	return api.DeleteCannedReply204Response{}, err
}

// UsedCannedReply counts that the caller has used a ready-made text.
func (s *Server) UsedCannedReply(ctx context.Context, r api.UsedCannedReplyRequestObject) (api.UsedCannedReplyResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error { return s.Desk.UsedCannedReply(ctx, tx, r.Id, s.actor(ctx)) })
	return api.UsedCannedReply204Response{}, err
}

func cannedOf(id int64, in *api.CannedReplyInput) handoff.CannedReply {
	return handoff.CannedReply{ID: id, Shortcut: in.Shortcut, Title: in.Title, Text: in.Text, Language: string(val(in.Language)),
		Owned: ownedOf(in.Audience, in.TeamId), Actions: actionsOf(in.Actions)}
}

func (s *Server) viewCanned(ctx context.Context, r handoff.CannedReply) api.CannedReply {
	return api.CannedReply{Id: r.ID, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Language: r.Language, Audience: api.Audience(r.Owned.Audience),
		TeamId: opt(r.Owned.TeamID), Editable: r.Owned.ChangedBy(s.actor(ctx)), Uses: int(r.Uses), Actions: viewActions(r.Actions)}
}
