package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"huiyin/admin"
)

type apikeyCmd struct {
	Create apikeyCreateCmd `cmd:"" help:"Make a key for a program; it is printed this once."`
	List   apikeyListCmd   `cmd:"" help:"List the keys, without their secrets."`
}

type apikeyCreateCmd struct {
	where `embed:""`
	Name  string   `help:"Who uses the key." required:""`
	Scope []string `help:"An operation of /api/openapi.json that the key may call; * for everything. May be repeated." required:"" placeholder:"SCOPE"`
	JSON  bool     `name:"json" help:"Print JSON."`
}

type apikeyListCmd struct {
	where `embed:""`
	JSON  bool `name:"json" help:"Print JSON."`
}

// shownKey is a key as the commands print it; Key, the secret, only when it is made.
type shownKey struct {
	ID     int64      `json:"id"`
	Name   string     `json:"name"`
	Key    string     `json:"key,omitempty"`
	Prefix string     `json:"prefix"`
	Scopes []string   `json:"scopes"`
	UsedAt *time.Time `json:"used_at,omitempty"`
}

func showKey(k admin.APIKey, secret string) shownKey {
	s := shownKey{ID: k.ID, Name: k.Name, Key: secret, Prefix: k.Prefix, Scopes: k.Scopes}
	if !k.UsedAt.IsZero() {
		s.UsedAt = &k.UsedAt
	}
	return s
}

// Run makes a key.
func (c apikeyCreateCmd) Run(std streams) error {
	return c.with(func(ctx context.Context, p *parts) error {
		secret, made, err := admin.NewAccounts(p.db, p.desk()).CreateKey(ctx, c.Name, c.Scope)
		if err != nil {
			return err
		}
		return std.print(c.JSON, showKey(made, secret), "%s\n", secret)
	})
}

// Run lists the keys.
func (c apikeyListCmd) Run(std streams) error {
	return c.withExisting(func(ctx context.Context, p *parts) error {
		keys, err := admin.NewAccounts(p.db, p.desk()).Keys(ctx)
		if err != nil {
			return err
		}
		shown := []shownKey{}
		for _, k := range keys {
			shown = append(shown, showKey(k, ""))
		}
		if c.JSON {
			return json.NewEncoder(std.out).Encode(shown)
		}
		for _, k := range shown {
			if _, err := fmt.Fprintf(std.out, "%d  %s…  %s  %s\n", k.ID, k.Prefix, k.Name, strings.Join(k.Scopes, " ")); err != nil {
				return err
			}
		}
		return nil
	})
}
