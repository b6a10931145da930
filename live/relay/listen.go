package relay

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"huiyin/live"
)

// aliveEvery is how often a silent line is tried.
const aliveEvery = 5 * time.Second

var errSilent = errors.New("it does not answer")

// everybody is the topic that each node listens to, so that there is a line at all.
const everybody = "nodes"

// listen brings what the other nodes say, on one line after the other.
func (r *Relay) listen(ctx context.Context, hub *live.Hub) {
	for away := false; ; {
		err := r.line(ctx, hub)
		if ctx.Err() != nil {
			return
		}
		if r.up.Swap(false) || !away {
			r.log.Warn("Redis is away; changes on other nodes show within seconds instead of at once", "error", err)
		}
		away = true
		if !rest(ctx, pause) {
			return
		}
	}
}

// line listens on one connection until it breaks.
func (r *Relay) line(ctx context.Context, hub *live.Hub) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	on := r.client.Subscribe(ctx)
	defer on.Close()
	defer context.AfterFunc(ctx, func() { _ = on.Close() })()
	r.topics.forget()
	if err := on.Subscribe(ctx, r.prefix+everybody); err != nil {
		return err
	}
	go r.follow(ctx, on)
	silent := false
	for {
		said, err := on.ReceiveTimeout(ctx, aliveEvery)
		var slow net.Error
		if errors.As(err, &slow) && slow.Timeout() && !silent {
			silent = true
			if err := on.Ping(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return errors.Join(errIf(silent), err)
		}
		silent = false
		r.take(hub, said)
	}
}

func errIf(silent bool) error {
	if silent {
		return errSilent
	}
	return nil
}

// follow subscribes to what is wanted on this node, and to nothing else.
func (r *Relay) follow(ctx context.Context, on *redis.PubSub) {
	for {
		more, less := r.topics.changes()
		if err := errors.Join(r.change(ctx, on.Subscribe, more), r.change(ctx, on.Unsubscribe, less)); err != nil {
			_ = on.Close() // the listener begins anew
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-r.topics.moved:
		}
	}
}

func (r *Relay) change(ctx context.Context, do func(context.Context, ...string) error, topics []string) error {
	if len(topics) == 0 {
		return nil
	}
	channels := make([]string, len(topics))
	for i, t := range topics {
		channels[i] = r.prefix + t
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return do(ctx, channels...)
}

// take handles what came over the line.
func (r *Relay) take(hub *live.Hub, said any) {
	switch said := said.(type) {
	case *redis.Subscription:
		r.confirmed(hub, said.Kind, strings.TrimPrefix(said.Channel, r.prefix))
	case *redis.Message:
		if hint, ours := strings.CutPrefix(said.Payload, r.node); !ours && len(said.Payload) >= len(r.node) {
			hub.Deliver(strings.TrimPrefix(said.Channel, r.prefix), []byte(hint[len(r.node):]))
		}
	}
}

// confirmed notes that a topic is heard from now on, or no more. What was said before was missed: its readers look.
func (r *Relay) confirmed(hub *live.Hub, kind, topic string) {
	if topic == everybody {
		if !r.up.Swap(true) {
			r.log.Info("Redis is there; changes on other nodes show at once")
		}
		return
	}
	r.topics.confirm(topic, kind == "subscribe")
	if kind == "subscribe" {
		hub.Deliver(topic, nil)
	}
}
