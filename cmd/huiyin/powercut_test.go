package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"huiyin/db/forgetful"
)

// The power is cut at random moments under load, on a disk that forgets what was not synced, or keeps some of it, torn.
// What was acknowledged is there, files too, and the ledger balances.
func TestFaultsOfPower(t *testing.T) {
	t.Parallel()
	s, inbox, key := onDisk(t)
	up := uploads(t, s.url(), inbox)
	under(t, s.url(), key, inbox, roundsOr(t, 1), func(_ int, chance *rand.Rand) {
		s.cut(chance, forgetful.Nothing)
		time.Sleep(time.Duration(chance.Int64N(int64(time.Second))))
		s.cut(chance, forgetful.Some)
	})
	n := up.reconcile()
	s.noteDisk("power cuts under load", n)
	t.Logf("%s", s.call("ledger", "check"))
}

// uploader is visitors who send one file after the other, and insist.
type uploader struct {
	*testing.T
	api   loadAPI
	token string
	path  string
	stop  context.CancelFunc
	done  sync.WaitGroup
	files []uploaded
}

type uploaded struct {
	URL string
	sum [sha256.Size]byte
}

func uploads(t *testing.T, base string, inbox int64) *uploader {
	t.Helper()
	u := &uploader{T: t, api: loadAPI{base: base, client: loadClient()}, path: "/chat/" + strconv.FormatInt(inbox, 10)}
	ctx, stop := context.WithCancel(t.Context())
	u.stop = stop
	u.done.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			u.insist(ctx, n)
			sleep(ctx, 150*time.Millisecond)
		}
	})
	return u
}

// insist uploads one file until that is acknowledged.
func (u *uploader) insist(ctx context.Context, n int) {
	content := append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte(fmt.Sprintln("page", n)), 1+n*97%3000)...)
	for ctx.Err() == nil {
		f, err := u.upload(ctx, content)
		if err == nil {
			u.files = append(u.files, uploaded{f, sha256.Sum256(content)})
			return
		}
		var r *refused
		if ctx.Err() == nil && (!errors.As(err, &r) || !r.passing()) {
			u.Errorf("file %d: %v", n, err)
			return
		}
		sleep(ctx, 100*time.Millisecond)
	}
}

// filesEach is how many files a visitor sends; the server takes ten at once.
const filesEach = 8

func (u *uploader) upload(ctx context.Context, content []byte) (url string, err error) {
	if len(u.files)%filesEach == 0 {
		var session struct{ Token string }
		if err := u.api.call(ctx, http.MethodPost, u.path+"/session", "", map[string]string{"language": "zh"}, &session); err != nil {
			return "", err
		}
		u.token = session.Token
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "a.pdf")
	if err != nil {
		return "", err
	}
	if _, err := part.Write(content); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.api.base+u.path+"/files", &form)
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+u.token)
	r.Header.Set("Content-Type", w.FormDataContentType())
	var file struct{ URL string }
	if err := u.api.do(r, &file); err != nil {
		return "", err
	}
	return file.URL, nil
}

// reconcile reads every file that was acknowledged, and tells how many there are.
func (u *uploader) reconcile() int {
	u.Helper()
	u.stop()
	u.done.Wait()
	for n, f := range u.files {
		if err := u.compare(f); err != nil {
			u.Errorf("file %d of %d: %v", n+1, len(u.files), err)
		}
	}
	return len(u.files)
}

func (u *uploader) compare(f uploaded) error {
	r, err := http.NewRequestWithContext(u.Context(), http.MethodGet, u.api.base+f.URL, nil)
	if err != nil {
		return err
	}
	response, err := u.api.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || sha256.Sum256(content) != f.sum {
		return fmt.Errorf("%s: %s, %d bytes that are not those uploaded", f.URL, response.Status, len(content))
	}
	return nil
}
