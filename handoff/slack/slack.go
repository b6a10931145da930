// Package slack is the agents' desk in Slack: a thread for each conversation in human hands, with a card whose buttons
// do what the console does, through the same package handoff and the same leases. What is written in a thread stays among
// colleagues; a text reaches the customer only by the Reply dialog, by the "send to customer" shortcut, or with a prefix
// that an administrator has set. All three go through one function, send.
package slack

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/mirror"
	"huiyin/live"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil { // fs.Sub refuses only a malformed name
		files = migrations
	}
	return db.Migrations{Domain: "slack", Files: files}
}

// Options are the parts the desk works with.
type Options struct {
	DB            *db.DB
	Conversations *conversation.Store
	Files         conversation.Files
	Desk          *handoff.Desk
	Live          *live.Hub
	Sealer        mirror.Sealer
	PublicURL     string // of the console
	Log           *slog.Logger
	Client        *http.Client // for the API; nil: one with time-outs
	// Channel is what people call a kind of inbox, in Chinese and English; nil: the kind itself.
	Channel func(kind string) (zh, en string)
	// Metered tells whether a kind of inbox has a send budget; nil: none has.
	Metered func(kind string) bool
}

// Board is the desk in Slack. Any number of nodes may run one.
type Board struct {
	Options
	mirror *mirror.Mirror
	pace   *pace

	mu     sync.Mutex
	opened *client // by the settings' version
}

// name is the board's in package mirror.
const name = "slack"

// New makes the desk; it does nothing until Run.
func New(o Options) *Board {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 30 * time.Second}
	}
	polite := *o.Client
	if polite.Transport == nil {
		polite.Transport = http.DefaultTransport
	}
	polite.Transport = courteous{polite.Transport, o.DB.Now}
	o.Client = &polite
	b := &Board{Options: o, pace: newPace(o.DB.Now)}
	b.mirror = &mirror.Mirror{DB: o.DB, Conversations: o.Conversations, Live: o.Live, Board: b, Log: o.Log}
	return b
}

// Name is how package mirror knows the desk.
func (b *Board) Name() string { return name }

// Run keeps Slack and the conversations in step until ctx ends. When the settings change it starts anew with them.
func (b *Board) Run(ctx context.Context) {
	mirror.Configured{Live: b.Live, Topic: topic, Version: b.version, Failed: func(err error) { b.Log.Error("Slack's settings not read; trying again", "error", err) },
		Work: func(ctx context.Context) (int64, func(context.Context), error) {
			app, err := b.App(ctx, b.DB)
			if err != nil || !app.Enabled {
				return app.Version, nil, err
			}
			return app.Version, func(ctx context.Context) { b.work(ctx, app) }, nil
		}}.Run(ctx)
}

// work runs what an enabled app needs.
func (b *Board) work(ctx context.Context, app App) {
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() { b.mirror.Run(ctx) })
	parts.Go(func() { b.heed(ctx) })
	parts.Go(func() { b.keepDuty(ctx) })
	if app.Socket {
		parts.Go(func() { b.connect(ctx, app) })
	}
}

// Restart forgets where conversations stand in Slack, for a workspace that begins anew.
func (b *Board) Restart(ctx context.Context, tx *db.Tx) error {
	for _, query := range []string{"DELETE FROM slack_users", "DELETE FROM slack_events"} {
		if _, err := tx.Exec(ctx, query); err != nil {
			return fmt.Errorf("begin anew in Slack: %w", err)
		}
	}
	return mirror.Forget(ctx, tx, name)
}
