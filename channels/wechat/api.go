package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
)

// A customer service message carries no id of ours, so sending it twice shows it twice. What becomes of a failed call
// therefore hangs on whether WeChat may have it, and the errors of this file say so.

// unsent is a request of which WeChat has nothing.
type unsent struct {
	status int // of the HTTP answer of somebody in between; 0: none
	err    error
}

// Error is what went wrong.
func (u *unsent) Error() string { return u.err.Error() }

// Unwrap is its cause.
func (u *unsent) Unwrap() error { return u.err }

// newAPI makes the caller of the API on a client of its own, whose requests tell whether they were handed over.
func newAPI(client *http.Client, tokens channels.Tokens) weixin.API {
	own := *client
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.Transport = witness{own.Transport}
	return weixin.API{HTTP: &own, Tokens: func(ctx context.Context, key, refused string, fetch channels.FetchToken) (string, error) {
		token, err := tokens(context.WithValue(ctx, refusedToken{}, refused), key, refused, fetch)
		if err != nil {
			return "", early(err)
		}
		return token, nil
	}}
}

// early says of an error that it came before anything was handed over: tokens and uploads tell the customer nothing.
func early(err error) error {
	var refused *weixin.Refusal
	var known *unsent
	if err == nil || errors.As(err, &refused) || errors.As(err, &known) {
		return err
	}
	return &unsent{err: err}
}

// witness sees whether a request was written before it failed, and which answers mean that it was turned away on the road.
type witness struct{ next http.RoundTripper }

// RoundTrip makes the request.
func (w witness) RoundTrip(r *http.Request) (*http.Response, error) {
	var written atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { written.Store(true) }}
	response, err := w.next.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil {
		if !written.Load() {
			err = &unsent{err: err}
		}
		return nil, err
	}
	if s := response.StatusCode; s == http.StatusServiceUnavailable || s >= 400 && s < 500 {
		_ = response.Body.Close()
		return nil, &unsent{status: s, err: channels.Told(fmt.Errorf("the API answered with HTTP status %d", s), response.Header, time.Now())}
	}
	return response, nil
}

// refusedToken is the key of the token that WeChat refused, in the context of getting another.
type refusedToken struct{}

// fetchToken asks for the stable token, which every node may ask for: a plain call gives the one that is valid. Only when
// that is the very one that was refused is a new one forced, which WeChat allows 20 times a day.
// https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
func (a *Adapter) fetchToken(ctx context.Context, acc account) (string, time.Duration, error) {
	token, lives, err := a.stableToken(ctx, acc, false)
	if refused, _ := ctx.Value(refusedToken{}).(string); err == nil && token == refused {
		return a.stableToken(ctx, acc, true)
	}
	return token, lives, err
}

func (a *Adapter) stableToken(ctx context.Context, acc account, force bool) (string, time.Duration, error) {
	body, err := json.Marshal(map[string]any{"grant_type": "client_credential", "appid": acc.appID, "secret": acc.secret, "force_refresh": force})
	if err != nil {
		return "", 0, fmt.Errorf("ask for a token: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, acc.base+"/cgi-bin/stable_token", bytes.NewReader(body))
	if err != nil {
		return "", 0, fmt.Errorf("ask for a token: %w", err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	var answer struct {
		Token string `json:"access_token"`
		Lives int64  `json:"expires_in"`
	}
	if err := a.api.Do(r, &answer); err != nil {
		return "", 0, err
	}
	if answer.Token == "" || answer.Lives <= 0 {
		return "", 0, fmt.Errorf("%w: no token in it", weixin.ErrGarbled)
	}
	return answer.Token, time.Duration(answer.Lives) * time.Second, nil
}

// call posts to the API; out may be nil.
func (a *Adapter) call(ctx context.Context, acc account, path string, in, out any) error {
	return a.api.Call(ctx, a.remote(acc), path, in, out)
}
