// Package wecom tells groups in WeCom, through their robots, of conversations that come into human hands: once when one
// is handed over, once each time it comes back to the queue, and once when nobody has claimed it for a while. It only
// tells: no text from WeCom reaches anybody, and the notice leads into the console, where permissions hold.
//
// A robot answers no question about what it has posted. When the answer to a notice is lost it is therefore sent once
// more and never again: a doubled notice does no harm, a lost one leaves a customer waiting. What WeCom has refused, or
// what never reached it, is tried until the conversation has moved on.
package wecom

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
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
	return db.Migrations{Domain: "wecom_robot", Files: files}
}

// Options are the parts the board works with.
type Options struct {
	DB            *db.DB
	Conversations *conversation.Store
	Desk          *handoff.Desk
	Live          *live.Hub
	Sealer        mirror.Sealer
	PublicURL     string // of the console
	Log           *slog.Logger
	Client        *http.Client // nil: one with a time-out
	// Channel is what people call a kind of inbox, in Chinese and English; nil: the kind itself.
	Channel func(kind string) (zh, en string)
}

// Board tells groups in WeCom of hand-offs. Any number of nodes may run one.
type Board struct {
	Options
	mirror *mirror.Mirror
	pace   *pace
}

// name is the board's in package mirror, and the topic that pulses when its settings change.
const name = "wecom_robot"

const timeout = 10 * time.Second

// New makes the board; it does nothing until Run.
func New(o Options) *Board {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: timeout}
	}
	b := &Board{Options: o, pace: &pace{now: o.DB.Now, at: map[string]time.Time{}}}
	b.mirror = &mirror.Mirror{DB: o.DB, Conversations: o.Conversations, Live: o.Live, Board: b, Log: o.Log}
	return b
}

// Name is how package mirror knows the board.
func (b *Board) Name() string { return name }

// Run tells what there is to tell until ctx ends, while the settings say so.
func (b *Board) Run(ctx context.Context) {
	mirror.Configured{Live: b.Live, Topic: name, Version: b.version, Failed: func(err error) { b.Log.Error("the WeCom robots' settings were not read; trying again", "error", err) },
		Work: func(ctx context.Context) (int64, func(context.Context), error) {
			s, err := b.Settings(ctx, b.DB)
			if err != nil || !s.Enabled {
				return s.Version, nil, err
			}
			return s.Version, b.mirror.Run, nil
		}}.Run(ctx)
}

func (b *Board) version(ctx context.Context) (int64, error) {
	s, err := b.Settings(ctx, b.DB)
	return s.Version, err
}

var _ mirror.Board = (*Board)(nil)
