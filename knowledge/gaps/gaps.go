// Package gaps watches what comes of customers' questions: it follows the conversations, keeps each automatic decision with what
// customers and agents said of it, sums them up by day, and groups the questions that were asked in vain by what they mean. It
// holds no customer's words, only where they stand, and decides nothing; but for what people made of a group everything it keeps
// can be thrown away and measured again. What each figure means stands in docs/gaps.md.
package gaps

import (
	"context"
	"embed"
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
	return db.Migrations{Domain: "gaps", Files: files}
}

// Store measures and reads. Zone gives the time zone of the organisation, in whose days everything is counted.
type Store struct {
	DB            *db.DB
	Conversations *conversation.Store
	Zone          func(ctx context.Context) (*time.Location, error)
	Log           *slog.Logger

	page int // how many events a step looks at; 0: eventPage
}

const (
	lookEvery = 2 * time.Second
	batch     = 64 // conversations measured in one transaction, which must be quick
	eventPage = 512
	// restShare is how much longer than it worked the grouping rests, so that it keeps a core busy at most a tenth of the time.
	restShare = 9
)

// Run measures what changes and groups what was asked in vain, until ctx ends. Any number of nodes may run it.
func (s *Store) Run(ctx context.Context) {
	rest := time.NewTimer(lookEvery)
	defer rest.Stop()
	for {
		began := time.Now()
		if err := s.CatchUp(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("questions asked in vain are not followed; trying again", "error", err)
		}
		rest.Reset(max(lookEvery, restShare*time.Since(began)))
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
		}
	}
}

// CatchUp measures until nothing is left that changed, and then groups.
func (s *Store) CatchUp(ctx context.Context) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if more, err = s.step(ctx); err != nil {
			return err
		}
	}
	if err := s.Group(ctx); err != nil {
		return err
	}
	return s.settle(ctx)
}
