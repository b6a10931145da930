package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTheDemoKeepsOutOfOtherInstallations(t *testing.T) {
	data := t.TempDir()
	must(t, callWith("a password for the owner\n", "user", "create", "--data", data, "--email", "boss@example.com", "--name", "Boss", "--role", "owner", "--password-stdin"))
	refused := callWith("", "serve", "--demo", "--data", data, "--listen", "127.0.0.1:0")
	if refused.code != exitFailed || !strings.Contains(refused.errs, "choose an empty folder") || strings.Count(refused.errs, "\n") != 1 {
		t.Fatalf("%d %q", refused.code, refused.errs)
	}
	if people := must(t, callWith("", "user", "list", "--data", data)).out; strings.Contains(people, "demo") {
		t.Fatalf("the demo's people were made:\n%s", people)
	}
}

// Who goes on with the demo's data is told that its accounts still work.
func TestTheDemosAccountsAreWarnedOf(t *testing.T) {
	t.Parallel()
	s := newServer(t, "", "--demo")
	page, err := http.Get(s.url() + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	if csp := page.Header.Get("Content-Security-Policy"); page.StatusCode != http.StatusOK || !strings.Contains(csp, "frame-ancestors") {
		t.Errorf("the demo's page: status %d, policy %q", page.StatusCode, csp)
	}
	const warning = "accounts of the demo can sign in"
	if strings.Contains(s.log.tail(), warning) {
		t.Error("the demo warns of itself")
	}
	s.kill()
	s.flags = nil
	s.start()
	for end := time.Now().Add(10 * time.Second); !strings.Contains(s.log.tail(), warning) && time.Now().Before(end); { // what it prints comes through a pipe
		time.Sleep(20 * time.Millisecond)
	}
	if !strings.Contains(s.log.tail(), warning) {
		t.Errorf("no warning:\n%s", s.log.tail())
	}
}
