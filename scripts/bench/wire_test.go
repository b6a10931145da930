package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// answering is a server that answers everything as told, and its address.
func answering(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func TestAsk(t *testing.T) {
	address := answering(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/made":
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(r.Header.Get("Authorization") + " " + r.Host))
		case "/none":
			w.WriteHeader(http.StatusOK)
		case "/long":
			_, _ = w.Write([]byte(strings.Repeat("x", 10_000)))
		}
	})
	w, err := dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	for range 3 { // one connection for all
		if status, err := w.ask(post(address, "/made", "abc", "{}")); status != http.StatusCreated || err != nil || string(w.body) != "Bearer abc "+address {
			t.Fatalf("%d %v %q", status, err, w.body)
		}
		if status, err := w.ask(post(address, "/none", "", "")); status != http.StatusOK || err != nil || len(w.body) != 0 {
			t.Fatalf("%d %v %q", status, err, w.body)
		}
	}
	if _, err := w.ask(post(address, "/long", "", "")); err == nil {
		t.Error("an answer of no told length is taken")
	}
}

func TestStatusLine(t *testing.T) {
	for line, want := range map[string]int{"HTTP/1.1 201 Created\r\n": 201, "HTTP/1.1 200": 200, "HTTP/1.0 200 OK": 0, "HTTP/1.1 2": 0, "": 0, "HTTP/1.1 x00 OK": 0} {
		if status, err := statusIn([]byte(line)); status != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %d, %v", line, status, err)
		}
	}
}

func TestRaceTakesTurns(t *testing.T) {
	fast := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	refusing := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	a := &road{name: "a", address: fast, request: bareRequests(fast, "/")}
	b := &road{name: "b", address: fast, request: bareRequests(fast, "/")}
	if err := race(2, 3, time.Millisecond, a, b); err != nil {
		t.Fatal(err)
	}
	f := figures{}
	a.tell(f, "Race")
	compare(f, "Race", "", a, b)
	if len(a.rates) != 3 || len(b.p99s) != 3 || f["Race"]["ratio"] <= 0 || f["Race"]["a/s"] <= 0 {
		t.Errorf("%+v %v", a, f)
	}
	if err := race(1, 1, time.Millisecond, &road{name: "c", address: refusing, request: bareRequests(refusing, "/")}); err == nil || !strings.Contains(err.Error(), "418") {
		t.Errorf("a refusal: %v", err)
	}
}
