package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"huiyin/conversation"
	"huiyin/conversation/bucket"
	"huiyin/db"
)

const (
	probeEvery = time.Second     // how old an answer about storage may be
	bucketEach = 5 * time.Second // the same of a bucket, whose store counts requests
)

// storage knows whether the database and the folder of files can be written to now, and whether the bucket of files answers: it tries,
// at most once a second and only when asked.
type storage struct {
	db    *db.DB
	files conversation.Files
	log   *slog.Logger
	busy  chan struct{} // holds one: whoever probes
	last  atomic.Pointer[storable]
}

// storable is what a probe found.
type storable struct {
	at, bucketAt            time.Time
	database, files, bucket error
}

// away is why files cannot be stored; nil: they can.
func (s storable) away() error { return errors.Join(s.files, s.bucket) }

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
	found := *before
	var all sync.WaitGroup // a bucket that hangs must not make it late for the database
	all.Go(func() { found.bucketAt, found.bucket = s.probeBucket(before) })
	found.database, found.files = s.db.Probe(ctx), s.files.Probe()
	all.Wait()
	found.at = time.Now()
	s.note("the database", before.database, found.database)
	s.note("the folder of files", before.files, found.files)
	s.note("the bucket of files", before.bucket, found.bucket)
	s.last.Store(&found)
	return found
}

// probeBucket asks for the bucket, where there is one, unless that was done within seconds.
func (s *storage) probeBucket(before *storable) (at time.Time, err error) {
	b, ok := s.files.Away.(*bucket.Bucket)
	if !ok || time.Since(before.bucketAt) < bucketEach {
		return before.bucketAt, before.bucket
	}
	return time.Now(), b.Probe()
}

// note logs that something cannot be written to any more, or can be again, not every try.
func (s *storage) note(what string, before, now error) {
	if now != nil && before == nil {
		s.log.Error("nothing can be stored; is the disk full, or the store away?", "where", what, "error", now)
	}
	if now == nil && before != nil {
		s.log.Info("storing works again", "where", what)
	}
}
