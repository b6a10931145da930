package admin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"huiyin/db"
)

// APIKey is a program's way in. The key itself is shown once, when it is made; we keep its hash.
type APIKey struct {
	ID                int64
	Name, Prefix      string
	Scopes            []string // operation ids, or * for everything
	CreatedAt, UsedAt time.Time
}

const (
	keyWord      = "hy_" // so that a leaked key can be recognised
	prefixLength = 10
	maxScopes    = 100
	everything   = "*"
)

// covers tells whether the key may call an operation.
func (k *APIKey) covers(operation string) bool {
	return slices.Contains(k.Scopes, everything) || slices.Contains(k.Scopes, operation)
}

// CreateKey makes a key and returns it with its secret, which is not kept.
func (a Accounts) CreateKey(ctx context.Context, name string, scopes []string) (secret string, made APIKey, err error) {
	spec, err := readSpecification()
	if err != nil {
		return "", APIKey{}, err
	}
	k, err := checkKey(spec, name, scopes)
	if err != nil {
		return "", APIKey{}, err
	}
	err = a.db.Tx(ctx, func(tx *db.Tx) error {
		secret, made, err = insertKey(ctx, tx, k)
		return err
	})
	return secret, made, err
}

func checkKey(spec *specification, name string, scopes []string) (APIKey, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		return APIKey{}, invalid("name", "give the key a name that tells who uses it")
	}
	if len(scopes) == 0 || len(scopes) > maxScopes {
		return APIKey{}, invalid("scopes", "give the operations the key may call, or * for everything")
	}
	for _, scope := range scopes {
		if op := spec.operations[scope]; scope != everything && (op == nil || !op.allows(keyRole)) {
			return APIKey{}, invalid("scopes", fmt.Sprintf("there is no operation %q for keys; see /api/openapi.json", scope))
		}
	}
	return APIKey{Name: name, Scopes: scopes}, nil
}

func insertKey(ctx context.Context, tx *db.Tx, k APIKey) (secret string, made APIKey, err error) {
	if secret, err = newSecret(); err != nil {
		return "", APIKey{}, err
	}
	secret = keyWord + secret
	k.Prefix, k.CreatedAt = secret[:prefixLength], tx.Now
	k.ID, err = tx.Insert(ctx, "INSERT INTO api_keys (key_hash, prefix, name, scopes, created_at) VALUES (?, ?, ?, ?, ?)",
		secretHash(secret), k.Prefix, k.Name, strings.Join(k.Scopes, " "), db.Millis(tx.Now))
	return secret, k, wrap("create key", err)
}

const keyColumns = "SELECT id, name, prefix, scopes, created_at, used_at FROM api_keys WHERE revoked_at = 0"

// Keys reads the keys that work.
func (a Accounts) Keys(ctx context.Context) ([]APIKey, error) {
	return a.queryKeys(ctx, keyColumns+" ORDER BY id")
}

func (a Accounts) queryKeys(ctx context.Context, query string, args ...any) ([]APIKey, error) {
	rows, err := a.db.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	defer rows.Close()
	var found []APIKey
	for rows.Next() {
		var k APIKey
		var scopes string
		var created, used int64
		if err := rows.Scan(&k.ID, &k.Name, &k.Prefix, &scopes, &created, &used); err != nil {
			return nil, fmt.Errorf("read keys: %w", err)
		}
		k.Scopes, k.CreatedAt, k.UsedAt = strings.Fields(scopes), db.Time(created), db.Time(used)
		found = append(found, k)
	}
	return found, rows.Err()
}

// keyOf finds the key behind a secret; nil when there is none.
func (a Accounts) keyOf(ctx context.Context, secret string) (*APIKey, error) {
	if !strings.HasPrefix(secret, keyWord) {
		return nil, nil
	}
	found, err := a.queryKeys(ctx, keyColumns+" AND key_hash = ?", secretHash(secret))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// noteKey remembers that a key is in use, once a minute.
func (a Accounts) noteKey(ctx context.Context, k *APIKey) error {
	if a.db.Now().Sub(k.UsedAt) < sessionNoted {
		return nil
	}
	return a.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE api_keys SET used_at = ? WHERE id = ?", db.Millis(tx.Now), k.ID)
		return wrap("note key", err)
	})
}

func revokeKey(ctx context.Context, tx *db.Tx, id int64) (name string, err error) {
	err = tx.QueryRow(ctx, "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at = 0 RETURNING name", db.Millis(tx.Now), id).Scan(&name)
	if db.NoRows(err) {
		return "", notFound()
	}
	return name, wrap("revoke key", err)
}
