package admin

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestPasswords(t *testing.T) {
	p := newPasswords()
	ctx := context.Background()
	hash, err := p.hash(ctx, "correct horse")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%s, %v", hash, err)
	}
	for _, c := range []struct {
		password, hash string
		want           bool
	}{{"correct horse", hash, true}, {"wrong", hash, false}, {"correct horse", "", false}, {"", "", false}} {
		if got, err := p.matches(ctx, c.password, c.hash); got != c.want || err != nil {
			t.Errorf("%q: %v, %v", c.password, got, err)
		}
	}
}

func TestPasswordsTakeTurns(t *testing.T) {
	p := newPasswords()
	ctx, cancel := context.WithCancel(context.Background())
	for range passwordsAtOnce {
		if _, err := p.turn(ctx); err != nil {
			t.Fatal(err)
		}
	}
	waiting := make(chan error, passwordsWaiting)
	for range passwordsWaiting {
		go func() {
			_, err := p.turn(ctx)
			waiting <- err
		}()
	}
	for len(p.waiting) < passwordsWaiting {
		select {
		case err := <-waiting:
			t.Fatalf("somebody did not wait: %v", err)
		default:
		}
	}
	var f *fault
	if _, err := p.turn(ctx); !errors.As(err, &f) || f.status != 429 {
		t.Fatalf("one too many: %v", err)
	}
	cancel()
	for range passwordsWaiting {
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
}
