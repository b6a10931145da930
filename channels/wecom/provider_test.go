package wecom

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	testCorp    = "ww5823bf96d3bd56c7"
	testAccount = "wkAJ2GCAAASSm4FhToWMFea0xAFfd3Q"
	testToken   = "QDG6eK"
	testKey     = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	testSecret  = "a-secret-of-the-app"
	testPerson  = "wmAJ2GCAAAme1XQRCNIq0ZM9ukoAw"
)

// now is the moment of these tests.
var now = time.Unix(1_800_000_000, 0)

// call is a request that the provider got.
type call struct {
	path string
	body map[string]any
	text string
}

// fake answers by path with what a test says, and keeps what it was asked. It is the provider's form only; its rules are
// in the simulator.
type fake struct {
	*httptest.Server
	mu      sync.Mutex
	calls   []call
	answers map[string][]string // by path, in turn; the last one stays. "503 Retry-After: 90" is a gateway's, once
	tokens  int
}

func newFake(t *testing.T, answers map[string][]string) *fake {
	t.Helper()
	f := &fake{answers: answers}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/cgi-bin/")
	if path == "gettoken" {
		f.tokens++
	}
	c := call{path: path}
	raw, _ := io.ReadAll(r.Body)
	c.text = string(raw)
	_ = json.Unmarshal(raw, &c.body)
	f.calls = append(f.calls, c)
	list := f.answers[path]
	if len(list) > 0 {
		if status, after, ok := strings.Cut(list[0], " Retry-After: "); ok {
			f.answers[path] = list[1:]
			w.Header().Set("Retry-After", after)
			code, _ := strconv.Atoi(status)
			w.WriteHeader(code)
			return
		}
	}
	switch {
	case len(list) > 1:
		f.answers[path] = list[1:]
		fmt.Fprint(w, list[0])
	case len(list) == 1:
		fmt.Fprint(w, list[0])
	case path == "gettoken":
		fmt.Fprintf(w, `{"errcode":0,"errmsg":"ok","access_token":"token%d","expires_in":7200}`, f.tokens)
	default:
		fmt.Fprint(w, `{"errcode":0,"errmsg":"ok","msgid":"x","media_id":"MEDIA"}`)
	}
}

// asked are the bodies of the calls of a path.
func (f *fake) asked(path string) []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.calls), func(c call) bool { return c.path != path })
}

// memory keeps tokens as the shared store does.
func memory() channels.Tokens {
	var mu sync.Mutex
	kept := map[string]string{}
	return func(ctx context.Context, key, refused string, fetch channels.FetchToken) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if t := kept[key]; t != "" && t != refused {
			return t, nil
		}
		t, _, err := fetch(ctx)
		kept[key] = t
		return t, err
	}
}

func newAdapter() *Adapter {
	return New(Options{Tokens: memory(), Now: func() time.Time { return now }})
}

func inboxAt(base string, more ...string) conversation.Inbox {
	settings := map[string]string{keyCorpID: testCorp, keySecret: testSecret, keyToken: testToken, keyAESKey: testKey,
		keyAccount: testAccount}
	if base != "" {
		settings[keyBase] = base
	}
	for i := 0; i+1 < len(more); i += 2 {
		settings[more[i]] = more[i+1]
	}
	return conversation.Inbox{ID: 7, Kind: Name, Name: "客服", Bot: true, Settings: settings}
}
