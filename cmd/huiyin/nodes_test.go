package main

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"huiyin/db/pgtest"
	"huiyin/live/redistest"
)

// balancer spreads connections over nodes, as a reverse proxy does: the next one in turn, or the one after that when it
// does not take the connection.
type balancer struct {
	net.Listener
	nodes []string
	next  atomic.Uint64
}

func balance(t *testing.T, nodes ...string) *balancer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	b := &balancer{Listener: l, nodes: nodes}
	go b.serve()
	return b
}

func (b *balancer) url() string { return "http://" + b.Addr().String() }

func (b *balancer) serve() {
	for {
		c, err := b.Accept()
		if err != nil {
			return
		}
		go b.carry(c)
	}
}

func (b *balancer) carry(c net.Conn) {
	defer c.Close()
	for range b.nodes {
		node, err := net.DialTimeout("tcp", b.nodes[b.next.Add(1)%uint64(len(b.nodes))], time.Second)
		if err != nil {
			continue
		}
		defer node.Close()
		var both sync.WaitGroup
		both.Go(func() { _, _ = io.Copy(node, c); _ = node.Close() })
		both.Go(func() { _, _ = io.Copy(c, node); _ = c.Close() })
		both.Wait()
		return
	}
}

// cluster is two nodes on one PostgreSQL and one Redis, behind a balancer.
type cluster struct {
	nodes [2]*server
	redis *redistest.Server
	front *balancer
	inbox int64
	key   string
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	database := pgtest.URL(t)
	c := &cluster{redis: redistest.Start(t)}
	files := t.TempDir()
	flags := []string{"--redis", c.redis.URL(), "--attachments", files}
	c.nodes[0], c.inbox, c.key = furnished(t, database)
	c.nodes[1] = newServer(t, database)
	if err := copyKey(c.nodes[0], c.nodes[1]); err != nil {
		t.Fatal(err)
	}
	for _, n := range c.nodes {
		n.kill()
		n.flags = flags
		n.start()
	}
	c.front = balance(t, c.nodes[0].address, c.nodes[1].address)
	return c
}

// disturb does things to nodes and Redis, one after the other at random moments. It ends with everything at work.
func (c *cluster) disturb(t *testing.T, chance *rand.Rand, rounds int, roundTime time.Duration) {
	faults := []func(n *server, d time.Duration){
		func(n *server, _ time.Duration) { n.kill(); n.start() },
		func(_ *server, d time.Duration) { c.redis.Stop(); time.Sleep(d); c.redis.Again() },
		func(n *server, d time.Duration) { n.freeze(true); time.Sleep(d); n.freeze(false) },
		func(*server, time.Duration) { _, _ = c.redis.Do("FLUSHALL") },
		func(*server, time.Duration) { _, _ = c.redis.Do("CLIENT KILL TYPE pubsub") },
	}
	for round := range rounds {
		time.Sleep(time.Duration(chance.Int64N(int64(roundTime))))
		what := round % len(faults)
		t.Logf("fault %d", what)
		faults[what](c.nodes[chance.IntN(len(c.nodes))], time.Duration(chance.Int64N(int64(roundTime))))
	}
}

func (s *server) freeze(frozen bool) {
	s.Helper()
	what := syscall.SIGCONT
	if frozen {
		what = syscall.SIGSTOP
	}
	if err := s.process.Process.Signal(what); err != nil {
		s.Fatal(err)
	}
}

// Visitors write through one node and read on another, while nodes are killed and frozen and Redis goes and comes: what was
// acknowledged is there once, in order, shown once and answered once.
func TestFaultsOnTwoNodes(t *testing.T) {
	t.Parallel()
	rounds := max(crashRounds(t), 5)
	c := startCluster(t)
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, rounds)
	const roundTime = 1500 * time.Millisecond
	started := make(chan struct{})
	plan := loadPlan{base: c.front.url(), key: c.key, inbox: c.inbox, questions: []string{"怎么开电子发票？", "How do I switch on international roaming?", "PUK 码锁了怎么办？"},
		customers: 60, rate: 60, duration: time.Duration(2*rounds) * roundTime, agents: 2, started: sync.OnceFunc(func() { close(started) }),
		patience: 3 * time.Minute, drain: 2 * time.Minute, reconnect: 0.1, repeat: 0.1, seed: seed}
	disturbed := make(chan struct{})
	go func() {
		defer close(disturbed)
		<-started
		c.disturb(t, rand.New(rand.NewPCG(seed, 0)), rounds, roundTime)
	}()
	report, err := plan.run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	<-disturbed
	t.Logf("%s", report.text())
	if err := report.verdict(); err != nil {
		t.Error(err)
	}
	if report.HandedOff > 0 || report.Answered != report.Accepted {
		t.Errorf("%d accepted, %d answered", report.Accepted, report.Answered)
	}
	t.Logf("%s", c.nodes[0].call("ledger", "check"))
}
