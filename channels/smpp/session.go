package smpp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"
)

const (
	writeWithin = 10 * time.Second
	unbindWait  = time.Second
	drainWait   = 5 * time.Second
	readBuffer  = 64 << 10
)

var (
	errUnsent     = errors.New("nothing was sent")
	errUnanswered = errors.New("there was no response")
	errUnbound    = errors.New("the SMSC ended the session")
)

// session is one bound connection. Requests of the SMSC that are neither links nor ends go to handle, which must not
// wait for the session.
type session struct {
	conn   net.Conn
	in     *bufio.Reader
	window chan struct{} // submits that are not answered
	handle func(*session, frame)
	gone   chan struct{}
	over   chan struct{} // closed when nothing more is handled
	since  time.Time

	writing sync.Mutex

	mu      sync.Mutex
	seq     int32
	waiting map[int32]chan frame
	why     error
	heard   time.Time
}

func newSession(conn net.Conn, window int, since time.Time, handle func(*session, frame)) *session {
	return &session{conn: conn, in: bufio.NewReaderSize(conn, readBuffer), window: make(chan struct{}, window), handle: handle,
		gone: make(chan struct{}), over: make(chan struct{}), since: since, waiting: map[int32]chan frame{}}
}

// write sends PDUs in one piece.
func (s *session) write(b []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	if _, err := s.conn.Write(b); err != nil {
		s.end(fmt.Errorf("write: %w", err))
		return err
	}
	return nil
}

// ask sends a request and waits for its response. errUnsent: the SMSC has not got it, not as a whole; errUnanswered: it may.
func (s *session) ask(ctx context.Context, p pdu.PDU, patience time.Duration) (frame, error) {
	response, seq, err := s.begin(p)
	if err != nil {
		return frame{}, err
	}
	defer s.forget(seq)
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case f := <-response:
		return f, nil
	case <-s.gone:
		select { // it may have come just before the end
		case f := <-response:
			return f, nil
		default:
			return frame{}, fmt.Errorf("%w: %w", errUnanswered, s.reason())
		}
	case <-late.C:
		return frame{}, fmt.Errorf("%w within %s", errUnanswered, patience)
	case <-ctx.Done():
		return frame{}, fmt.Errorf("%w: %w", errUnanswered, ctx.Err())
	}
}

// begin numbers a request and sends it.
func (s *session) begin(p pdu.PDU) (chan frame, int32, error) {
	response := make(chan frame, 1)
	s.mu.Lock()
	if s.why != nil {
		s.mu.Unlock()
		return nil, 0, fmt.Errorf("%w: %w", errUnsent, s.why)
	}
	if s.seq++; s.seq <= 0 { // 1 to 7FFFFFFF: SMPP 3.4, section 3.2
		s.seq = 1
	}
	seq := s.seq
	s.waiting[seq] = response
	s.mu.Unlock()
	p.SetSequenceNumber(seq)
	if err := s.write(marshal(p)); err != nil {
		s.forget(seq)
		return nil, 0, fmt.Errorf("%w: %w", errUnsent, err)
	}
	return response, seq, nil
}

func (s *session) forget(seq int32) {
	s.mu.Lock()
	delete(s.waiting, seq)
	s.mu.Unlock()
}

// read takes what the SMSC sends until the session is over.
func (s *session) read() {
	defer close(s.over)
	for {
		f, err := readFrame(s.in)
		var length errFrame
		if errors.As(err, &length) {
			_ = s.write(answer(frame{}, data.ESME_RINVCMDLEN))
		}
		if err != nil {
			s.end(fmt.Errorf("read: %w", err))
			return
		}
		s.mu.Lock()
		s.heard = time.Now()
		s.mu.Unlock()
		s.take(f)
	}
}

func (s *session) take(f frame) {
	switch {
	case f.response():
		s.mu.Lock()
		response := s.waiting[f.seq]
		delete(s.waiting, f.seq) // a second response to one request answers nothing
		s.mu.Unlock()
		if response != nil {
			response <- f
		}
	case f.id == data.ENQUIRE_LINK:
		_ = s.write(answer(f, data.ESME_ROK))
	case f.id == data.UNBIND:
		_ = s.write(answer(f, data.ESME_ROK))
		s.end(errUnbound)
	case f.id == data.DELIVER_SM || f.id == data.DATA_SM:
		s.handle(s, f)
	default:
		_ = s.write(answer(f, data.ESME_RINVCMDID))
	}
}

// watch asks now and then whether the SMSC is still there.
func (s *session) watch(every, patience time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-s.gone:
			return
		case <-tick.C:
		}
		s.mu.Lock()
		quiet := time.Since(s.heard)
		s.mu.Unlock()
		if quiet < every {
			continue
		}
		if _, err := s.ask(context.Background(), pdu.NewEnquireLink(), patience); err != nil {
			s.end(fmt.Errorf("enquire_link: %w", err))
			return
		}
	}
}

// end closes the connection; the first reason stays.
func (s *session) end(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why != nil {
		return
	}
	s.why = why
	close(s.gone)
	_ = s.conn.Close() // whatever it says, it is over
}

func (s *session) reason() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why
}

func (s *session) alive() bool { return s != nil && s.reason() == nil }

// leave unbinds, once what was submitted has its responses.
func (s *session) leave() {
	late := time.NewTimer(drainWait)
	defer late.Stop()
	for drained := 0; drained < cap(s.window) && s.alive(); drained++ {
		select {
		case s.window <- struct{}{}: // for good: nothing more is sent
		case <-s.gone:
		case <-late.C:
			drained = cap(s.window)
		}
	}
	if s.alive() {
		_, _ = s.ask(context.Background(), pdu.NewUnbind(), unbindWait)
		s.end(errors.New("unbound"))
	}
}
