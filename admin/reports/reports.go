// Package reports measures what happened in conversations and sums it up by day, so that pages of figures are fast
// however many conversations there are. It reads the rows of the conversations and decides nothing; everything it keeps can
// be thrown away and measured again. What each figure means stands in docs/reports.md.
package reports

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil { // fs.Sub refuses only a malformed name
		files = migrations
	}
	return db.Migrations{Domain: "reports", Files: files}
}

// Deadlines tells how promises to customers were kept in some conversations, from the rows of who keeps the clocks.
type Deadlines func(ctx context.Context, from db.Querier, conversationIDs []int64) (map[int64][]Deadline, error)

// Deadline is one promise of a time that was kept or missed.
type Deadline struct {
	At      time.Time // when it was decided
	Kept    bool
	AgentID int64
	Used    time.Duration // working time that it took
}

// Store measures and reads the figures. Zone gives the time zone of the organisation, in whose days everything is counted.
type Store struct {
	DB            *db.DB
	Conversations *conversation.Store
	Deadlines     Deadlines // nil: none are kept
	Zone          func(ctx context.Context) (*time.Location, error)
	Log           *slog.Logger

	page int // how many events a step looks at; 0: eventPage
}

const (
	lookEvery = 2 * time.Second
	batch     = 64 // conversations measured from their beginning in one transaction, which must be quick
	eventPage = 512
)

// Run measures what changes, until ctx ends. Any number of nodes may run it.
func (s *Store) Run(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		if err := s.CatchUp(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("reports not measured; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// CatchUp measures until nothing is left that changed.
func (s *Store) CatchUp(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := s.step(ctx)
		if err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// Rebuild has every conversation measured anew at the next steps; pages go on showing what was measured before.
func (s *Store) Rebuild(ctx context.Context) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE report_state SET measured = 0, turn = turn + 1 WHERE id = 1")
		if err != nil {
			return fmt.Errorf("measure anew: %w", err)
		}
		return nil
	})
}
