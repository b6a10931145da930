package conversation_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// slowShelf does what a test says in the middle of its work. All of its files are old.
type slowShelf struct {
	conversation.Shelf
	beforeKeep, afterKeep, beforeRemove, afterRemove func() error
}

func (s *slowShelf) Keep(name string, gathered *os.File) error {
	return between(&s.beforeKeep, &s.afterKeep, func() error { return s.Shelf.Keep(name, gathered) })
}

func (s *slowShelf) Remove(name string) error {
	return between(&s.beforeRemove, &s.afterRemove, func() error { return s.Shelf.Remove(name) })
}

func (s *slowShelf) Look(name string) (int64, time.Time, error) {
	size, kept, err := s.Shelf.Look(name)
	return size, kept.Add(-time.Hour), err
}

// between does the first of two things once, work, and the other thing once.
func between(before, after *func() error, work func() error) error {
	for _, do := range []func() error{once(before), work, once(after)} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

func once(do *func() error) func() error {
	now := *do
	*do = nil
	if now == nil {
		return func() error { return nil }
	}
	return now
}

// race is a file's upload and its deletion, step by step.
type race struct {
	house
	files conversation.Files
	shelf *slowShelf
}

const raced = "the same bytes"

// newRace begins with bytes whose only row is to be pruned.
func newRace(h house) *race {
	folder := h.t.TempDir()
	shelf := &slowShelf{Shelf: conversation.FolderShelf(folder)}
	r := &race{h, conversation.Files{Folder: folder, Away: shelf, Rows: h.Store}, shelf}
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM attachments")
		if err == nil {
			_, err = tx.Exec(ctx, "DELETE FROM leaving_files")
		}
		return err
	})
	if err := r.row(r.put()); err != nil { // which was never sent
		h.t.Fatal(err)
	}
	h.pass(time.Hour)
	return r
}

func (r *race) put() conversation.Stored {
	r.t.Helper()
	stored, err := r.files.Put(strings.NewReader(raced), 1000)
	if err != nil {
		r.t.Error("put:", err)
	}
	return stored
}

func (r *race) row(f conversation.Stored) error {
	return r.DB.Tx(context.Background(), func(tx *db.Tx) error { return r.rowIn(tx, f) })
}

func (r *race) rowIn(tx *db.Tx, f conversation.Stored) error {
	_, err := r.AddAttachment(context.Background(), tx, "visitor:a", "a.txt", f)
	return err
}

func (r *race) prune() {
	r.t.Helper()
	if err := r.PruneAttachments(context.Background(), r.files, r.now().Add(-time.Minute)); err != nil {
		r.t.Error("prune:", err)
	}
}

// refused tells that a row was refused so that the upload is repeated.
func (r *race) refused(err error) {
	r.t.Helper()
	if !errors.Is(err, conversation.ErrUnavailable) {
		r.t.Error("the row of deleted bytes was taken:", err)
	}
}

func (r *race) taken(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Error("the row was refused:", err)
	}
}

// whole checks that all rows have their bytes, and that an upload succeeds.
func (r *race) whole() {
	r.t.Helper()
	for range 2 {
		var rows int
		if err := r.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM attachments").Scan(&rows); err != nil {
			r.t.Fatal(err)
		}
		var stored conversation.Stored
		if rows > 0 {
			if err := r.DB.QueryRow(context.Background(), "SELECT MAX(sha256) FROM attachments").Scan(&stored.SHA256); err != nil {
				r.t.Fatal(err)
			}
			file, err := r.files.Open(stored.SHA256)
			if err != nil {
				r.t.Fatalf("%d rows have no file: %v", rows, err)
			}
			text, err := io.ReadAll(file)
			if _ = file.Close(); err != nil || string(text) != raced {
				r.t.Fatalf("%q, %v", text, err)
			}
		}
		r.taken(r.row(r.put()))
	}
}

