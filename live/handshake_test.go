package live_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestHandshake(t *testing.T) {
	e := newEcho(t, 0)
	const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	for name, test := range map[string]struct {
		request string
		status  int
	}{
		"as it should be":         {handshake, 101},
		"in small letters":        {strings.ToLower(handshake[strings.Index(handshake, "Connection"):strings.Index(handshake, "Sec-")]) + "Sec-WebSocket-Version: 13\r\n" + key, 101},
		"another case":            {"Upgrade: WebSocket\r\nConnection: UPGRADE\r\nSec-WebSocket-Version: 13\r\n" + key, 101},
		"no connection header":    {"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + key, 400},
		"connection kept alive":   {"Upgrade: websocket\r\nConnection: keep-alive\r\nSec-WebSocket-Version: 13\r\n" + key, 400},
		"no version":              {"Upgrade: websocket\r\nConnection: Upgrade\r\n" + key, 426},
		"version 8":               {"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n" + key, 426},
		"version 14":              {"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 14\r\n" + key, 426},
		"no key":                  {"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n", 400},
		"an empty key":            {"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \r\n", 400},
		"a short key":             {"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvcnQ=\r\n", 400},
		"a key that is no base64": {"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==\r\n", 400},
		"two keys":                {handshake + key, 400},
	} {
		t.Run(name, func(t *testing.T) {
			w := e.tcp(t)
			request := test.request
			if !strings.HasPrefix(request, "GET") {
				request = "GET / HTTP/1.1\r\nHost: x\r\n" + request
			}
			if _, err := io.WriteString(w, request+"\r\n"); err != nil {
				t.Fatal(err)
			}
			answer, err := http.ReadResponse(w.Reader, nil)
			if err != nil || answer.StatusCode != test.status {
				t.Fatalf("%v %+v", err, answer)
			}
			if test.status == http.StatusUpgradeRequired && answer.Header.Get("Sec-WebSocket-Version") != "13" {
				t.Error("the version wanted is not told")
			}
		})
	}
	for name, first := range map[string]string{"a POST": "POST / HTTP/1.1", "HTTP/1.0": "GET / HTTP/1.0"} {
		w := e.tcp(t)
		if _, err := io.WriteString(w, first+"\r\n"+handshake[strings.Index(handshake, "Host"):]+"\r\n"); err != nil {
			t.Fatal(err)
		}
		if answer, err := http.ReadResponse(w.Reader, nil); err != nil || answer.StatusCode < 400 {
			t.Errorf("%s: %v %+v", name, err, answer)
		}
	}
}

func TestSubprotocol(t *testing.T) {
	e := newEcho(t, 0)
	for offered, want := range map[string]string{"": "", "huiyin.v1": "huiyin.v1", "huiyin.v1, token.abc": "huiyin.v1", "token.abc,huiyin.v1": "huiyin.v1", "other": "", "HUIYIN.V1": ""} {
		w := e.tcp(t)
		line := ""
		if offered != "" {
			line = "Sec-WebSocket-Protocol: " + offered + "\r\n"
		}
		if _, err := io.WriteString(w, handshake+line+"\r\n"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(w.Reader, nil)
		if err != nil || answer.StatusCode != 101 || answer.Header.Get("Sec-WebSocket-Protocol") != want {
			t.Errorf("%q: %v %+v", offered, err, answer)
		}
	}
}

// TestWordsRightBehindTheHandshake are in the server's buffer when it takes the connection over.
func TestWordsRightBehindTheHandshake(t *testing.T) {
	e := newEcho(t, 0)
	w := e.tcp(t)
	if _, err := w.Write(join([]byte(handshake+"\r\n"), fr(text, "early"), fr(ping, "p"), fr(text&open, "half"))); err != nil {
		t.Fatal(err)
	}
	if _, err := http.ReadResponse(w.Reader, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(fr(cont, " and half")); err != nil {
		t.Fatal(err)
	}
	got := got{code: -1}
	for len(got.texts) < 2 && w.more(&got) {
	}
	if fmt.Sprint(got.texts, got.pongs) != "[early half and half] [p]" {
		t.Fatalf("%+v", got)
	}
}

// TestConnectionsThatBreakOff anywhere in a frame leave nothing behind.
func TestConnectionsThatBreakOff(t *testing.T) {
	e := newEcho(t, 0)
	whole := join(fr(text&open, "fragment"), fr(ping, "p"), fr(cont, strings.Repeat("x", 200)), closeWith(bye, "over"))
	for cut := range len(whole) {
		w := e.dial(t)
		if _, err := w.Write(whole[:cut]); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(10 * time.Second); e.ended.Load() < int64(len(whole)) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if n := e.ended.Load(); n != int64(len(whole)) {
		t.Fatalf("%d of %d streams ended", n, len(whole))
	}
	e.hub.Pulse("all") // nobody is there to hear it
}

func TestAStoppingHubSaysGoodbye(t *testing.T) {
	e := newEcho(t, 0)
	before := e.dial(t)
	if _, err := before.Write(fr(text, "hello")); err != nil {
		t.Fatal(err)
	}
	first := got{code: -1}
	for len(first.texts) < 1 && before.more(&first) {
	}
	e.hub.Stop()
	after := e.dial(t)
	for name, w := range map[string]wire{"open": before, "too late": after} {
		g := got{code: -1}
		for w.more(&g) {
		}
		if g.code != 1001 {
			t.Errorf("%s: closed with %d", name, g.code)
		}
	}
}

func TestHintsReachASocket(t *testing.T) {
	e := newEcho(t, 0)
	w := e.dial(t)
	if _, err := w.Write(fr(ping, "")); err != nil { // answered, so it has joined
		t.Fatal(err)
	}
	g := got{code: -1}
	for len(g.pongs) < 1 && w.more(&g) {
	}
	e.hub.Hint("all", []byte("one"))
	e.hub.Hint("none of theirs", []byte("two"))
	e.hub.Hint("all", []byte("three"))
	for len(g.texts) < 2 && w.more(&g) {
	}
	if fmt.Sprint(g.texts) != "[one three]" {
		t.Fatalf("%q", g.texts)
	}
}
