package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Token reads a provider's access token as it was stored, sealed, and when it ends; "" when there is none.
func (s *Store) Token(ctx context.Context, from db.Querier, name string) (sealed string, expires time.Time, err error) {
	var at int64
	err = from.QueryRow(ctx, "SELECT sealed, expires_at FROM tokens WHERE name = ?", name).Scan(&sealed, &at)
	if db.NoRows(err) {
		return "", time.Time{}, nil
	}
	if err != nil {
		return "", time.Time{}, fmt.Errorf("read access token: %w", err)
	}
	return sealed, db.Time(at), nil
}

// LeaseToken makes the caller, known by its mark, the one who gets a new token until a time; ok is false when somebody else is at it.
func (s *Store) LeaseToken(ctx context.Context, tx *db.Tx, name, mark string, until time.Time) (ok bool, err error) {
	if _, err := tx.Exec(ctx, "INSERT INTO tokens (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name); err != nil {
		return false, fmt.Errorf("lease access token: %w", err)
	}
	n, err := tx.Exec(ctx, "UPDATE tokens SET lease_until = ?, lease_token = ? WHERE name = ? AND lease_until <= ?",
		db.Millis(until), mark, name, db.Millis(tx.Now))
	if err != nil {
		return false, fmt.Errorf("lease access token: %w", err)
	}
	return n > 0, nil
}

// StoreToken stores a new token and ends the lease of the one who got it.
func (s *Store) StoreToken(ctx context.Context, tx *db.Tx, name, mark, sealed string, expires time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE tokens SET sealed = ?, expires_at = ?, lease_until = 0, lease_token = '' WHERE name = ? AND lease_token = ?",
		sealed, db.Millis(expires), name, mark)
	if err != nil {
		return fmt.Errorf("store access token: %w", err)
	}
	return nil
}

// ReleaseToken ends a lease without a new token.
func (s *Store) ReleaseToken(ctx context.Context, tx *db.Tx, name, mark string) error {
	_, err := tx.Exec(ctx, "UPDATE tokens SET lease_until = 0, lease_token = '' WHERE name = ? AND lease_token = ?", name, mark)
	if err != nil {
		return fmt.Errorf("release access token: %w", err)
	}
	return nil
}
