package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestCommitsAreShared lets many put rows while the first commit is held up: all get the outcome of their own commit.
func TestCommitsAreShared(t *testing.T) {
	hold := make(chan struct{})
	var sizes []int
	full := errors.New("full")
	c := newCommits(func(batch []row) error {
		<-hold
		sizes = append(sizes, len(batch))
		if len(sizes) == 1 {
			return nil
		}
		return full
	})
	var all sync.WaitGroup
	results := make(chan error, 201)
	put := func() { results <- c.put([]byte("row")) }
	all.Go(put)
	hold <- struct{}{}
	if err := <-results; err != nil {
		t.Fatal(err)
	}
	for range 200 {
		all.Go(put)
	}
	close(hold)
	all.Wait()
	sum := 0
	for _, n := range sizes[1:] {
		if n > bareMost {
			t.Errorf("%d rows in a commit", n)
		}
		sum += n
	}
	if sum != 200 {
		t.Errorf("%d rows in %v", sum, sizes)
	}
	for range 200 {
		if err := <-results; !errors.Is(err, full) {
			t.Fatalf("%v", err)
		}
	}
}

func TestRowsAreStored(t *testing.T) {
	folder := t.TempDir()
	file, err := os.Create(filepath.Join(folder, "rows"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := openBareSQLite(filepath.Join(folder, "bare.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, put := range []func([]byte) error{newCommits(appendRows(file)).put, newCommits(insertRows(rows)).put} {
		handler := barely(put)
		for range 3 {
			w := httptest.NewRecorder()
			handler(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"a":1}`)))
			if w.Code != http.StatusCreated || w.Body.String() != `{"stored":true}` {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
		}
	}
	text, err := os.ReadFile(file.Name())
	if err != nil || string(text) != strings.Repeat(`{"a":1}`+"\n", 3) {
		t.Errorf("%q %v", text, err)
	}
	var n int
	if err := rows.QueryRow("SELECT COUNT(*) FROM bare WHERE payload = '{\"a\":1}'").Scan(&n); err != nil || n != 3 {
		t.Errorf("%d rows, %v", n, err)
	}
	_ = rows.Close()
	w := httptest.NewRecorder()
	barely(newCommits(insertRows(rows)).put)(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x")))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("what is not stored is answered with %d", w.Code)
	}
}
