package admin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/argon2id"
)

// The cost of a password: what OWASP's Password Storage Cheat Sheet asks of Argon2id at least
// (19 MiB, 2 iterations, 1 thread).
const (
	passwordMemory     = 19 * 1024
	passwordIterations = 2
	// passwordsAtOnce bounds the memory that sign-in attempts can take.
	passwordsAtOnce = 2
	// passwordsWaiting bounds the attempts that wait for their turn.
	passwordsWaiting = 64
)

// nobodysHash is compared when there is no such account, so that the answer takes as long.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$cm9vbSBmb3Igbm9ib2R5$" +
	"u8kT9IY7p0cP9w8J0oW1yXkq7b7cTj4Yl5C2m0hG3dE"

// passwords hashes and compares, a few at a time.
type passwords struct {
	turns   chan struct{}
	waiting chan struct{}
}

func newPasswords() *passwords {
	return &passwords{turns: make(chan struct{}, passwordsAtOnce), waiting: make(chan struct{}, passwordsWaiting)}
}

// turn waits until there is room for one more; done gives the room back.
func (p *passwords) turn(ctx context.Context) (done func(), err error) {
	select {
	case p.waiting <- struct{}{}:
	default:
		return nil, tooBusy()
	}
	defer func() { <-p.waiting }()
	select {
	case p.turns <- struct{}{}:
		return func() { <-p.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func tooBusy() error {
	return &fault{status: http.StatusTooManyRequests, code: "throttled", detail: "too many people sign in at once; try again in a moment", after: 2 * time.Second}
}

// hash makes the hash of a new password.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return HashPassword(password)
}

// HashPassword makes the hash that is stored of a password.
func HashPassword(password string) (string, error) {
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: passwordMemory, Iterations: passwordIterations,
		Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// matches compares a password with a hash; an empty hash is nobody's.
func (p *passwords) matches(ctx context.Context, password, hash string) (bool, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	if hash == "" {
		_, err = argon2id.ComparePasswordAndHash(password, nobodysHash)
		return false, wrap("compare password", err)
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	return ok, wrap("compare password", err)
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
