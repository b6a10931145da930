package hub

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
	"huiyin/live"
)

// Options are the parts that a Hub works with.
type Options struct {
	DB            *db.DB
	Conversations *conversation.Store
	Files         conversation.Files
	Knowledge     *knowledge.Index
	Desk          *handoff.Desk
	Live          *live.Hub
	Vault         *channels.Vault
	Wishes        func(ctx context.Context) (Wishes, error) // how the bot is to answer; nil: as shipped
	RatingURL     func(conversationID int64) string         // the page where a customer rates; "": customers cannot reach one
	Log           *slog.Logger
}

// Hub moves messages along their road. Its work stands in rows, so that any number of hubs may share it and
// a restart loses none.
type Hub struct {
	Options
	adapters  map[string]channels.Adapter
	inboxes   inboxCache
	turns     bell // something may have to be answered
	outbox    bell // something may have to be sent
	media     bell // a file may have to be fetched
	pulls     bell // a provider may have to be asked
	routing   bell // somebody may have to be given to an agent
	jobs      bell // something may have to be computed in the background
	changes   chan conversation.Event
	moved     chan []int64 // conversations with a new place in the queue
	topics    topicCache
	writing   chan typing
	strangers chan stranger
	refused   complaints
	wished    wishesCache
	stats     Stats
	before    memory

	// OnGoldenBroke is told, in the transaction that notes it, of golden questions that passed and do no more.
	OnGoldenBroke func(ctx context.Context, tx *db.Tx, broke []golden.Question) error

	// Zone is the time zone of the organisation, in whose night golden questions are asked.
	Zone func(ctx context.Context) (*time.Location, error)
}

// maxChanges bounds the events that wait to be told; past it readers find out by polling.
const maxChanges = 4096

// maxMoves bounds the moves of queues that wait to be told.
const maxMoves = 16

// New makes a hub for the given adapters. It starts working with Run.
func New(o Options, adapters []channels.Adapter) *Hub {
	h := &Hub{Options: o, adapters: map[string]channels.Adapter{}, turns: newBell(), outbox: newBell(), media: newBell(), pulls: newBell(), routing: newBell(), jobs: newBell(),
		changes: make(chan conversation.Event, maxChanges), moved: make(chan []int64, maxMoves), writing: make(chan typing, maxTyping), strangers: make(chan stranger, maxStrangers)}
	for _, a := range adapters {
		h.adapters[a.Kind().Name] = a
	}
	o.Conversations.OnChange = h.changed
	o.Conversations.OnInbox = h.inboxes.changed
	o.Conversations.OnArrival = h.guard
	o.Desk.OnQueueMoved = h.queueMoved
	o.Desk.OnRoute = h.routing.ring
	o.Desk.Manners = h.manners
	return h
}

// Run works until ctx ends, then finishes what is under way.
func (h *Hub) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, work := range []func(context.Context){h.tell, h.answerTurns, h.answerTurns, h.deliverOutbox, h.fetchMedia, h.pollInboxes, h.showTyping, h.learnProfiles, h.keepTime, h.route, h.workJobs, h.Knowledge.Follow} {
		all.Go(func() { work(ctx) })
	}
	all.Wait()
}

// bell wakes one sleeper; ringing twice before it wakes is ringing once.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// idlePoll is how often a worker looks for work that nobody rang for: left by a crash, another node or a command.
const idlePoll = time.Second

// loop calls work at each ring and each second until ctx ends; work says whether there is more.
func (h *Hub) loop(ctx context.Context, name string, b bell, work func(context.Context) (more bool, err error)) {
	tick := time.NewTicker(idlePoll)
	defer tick.Stop()
	for ctx.Err() == nil {
		more, err := work(ctx)
		if err != nil && ctx.Err() == nil {
			h.Log.Error("work stopped; trying again in a second", "work", name, "error", err)
			more = false
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-b:
		case <-tick.C:
		}
	}
}

// Adapters are the channels that the hub works with, in no particular order.
func (h *Hub) Adapters() []channels.Adapter {
	list := make([]channels.Adapter, 0, len(h.adapters))
	for _, a := range h.adapters {
		list = append(list, a)
	}
	return list
}
