// Package relay carries pulses and hints between the nodes of an installation through Redis. It holds no truth either:
// while Redis is away, slow or emptied nothing is kept for later, and readers look at the database every few seconds, as
// without a pulse; when it is back all of them look once.
package relay

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"huiyin/live"
)

const (
	patience = 2 * time.Second // with Redis, before it counts as away
	pause    = 250 * time.Millisecond
	// waiting bounds what has not reached Redis yet; what is more is dropped, being late anyway.
	waiting = 4096
)

// Relay is one node's line to the others: a live.Relay.
type Relay struct {
	client *redis.Client
	prefix string // of every channel, so that installations can share a Redis
	node   string // tells one's own messages from the others'
	log    *slog.Logger
	queue  chan message
	topics topics

	up      atomic.Bool
	dropped atomic.Int64
}

type message struct{ topic, hint string }

// Open reads a redis:// or rediss:// address. Redis need not be there: the node works without it and finds it later.
func Open(address, installation string, log *slog.Logger) (*Relay, error) {
	o, err := redis.ParseURL(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of Redis: %w", err)
	}
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = patience, patience, patience
	o.MaxRetries, o.ContextTimeoutEnabled, o.PoolSize, o.DisableIdentity = -1, true, 4, true
	o.Protocol = 2 // with 3 a read waits for notices of the server without a limit
	return &Relay{client: redis.NewClient(o), prefix: "huiyin:" + installation + ":", node: rand.Text(), log: log,
		queue: make(chan message, waiting), topics: newTopics()}, nil
}

// Connected tells whether the other nodes are heard.
func (r *Relay) Connected() bool { return r.up.Load() }

// Up is 1 when Connected.
func (r *Relay) Up() float64 {
	if r.up.Load() {
		return 1
	}
	return 0
}

// Dropped counts the pulses and hints that did not reach Redis.
func (r *Relay) Dropped() float64 { return float64(r.dropped.Load()) }

// Publish tells the other nodes; it never waits.
func (r *Relay) Publish(topic string, hint []byte) {
	select {
	case r.queue <- message{topic, string(hint)}:
	default:
		r.dropped.Add(1)
	}
}

// Want has what others publish on a topic brought here; Drop ends that. They never wait.
func (r *Relay) Want(topic string) { r.topics.want(topic) }

// Drop ends what Want began.
func (r *Relay) Drop(topic string) { r.topics.drop(topic) }

// Elsewhere tells whether another node has readers of a topic, as far as Redis knows.
func (r *Relay) Elsewhere(ctx context.Context, topic string) bool {
	if !r.up.Load() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, pause)
	defer cancel()
	ours := int64(0)
	if r.topics.heard(topic) {
		ours = 1
	}
	nodes, err := r.client.PubSubNumSub(ctx, r.prefix+topic).Result()
	return err == nil && nodes[r.prefix+topic] > ours
}

// Run carries until ctx ends.
func (r *Relay) Run(ctx context.Context, hub *live.Hub) {
	var both sync.WaitGroup
	both.Go(func() { r.send(ctx) })
	both.Go(func() { r.listen(ctx, hub) })
	both.Wait()
	_ = r.client.Close()
}

// rest waits a moment; false when ctx has ended.
func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