// TestBytesAreDeletedWhileTheyAreUploaded goes through the moments in which the one can meet the other.
func TestBytesAreDeletedWhileTheyAreUploaded(t *testing.T) {
	ways := map[string]func(r *race){
		"the row is first": func(r *race) {
			r.taken(r.row(r.put()))
			r.prune()
		},
		"put, deleted, row": func(r *race) {
			f := r.put()
			r.prune()
			r.refused(r.row(f))
		},
		"the mark read, deleted, put, row": func(r *race) {
			r.shelf.beforeKeep = func() error { r.prune(); return nil }
			r.refused(r.row(r.put()))
		},
		"put, deleted before the answer, row": func(r *race) {
			r.shelf.afterKeep = func() error { r.prune(); return nil }
			r.refused(r.row(r.put()))
		},
		"put, marked, row, deleted": func(r *race) {
			f := r.put()
			r.shelf.beforeRemove = func() error { r.refused(r.row(f)); return nil }
			r.prune()
			r.refused(r.row(f))
		},
		"marked, put waits, deleted, row": func(r *race) {
			var all sync.WaitGroup
			r.shelf.beforeRemove = func() error { all.Go(func() { r.taken(r.row(r.put())) }); return nil }
			r.prune()
			all.Wait()
		},
		"deleted, not yet said so, put waits, row": func(r *race) {
			var all sync.WaitGroup
			r.shelf.afterRemove = func() error { all.Go(func() { r.taken(r.row(r.put())) }); return nil }
			r.prune()
			all.Wait()
		},
		"another upload of the same, between": func(r *race) {
			early := r.put()
			r.prune()
			r.refused(r.row(early))
			r.taken(r.row(r.put()))
			r.refused(r.row(early)) // its bytes are there, but it cannot know
			r.prune()
		},
		"the row is stored while it is decided": func(r *race) {
			f, done := r.put(), make(chan struct{})
			r.tx(func(_ context.Context, tx *db.Tx) error {
				if err := r.rowIn(tx, f); err != nil {
					return err
				}
				go func() { defer close(done); r.prune() }()
				time.Sleep(50 * time.Millisecond) // it gets to where it waits for this transaction; if not, the row is first
				return nil
			})
			<-done
		},
	}
	onBoth(t, func(h house) {
		for name, meet := range ways {
			h.t.Log(name)
			r := newRace(h)
			meet(r)
			r.whole()
		}
	})
}

// A node that dies over a deletion, or a store that fails, holds up uploads of the same bytes for minutes at most, and the bytes go in the end.
func TestADeletionThatIsCutOffIsDoneAgain(t *testing.T) {
	onBoth(t, func(h house) {
		t, r := h.t, newRace(h)
		broken := errors.New("the store is away")
		r.shelf.beforeRemove = func() error { return broken }
		if err := r.PruneAttachments(context.Background(), r.files, r.now()); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if _, err := r.files.Put(strings.NewReader(raced), 1000); !errors.Is(err, conversation.ErrUnavailable) {
			t.Fatal("put while the deletion may still be under way:", err)
		}
		h.pass(3 * time.Minute)
		r.whole() // the upload itself does it again

		r = newRace(h)
		var sum string
		r.shelf.beforeRemove = func() error { return broken }
		_ = r.PruneAttachments(context.Background(), r.files, r.now())
		if err := r.DB.QueryRow(context.Background(), "SELECT sha256 FROM leaving_files WHERE gone = 0").Scan(&sum); err != nil {
			t.Fatal(err)
		}
		h.pass(3 * time.Minute)
		r.prune()
		if _, err := r.files.Open(sum); !errors.Is(err, conversation.ErrNotFound) {
			t.Fatal("the bytes are still there:", err)
		}
		h.pass(25 * time.Hour)
		r.prune()
		var marks int
		if err := r.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM leaving_files").Scan(&marks); err != nil || marks != 0 {
			t.Fatal(marks, "marks are kept for good", err)
		}
		r.whole()
	})
}
