package live

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// socket is one open WebSocket. Ten thousand of them are idle at a time, so an idle one holds a goroutine that waits
// for the client's bytes, and a timer, and little else: there is no goroutine that waits for something to send. What
// is to be done (look, ping, hints to pass on) is noted, and the first note starts a goroutine that works until there
// are none left. Hints alone are errands that a few goroutines run for all.
type socket struct {
	hub    *Hub
	conn   net.Conn
	base   context.Context
	o      Options
	sub    *Subscription
	timer  *time.Timer
	done   chan struct{} // closed at the end; nil when nobody waits for it
	cursor string        // the worker's own
	heard  atomic.Int64  // the client's last sign of life, Unix nanoseconds
	writes sync.Mutex

	mu           sync.Mutex // of what follows
	working      bool
	closing      bool // a close frame was sent, or cannot be
	look, ping   bool
	hints        [][]byte
	lookAt, beat time.Time // the next time of each
	control      int       // control frames of the client since the last tick
	err          error     // why it ended
}

const (
	aliveWithin  = 50 * time.Second // of a ping's time without a sign of life the client is gone
	closeWithin  = 2 * time.Second  // the client may take to answer a close
	sourceWithin = 30 * time.Second // a look may take
	drainMost    = 64 << 10         // bytes let pass after a close
	maxMessage   = 512              // of the client, unless the options say otherwise
	maxControls  = 100              // control frames between two ticks
)

func (h *Hub) serveWebSocket(w http.ResponseWriter, r *http.Request, topics []string, o Options) error {
	conn, from, err := upgrade(w, r, o.Protocol)
	if err != nil {
		if o.Ended != nil {
			o.Ended()
		}
		return err
	}
	s := &socket{hub: h, conn: conn, base: context.Background(), o: o, cursor: o.Cursor}
	if o.Ended == nil {
		s.base, s.done = r.Context(), make(chan struct{})
	} else {
		s.o.Source = h.inTurn(o.Source)
	}
	s.start(topics, from)
	if s.done == nil {
		return nil
	}
	<-s.done
	return ignoreEnd(s.err)
}

// start joins the hub and begins to listen and to look.
func (s *socket) start(topics []string, from io.Reader) {
	now := time.Now()
	s.heard.Store(now.UnixNano())
	s.lookAt, s.beat = now.Add(s.every()), now.Add(aliveEvery)
	s.timer = time.AfterFunc(min(s.every(), aliveEvery), s.tick)
	s.sub = s.hub.subscribe(topics, s.told)
	go s.listen(from)
	s.note(true, false, nil)
	if !s.hub.join(s) {
		s.end(closeAway, errStopping)
	}
}

func (s *socket) every() time.Duration {
	if s.o.Poll == 0 {
		return pollEvery
	}
	return s.o.Poll
}

// told is called by the hub with what concerns this client; it must not block.
func (s *socket) told(hint []byte) { s.note(len(hint) == 0, false, hint) }

// note notes what is to be done, and has it done.
func (s *socket) note(look, ping bool, hint []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look, s.ping = s.look || look, s.ping || ping
	if len(hint) > 0 {
		if len(s.hints) == maxHints {
			s.hints = s.hints[1:] // stale by now
		}
		s.hints = append(s.hints, hint)
	}
	if s.working || s.closing {
		return
	}
	s.working = true
	if look || ping || s.done != nil { // a stream within its request is a console's: few, and their hints may ask the database
		go s.work()
		return
	}
	s.hub.errands.add(s)
}

