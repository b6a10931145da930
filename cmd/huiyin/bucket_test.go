package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/conversation/bucket/buckettest"
	"huiyin/db/pgtest"
)

// Files go from a folder into a bucket and back, with a backup and with a move, and none is lost or changed.
func TestFilesTravelThroughABucket(t *testing.T) {
	t.Parallel()
	store := buckettest.Start(t)
	first := installation(t)
	places := []where{first, {Data: t.TempDir(), DB: pgtest.URL(t), Attachments: store.Address("restored")}, {Data: t.TempDir()}}
	var backups []map[string]string
	for i, at := range places {
		file := filepath.Join(t.TempDir(), "backup.zip")
		must(t, callWith("", at.on("backup", file, "--with-key")...))
		backups = append(backups, attachmentsOf(contents(t, file)))
		if i+1 < len(places) {
			must(t, callWith("", places[i+1].on("restore", file)...))
			must(t, callWith("", places[i+1].on("ledger", "check")...))
		}
	}
	for i, b := range backups {
		if len(b) != 50 || fmt.Sprint(b) != fmt.Sprint(backups[0]) {
			t.Errorf("backup %d has %d files", i, len(b))
		}
	}
	to := where{Data: first.Data, DB: pgtest.URL(t), Attachments: store.Address("moved")}
	m := decode[moved](t, callWith("", "move", "--data", first.Data, "--to", to.DB, "--files-to", to.Attachments, "--json"))
	if m.Attachments != 50 || filesIn(t, to) != 50 {
		t.Errorf("%+v", m)
	}
	converse(t, to, 1, 60, 70)
	must(t, callWith("", to.on("ledger", "check")...))
}

func attachmentsOf(backup map[string]string) map[string]string {
	files := map[string]string{}
	for name, content := range backup {
		if strings.HasPrefix(name, "attachments/") {
			files[name] = content
		}
	}
	return files
}

// filesIn reads every file that a row names, whether a message has it or not.
func filesIn(t *testing.T, w where) (n int) {
	t.Helper()
	err := w.with(func(ctx context.Context, p *parts) (err error) {
		n, err = p.conversations.CheckFiles(ctx, p.db, p.files)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

func TestMoveRefusesABucketThatIsAway(t *testing.T) {
	t.Parallel()
	store := buckettest.Start(t)
	store.Suffer(buckettest.Fault{Status: http.StatusServiceUnavailable, Only: http.MethodPut})
	old := installation(t)
	r := callWith("", "move", "--data", old.Data, "--to", pgtest.URL(t), "--files-to", store.Address("moved"))
	if r.code == 0 || !strings.Contains(r.errs, "is untouched") || !exists(old.url()) {
		t.Errorf("%+v", r)
	}
}

func TestServeRefusesABucketThatRefuses(t *testing.T) {
	store := buckettest.Start(t)
	for address, says := range map[string]string{
		store.As("tester", "wrong", buckettest.Bucket, ""): "the store refuses", "s3://": "it must be s3://BUCKET", "ftp://x": "is a folder, or s3://",
	} {
		r := callWith("", "serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--attachments", address)
		if r.code == 0 || !strings.Contains(r.errs, says) {
			t.Errorf("%+v", r)
		}
	}
}

// fileSenders are visitors who send files while things go wrong.
type fileSenders struct {
	*testing.T
	url   string
	inbox int64

	mu   sync.Mutex
	sent map[string]string // of accepted files: their text by their key
	lost int               // uploads that were refused
}

// one uploads a file, in a session of its own, and sends it in a message.
func (u *fileSenders) one(ctx context.Context, n int) error {
	api := loadAPI{base: u.url, client: http.DefaultClient}
	path := "/chat/" + strconv.FormatInt(u.inbox, 10) + "/"
	var session struct{ Token string }
	if err := api.call(ctx, http.MethodPost, path+"session", "", map[string]string{}, &session); err != nil {
		return err
	}
	text := strings.Repeat(fmt.Sprintf("file %d of %s ", n, session.Token), 200)
	var file struct{ Key string }
	if err := postFile(ctx, u.url+path+"files", session.Token, text, &file); err != nil {
		return err
	}
	u.mu.Lock()
	u.sent[file.Key] = text
	u.mu.Unlock()
	return api.call(ctx, http.MethodPost, path+"messages", session.Token, map[string]any{"client_id": "with-a-file", "text": "怎么开电子发票？", "attachments": []string{file.Key}}, nil)
}

// postFile uploads a text as a file.
func postFile(ctx context.Context, url, token, text string, into any) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "notes.txt")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(part, text); err != nil {
		return err
	}
	_ = form.Close()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, &body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return &refused{err: err}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return &refused{err: err}
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return refusal(response, answer)
	}
	return json.Unmarshal(answer, into)
}

