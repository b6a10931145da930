// Package handoff is the agents' side of a conversation: who they are, their teams and presence, the queue a
// customer waits in, and who has which conversation. A conversation has at most one owner, held as a lease. It
// writes conversations only through package conversation, sends nothing itself and answers no question; how
// people sign in is not its matter either.
package handoff

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/hours"
	"huiyin/live"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		files = migrations
	}
	return db.Migrations{Domain: "handoff", Files: files}
}

// What callers tell apart, beside conversation's errors.
var (
	ErrForbidden = errors.New("your role does not allow this")
	ErrResolved  = errors.New("the conversation is resolved; reopen it first")
	ErrChanged   = errors.New("somebody else has changed this meanwhile; load it again")
)

// OwnedError refuses what only the owner of a conversation may do, and tells who that is.
type OwnedError struct{ Agent Agent }

// Error names the owner.
func (e *OwnedError) Error() string { return fmt.Sprintf("%s has this conversation", e.Agent.Name) }

// Limits that New sets.
const (
	DefaultAbsence = 5 * time.Minute  // how long an owner may be offline while a customer waits
	offlineAfter   = 60 * time.Second // without a sign of life
	seenEvery      = 15 * time.Second // signs of life in between are not written
	tellEvery      = time.Minute      // a place asked for again sooner is not repeated
)

// TopicAgents is the live topic with a pulse whenever an agent's presence changes.
const TopicAgents = "agents"

// Desk is where agents work. It holds no truth in memory; several nodes may each have one.
type Desk struct {
	DB            *db.DB
	Conversations *conversation.Store
	Live          *live.Hub
	Absence       time.Duration // how long an owner may be offline while a customer waits

	// OnQueueMoved, when set, is told after a commit which waiting customers have a new place; it must not block.
	OnQueueMoved func(conversationIDs []int64)

	// Manners, when set, tells what a kind of channel means for who waits on it.
	Manners func(kind string) Manners
	// OnRoute, when set, is told after a commit that Route may have something to do; it must not block.
	OnRoute func()
	// OnOffer, when set, is told after a commit of an offer that was made or has ended; it must not block.
	OnOffer func(Offer)

	mu     sync.Mutex
	rules  routingSettings
	kinds  map[int64]string     // of inboxes
	able   map[string]Abilities // by their text
	beats  map[int64]time.Time  // by agent: the last sign of life this node wrote
	online string               // who was online at the last sweep

	calendars map[[2]int64]*hours.Calendar // by schedule and version
}

// New makes a desk with the default limits, which weighs who waits in the store's queues.
func New(database *db.DB, conversations *conversation.Store, hub *live.Hub) *Desk {
	d := &Desk{DB: database, Conversations: conversations, Live: hub, Absence: DefaultAbsence, beats: map[int64]time.Time{}, kinds: map[int64]string{}}
	conversations.OnSave = d.followClocks
	conversations.Weigh = d.weigh
	conversations.Promised = promised
	return d
}
