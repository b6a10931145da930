// Package search finds messages and contacts by their words. Each node keeps an index of its own on disk, built from the
// database in the background and then following its event log, like the knowledge; the database is the truth, and what is
// found is read from there again, in the scope of whoever asks. It knows nothing of articles and shows nothing to customers.
package search

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// ErrRebuilding: the index is away and is being built; the same search may succeed later.
var ErrRebuilding = errors.New("the search index is being built anew")

// Index is one node's index of messages and contacts.
type Index struct {
	path  string
	from  *db.DB
	store *conversation.Store
	log   *slog.Logger

	mu     sync.RWMutex // guards file and state
	file   *file        // nil while it cannot be used
	state  progress
	closed bool

	retryAt time.Time
	outage  bool
}

// Open opens the index in this folder, which belongs to this process alone. What is missing, damaged or foreign is built
// anew by Follow; nothing here waits for that.
func Open(folder string, store *conversation.Store, log *slog.Logger) *Index {
	x := &Index{path: filepath.Join(folder, "messages.sqlite"), from: store.DB, store: store, log: log}
	f, state, err := openFile(x.path)
	if err == nil {
		x.file, x.state = f, state
	}
	return x
}

const (
	followEvery = 300 * time.Millisecond
	mendPause   = 15 * time.Second
)

// Follow builds the index where it is not, and follows the event log until ctx ends.
func (x *Index) Follow(ctx context.Context) {
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		began := time.Now()
		more, err := x.Step(ctx)
		if ctx.Err() != nil {
			return
		}
		x.note(err)
		if more && err == nil {
			pause(ctx, time.Since(began)) // building leaves half of the time to the customers
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// note logs the beginning and the end of a time without database, not every try.
func (x *Index) note(err error) {
	if err != nil && !x.outage {
		x.log.Error("the search index does not follow", "error", err)
	}
	if err == nil && x.outage {
		x.log.Info("the search index follows again")
	}
	x.outage = err != nil
}

// Step follows what has happened and, while it is not all there, builds one batch. more: there is something left to do.
func (x *Index) Step(ctx context.Context) (more bool, err error) {
	f, state := x.now()
	if f == nil || missing(x.path) {
		return x.begin(ctx)
	}
	behind, err := x.follow(ctx, f, &state)
	if errors.Is(err, errOtherLog) {
		x.log.Warn("the database is not the one the search index followed; it is built anew")
		return true, x.drop(f)
	}
	switch {
	case err != nil || behind:
	case !state.built():
		err = x.build(ctx, f, &state)
	case state.Joining != joined:
		err = onFile(f.join(ctx, &state))
	}
	if ctx.Err() != nil {
		return false, ctx.Err() // a transaction that was broken off is no damage
	}
	var failed *fileError
	if errors.As(err, &failed) && broken(failed.err) {
		x.log.Warn("the search index is damaged and is built anew from the database", "file", x.path, "reason", err)
		return true, x.drop(f)
	}
	if err != nil {
		return false, err
	}
	x.set(f, state)
	return behind || state.Joining != joined, nil
}

// fileError is a failure of the index on disk, not of the database.
type fileError struct{ err error }

// Error is what went wrong.
func (e *fileError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *fileError) Unwrap() error { return e.err }

func onFile(err error) error {
	if err == nil {
		return nil
	}
	return &fileError{err}
}

func (x *Index) now() (*file, progress) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.file, x.state
}

func (x *Index) set(f *file, state progress) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.file == f {
		x.state = state
	}
}

// drop stops using a file; the next step begins anew.
func (x *Index) drop(f *file) error {
	x.mu.Lock()
	current := x.file == f
	if current {
		x.file, x.state = nil, progress{}
	}
	x.mu.Unlock()
	if !current {
		return nil
	}
	_ = f.close() // whatever is left of it is removed
	return nil
}

// begin makes an empty index that follows from now on and is built backwards from here.
func (x *Index) begin(ctx context.Context) (bool, error) {
	if f, _ := x.now(); f != nil {
		if err := x.drop(f); err != nil {
			return false, err
		}
	}
	if x.from.Now().Before(x.retryAt) {
		return false, nil
	}
	state, err := x.end(ctx)
	if err != nil {
		return false, err
	}
	f, err := newFile(x.path)
	if err == nil {
		err = f.change(ctx, state, func(batch) error { return nil })
	}
	if err != nil {
		x.retryAt = x.from.Now().Add(mendPause)
		return false, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return false, f.close()
	}
	x.file, x.state = f, state
	return true, nil
}

// Building tells how much of the index is there, of 100.
func (x *Index) Building() int {
	f, state := x.now()
	switch {
	case f == nil:
		return 0
	case state.built():
		return 100
	case state.Newest == 0 || state.Messages == 0:
		return 1
	}
	return int(min(99, max(1, 100*(state.Newest-state.Messages)/state.Newest)))
}

// Close stops using the folder.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := x.file
	x.file, x.closed = nil, true
	if f == nil {
		return nil
	}
	return f.close()
}
