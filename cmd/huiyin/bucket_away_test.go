package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"huiyin/conversation"
	"huiyin/conversation/bucket/buckettest"
	"huiyin/db"
)

// inBucket runs do with an installation whose files stand in a store's bucket.
func inBucket(t *testing.T, store *buckettest.Server, do func(ctx context.Context, p *parts)) {
	t.Helper()
	w := where{Data: t.TempDir(), Attachments: store.Address("live")}
	if err := w.with(func(ctx context.Context, p *parts) error { do(ctx, p); return nil }); err != nil {
		t.Fatal(err)
	}
}

// A store of files that is away, silent or refuses takes no node out of service, and readiness says so in words.
func TestReadinessTellsOfABucketThatIsAway(t *testing.T) {
	store := buckettest.Start(t)
	inBucket(t, store, func(_ context.Context, p *parts) {
		n := &node{parts: p, log: slog.New(slog.DiscardHandler)}
		n.storage = newStorage(p, n.log)
		asks := func() string {
			w := httptest.NewRecorder()
			if err := n.ready(echo.New().NewContext(httptest.NewRequest("GET", "/readyz", nil), w)); err != nil || w.Code != 200 {
				t.Error(w.Code, err)
			}
			return strings.TrimSpace(w.Body.String())
		}
		for _, c := range []struct {
			fault buckettest.Fault
			want  string
		}{
			{buckettest.Fault{}, "ready"},
			{buckettest.Fault{Status: 503}, "ready, but files cannot be stored: the bucket does not answer"},
			{buckettest.Fault{Delay: time.Hour}, "ready, but files cannot be stored: the bucket does not answer"},
			{buckettest.Fault{Status: 403}, "ready, but files cannot be stored: the bucket refuses"},
			{buckettest.Fault{}, "ready"},
		} {
			n.storage.last.Store(nil)
			store.Suffer(c.fault)
			if got := asks(); got != c.want {
				t.Errorf("%+v: %q", c.fault, got)
			}
		}
		before := store.Asked("HEAD")
		for range 20 {
			last := *n.storage.last.Load() // the database is asked again, the bucket is not
			last.at = time.Time{}
			n.storage.last.Store(&last)
			asks()
		}
		if n := store.Asked("HEAD") - before; n > 5 { // on a machine so slow that 25 s pass
			t.Errorf("the store was asked %d times", n)
		}
	})
}

// meeting is a bucket that does what a test says before it deletes a file, once. All of its files are old.
type meeting struct {
	conversation.Shelf
	before func()
}

func (m *meeting) Remove(name string) error {
	if do := m.before; do != nil {
		m.before = nil
		do()
	}
	return m.Shelf.Remove(name)
}

func (m *meeting) Look(name string) (int64, time.Time, error) {
	size, kept, err := m.Shelf.Look(name)
	return size, kept.Add(-time.Hour), err
}

// An upload of the very bytes that are being deleted from a bucket either waits or is refused; no row is without its file.
func TestBytesInABucketAreDeletedWhileTheyAreUploaded(t *testing.T) {
	store := buckettest.Start(t)
	inBucket(t, store, func(ctx context.Context, p *parts) {
		shelf := &meeting{Shelf: p.files.Away}
		p.files.Away = shelf
		put := func() conversation.Stored {
			stored, err := p.files.Put(strings.NewReader("the same bytes"), 100)
			if err != nil {
				t.Error(err)
			}
			return stored
		}
		row := func(f conversation.Stored) error {
			return p.db.Tx(ctx, func(tx *db.Tx) error {
				_, err := p.conversations.AddAttachment(ctx, tx, "visitor:a", "a.txt", f)
				return err
			})
		}
		prune := func() {
			if err := p.conversations.PruneAttachments(ctx, p.files, p.db.Now().Add(time.Hour)); err != nil {
				t.Error(err)
			}
		}
		late := put()
		if err := row(late); err != nil {
			t.Fatal(err)
		}
		late = put()
		var waiting sync.WaitGroup
		shelf.before = func() {
			waiting.Go(func() { // it waits for the end
				if err := row(put()); err != nil {
					t.Error("an upload that waited:", err)
				}
			})
		}
		prune()
		waiting.Wait()
		if err := row(late); !errors.Is(err, conversation.ErrUnavailable) {
			t.Error("the row of bytes that were deleted in between:", err)
		}
		file, err := p.files.Open(late.SHA256)
		if err != nil {
			t.Fatal("the upload that waited has no file:", err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
}