// keepOn uploads until ctx ends.
func (u *fileSenders) keepOn(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		time.Sleep(10 * time.Millisecond)
		if err := u.one(ctx, n); err != nil && ctx.Err() == nil {
			var r *refused
			if !errors.As(err, &r) || !r.passing() {
				u.Errorf("upload %d: %v", n, err)
			}
			u.mu.Lock()
			u.lost++
			u.mu.Unlock()
			time.Sleep(50 * time.Millisecond)
		}
	}
}

func (u *fileSenders) total() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.sent)
}

// While the store of files is slow, busy, cut off or silent, and while nodes are killed, messages go on, what was accepted is
// there whole, and no row names a file that is not.
func TestFaultsOfTheFileStore(t *testing.T) {
	t.Parallel()
	store := buckettest.Start(t)
	s, inbox, key := furnished(t, "")
	s.kill()
	s.flags = []string{"--attachments", store.Address("live")}
	s.start()
	u := &fileSenders{T: t, url: s.url(), inbox: inbox, sent: map[string]string{}}
	ctx, stop := context.WithCancel(t.Context())
	var uploading sync.WaitGroup
	for range 4 {
		uploading.Go(func() { u.keepOn(ctx) })
	}
	faults := []buckettest.Fault{{Status: 503}, {Half: true}, {Mute: true}, {Delay: 700 * time.Millisecond}, {Delay: time.Minute}}
	under(t, s.url(), key, inbox, max(crashRounds(t), len(faults)), func(round int, chance *rand.Rand) {
		store.Suffer(faults[round%len(faults)])
		aWhile(chance)
		if round%2 == 1 {
			s.kill()
			s.start()
		}
		store.Suffer(buckettest.Fault{})
	})
	before := u.total()
	for end := time.Now().Add(time.Minute); u.total() <= before+4 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond) // it is over, and uploads arrive again
	}
	stop()
	uploading.Wait()
	if u.total() <= before+4 {
		t.Error("no uploads arrive after the faults")
	}
	w := s.where()
	w.Attachments = store.Address("live")
	n := filesIn(t, w)
	t.Logf("%d uploads accepted, %d refused, %d files named by rows", u.total(), u.lost, n)
	u.compare(w)
	t.Logf("%s", must(t, callWith("", w.on("ledger", "check")...)).out)
}

// compare reads what was accepted back.
func (u *fileSenders) compare(w where) {
	err := w.with(func(ctx context.Context, p *parts) error {
		for key, text := range u.sent {
			a, err := p.conversations.AttachmentByKey(ctx, p.db, key)
			if err != nil {
				return fmt.Errorf("an accepted file: %w", err)
			}
			file, err := p.files.Open(a.SHA256)
			if err != nil {
				return err
			}
			got, err := io.ReadAll(file)
			if err := errors.Join(err, file.Close()); err != nil {
				return err
			}
			if !slices.Equal(got, []byte(text)) {
				u.Errorf("%s holds %d bytes instead of %d", key, len(got), len(text))
			}
		}
		return nil
	})
	if err != nil {
		u.Error(err)
	}
}
