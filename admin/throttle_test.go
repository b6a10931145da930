package admin

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestThrottle(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	th := newThrottle(func() time.Time { return now })
	wait := func(email, address string) time.Duration {
		var f *fault
		if errors.As(th.admit(email, address), &f) {
			return f.after
		}
		return 0
	}
	for range freeByEmail {
		th.fail("a@x", "1.1.1.1")
	}
	if wait("a@x", "1.1.1.1") != 0 {
		t.Fatal("the first failures are not free")
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16} {
		th.fail("a@x", "1.1.1.1")
		if got := wait("a@x", "9.9.9.9"); got != want*time.Second {
			t.Fatalf("wait %v, want %v s", got, want)
		}
	}
	for range 30 {
		th.fail("a@x", "2.2.2.2")
	}
	if got := wait("a@x", "3.3.3.3"); got != longestPause {
		t.Fatalf("longest wait %v", got)
	}
	if wait("b@x", "2.2.2.2") == 0 {
		t.Fatal("an address that fails for many accounts is not slowed down")
	}
	th.forgive("a@x")
	if wait("a@x", "3.3.3.3") != 0 {
		t.Fatal("who signs in is not forgiven")
	}
	now = now.Add(2 * time.Hour)
	th.fail("b@x", "2.2.2.2")
	if wait("b@x", "2.2.2.2") != 0 {
		t.Fatal("old failures are never forgotten")
	}
}

func TestThrottleIsBounded(t *testing.T) {
	th := newThrottle(time.Now)
	for i := range maxThrottled {
		th.fail(fmt.Sprint(i), "1.1.1.1")
	}
	if len(th.failed) > maxThrottled {
		t.Fatalf("%d kept", len(th.failed))
	}
}

func TestNodesCountAttemptsTogether(t *testing.T) {
	a, b := newThrottle(time.Now), newThrottle(time.Now)
	a.tell, b.tell = b.hear, a.hear
	for n := range freeByEmail + 1 {
		[]*throttle{a, b}[n%2].fail("a@x", fmt.Sprint("1.1.1.", n))
	}
	if a.admit("a@x", "9.9.9.9") == nil || b.admit("a@x", "9.9.9.9") == nil || b.admit("b@x", "9.9.9.9") != nil {
		t.Error("each node counts for itself")
	}
	b.forgive("a@x")
	if a.admit("a@x", "9.9.9.9") != nil {
		t.Error("one node does not forgive")
	}
}
