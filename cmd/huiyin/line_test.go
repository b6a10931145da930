package main

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// line is a connection between two programs that can be cut, slowed down and silenced.
type line struct {
	net.Listener
	network, to string

	mu    sync.Mutex
	state lineState
	moved *sync.Cond
	open  map[net.Conn]bool
}

type lineState struct {
	away   bool          // new connections are refused, as when nobody listens
	silent bool          // nothing goes through, and nobody is told
	delay  time.Duration // of every piece
}

func newLine(t *testing.T, network, to string) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{Listener: listener, network: network, to: to, open: map[net.Conn]bool{}}
	l.moved = sync.NewCond(&l.mu)
	t.Cleanup(func() { _ = l.Close(); l.set(lineState{away: true}); l.cut() })
	go l.serve()
	return l
}

// databaseLine is a line to a database's server, and the database's address by way of it.
func databaseLine(t *testing.T, address string) (*line, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	network, to := "tcp", u.Host
	if folder := u.Query().Get("host"); folder != "" {
		network, to = "unix", filepath.Join(folder, ".s.PGSQL.5432")
	}
	l := newLine(t, network, to)
	u.Host, u.RawQuery = l.Addr().String(), "sslmode=disable"
	return l, u.String()
}

func (l *line) set(s lineState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = s
	l.moved.Broadcast()
}

// cut ends all connections, in the middle of whatever they carry.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		_ = c.Close()
	}
	clear(l.open)
}

func (l *line) serve() {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go l.carry(c)
	}
}

func (l *line) carry(from net.Conn) {
	defer from.Close()
	l.pass() // nobody answers behind a silent line
	to, err := net.Dial(l.network, l.to)
	if err != nil {
		return
	}
	defer to.Close()
	if !l.take(from, to) {
		return
	}
	defer l.forget(from, to)
	var both sync.WaitGroup
	both.Go(func() { l.copy(to, from) })
	both.Go(func() { l.copy(from, to) })
	both.Wait()
}

func (l *line) take(pair ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state.away {
		return false
	}
	for _, c := range pair {
		l.open[c] = true
	}
	return true
}

func (l *line) forget(pair ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range pair {
		delete(l.open, c)
	}
}

func (l *line) copy(to, from net.Conn) {
	defer to.Close()
	piece := make([]byte, 16<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			time.Sleep(l.pass())
			if _, err := to.Write(piece[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if err != io.EOF {
				_ = from.Close()
			}
			return
		}
	}
}

// pass waits until something may go through, and tells how slowly.
func (l *line) pass() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.state.silent {
		l.moved.Wait()
	}
	return l.state.delay
}
