package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/db/pgtest"
)

// refusesTheKey starts a server that must not come to serve.
func refusesTheKey(t *testing.T, w where, flags ...string) {
	t.Helper()
	r := callWith("", append(w.on("serve", "--listen", "127.0.0.1:0"), flags...)...)
	if r.code != exitFailed || !strings.Contains(r.errs, "used with another secret key") || strings.Count(r.errs, "\n") != 1 {
		t.Errorf("%+v", r)
	}
}

func TestANodeWithAnotherKeyDoesNotStart(t *testing.T) {
	first := newServer(t, pgtest.URL(t)) // the proof is sealed
	other := where{Data: t.TempDir(), DB: first.db}
	refusesTheKey(t, other)
	// Nor does it write what the others could not open.
	for _, line := range []string{"inbox create --kind webchat --name W --set identity_secret=0123456789abcdef"} {
		if r := callWith("", other.on(strings.Fields(line)...)...); r.code != exitFailed || !strings.Contains(r.errs, "another secret key") {
			t.Errorf("%s: %+v", line, r)
		}
	}
	second := &server{T: t, data: other.Data, db: first.db, address: first.address}
	if err := copyKey(first, second); err != nil {
		t.Fatal(err)
	}
	first.kill()
	second.start() // with the same key it does
	defer second.kill()
}

// Data of before there was a proof is known by the secrets of its inboxes.
func TestAnotherKeyIsSeenByTheInboxes(t *testing.T) {
	w := installation(t)
	key, err := os.ReadFile(filepath.Join(w.Data, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Repeat("ab", 32)
	if err := os.WriteFile(filepath.Join(w.Data, "secret.key"), []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	refusesTheKey(t, w)
	if err := os.WriteFile(filepath.Join(w.Data, "secret.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	err = w.with(func(ctx context.Context, p *parts) error {
		return errors.Join(p.proveKey(ctx, false), p.proveKey(ctx, false))
	})
	if err != nil {
		t.Error(err)
	}
}

// A key that is lost for good is given up by a word of its own; afterwards the new one is the key.
func TestAKeyThatIsLost(t *testing.T) {
	s := newServer(t, "")
	s.kill()
	if err := os.Remove(filepath.Join(s.data, "secret.key")); err != nil {
		t.Fatal(err)
	}
	refusesTheKey(t, s.where())
	s.flags = []string{"--key-is-lost"}
	s.start()
	s.kill()
	s.flags = nil
	s.start()
}
