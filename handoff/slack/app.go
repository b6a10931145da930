package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/mirror"
)

// topic is the live topic that pulses when the settings change.
const topic = "slack"

// App is how the desk is connected with a workspace.
type App struct {
	Enabled  bool             `json:"enabled"`
	Socket   bool             `json:"socket"`             // Socket Mode; else Slack calls our URLs
	APIBase  string           `json:"api_base,omitempty"` // for a proxy or tests; empty: Slack's own
	Prefix   string           `json:"prefix,omitempty"`   // a text in a thread that begins with it goes to the customer; empty: none does
	Language string           `json:"language"`           // of the cards: zh or en
	Channels map[int64]string `json:"channels"`           // id of the channel by team; 0: of all other teams

	BotToken      string `json:"-"` // xoxb-…
	AppToken      string `json:"-"` // xapp-…, of Socket Mode
	SigningSecret string `json:"-"` // of requests to our URLs

	Version int64  `json:"-"` // rises with every save; 0: never saved
	Problem string `json:"-"` // why Slack refuses us
}

type secrets struct {
	Bot     string `json:"bot"`
	App     string `json:"app"`
	Signing string `json:"signing"`
}

const (
	defaultBase = "https://slack.com/api/"
	maxPrefix   = 12
	appRow      = 1
	sealedFor   = "slack"
)

func (a App) base() string {
	if a.APIBase == "" {
		return defaultBase
	}
	return strings.TrimSuffix(a.APIBase, "/") + "/"
}

// channel is where the conversations of a team are shown; "" for nowhere.
func (a App) channel(teamID int64) string {
	if id := a.Channels[teamID]; id != "" {
		return id
	}
	return a.Channels[0]
}

// channelID is the form of Slack's ids of channels.
var channelID = regexp.MustCompile(`^[CG][A-Z0-9]{2,20}$`)

func (a App) check() error {
	refuse := func(field, message string) error { return &conversation.FieldError{Field: field, Message: message} }
	if a.Language != "zh" && a.Language != "en" {
		return refuse("language", "the language is zh or en")
	}
	for _, id := range a.Channels {
		if !channelID.MatchString(id) {
			return refuse("channels", "a channel is named by its id, such as C0123456789: in Slack, open the channel's details and copy it from the foot")
		}
	}
	if utf8.RuneCountInString(a.Prefix) > maxPrefix || a.Prefix != strings.TrimSpace(a.Prefix) || strings.HasPrefix(a.Prefix, "/") {
		return refuse("prefix", "the prefix has up to 12 characters, no spaces at its ends, and does not begin with a slash, which Slack takes for a command")
	}
	if a.APIBase != "" {
		if u, err := url.Parse(a.APIBase); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return refuse("api_base", "this is no URL")
		}
	}
	if !a.Enabled {
		return nil
	}
	return a.checkTokens(refuse)
}

func (a App) checkTokens(refuse func(field, message string) error) error {
	switch {
	case !strings.HasPrefix(a.BotToken, "xoxb-"):
		return refuse("bot_token", "the bot token begins with xoxb-; it stands under OAuth & Permissions")
	case a.Socket && !strings.HasPrefix(a.AppToken, "xapp-"):
		return refuse("app_token", "Socket Mode needs the app-level token, which begins with xapp-; it stands under Basic Information")
	case !a.Socket && a.SigningSecret == "":
		return refuse("signing_secret", "without Socket Mode requests are verified by the signing secret; it stands under Basic Information")
	case len(a.Channels) == 0:
		return refuse("channels", "name a channel")
	}
	return nil
}

