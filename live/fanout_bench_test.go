package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/live"
)

const (
	fanSockets = 9_000
	fanRounds  = 21
	fanOpeners = 32
	fanWithin  = 30 * time.Second
)

// BenchmarkFanout tells 9 000 open WebSockets of something, until the last client has read it: by the hub, and beside it in
// turn by the least that a server can do, which writes the same frame to one of the same connections after the other.
// Run it with -benchtime 1x.
func BenchmarkFanout(b *testing.B) {
	c := openFan(b)
	hint, err := json.Marshal(map[string]any{"kind": "typing", "from": "agent", "conversation": 17})
	if err != nil {
		b.Fatal(err)
	}
	frame := append([]byte{0x81, byte(len(hint))}, hint...)
	for b.Loop() {
		var hub, bare, ratio []float64
		for range fanRounds {
			ours := c.round(b, func() { c.hub.Hint("all", hint) })
			theirs := c.round(b, func() {
				for _, conn := range c.served {
					if _, err := conn.Write(frame); err != nil {
						b.Fatal(err)
					}
				}
			})
			hub, bare, ratio = append(hub, ours), append(bare, theirs), append(ratio, theirs/ours)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(middleOf(hub), "hub-ms")
		b.ReportMetric(middleOf(bare), "bare-ms")
		b.ReportMetric(middleOf(ratio), "ratio")
		b.ReportMetric(slices.Min(ratio), "ratio-min")
		b.ReportMetric(slices.Max(ratio), "ratio-max")
		b.ReportMetric(fanSockets, "sockets")
	}
}

func middleOf(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

// fan is a hub with its clients, and the server's end of their connections.
type fan struct {
	hub    *live.Hub
	served []net.Conn
	heard  atomic.Int64
	all    chan struct{} // rung when the last has heard
}

// noting keeps what a listener accepts.
type noting struct {
	net.Listener
	mu   sync.Mutex
	from *fan
}

// Accept accepts and keeps a connection.
func (n *noting) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if err == nil {
		n.mu.Lock()
		n.from.served = append(n.from.served, conn)
		n.mu.Unlock()
	}
	return conn, err
}

func openFan(b *testing.B) *fan {
	c := &fan{hub: live.NewHub(nil), all: make(chan struct{}, 1)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = c.hub.Serve(w, r, []string{"all"}, live.Options{Poll: time.Hour, Ended: func() {},
			Source: func(_ context.Context, cursor string) ([]live.Frame, string, error) { return nil, cursor, nil }})
	})}
	go func() { _ = server.Serve(&noting{Listener: l, from: c}) }() // ends with the benchmark
	b.Cleanup(func() { c.hub.Stop(); _ = server.Close() })
	var openers sync.WaitGroup
	for o := range fanOpeners {
		openers.Go(func() {
			for i := o; i < fanSockets; i += fanOpeners {
				if err := c.join(b, l.Addr().String()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	openers.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return c
}

// join opens one client, which reads on and counts what it hears.
func (c *fan) join(b *testing.B, address string) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	b.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, handshake+"\r\n"); err != nil {
		return err
	}
	from := bufio.NewReaderSize(conn, 512)
	for line := ""; line != "\r\n"; {
		if line, err = from.ReadString('\n'); err != nil {
			return err
		}
		if strings.HasPrefix(line, "HTTP/") && !strings.Contains(line, "101") {
			return &net.AddrError{Err: line, Addr: address}
		}
	}
	go func() {
		for {
			head, err := from.Peek(2)
			if err != nil {
				return
			}
			if _, err := from.Discard(2 + int(head[1])); err != nil {
				return
			}
			if head[0] == 0x89 { // who does not answer a ping is cut off
				_, _ = conn.Write([]byte{0x8a, 0x80, 0, 0, 0, 0})
			}
			if head[0] == 0x81 && c.heard.Add(1) == fanSockets {
				c.all <- struct{}{}
			}
		}
	}()
	return nil
}

// round gives the time from the telling to the last hearing, in ms.
func (c *fan) round(b *testing.B, tell func()) float64 {
	c.heard.Store(0)
	start := time.Now()
	tell()
	select {
	case <-c.all:
	case <-time.After(fanWithin):
		b.Fatalf("%d of %d have heard", c.heard.Load(), fanSockets)
	}
	return time.Since(start).Seconds() * 1000
}
