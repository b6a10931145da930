package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// findable are messages that a search for the word below finds, all of them when the index is whole.
const findable, word = 200, "broadband"

// The index is deleted, cut short and overwritten while the server answers, and between starts. Answers go on, the index is
// built anew by itself, and the log says so.
func TestFaultsOfTheIndex(t *testing.T) {
	t.Parallel()
	s, inbox, key := furnished(t, "")
	converse(t, s.where(), inbox, 0, findable)
	api := loadAPI{base: s.url(), key: key, client: loadClient()}
	awaitWhole(t, api)
	damages := []func(chance *rand.Rand){
		func(*rand.Rand) { s.gone(filepath.Join(s.data, "index")) },
		func(chance *rand.Rand) { s.damage(chance, cutShort) },
		func(chance *rand.Rand) { s.damage(chance, overwrite) },
		func(chance *rand.Rand) { s.kill(); s.damage(chance, cutShort); s.start() },
		func(chance *rand.Rand) { s.kill(); s.damage(chance, overwrite); s.start() },
		func(*rand.Rand) { s.kill(); s.gone(filepath.Join(s.data, "index")); s.start() },
	}
	under(t, s.url(), key, inbox, crashRounds(t), func(round int, chance *rand.Rand) {
		for n := range 2 {
			damages[(2*round+n)%len(damages)](chance)
		}
	})
	awaitWhole(t, api)
	if text := s.log.whole(); !strings.Contains(text, "built anew") {
		t.Error("the log does not tell")
	}
	s.neverDied()
	noteFault(t, faultRow{Fault: "index deleted, cut short, overwritten"})
	t.Logf("%s", s.call("ledger", "check"))
}

func (s *server) gone(folder string) {
	s.Helper()
	for end := time.Now().Add(30 * time.Second); ; { // the server may be adding a file
		err := os.RemoveAll(folder)
		if err == nil {
			return
		}
		if time.Now().After(end) {
			s.Fatal(err)
		}
	}
}

// damage does something to some of the files of the index, which come and go meanwhile.
func (s *server) damage(chance *rand.Rand, do func(chance *rand.Rand, path string, size int64) error) {
	s.Helper()
	err := filepath.WalkDir(filepath.Join(s.data, "index"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && (d.IsDir() || chance.IntN(2) == 0) {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Size() > 0 {
			err = do(chance, path, info.Size())
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		s.Error(err)
	}
}

func cutShort(chance *rand.Rand, path string, size int64) error {
	return os.Truncate(path, chance.Int64N(size))
}

func overwrite(chance *rand.Rand, path string, size int64) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	for range 1 + chance.IntN(8) {
		noise := make([]byte, 1+chance.IntN(2000))
		for i := range noise {
			noise[i] = byte(chance.Uint32())
		}
		if _, failed := file.WriteAt(noise, chance.Int64N(size)); failed != nil {
			err = failed
		}
	}
	return errors.Join(err, file.Close())
}

// awaitWhole waits until a search finds everything that was told.
func awaitWhole(t *testing.T, api loadAPI) {
	t.Helper()
	found, ready, err := 0, 0, error(nil)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if found, ready, err = searchAll(t.Context(), api); err == nil && ready == 100 && found == findable {
			return
		}
	}
	t.Fatalf("%d of %d are found, %d of 100 are indexed: %v", found, findable, ready, err)
}

// searchAll reads all pages of what is found.
func searchAll(ctx context.Context, api loadAPI) (found, ready int, err error) {
	query := url.Values{"q": {word}, "in": {"messages"}, "limit": {"100"}}
	for {
		var page struct {
			Messages []struct{}
			Next     string
			Ready    int
		}
		if err := api.call(ctx, http.MethodGet, "/api/v1/search?"+query.Encode(), api.key, nil, &page); err != nil {
			return found, ready, err
		}
		found, ready = found+len(page.Messages), page.Ready
		if page.Next == "" {
			return found, ready, nil
		}
		query.Set("cursor", page.Next)
	}
}

// A server that is killed while it builds its index builds it, or the rest of it, at the next start.
func TestCrashDuringIndexing(t *testing.T) {
	t.Parallel()
	s, inbox, key := furnished(t, "")
	var articles strings.Builder
	for n := range 300 {
		fmt.Fprintf(&articles, `{"faq_id":"made-%d","question":"What is product %d?","answer":"It is the product of number %d."}`+"\n", n, n, n)
	}
	s.call("article", "import", writeFile(t, "many.jsonl", articles.String()))
	converse(t, s.where(), inbox, 0, findable)
	api := loadAPI{base: s.url(), key: key, client: loadClient()}
	awaitWhole(t, api)
	s.kill()
	s.gone(filepath.Join(s.data, "index"))
	began := time.Now()
	s.start()
	awaitWhole(t, api)
	rounds := roundsOr(t, 4)
	k := newKiller(t, rounds)
	k.longest = time.Since(began)
	k.most = k.longest
	for round := range rounds {
		s.kill()
		if round%2 == 0 { // else in what the one before has left
			s.gone(filepath.Join(s.data, "index"))
		}
		k.kill(s.on("serve", "--listen", s.address)...)
		s.start()
		awaitWhole(t, api)
	}
	noteFault(t, faultRow{Fault: "kill -9 while the index is built"})
	t.Logf("%s", s.call("ledger", "check"))
}
