package admin

import (
	"context"
	"slices"

	"huiyin/admin/api"
	"huiyin/db"
)

// ListAPIKeys shows the keys that work, without their secrets.
func (s *Server) ListAPIKeys(ctx context.Context, _ api.ListAPIKeysRequestObject) (api.ListAPIKeysResponseObject, error) {
	found, err := s.Keys(ctx)
	if err != nil {
		return nil, err
	}
	keys := make(api.ListAPIKeys200JSONResponse, 0, len(found))
	for _, k := range found {
		keys = append(keys, viewKey(k))
	}
	return keys, nil
}

// CreateAPIKey makes a key and shows it this once.
func (s *Server) CreateAPIKey(ctx context.Context, r api.CreateAPIKeyRequestObject) (api.CreateAPIKeyResponseObject, error) {
	wanted, err := checkKey(s.spec, r.Body.Name, r.Body.Scopes)
	if err != nil {
		return nil, err
	}
	if k := whoOf(ctx).key; k != nil && slices.ContainsFunc(wanted.Scopes, func(scope string) bool { return !k.covers(scope) }) {
		return nil, forbidden("a key can only give scopes that it has itself")
	}
	var secret string
	var made APIKey
	err = s.write(ctx, func(tx *db.Tx) (err error) {
		if secret, made, err = insertKey(ctx, tx, wanted); err != nil {
			return err
		}
		return s.note(ctx, tx, "key_created", object("key", made.ID), made.Name)
	})
	if err != nil {
		return nil, err
	}
	return api.CreateAPIKey201JSONResponse{Key: secret, ApiKey: viewKey(made)}, nil
}

// RevokeAPIKey makes a key worthless.
func (s *Server) RevokeAPIKey(ctx context.Context, r api.RevokeAPIKeyRequestObject) (api.RevokeAPIKeyResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		name, err := revokeKey(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, "key_revoked", object("key", r.Id), name)
	})
	return api.RevokeAPIKey204Response{}, err
}

func viewKey(k APIKey) api.APIKey {
	return api.APIKey{Id: k.ID, Name: k.Name, Prefix: k.Prefix, Scopes: k.Scopes, CreatedAt: k.CreatedAt, LastUsedAt: optTime(k.UsedAt)}
}
