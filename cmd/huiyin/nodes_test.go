package main

import (
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

// secondNode starts a node with a folder of its own and the key of the first one, on the same database.
func secondNode(first *server, flags ...string) *server {
	first.Helper()
	s := &server{data: first.TempDir(), db: first.db, flags: flags, binary: first.binary}
	if err := copyKey(first, s); err != nil {
		first.Fatal(err)
	}
	return startServer(first.T, s)
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	return clusterOn(t, pgtest.URL(t), "")
}

// clusterOn is a cluster on a database; a program that is named makes the database and serves, else this one.
func clusterOn(t *testing.T, database, binary string) *cluster {
	t.Helper()
	c := &cluster{redis: redistest.Start(t)}
	files := t.TempDir()
	flags := []string{"--redis", c.redis.URL(), "--attachments", files}
	c.nodes[0] = startServer(t, &server{data: t.TempDir(), db: database, binary: binary})
	c.inbox, c.key = c.nodes[0].furnish()
	c.nodes[0].kill()
	c.nodes[0].flags = flags
	c.nodes[0].start()
	c.nodes[1] = secondNode(c.nodes[0], flags...)
	c.front = balance(t, c.nodes[0].address, c.nodes[1].address)
	return c
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

// Visitors write through one node and read on another, while nodes are killed, stopped and frozen and Redis goes and comes.
func TestFaultsOnTwoNodes(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	faults := []func(n *server, chance *rand.Rand){
		func(n *server, _ *rand.Rand) { n.kill(); n.start() },
		func(_ *server, chance *rand.Rand) { c.redis.Stop(); aWhile(chance); c.redis.Again() },
		func(n *server, chance *rand.Rand) { n.freeze(true); aWhile(chance); n.freeze(false) },
		func(*server, *rand.Rand) { _, _ = c.redis.Do("FLUSHALL"); _, _ = c.redis.Do("CLIENT KILL TYPE pubsub") },
		func(n *server, _ *rand.Rand) { n.stop(); n.start() },
	}
	under(t, c.front.url(), c.key, c.inbox, max(crashRounds(t), len(faults)), func(round int, chance *rand.Rand) {
		faults[round%len(faults)](c.nodes[chance.IntN(len(c.nodes))], chance)
	})
	t.Logf("%s", c.nodes[0].call("ledger", "check"))
}
