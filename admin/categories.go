package admin

import (
	"context"
	"fmt"
	"strings"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
)

// ListCategories shows all categories in the order in which people see them.
func (s *Server) ListCategories(ctx context.Context, _ api.ListCategoriesRequestObject) (api.ListCategoriesResponseObject, error) {
	found, err := knowledge.Categories(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListCategories200JSONResponse, 0, len(found))
	for _, c := range found {
		shown = append(shown, api.Category{Path: c.Path, Articles: c.Articles, Names: c.Names})
	}
	return shown, nil
}

// SaveCategory makes a category or names it.
func (s *Server) SaveCategory(ctx context.Context, r api.SaveCategoryRequestObject) (api.SaveCategoryResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		if err := s.mayArticles(ctx, tx, rightEdit, cleanPath(r.Body.Path)); err != nil {
			return err
		}
		if err := knowledge.SaveCategory(ctx, tx, r.Body.Path, r.Body.Names); err != nil {
			return err
		}
		return s.note(ctx, tx, "category_saved", "", r.Body.Path)
	})
	return api.SaveCategory204Response{}, err
}

// MoveCategory puts a category elsewhere with all that is in it.
func (s *Server) MoveCategory(ctx context.Context, r api.MoveCategoryRequestObject) (api.MoveCategoryResponseObject, error) {
	var moved int
	m := knowledge.CategoryMove{Path: r.Body.Path, To: r.Body.To, Before: val(r.Body.Before)}
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if err := s.mayArticles(ctx, tx, rightPublish, cleanPath(m.Path), cleanPath(m.To)); err != nil {
			return err
		}
		if moved, err = knowledge.MoveCategory(ctx, tx, authorOf(ctx), m); err != nil {
			return err
		}
		if err := moveRights(ctx, tx, cleanPath(m.Path), cleanPath(m.To)); err != nil {
			return err
		}
		return s.note(ctx, tx, "category_moved", "", fmt.Sprintf("%s → %s (%d)", m.Path, m.To, moved))
	})
	s.Knowledge.Poke()
	return api.MoveCategory200JSONResponse{Articles: moved}, err
}

// RemoveCategory dissolves a category into the one above.
func (s *Server) RemoveCategory(ctx context.Context, r api.RemoveCategoryRequestObject) (api.RemoveCategoryResponseObject, error) {
	var moved int
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		path := cleanPath(r.Body.Path)
		if err := s.mayArticles(ctx, tx, rightPublish, path, path[:max(strings.LastIndex(path, "/"), 0)]); err != nil {
			return err
		}
		if moved, err = knowledge.RemoveCategory(ctx, tx, authorOf(ctx), r.Body.Path); err != nil {
			return err
		}
		return s.note(ctx, tx, "category_removed", "", fmt.Sprintf("%s (%d)", r.Body.Path, moved))
	})
	s.Knowledge.Poke()
	return api.RemoveCategory200JSONResponse{Articles: moved}, err
}
