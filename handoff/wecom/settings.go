package wecom

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/mirror"
)

// Settings are which groups are told, and of what.
type Settings struct {
	Enabled  bool   `json:"enabled"`
	Language string `json:"language"`           // of the notices: zh or en
	Minutes  int    `json:"minutes"`            // unclaimed for so long is told once more; 0: never
	APIBase  string `json:"api_base,omitempty"` // for a proxy or tests; empty: WeCom's own

	Robots  map[int64]string `json:"-"` // address of the webhook by team, with its key; 0: of all other teams
	Version int64            `json:"-"` // rises with every save; 0: never saved
}

const (
	officialHost = "qyapi.weixin.qq.com"
	sendPath     = "/cgi-bin/webhook/send"
	row          = 1
	maxMinutes   = 24 * 60
)

// robot is the address of a team's robot; "" for none.
func (s Settings) robot(teamID int64) string {
	if address := s.Robots[teamID]; address != "" {
		return address
	}
	return s.Robots[0]
}

func refuse(field, message string) error {
	return &conversation.FieldError{Field: field, Message: message}
}

func (s Settings) check() error {
	switch {
	case s.Language != "zh" && s.Language != "en":
		return refuse("language", "the language is zh or en")
	case s.Minutes < 0 || s.Minutes > maxMinutes:
		return refuse("minutes", "between 0 (never) and 1440 minutes")
	case s.Enabled && len(s.Robots) == 0:
		return refuse("robots", "name the webhook of a robot")
	}
	if s.APIBase != "" {
		if u, err := url.Parse(s.APIBase); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return refuse("api_base", "this is no URL")
		}
	}
	for _, address := range s.Robots {
		if _, err := s.endpoint(address); err != nil {
			return err
		}
	}
	return nil
}

// endpoint is where a robot's notices are posted. The address is of WeCom's own host; a base puts another in its place.
func (s Settings) endpoint(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host != officialHost || u.Path != sendPath || u.Query().Get("key") == "" {
		return "", refuse("robots", "a robot's webhook begins with https://"+officialHost+sendPath+"?key=; copy it from the robot's card in the group")
	}
	query := "?" + url.Values{"key": {u.Query().Get("key")}}.Encode()
	if s.APIBase != "" {
		return strings.TrimSuffix(s.APIBase, "/") + sendPath + query, nil
	}
	return "https://" + officialHost + sendPath + query, nil
}

// Settings reads the settings, with the addresses opened; the defaults when none were saved.
func (b *Board) Settings(ctx context.Context, from db.Querier) (Settings, error) {
	s := Settings{Language: "zh", Minutes: 5, Robots: map[int64]string{}}
	var settings, sealed string
	err := from.QueryRow(ctx, "SELECT settings, sealed, version FROM wecom_robot WHERE id = ?", row).Scan(&settings, &sealed, &s.Version)
	if db.NoRows(err) {
		return s, nil
	}
	if err != nil {
		return Settings{}, fmt.Errorf("read the WeCom robots' settings: %w", err)
	}
	if err := json.Unmarshal([]byte(settings), &s); err != nil {
		return Settings{}, fmt.Errorf("read the WeCom robots' settings: %w", err)
	}
	text, err := b.Sealer.Unseal(name, sealed)
	if err != nil {
		return Settings{}, fmt.Errorf("open the WeCom robots' addresses: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &s.Robots); err != nil {
		return Settings{}, fmt.Errorf("open the WeCom robots' addresses: %w", err)
	}
	return s, nil
}

// ErrChanged refuses to save over what somebody else has saved meanwhile.
var ErrChanged = &conversation.FieldError{Field: "version", Message: "somebody else has changed this meanwhile; load it again"}

// Keep fills in the addresses that were left empty with those that are stored.
func (b *Board) Keep(ctx context.Context, from db.Querier, s Settings) (Settings, error) {
	old, err := b.Settings(ctx, from)
	if err != nil {
		return s, err
	}
	kept := map[int64]string{}
	for team, address := range s.Robots {
		if address = strings.TrimSpace(address); address == "" && s.APIBase == old.APIBase { // a key goes only where it was given for
			address = old.Robots[team]
		}
		if address != "" {
			kept[team] = address
		}
	}
	s.Robots = kept
	return s, nil
}

// Save checks and saves the settings on top of the version that was read. A team with an empty address keeps the one it
// has; a team that is not named has none any more.
func (b *Board) Save(ctx context.Context, tx *db.Tx, s Settings) error {
	s, err := b.Keep(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return err
	}
	settings, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("save the WeCom robots' settings: %w", err)
	}
	text, err := json.Marshal(s.Robots)
	if err != nil {
		return fmt.Errorf("save the WeCom robots' settings: %w", err)
	}
	sealed, err := b.Sealer.Seal(name, string(text))
	if err != nil {
		return fmt.Errorf("seal the WeCom robots' addresses: %w", err)
	}
	if s.Version > 0 {
		return b.replace(ctx, tx, s.Version, string(settings), sealed)
	}
	n, err := tx.Exec(ctx, "INSERT INTO wecom_robot (id, settings, sealed, version, changed_at) VALUES (?, ?, ?, 1, ?) ON CONFLICT (id) DO NOTHING",
		row, string(settings), sealed, db.Millis(tx.Now))
	return b.saved(ctx, tx, n, err)
}

func (b *Board) replace(ctx context.Context, tx *db.Tx, version int64, settings, sealed string) error {
	n, err := tx.Exec(ctx, "UPDATE wecom_robot SET settings = ?, sealed = ?, version = version + 1, changed_at = ? WHERE id = ? AND version = ?",
		settings, sealed, db.Millis(tx.Now), row, version)
	return b.saved(ctx, tx, n, err)
}

func (b *Board) saved(ctx context.Context, tx *db.Tx, n int64, err error) error {
	if err != nil {
		return fmt.Errorf("save the WeCom robots' settings: %w", err)
	}
	if n == 0 {
		return ErrChanged
	}
	tx.OnCommit(func() { b.Live.Pulse(name) })
	return b.mirror.Anew(ctx, tx)
}

// Problem is what keeps notices from being told; "" when nothing does.
func (b *Board) Problem(ctx context.Context, from db.Querier) (string, error) {
	s, err := b.Settings(ctx, from)
	if err != nil || !s.Enabled {
		return "", err
	}
	_, problem, err := mirror.Waiting(ctx, from, name)
	return problem, err
}
