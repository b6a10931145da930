package hub

import (
	"context"
	"fmt"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// finder is what articles are found in: the knowledge as it is (knowledge.Index), or a copy of it with a change (knowledge.Copy).
type finder interface {
	Search(ctx context.Context, a nlu.Analysis, o knowledge.Options) ([]knowledge.Hit, error)
}

// found searches where this mind looks.
func (m *mind) found(ctx context.Context, a nlu.Analysis, o knowledge.Options) ([]knowledge.Hit, error) {
	in := m.find
	if in == nil {
		in = m.hub.Knowledge
	}
	hits, err := in.Search(ctx, a, o)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return hits, nil
}
