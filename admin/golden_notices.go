package admin

import (
	"context"
	"fmt"
	"slices"

	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge/golden"
)

// NoticeGoldenBroke tells that golden questions fail which had passed.
const NoticeGoldenBroke = "golden_broke"

// TellGoldenBroke tells everybody who looks after the answers, and no other author, of golden questions that passed and do no more: one
// notice for all of them.
func (s *Server) TellGoldenBroke(ctx context.Context, tx *db.Tx, broke []golden.Question) error {
	everybody, err := s.Desk.Agents(ctx, tx)
	if err != nil {
		return err
	}
	words := clip(broke[0].Question)
	if len(broke) > 1 {
		words = fmt.Sprintf("%s (+%d)", words, len(broke)-1)
	}
	for _, a := range everybody {
		if !a.Active || !slices.Contains([]handoff.Role{handoff.Owner, handoff.Administrator, handoff.Editor}, a.Role) {
			continue
		}
		if err := s.Notify(ctx, tx, Notice{AgentID: a.ID, Kind: NoticeGoldenBroke, Words: words}); err != nil {
			return err
		}
	}
	return nil
}
