package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// probeEvery is how old an answer about storage may be.
const probeEvery = time.Second

// storage knows whether the database and the folder of files can be written to now: it tries, at most once a second
// and only when asked.
type storage struct {
	db    *db.DB
	files conversation.Files
	log   *slog.Logger
	busy  chan struct{} // holds one: whoever probes
	last  atomic.Pointer[storable]
}

// storable is what a probe found.
type storable struct {
	at              time.Time
	database, files error
}

func newStorage(p *parts, log *slog.Logger) *storage {
	return &storage{db: p.db, files: p.files, log: log, busy: make(chan struct{}, 1)}
}

// ask probes, or tells what was found within the last second. A disk that hangs leaves the asker without an answer.
func (s *storage) ask(ctx context.Context) (storable, error) {
	if last := s.last.Load(); last != nil && time.Since(last.at) < probeEvery {
		return *last, nil
	}
	done := make(chan storable, 1)
	select {
	case s.busy <- struct{}{}:
	case <-ctx.Done():
		return storable{}, ctx.Err()
	}
	go func() {
		defer func() { <-s.busy }()
		done <- s.probe()
	}()
	select {
	case found := <-done:
		return found, nil
	case <-ctx.Done():
		return storable{}, ctx.Err()
	}
}

func (s *storage) probe() storable {
	before := s.last.Load()
	if before == nil {
		before = &storable{}
	} else if time.Since(before.at) < probeEvery {
		return *before // somebody else has asked meanwhile
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	found := storable{database: s.db.Probe(ctx), files: s.files.Probe()}
	found.at = time.Now()
	s.note("the database", before.database, found.database)
	s.note("the folder of files", before.files, found.files)
	s.last.Store(&found)
	return found
}

// note logs that something cannot be written to any more, or can be again, not every try.
func (s *storage) note(what string, before, now error) {
	if now != nil && before == nil {
		s.log.Error("nothing can be stored; is the disk full?", "where", what, "error", now)
	}
	if now == nil && before != nil {
		s.log.Info("storing works again", "where", what)
	}
}
