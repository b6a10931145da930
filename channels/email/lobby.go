package email

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

// lobby lets callers in, not more than there is room for.
type lobby struct {
	net.Listener
	callers *callers
}

// Accept waits for the next caller that may come in.
func (l *lobby) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := host(c.RemoteAddr())
		if l.callers.enter(from) {
			return &guest{Conn: c, left: func() { l.callers.leave(from) }}, nil
		}
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = c.Write([]byte("421 4.7.0 Too many connections; come again later\r\n"))
		_ = c.Close()
	}
}

// guest is a connection. It notes when a line of what it brings ends in a bare LF, or has a CR within.
type guest struct {
	net.Conn
	once    sync.Once
	left    func()
	last    byte
	crooked atomic.Bool
}

// Read passes on and looks.
func (g *guest) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	for _, b := range p[:n] {
		if (b == '\n') != (g.last == '\r') {
			g.crooked.Store(true)
		}
		g.last = b
	}
	return n, err
}

// Close leaves the lobby.
func (g *guest) Close() error {
	g.once.Do(g.left)
	return g.Conn.Close()
}

// callers counts connections and mails by network address. The zero value is ready.
type callers struct {
	mu     sync.Mutex
	inside map[string]int
	all    int
	mails  map[string]int
	since  time.Time
}

func (c *callers) enter(from string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inside == nil {
		c.inside = map[string]int{}
	}
	if c.all >= maxConnections || c.inside[from] >= maxPerCaller {
		return false
	}
	c.all++
	c.inside[from]++
	return true
}

func (c *callers) leave(from string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.inside[from]--; c.inside[from] <= 0 {
		delete(c.inside, from)
	}
}

// mail counts a mail of a caller, and tells whether it may come in this minute.
func (c *callers) mail(from string, most int, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mails == nil || now.Sub(c.since) >= time.Minute {
		c.mails, c.since = map[string]int{}, now
	}
	c.mails[from]++
	return c.mails[from] <= most
}

// maxHeld bounds what a door holds of mails under way, whoever brings them.
const maxHeld = 256 << 20

// weighed reads a mail for which there is room.
type weighed struct {
	from io.Reader
	all  *atomic.Int64
	own  int64
}

// Read passes on and weighs. Who finds no room repeats the mail later (RFC 5321 section 4.2.2).
func (w *weighed) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	w.own += int64(n)
	if w.all.Add(int64(n)) > maxHeld {
		return n, refuse(452, smtp.EnhancedCode{4, 3, 1}, "Too much mail at once; come again later")
	}
	return n, err
}

// leave makes room.
func (w *weighed) leave() { w.all.Add(-w.own) }
