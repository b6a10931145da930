package live

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// Frame is one piece for a browser: JSON text, and the id from which a reader may resume.
type Frame struct {
	ID   string // empty for hints
	Data []byte
}

// Source reads the frames after a cursor, in order, and returns the cursor after the last of them. It reads
// the database, so a reader that resumes neither misses nor repeats a frame.
type Source func(ctx context.Context, cursor string) (frames []Frame, next string, err error)

// Options say how to stream.
type Options struct {
	Cursor   string        // where the reader stands
	Source   Source        // what comes after it
	Hint     HintFilter    // which hints the reader may see; nil: all
	Poll     time.Duration // how often to look without a pulse; 0: every 5 s
	Batch    int           // fewer frames than this are all there were; 0: the source is asked until it has nothing
	Protocol string        // WebSocket subprotocol to agree on, if any
	Seen     func()        // called at each sign of life of the reader; may be nil
	Until    time.Time     // when the stream is over; zero: when the reader leaves

	// Of a WebSocket only. Receive takes a text of the client's and tells whether to look at the source now; an error
	// closes the connection. Nil: nothing is to be said. Ended is called once when the stream has ended; with it Serve
	// returns at once after the handshake, and nothing of the request may be used any more.
	Receive func(ctx context.Context, text []byte) (look bool, err error)
	Ended   func()
	Limit   int // bytes of a message of the client; 0: 512
}

// HintFilter turns a hint into what this reader may see of it; nil hides it.
type HintFilter func(hint []byte) []byte

const (
	pollEvery    = 5 * time.Second
	aliveEvery   = 20 * time.Second
	writeTimeout = 10 * time.Second
)

// wire is how frames reach a browser.
type wire interface {
	send(ctx context.Context, f Frame) error
	alive(ctx context.Context) error
}

// Serve streams to a browser until it leaves: over a WebSocket when the request is an upgrade, as
// server-sent events otherwise. Origins must have been checked before.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, topics []string, o Options) error {
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		return h.serveWebSocket(w, r, topics, o)
	}
	if o.Ended != nil {
		defer o.Ended()
	}
	s := h.Subscribe(topics...)
	defer s.Close()
	return serveEvents(w, r, s, o)
}

func serveEvents(w http.ResponseWriter, r *http.Request, s *Subscription, o Options) error {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	e := &eventWriter{w: w, control: http.NewResponseController(w)}
	if err := e.alive(r.Context()); err != nil {
		return err
	}
	return pump(r.Context(), s, e, o)
}

type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (e *eventWriter) send(_ context.Context, f Frame) error {
	var b strings.Builder
	if f.ID != "" {
		b.WriteString("id: " + f.ID + "\n")
	}
	b.WriteString("data: ")
	b.Write(f.Data)
	b.WriteString("\n\n")
	return e.write(b.String())
}

func (e *eventWriter) alive(context.Context) error { return e.write(": alive\n\n") }

func (e *eventWriter) write(text string) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := e.w.Write([]byte(text)); err != nil {
		return err
	}
	return e.control.Flush()
}

// pump sends what the source has, then follows pulses and hints.
func pump(ctx context.Context, s *Subscription, to wire, o Options) error {
	every := o.Poll
	if every == 0 {
		every = pollEvery
	}
	poll, alive := time.NewTicker(every), time.NewTicker(aliveEvery)
	defer poll.Stop()
	defer alive.Stop()
	cursor := o.Cursor
	var err error
	for {
		if cursor, err = catchUp(ctx, to, o, cursor); err != nil {
			return err
		}
		if err := wait(ctx, s, to, o, poll, alive); err != nil {
			return ignoreEnd(err)
		}
	}
}

// wait returns nil when it is time to look at the source again.
func wait(ctx context.Context, s *Subscription, to wire, o Options, poll, alive *time.Ticker) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.hub.done:
			return errStopping
		case <-s.Pulses():
			return nil
		case now := <-poll.C:
			if !o.Until.IsZero() && now.After(o.Until) {
				return errOver
			}
			return nil
		case hint := <-s.Hints():
			if err := sendHint(ctx, to, o, hint); err != nil {
				return err
			}
		case <-alive.C:
			if err := to.alive(ctx); err != nil {
				return err
			}
			if o.Seen != nil {
				o.Seen()
			}
		}
	}
}

func sendHint(ctx context.Context, to wire, o Options, hint []byte) error {
	if o.Hint != nil {
		hint = o.Hint(hint)
	}
	if len(hint) == 0 {
		return nil
	}
	return to.send(ctx, Frame{Data: hint})
}

func catchUp(ctx context.Context, to wire, o Options, cursor string) (string, error) {
	for {
		frames, next, err := o.Source(ctx, cursor)
		if err != nil {
			return cursor, err
		}
		for _, f := range frames {
			if err := to.send(ctx, f); err != nil {
				return cursor, err
			}
		}
		if next == cursor {
			return cursor, nil
		}
		cursor = next
		if len(frames) == 0 || len(frames) < o.Batch {
			return cursor, nil
		}
	}
}

var errStopping = errors.New("the server is stopping")

func ignoreEnd(err error) error {
	var b *breach
	if errors.Is(err, context.Canceled) || errors.Is(err, errStopping) || errors.Is(err, errOver) || errors.As(err, &b) && b.client {
		return nil
	}
	return err
}
