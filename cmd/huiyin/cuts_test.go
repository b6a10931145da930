package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// cutter is a line that ends all its connections once so many bytes have gone through it, whichever way, in the middle of whatever
// they are; what is opened after that is whole.
type cutter struct {
	net.Listener
	to string

	mu      sync.Mutex
	left    int64 // until the cut; negative: it has been
	carried int64
	open    map[net.Conn]bool
}

func newCutter(t *testing.T, to string, after int64) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{Listener: l, to: to, left: after, open: map[net.Conn]bool{}}
	t.Cleanup(c.close)
	go c.serve()
	return c
}

func (c *cutter) close() {
	_ = c.Listener.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut()
}

// cut ends what is open; the caller holds the lock.
func (c *cutter) cut() {
	c.left = -1
	for conn := range c.open {
		_ = conn.Close()
	}
	clear(c.open)
}

func (c *cutter) serve() {
	for {
		from, err := c.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", c.to)
		if err != nil {
			_ = from.Close()
			continue
		}
		c.mu.Lock()
		c.open[from], c.open[to] = true, true
		c.mu.Unlock()
		go c.copy(to, from)
		go c.copy(from, to)
	}
}

func (c *cutter) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	piece := make([]byte, 16<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 && !c.carry(to, piece[:n]) {
			return
		}
		if err != nil {
			c.mu.Lock()
			delete(c.open, from)
			c.mu.Unlock()
			return
		}
	}
}

// carry hands a piece on, or as much of it as goes through before the cut.
func (c *cutter) carry(to net.Conn, piece []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	whole := c.left < 0 || int64(len(piece)) < c.left
	if !whole {
		piece = piece[:c.left]
	} else if c.left >= 0 {
		c.left -= int64(len(piece))
	}
	c.carried += int64(len(piece))
	_, err := to.Write(piece)
	if !whole {
		c.cut()
	}
	return whole && err == nil
}

// A visitor's line is cut after each number of bytes of a whole exchange: the session, the stream's handshake, questions, answers.
// Nothing is lost and nothing is shown twice, wherever it was.
func TestFaultsOfTheVisitorsLine(t *testing.T) {
	t.Parallel()
	s, inbox, key := furnished(t, "")
	whole := exchange(t, s, inbox, key, -1)
	points := min(20*crashRounds(t), int(whole))
	seed := rand.Uint64()
	t.Logf("seed %d: %d cuts on a line of %d bytes", seed, points, whole)
	chance := rand.New(rand.NewPCG(seed, 0))
	for n := range points {
		after := whole * int64(n) / int64(points)
		exchange(t, s, inbox, key, after+chance.Int64N(max(whole/int64(points), 1)))
	}
	noteFault(t, faultRow{Rounds: points, Seed: fmt.Sprint(seed), Accepted: questionsOnTheLine * (points + 1),
		Note: fmt.Sprintf("cut at %d places of an exchange of %d bytes", points, whole)})
	t.Logf("%s", s.call("ledger", "check"))
}

const questionsOnTheLine = 2

// exchange has one visitor ask and be answered over a line that is cut after so many bytes, negative: never. It tells how many went
// through.
func exchange(t *testing.T, s *server, inbox int64, key string, after int64) int64 {
	t.Helper()
	c := newCutter(t, s.address, after)
	defer c.close()
	base := "http://" + c.Addr().String()
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	r := &loadRun{loadPlan: loadPlan{base: base, key: key, inbox: inbox, customers: 1, patience: time.Minute, seed: uint64(after)},
		api: loadAPI{base: base, key: key, client: loadClient()}, id: fmt.Sprintf("cut-at-%d-", after)}
	defer r.api.client.CloseIdleConnections()
	v := newLoadVisitor(r, 0)
	if err := v.open(ctx); err != nil {
		t.Fatalf("cut after %d: %v", after, err)
	}
	following, leave := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { v.follow(following) })
	for n := range questionsOnTheLine {
		v.queue.put(job{id: fmt.Sprint(r.id, n), text: "怎么开电子发票？", due: time.Now()})
	}
	v.queue.close()
	v.send(ctx)
	for end := time.Now().Add(45 * time.Second); v.waits() && time.Now().Before(end); {
		time.Sleep(2 * time.Millisecond)
	}
	a, err := v.reconcile(ctx)
	leave()
	all.Wait()
	if err != nil || len(a.faults) > 0 || a.accepted != questionsOnTheLine || a.answered != questionsOnTheLine {
		t.Errorf("cut after %d bytes: %+v, %v", after, a, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.carried
}
