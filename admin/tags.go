package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/db"
)

// retagAtOnce bounds how many conversations one transaction gives another tag.
const retagAtOnce = 200

// ListTags shows the tags in use and those kept for use.
func (s *Server) ListTags(ctx context.Context, _ api.ListTagsRequestObject) (api.ListTagsResponseObject, error) {
	tags, err := s.Conversations.Tags(ctx, s.DB)
	shown := api.ListTags200JSONResponse{}
	for _, t := range tags {
		shown = append(shown, t.Tag)
	}
	return shown, err
}

// ListTagUsage shows the tags with how often each is used.
func (s *Server) ListTagUsage(ctx context.Context, _ api.ListTagUsageRequestObject) (api.ListTagUsageResponseObject, error) {
	tags, err := s.Conversations.Tags(ctx, s.DB)
	shown := api.ListTagUsage200JSONResponse{}
	for _, t := range tags {
		shown = append(shown, api.TagUse{Tag: t.Tag, Uses: int(t.Uses)})
	}
	return shown, err
}

// CreateTag has a tag offered before a conversation has it.
func (s *Server) CreateTag(ctx context.Context, r api.CreateTagRequestObject) (api.CreateTagResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		tag, err := s.Conversations.KeepTag(ctx, tx, r.Body.Tag)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, "tag_created", "tag:"+tag, "")
	})
	return api.CreateTag204Response{}, err
}

// RenameTag gives a tag another name everywhere. Many conversations are changed a few at a time; when that is broken off
// the rest keeps the old name, and asking again goes on with it.
func (s *Server) RenameTag(ctx context.Context, r api.RenameTagRequestObject) (api.RenameTagResponseObject, error) {
	var next string
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if r.Body.To != "" {
			if next, err = s.Conversations.KeepTag(ctx, tx, r.Body.To); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, "tag_renamed", "tag:"+r.Body.Tag, next)
	})
	if err != nil {
		return nil, err
	}
	changed := 0
	for next != r.Body.Tag {
		n, err := s.retagSome(ctx, r.Body.Tag, next)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
		changed += n
	}
	return api.RenameTag200JSONResponse{Changed: changed}, nil
}

func (s *Server) retagSome(ctx context.Context, tag, next string) (int, error) {
	var n int
	err := s.DB.Tx(ctx, func(tx *db.Tx) error {
		ids, err := s.Conversations.Tagged(ctx, tx, tag, retagAtOnce)
		if err != nil {
			return err
		}
		n = len(ids)
		for _, id := range ids {
			if err := s.Conversations.Retag(ctx, tx, id, tag, next); err != nil {
				return err
			}
		}
		if n > 0 {
			return nil
		}
		return s.Conversations.ForgetTag(ctx, tx, tag)
	})
	return n, err
}
