package db

import (
	"context"
	"database/sql"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	lookEvery  = 5 * time.Second // at the server's clock
	lookWithin = 2 * time.Second
)

// clock tells the time that all nodes of a PostgreSQL share: the server's. A lease that one node takes is over for the others
// when it is over for that node, however wrong the clocks of their machines are. Between two looks at the server's clock the
// machine's counts on, by its monotonic part, so that setting it changes nothing.
type clock struct {
	local func() time.Time
	seen  atomic.Pointer[look] // nil: the time is the machine's
}

// look is the server's time at a moment of the machine's.
type look struct {
	server, local time.Time
	skew          time.Duration // of the machine's clock, when it was last compared
}

func (l *look) at(local time.Time) time.Time { return l.server.Add(local.Sub(l.local)) }

func (c *clock) now() time.Time {
	local := c.local()
	if seen := c.seen.Load(); seen != nil {
		return seen.at(local)
	}
	return local
}

// compare looks at the server's clock. What differs by less than the look took is no difference.
func (c *clock) compare(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	before := c.local()
	var micros int64
	if err := pool.QueryRowContext(ctx, "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT").Scan(&micros); err != nil {
		return fmt.Errorf("look at the server's clock: %w", err)
	}
	took := c.local().Sub(before)
	local, server := before.Add(took/2), time.UnixMicro(micros)
	next := look{server: server, local: local, skew: local.Round(0).Sub(server)}
	if seen := c.seen.Load(); seen != nil && server.Sub(seen.at(local)).Abs() <= took/2+time.Millisecond {
		next.server, next.local = seen.server, seen.local
	}
	c.seen.Store(&next)
	return nil
}

// follow compares again and again, until ctx ends. While the server is away the machine's clock counts on.
func (c *clock) follow(ctx context.Context, pool *sql.DB) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = c.compare(ctx, pool)
		}
	}
}

// Skew is by how much this machine's clock is ahead of the server's; 0 where there is no server, or Options.ServerTime is not set.
func (d *DB) Skew() time.Duration {
	if seen := d.clock.seen.Load(); seen != nil {
		return seen.skew
	}
	return 0
}

// followServer makes the time the server's, until Close.
func (d *DB) followServer(ctx context.Context) error {
	if err := d.clock.compare(ctx, d.pool); err != nil {
		return err
	}
	following, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); d.clock.follow(following, d.pool) }()
	d.unfollow = func() { stop(); <-ended }
	return nil
}
