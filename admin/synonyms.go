package admin

import (
	"context"
	"fmt"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

// GetSynonyms shows the words that the organisation says to mean the same.
func (s *Server) GetSynonyms(ctx context.Context, _ api.GetSynonymsRequestObject) (api.GetSynonymsResponseObject, error) {
	groups, err := knowledge.Synonyms(ctx, s.DB)
	return api.GetSynonyms200JSONResponse{Groups: groups}, err
}

// SaveSynonyms replaces the whole list.
func (s *Server) SaveSynonyms(ctx context.Context, r api.SaveSynonymsRequestObject) (api.SaveSynonymsResponseObject, error) {
	reason, err := s.reasonFor(ctx, s.DB, golden.Change{Synonyms: &r.Body.Groups}, val(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	var kept [][]string
	err = s.write(ctx, func(tx *db.Tx) (err error) {
		if err := s.mayArticles(ctx, tx, rightPublish, ""); err != nil { // they hold for all articles, and at once
			return err
		}
		if kept, err = knowledge.ReplaceSynonyms(ctx, tx, r.Body.Groups); err != nil {
			return err
		}
		return s.note(ctx, tx, "synonyms_changed", "", fmt.Sprintf("%d groups", len(kept))+because(reason))
	})
	if err != nil {
		return nil, err
	}
	s.Knowledge.Poke()
	return api.SaveSynonyms200JSONResponse{Groups: kept}, nil
}
