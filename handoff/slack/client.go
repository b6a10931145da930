package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"huiyin/handoff/mirror"
)

// client is Slack's API with the tokens of one version of the settings, and who we are there.
type client struct {
	*slack.Client
	app       App
	bot, self string // bot id and user id of our own
	team      string
}

// client gives the API with the settings of now. It asks Slack who we are once for each version.
func (b *Board) client(ctx context.Context) (*client, error) {
	app, err := b.App(ctx, b.DB)
	if err != nil {
		return nil, err
	}
	if !app.Enabled {
		return nil, &mirror.Later{After: time.Minute, Problem: "Slack is switched off"}
	}
	b.mu.Lock()
	opened := b.opened
	b.mu.Unlock()
	if opened != nil && opened.app.Version == app.Version {
		return opened, nil
	}
	c := b.newClient(app)
	who, err := c.AuthTestContext(ctx)
	if err != nil {
		return nil, b.failed(ctx, "auth.test", err)
	}
	c.bot, c.self, c.team = who.BotID, who.UserID, who.TeamID
	b.trouble(ctx, "")
	b.mu.Lock()
	b.opened = c
	b.mu.Unlock()
	return c, nil
}

func (b *Board) newClient(app App) *client {
	return &client{app: app, Client: slack.New(app.BotToken, slack.OptionAPIURL(app.base()), slack.OptionAppLevelToken(app.AppToken), slack.OptionHTTPClient(b.Client))}
}

// Check tries the settings out with Slack: the tokens, those that are stored where none are given, and each channel. The error is in words for the operator.
func (b *Board) Check(ctx context.Context, app App) error {
	old, err := b.App(ctx, b.DB)
	if err != nil {
		return err
	}
	if app = app.keeping(old); app.BotToken == "" {
		return errors.New("enter the bot token; a new address needs it again")
	}
	c := b.newClient(app)
	if _, err := c.AuthTestContext(ctx); err != nil {
		return errors.New(words(err))
	}
	if app.Socket {
		if _, _, err := c.StartSocketModeContext(ctx); err != nil {
			return errors.New(socketWords(err))
		}
	}
	for _, id := range app.Channels {
		ch, err := c.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
		switch {
		case err != nil:
			return fmt.Errorf("%s: %s", words(err), id)
		case ch.IsArchived:
			return fmt.Errorf("%s: %s", words(slack.SlackErrorResponse{Err: "is_archived"}), ch.Name)
		case !ch.IsMember:
			if _, _, _, err := c.JoinConversationContext(ctx, id); err != nil {
				return fmt.Errorf("%s: %s", words(slack.SlackErrorResponse{Err: "not_in_channel"}), ch.Name)
			}
		}
	}
	return nil
}

const (
	pauseRevoked = 15 * time.Second
	pauseChannel = 15 * time.Second
)

// failed says what an error of Slack's means for what was being done.
// https://docs.slack.dev/reference/methods/chat.postMessage#errors
func (b *Board) failed(ctx context.Context, key string, err error) error {
	if err == nil {
		return nil
	}
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		b.pace.rest(key, limited.RetryAfter)
		return &mirror.Later{After: limited.RetryAfter}
	}
	var pause *mirror.Pause
	if errors.As(err, &pause) {
		b.pace.rest(key, pause.After)
		return &mirror.Later{After: pause.After, Problem: words(err), Asked: true}
	}
	switch code(err) {
	case "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "missing_scope", "org_login_required":
		b.forget()
		b.trouble(context.WithoutCancel(ctx), words(err))
		return &mirror.Later{After: pauseRevoked, Problem: words(err)}
	case "channel_not_found", "is_archived", "not_in_channel", "restricted_action":
		return &mirror.Later{After: pauseChannel, Problem: words(err)}
	}
	var known *awayError
	if errors.As(err, &known) || !unreachable(err) {
		return err
	}
	return &awayError{err}
}

// awayError says that Slack cannot be reached, and why.
type awayError struct{ cause error }

func (e *awayError) Error() string {
	cause := e.cause
	var asked *url.Error
	if errors.As(cause, &asked) {
		cause = asked.Err // without the address
	}
	return "Slack cannot be reached: " + cause.Error()
}

func (e *awayError) Unwrap() error { return e.cause }

// forget has the next call ask Slack again who we are.
func (b *Board) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened = nil
}

// code is the word of a refusal of Slack's; "" for any other error.
func code(err error) string {
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// words says a refusal of Slack's to people.
func words(err error) string {
	switch code(err) {
	case "invalid_auth", "token_revoked", "token_expired", "not_authed":
		return "Slack does not know the bot token any more; copy it again from OAuth & Permissions"
	case "account_inactive":
		return "the app was removed from the workspace; install it again and copy the new bot token"
	case "missing_scope":
		return "the app lacks a permission; compare its manifest with the guide and install it again"
	case "channel_not_found":
		return "there is no such channel, or the app cannot see it"
	case "is_archived":
		return "the channel is archived; choose another one or bring it back"
	case "not_in_channel":
		return "the app is not in the channel; type /invite there and choose the app"
	}
	if unreachable(err) {
		return (&awayError{err}).Error()
	}
	return err.Error()
}

// socketWords says a refusal of a connection to people: it is the app-level token that Slack looks at then.
func socketWords(err error) string {
	switch code(err) {
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "not_allowed_token_type", "missing_scope":
		return "Slack does not take the app-level token (xapp-…); make one under Basic Information with the scope connections:write"
	}
	return words(err)
}

// unreachable tells that an error is of the way to Slack and not of what was asked: it goes away by itself.
func unreachable(err error) bool {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var network net.Error
	var cut *json.SyntaxError
	switch {
	case errors.As(err, &status):
		return status.Code >= http.StatusInternalServerError
	case errors.As(err, &limited), errors.As(err, &network), errors.As(err, &cut), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return true
	}
	switch code(err) {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout":
		return true
	}
	return false
}

// gone tells that what was to be changed is not there any more.
func gone(err error) bool {
	switch code(err) {
	case "message_not_found", "thread_not_found", "cant_update_message":
		return true
	}
	return false
}

// own tells whether a file is Slack's own, so that our token may be sent there.
func (c *client) own(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if c.app.APIBase != "" {
		base, err := url.Parse(c.app.APIBase)
		return err == nil && u.Scheme == base.Scheme && u.Host == base.Host
	}
	return u.Scheme == "https" && (u.Host == "files.slack.com" || strings.HasSuffix(u.Host, ".slack.com"))
}
