package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
)

// ListCannedReplies shows the ready-made texts.
func (s *Server) ListCannedReplies(ctx context.Context, _ api.ListCannedRepliesRequestObject) (api.ListCannedRepliesResponseObject, error) {
	found, err := s.Desk.CannedReplies(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListCannedReplies200JSONResponse, 0, len(found))
	for _, r := range found {
		shown = append(shown, viewCanned(r))
	}
	return shown, nil
}

// CreateCannedReply makes a ready-made text.
func (s *Server) CreateCannedReply(ctx context.Context, r api.CreateCannedReplyRequestObject) (api.CreateCannedReplyResponseObject, error) {
	reply := cannedOf(0, r.Body)
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		reply, err = s.Desk.CreateCannedReply(ctx, tx, cannedOf(0, r.Body))
		return err
	})
	return api.CreateCannedReply201JSONResponse(viewCanned(reply)), err
}

// PatchCannedReply writes a ready-made text anew.
func (s *Server) PatchCannedReply(ctx context.Context, r api.PatchCannedReplyRequestObject) (api.PatchCannedReplyResponseObject, error) {
	var reply handoff.CannedReply
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if err = s.Desk.SaveCannedReply(ctx, tx, cannedOf(r.Id, r.Body)); err != nil {
			return err
		}
		reply, err = s.Desk.CannedReply(ctx, tx, r.Id)
		return err
	})
	return api.PatchCannedReply200JSONResponse(viewCanned(reply)), err
}

// DeleteCannedReply removes a ready-made text.
func (s *Server) DeleteCannedReply(ctx context.Context, r api.DeleteCannedReplyRequestObject) (api.DeleteCannedReplyResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error { return s.Desk.DeleteCannedReply(ctx, tx, r.Id) })
	return api.DeleteCannedReply204Response{}, err
}

func cannedOf(id int64, in *api.CannedReplyInput) handoff.CannedReply {
	return handoff.CannedReply{ID: id, Shortcut: in.Shortcut, Title: in.Title, Text: in.Text, Language: string(val(in.Language))}
}

func viewCanned(r handoff.CannedReply) api.CannedReply {
	return api.CannedReply{Id: r.ID, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Language: r.Language}
}
