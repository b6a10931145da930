package search

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"huiyin/conversation"
)

// shelf is an index on disk without a database to follow.
type shelf struct {
	*file
	t *testing.T
}

func newShelf(t *testing.T) shelf {
	t.Helper()
	f, err := newFile(filepath.Join(t.TempDir(), "messages.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.close() })
	return shelf{f, t}
}

// put writes entries as one batch and tells how many rows that wrote, to see what it left alone.
func (s shelf) put(list ...entry) int64 {
	s.t.Helper()
	var before, after int64
	err := s.change(context.Background(), progress{Schema: schema}, func(b batch) error {
		if err := b.tx.QueryRow("SELECT total_changes()").Scan(&before); err != nil {
			return err
		}
		if err := b.put("said", list); err != nil {
			return err
		}
		return b.tx.QueryRow("SELECT total_changes()").Scan(&after)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return after - before
}

func (s shelf) finds(query string, want ...int64) {
	s.t.Helper()
	got, err := s.ids(context.Background(), "SELECT rowid FROM said WHERE said MATCH ? ORDER BY rowid", match(parse(query), nil))
	if err != nil {
		s.t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("%q finds %v, want %v", query, got, want)
	}
}

// pieces is how many pieces the index has been written in and not yet merged.
func (s shelf) pieces() (n int) {
	s.t.Helper()
	if err := s.read.QueryRow("SELECT COUNT(DISTINCT segid) FROM said_idx").Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestWhatHasNotChangedIsNotWritten(t *testing.T) {
	s := newShelf(t)
	if n := s.put(entry{id: 1, text: "broadband", marks: "here"}, entry{id: 2, text: "invoice", marks: "here"}); n == 0 {
		t.Fatal("nothing was written")
	}
	if n := s.put(entry{id: 2, text: "invoice", marks: "here"}, entry{id: 1, text: "broadband", marks: "here"}); n != 0 {
		t.Errorf("%d rows were written though nothing has changed", n)
	}
	s.put(entry{id: 1, text: "broadband again", marks: "here"}, entry{id: 2, text: "invoice", marks: "there"})
	s.finds("again", 1)
	s.finds("broadband", 1)
	s.finds("here", 1)
	s.finds("there", 2)
}

func TestOfTwoTheLaterCountsAndWhatIsGoneIsGone(t *testing.T) {
	s := newShelf(t)
	s.put(entry{id: 7, text: "first"}, entry{id: 3, text: "other"}, entry{id: 7, text: "second"}, entry{id: 9, gone: true})
	s.finds("first")
	s.finds("second", 7)
	s.finds("other", 3)
	s.put(entry{id: 7, gone: true})
	s.finds("second")
	s.put(entry{id: 7, text: "third"})
	s.finds("third", 7)
	s.put()
}

func TestABatchIsOnePieceInWhateverOrderItComes(t *testing.T) {
	s := newShelf(t)
	var newestFirst []entry
	for id := int64(200); id > 0; id-- {
		newestFirst = append(newestFirst, entry{id: id, text: fmt.Sprint("broadband ", id)})
	}
	s.put(newestFirst...)
	if n := s.pieces(); n != 1 {
		t.Errorf("%d pieces", n)
	}
	s.put(entry{id: 150, text: "invoice"}, entry{id: 201, text: "invoice"}, entry{id: 100, text: "invoice"}) // below what is held
	s.finds("invoice", 100, 150, 201)
	s.finds("150")
}

func TestSumsTellEntriesApart(t *testing.T) {
	seen := map[int64]entry{}
	for _, e := range []entry{{}, {text: "a"}, {marks: "a"}, {text: "ab"}, {text: "a", marks: "b"}, {text: "b", marks: "a"}, {text: "ba"}, {text: "开", marks: mark(ofTeam, 3)}, {text: "开", marks: mark(ofTeam, 4)}} {
		sum := e.sum()
		if was, has := seen[sum]; has {
			t.Errorf("%+v and %+v have one sum", was, e)
		}
		if sum < 0 || sum >= 1<<48 {
			t.Errorf("%+v: %x is longer than six bytes", e, sum)
		}
		seen[sum] = e
	}
}

func TestMarkdownIsNotPartOfWords(t *testing.T) {
	for sender, want := range map[conversation.Sender]string{conversation.FromBot: "bold plain", conversation.FromContact: "**bold** plain"} {
		if got := textOf(conversation.Indexed{Sender: sender, Text: "**bold** plain"}); got != want {
			t.Errorf("%s: %q", sender, got)
		}
	}
}
