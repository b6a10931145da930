package conversation

import "context"

// PageQuery shows tests how a page is read.
func (s *Store) PageQuery(ctx context.Context, f Filter) (string, []any, error) {
	return s.pageQuery(ctx, s.DB, f)
}
