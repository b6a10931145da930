package live

import (
	"runtime"
	"sync"
)

// errands has a few goroutines pass hints on to many sockets. Starting one for each socket would cost more than the writing.
type errands struct {
	mu      sync.Mutex
	waiting []*socket
	workers int
}

// add lets a socket, which is working from now on, be seen to.
func (e *errands) add(s *socket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.waiting = append(e.waiting, s)
	if e.workers < 2*runtime.GOMAXPROCS(0) {
		e.workers++
		go e.run()
	}
}

func (e *errands) run() {
	for {
		some := e.take()
		if some == nil {
			return
		}
		for _, s := range some {
			s.passOn()
		}
	}
}

// atOnce is how many sockets a worker takes at a time.
const atOnce = 32

// take is who is next; nil, and the worker is off the list, when nobody waits.
func (e *errands) take() []*socket {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.waiting) == 0 {
		e.workers--
		e.waiting = nil
		return nil
	}
	n := min(atOnce, len(e.waiting))
	some := e.waiting[:n]
	e.waiting = e.waiting[n:]
	return some
}

// passOn sends the hints that are noted without waiting for the client. What would have to wait goes on in a goroutine of the
// socket's own: a client that does not read holds up nobody.
func (s *socket) passOn() {
	for {
		s.mu.Lock()
		if !s.closing && (s.look || s.ping) {
			s.mu.Unlock()
			go s.work()
			return
		}
		hints := s.hints
		s.hints = nil
		if s.closing || len(hints) == 0 {
			s.working = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		if rest := s.try(s.framed(hints)); rest != nil {
			go func() {
				rest()
				s.work()
			}()
			return
		}
	}
}

// framed are the hints as the client gets them.
func (s *socket) framed(hints [][]byte) (b []byte) {
	for _, hint := range hints {
		if s.o.Hint != nil {
			hint = s.o.Hint(hint)
		}
		if len(hint) > 0 {
			b = appendFrame(b, opText, hint)
		}
	}
	return b
}

// try writes what can be written at once; rest does what is left, nil when there is nothing.
func (s *socket) try(b []byte) (rest func()) {
	if len(b) == 0 {
		return nil
	}
	if !s.writes.TryLock() {
		return func() { s.wrote(s.write(b)) }
	}
	n, err := writeNow(s.conn, b)
	if err == nil && n == len(b) {
		s.writes.Unlock()
		return nil
	}
	return func() { // the lock is still held: nothing may come between the parts of a frame
		if err == nil {
			err = s.writeLocked(b[n:])
		}
		s.writes.Unlock()
		s.wrote(err)
	}
}

// wrote ends a connection that took no more.
func (s *socket) wrote(err error) {
	if err != nil {
		s.end(codeFor(err), err)
	}
}