// work does what was noted until nothing is.
func (s *socket) work() {
	for {
		s.mu.Lock()
		look, ping, hints := s.look, s.ping, s.hints
		s.look, s.ping, s.hints = false, false, nil
		if s.closing || !look && !ping && len(hints) == 0 {
			s.working = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		if err := s.do(look, ping, hints); err != nil {
			s.end(codeFor(err), err)
		}
	}
}

func (s *socket) do(look, ping bool, hints [][]byte) (err error) {
	if look {
		if err := s.read(); err != nil {
			return err
		}
	}
	for _, hint := range hints {
		if err := sendHint(s.base, s, s.o, hint); err != nil {
			return err
		}
	}
	if !ping {
		return nil
	}
	return s.alive(s.base)
}

// inTurn lets only so many of the WebSockets that outlive their requests look at their sources at a time: there may be
// very many, and the others need not stand in their line.
func (h *Hub) inTurn(source Source) Source {
	return func(ctx context.Context, cursor string) ([]Frame, string, error) {
		h.looks <- struct{}{}
		defer func() { <-h.looks }()
		return source(ctx, cursor)
	}
}

// read sends what the source has.
func (s *socket) read() (err error) {
	ctx, cancel := context.WithTimeout(s.base, sourceWithin)
	defer cancel()
	s.cursor, err = catchUp(ctx, s, s.o, s.cursor)
	return err
}

// tick comes now and then, by one timer for everything.
func (s *socket) tick() {
	now := time.Now()
	heard := time.Unix(0, s.heard.Load())
	s.mu.Lock()
	look, ping := !now.Before(s.lookAt), !now.Before(s.beat)
	if look {
		s.lookAt = now.Add(s.every())
	}
	if ping {
		s.beat = now.Add(aliveEvery)
	}
	s.control = 0
	closing := s.closing
	s.mu.Unlock()
	switch {
	case closing:
		return
	case !s.o.Until.IsZero() && now.After(s.o.Until):
		s.end(closePolicy, errOver)
		return
	case now.Sub(heard) > aliveWithin:
		s.end(0, errSilent)
		return
	}
	if look || ping {
		s.note(look, ping, nil)
	}
	s.timer.Reset(min(s.every(), aliveEvery))
}

var (
	errOver   = errors.New("the stream's time is over")
	errSilent = errors.New("the client gave no sign of life")
)

// listen reads the client's frames until the connection ends, and then puts everything away.
func (s *socket) listen(from io.Reader) {
	r := &frameReader{from: from, limit: s.o.Limit}
	if r.limit == 0 {
		r.limit = maxMessage
	}
	var part partial
	for {
		op, text, err := r.next(&part)
		if err == nil {
			s.heard.Store(time.Now().UnixNano())
			err = s.take(op, text)
		}
		if err != nil {
			s.end(codeOf(err), err)
			break
		}
	}
	s.drain(r)
	s.timer.Stop()
	s.sub.Close()
	s.hub.part(s)
	_ = s.conn.Close()
	if s.o.Ended != nil {
		s.o.Ended()
	}
	if s.done != nil {
		close(s.done)
	}
}

// take deals with one message or control frame.
func (s *socket) take(op opcode, text []byte) error {
	switch op {
	case opText:
		return s.takeText(text)
	case opBinary:
		return &breach{code: closeType, says: "only text is taken"}
	}
	s.mu.Lock()
	s.control++
	flood := s.control > maxControls
	s.mu.Unlock()
	if flood {
		return &breach{code: closePolicy, says: "too many control frames"}
	}
	switch op {
	case opPing:
		return s.write(appendFrame(nil, opPong, text))
	case opClose:
		code, err := closing(text)
		if err != nil {
			return err
		}
		return &breach{code: code, says: "closed by the client", client: true}
	}
	if s.o.Seen != nil {
		s.o.Seen()
	}
	return nil
}

func (s *socket) takeText(text []byte) error {
	if !utf8.Valid(text) {
		return &breach{code: closeText, says: "a text that is none"}
	}
	if s.o.Receive == nil {
		return &breach{code: closePolicy, says: "nothing is to be said here"}
	}
	ctx, cancel := context.WithTimeout(s.base, sourceWithin)
	defer cancel()
	look, err := s.o.Receive(ctx, text)
	if err != nil {
		return &breach{code: closePolicy, says: err.Error()}
	}
	if look {
		s.note(true, false, nil)
	}
	return nil
}

// end closes the connection: with a close frame where there is a code, which the client may answer for a moment.
func (s *socket) end(code int, why error) {
	s.mu.Lock()
	first := !s.closing
	if first {
		s.closing, s.err = true, why
	}
	s.mu.Unlock()
	if !first {
		return
	}
	if code == 0 || s.write(appendClose(nil, code)) != nil {
		_ = s.conn.Close()
		return
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(closeWithin))
}

// drain lets the client read our close frame before the connection is gone: what it still sends is let pass, for a
// reset would take the frame away with it.
func (s *socket) drain(r *frameReader) {
	if half, ok := s.conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() != nil {
		return
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(closeWithin))
	_, _ = io.CopyN(io.Discard, r.from, drainMost)
}

// send writes a frame of text.
func (s *socket) send(_ context.Context, f Frame) error {
	return s.write(appendFrame(nil, opText, f.Data))
}

// alive asks the client for a sign of life.
func (s *socket) alive(context.Context) error { return s.write(appendFrame(nil, opPing, nil)) }

// write sends bytes; a client that does not take them in time loses the connection.
func (s *socket) write(b []byte) error {
	s.writes.Lock()
	defer s.writes.Unlock()
	return s.writeLocked(b)
}

func (s *socket) writeLocked(b []byte) error {
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	_, err := s.conn.Write(b)
	_ = s.conn.SetWriteDeadline(time.Time{}) // one that has passed keeps writeNow from writing
	return err
}

// codeFor is the close code for what happened on our side.
func codeFor(err error) int {
	var gone net.Error
	switch {
	case errors.Is(err, errStopping):
		return closeAway
	case errors.As(err, &gone), errors.Is(err, net.ErrClosed), errors.Is(err, io.EOF):
		return 0
	}
	return closeInternal
}
