package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// errComeBack ends a stream that the visitor leaves on purpose.
var errComeBack = errors.New("the visitor comes back over a new connection")

const (
	dialWithin = 10 * time.Second
	maxFrame   = 1 << 20
)

func dial(ctx context.Context, address string, client *http.Client, o websocket.DialOptions) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	o.HTTPClient = &http.Client{Transport: client.Transport}
	conn, _, err := websocket.Dial(ctx, address, &o)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(maxFrame)
	return conn, nil
}

// follow keeps the visitor's stream open, resuming from the last message it has, until ctx ends.
func (v *loadVisitor) follow(ctx context.Context) {
	gone := time.Now()
	for ctx.Err() == nil {
		err := v.stream(ctx, func() {
			v.mu.Lock()
			v.away = append(v.away, span{gone, time.Now()})
			v.mu.Unlock()
		})
		gone = time.Now()
		v.mu.Lock()
		v.reconnected++
		v.mu.Unlock()
		if !errors.Is(err, errComeBack) {
			sleep(ctx, 50*time.Millisecond)
		}
	}
	v.reconnected-- // the end of the run is none
}

// stream reads one connection; opened is called when it stands.
func (v *loadVisitor) stream(ctx context.Context, opened func()) error {
	address := v.run.base + v.path("stream?after="+url.QueryEscape(v.last().String()))
	conn, err := dial(ctx, address, v.run.api.client, websocket.DialOptions{Subprotocols: []string{"huiyin.v1", "token." + v.token}})
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	opened()
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		if err := v.show(frame, time.Now()); err != nil {
			return err
		}
	}
}

// show takes a frame of the stream; messages must come in order and once.
func (v *loadVisitor) show(frame []byte, now time.Time) error {
	var f struct {
		Type    string
		Message chatMessage
	}
	if err := json.Unmarshal(frame, &f); err != nil {
		return fmt.Errorf("read frame: %w", err)
	}
	if f.Type != "message" {
		return nil
	}
	last := v.last()
	v.mu.Lock()
	defer v.mu.Unlock()
	if !last.before(f.Message.spot()) {
		v.faults = append(v.faults, fmt.Sprintf("doubled: %s was shown after %s", f.Message.spot(), last))
	}
	v.seen = append(v.seen, sight{f.Message, now})
	if f.Message.ours() && v.flip.Float64() < v.run.reconnect {
		return errComeBack
	}
	return nil
}

// wasAway tells whether the visitor was without a stream at some moment between two times.
func (v *loadVisitor) wasAway(from, to time.Time) bool {
	for _, s := range v.away {
		if s.from.Before(to) && from.Before(s.to) {
			return true
		}
	}
	return false
}

// loadAgent follows the numbered events as an agent's console does.
type loadAgent struct {
	run   *loadRun
	first *websocket.Conn
	after int64

	mu    sync.Mutex
	seen  map[string]int // by message id
	times []time.Duration
	reset bool
}

// start finds out where the events stand and opens the stream there.
func (a *loadAgent) start(ctx context.Context) error {
	var page struct{ Last int64 }
	if err := a.run.api.call(ctx, http.MethodGet, "/api/v1/events", a.run.key, nil, &page); err != nil {
		return err
	}
	a.after = page.Last
	var err error
	a.first, err = a.connect(ctx)
	return err
}

func (a *loadAgent) connect(ctx context.Context) (*websocket.Conn, error) {
	header := http.Header{"Authorization": {"Bearer " + a.run.key}}
	return dial(ctx, a.run.base+"/api/v1/events?after="+strconv.FormatInt(a.after, 10), a.run.api.client, websocket.DialOptions{HTTPHeader: header})
}

// follow reads events until ctx ends, coming back where it was when the connection is lost.
func (a *loadAgent) follow(ctx context.Context) {
	conn := a.first
	for ctx.Err() == nil {
		if conn != nil {
			a.read(ctx, conn)
		}
		if ctx.Err() != nil {
			return
		}
		sleep(ctx, 50*time.Millisecond)
		conn, _ = a.connect(ctx) // nil: tried again
	}
}

func (a *loadAgent) read(ctx context.Context, conn *websocket.Conn) {
	defer func() { _ = conn.CloseNow() }()
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return
		}
		a.take(frame, time.Now())
	}
}

// shown counts the messages of the run that the agent was shown.
func (a *loadAgent) shown() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.seen)
}

func (a *loadAgent) take(frame []byte, now time.Time) {
	var e struct {
		N       int64
		Kind    string
		Message struct {
			ClientID string `json:"client_id"`
			Sender   string
		}
	}
	if json.Unmarshal(frame, &e) != nil || e.N == 0 {
		return // a hint
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.after = e.N
	a.reset = a.reset || e.Kind == "reset"
	if e.Kind != "message" {
		return
	}
	posted, ok := a.run.posted.Load(e.Message.ClientID)
	if !ok {
		return
	}
	if a.seen[e.Message.ClientID]++; a.seen[e.Message.ClientID] == 1 {
		a.times = append(a.times, now.Sub(posted.(time.Time)))
	}
}