// App reads the settings, with the secrets opened; the zero App when none were saved.
func (b *Board) App(ctx context.Context, from db.Querier) (App, error) {
	var a App
	var settings, sealed string
	err := from.QueryRow(ctx, "SELECT settings, sealed, version, problem FROM slack_app WHERE id = ?", appRow).Scan(&settings, &sealed, &a.Version, &a.Problem)
	if db.NoRows(err) {
		return App{Language: "zh", Socket: true, Channels: map[int64]string{}}, nil
	}
	if err != nil {
		return App{}, fmt.Errorf("read Slack's settings: %w", err)
	}
	if err := json.Unmarshal([]byte(settings), &a); err != nil {
		return App{}, fmt.Errorf("read Slack's settings: %w", err)
	}
	if sealed == "" {
		return a, nil
	}
	text, err := b.Sealer.Unseal(sealedFor, sealed)
	if err != nil {
		return App{}, fmt.Errorf("open Slack's tokens: %w", err)
	}
	var s secrets
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return App{}, fmt.Errorf("open Slack's tokens: %w", err)
	}
	a.BotToken, a.AppToken, a.SigningSecret = s.Bot, s.App, s.Signing
	return a, nil
}

func (b *Board) version(ctx context.Context) (int64, error) {
	var v int64
	err := b.DB.QueryRow(ctx, "SELECT version FROM slack_app WHERE id = ?", appRow).Scan(&v)
	if db.NoRows(err) {
		return 0, nil
	}
	return v, err
}

// ErrChanged refuses to save over what somebody else has saved meanwhile.
var ErrChanged = &conversation.FieldError{Field: "version", Message: "somebody else has changed this meanwhile; load it again"}

// SaveApp checks and saves the settings on top of the version that was read. Empty secrets stay as they are.
func (b *Board) SaveApp(ctx context.Context, tx *db.Tx, a App) error {
	old, err := b.App(ctx, tx)
	if err != nil {
		return err
	}
	if old.Version != a.Version {
		return ErrChanged
	}
	a = a.keeping(old)
	if err := a.check(); err != nil {
		return err
	}
	settings, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("save Slack's settings: %w", err)
	}
	text, err := json.Marshal(secrets{a.BotToken, a.AppToken, a.SigningSecret})
	if err != nil {
		return fmt.Errorf("save Slack's settings: %w", err)
	}
	sealed, err := b.Sealer.Seal(sealedFor, string(text))
	if err != nil {
		return fmt.Errorf("seal Slack's tokens: %w", err)
	}
	n, err := tx.Exec(ctx, `INSERT INTO slack_app (id, settings, sealed, version, changed_at) VALUES (?, ?, ?, 1, ?)
 ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, sealed = excluded.sealed, version = slack_app.version + 1, problem = '', changed_at = excluded.changed_at
 WHERE slack_app.version = ?`, appRow, string(settings), sealed, db.Millis(tx.Now), a.Version)
	if err != nil {
		return fmt.Errorf("save Slack's settings: %w", err)
	}
	if n == 0 {
		return ErrChanged
	}
	tx.OnCommit(func() { b.Live.Pulse(topic) })
	return b.mirror.Anew(ctx, tx)
}

// keeping fills in the secrets that were left empty with those that are stored. They go to the address that they were
// given for, and to no other.
func (a App) keeping(old App) App {
	if a.base() != old.base() {
		return a
	}
	a.BotToken, a.AppToken, a.SigningSecret = or(a.BotToken, old.BotToken), or(a.AppToken, old.AppToken), or(a.SigningSecret, old.SigningSecret)
	return a
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// trouble notes why Slack refuses us, for the settings page; empty once it does not any more.
func (b *Board) trouble(ctx context.Context, problem string) {
	err := b.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE slack_app SET problem = ? WHERE id = ? AND problem <> ?", problem, appRow, problem)
		return err
	})
	if err != nil && ctx.Err() == nil {
		b.Log.Warn("Slack's trouble not noted", "problem", problem, "error", err)
	}
}

// Health is how well Slack is kept in step.
type Health struct {
	Waiting int    // conversations that are not in step
	Problem string // why
}

// Health reads how well Slack is kept in step.
func (b *Board) Health(ctx context.Context, from db.Querier) (Health, error) {
	app, err := b.App(ctx, from)
	if err != nil || !app.Enabled {
		return Health{}, err
	}
	n, problem, err := mirror.Waiting(ctx, from, name)
	return Health{Waiting: n, Problem: or(app.Problem, problem)}, err
}
