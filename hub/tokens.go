package hub

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

const (
	tokenEarly = 5 * time.Minute        // a token is renewed so long before it ends; providers keep both valid meanwhile
	tokenLease = 20 * time.Second       // of the node that fetches one
	tokenLook  = 200 * time.Millisecond // how often the others look for it
)

// TokenStore keeps the access tokens of providers in the database, sealed, so that all nodes share them and one at a
// time gets a new one.
type TokenStore struct {
	store *conversation.Store
	vault *channels.Vault
	mu    sync.Mutex
	known map[string]token
}

type token struct {
	value   string
	expires time.Time
}

// fresh tells whether a token may be used by one to whom the provider has refused another.
func (t token) fresh(refused string, now time.Time) bool {
	return t.value != "" && t.value != refused && now.Add(tokenEarly).Before(t.expires)
}

// usable tells whether a token may be used while no newer one is to be had.
func (t token) usable(refused string, now time.Time) bool {
	return t.value != "" && t.value != refused && now.Before(t.expires)
}

// NewTokenStore keeps tokens in store, sealed by vault.
func NewTokenStore(store *conversation.Store, vault *channels.Vault) *TokenStore {
	return &TokenStore{store: store, vault: vault, known: map[string]token{}}
}

// Token is a channels.Tokens.
func (s *TokenStore) Token(ctx context.Context, key, refused string, fetch channels.FetchToken) (string, error) {
	for {
		t, err := s.read(ctx, key, refused)
		if err != nil {
			return "", err
		}
		if t.fresh(refused, s.store.DB.Now()) {
			return t.value, nil
		}
		lease, err := s.lease(ctx, key)
		if err != nil {
			return "", err
		}
		if lease != "" {
			return s.renew(ctx, key, lease, refused, t, fetch)
		}
		if t.usable(refused, s.store.DB.Now()) {
			return t.value, nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("wait for an access token: %w", ctx.Err())
		case <-time.After(tokenLook):
		}
	}
}

// read gives the token known here, or the stored one when that will not do.
func (s *TokenStore) read(ctx context.Context, key, refused string) (token, error) {
	s.mu.Lock()
	t := s.known[key]
	s.mu.Unlock()
	if t.fresh(refused, s.store.DB.Now()) {
		return t, nil
	}
	sealed, expires, err := s.store.Token(ctx, s.store.DB, key)
	if err != nil || sealed == "" {
		return token{}, err
	}
	value, err := s.vault.Unseal("token:"+key, sealed)
	if err != nil {
		return token{}, nil // sealed with another key: as if there were none
	}
	t = token{value, expires}
	s.remember(key, t)
	return t, nil
}

func (s *TokenStore) remember(key string, t token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[key] = t
}

// lease makes this caller the one who gets a new token; "" when somebody else is at it.
func (s *TokenStore) lease(ctx context.Context, key string) (lease string, err error) {
	mark := rand.Text()
	err = s.store.DB.Tx(ctx, func(tx *db.Tx) error {
		ok, err := s.store.LeaseToken(ctx, tx, key, mark, tx.Now.Add(tokenLease))
		if lease = ""; ok {
			lease = mark
		}
		return err
	})
	return lease, err
}

func (s *TokenStore) renew(ctx context.Context, key, lease, refused string, old token, fetch channels.FetchToken) (string, error) {
	if t, err := s.reread(ctx, key, refused); err == nil && t.fresh(refused, s.store.DB.Now()) {
		return t.value, s.release(ctx, key, lease) // somebody was faster
	}
	limited, cancel := context.WithTimeout(ctx, tokenLease/2)
	value, lives, err := fetch(limited)
	cancel()
	if err != nil {
		err = errors.Join(err, s.release(ctx, key, lease))
		if old.usable(refused, s.store.DB.Now()) {
			return old.value, nil
		}
		return "", err
	}
	t := token{value, s.store.DB.Now().Add(lives)}
	sealed, err := s.vault.Seal("token:"+key, value)
	if err != nil {
		return "", err
	}
	ctx = context.WithoutCancel(ctx)
	err = s.store.DB.Tx(ctx, func(tx *db.Tx) error { return s.store.StoreToken(ctx, tx, key, lease, sealed, t.expires) })
	if err != nil {
		return "", err
	}
	s.remember(key, t)
	return value, nil
}

func (s *TokenStore) reread(ctx context.Context, key, refused string) (token, error) {
	s.mu.Lock()
	delete(s.known, key)
	s.mu.Unlock()
	return s.read(ctx, key, refused)
}

func (s *TokenStore) release(ctx context.Context, key, lease string) error {
	ctx = context.WithoutCancel(ctx)
	return s.store.DB.Tx(ctx, func(tx *db.Tx) error { return s.store.ReleaseToken(ctx, tx, key, lease) })
}
