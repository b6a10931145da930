package weixin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"huiyin/channels"
)

// API calls the provider. Unlike the library's calls these take a context, any base address and the shared tokens, and
// keep the error code.
type API struct {
	HTTP   *http.Client
	Tokens channels.Tokens
}

// NewClient makes a client that waits at most so long for an answer to begin; whole calls are bounded by their callers.
func NewClient(wait time.Duration) *http.Client {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 256,
		IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: wait}
	return &http.Client{Transport: transport}
}

// Account is whom to call for.
type Account struct {
	Base  string              // of the provider's API, without a slash at its end
	Key   string              // of its token, the same on all nodes
	Fetch channels.FetchToken // gets a new token
}

// Refusal is the provider's answer with an errcode.
type Refusal struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

// Error is the provider's word.
func (r *Refusal) Error() string { return fmt.Sprintf("errcode %d: %s", r.Code, r.Message) }

// ErrGarbled is an answer that is none of the provider's: a proxy's page, half an answer, an error of its gateway.
var ErrGarbled = errors.New("the provider's answer cannot be read")

// maxAnswer bounds an answer; the longest are a thousand messages.
const maxAnswer = 16 << 20

// renewable are the codes that say that a token is no longer good
// (https://developer.work.weixin.qq.com/document/path/90313).
func renewable(code int) bool { return code == 40001 || code == 40014 || code == 42001 }

// Call posts in as JSON to a path and reads the answer into out, which may be nil. A token that is refused is renewed
// once. An errcode comes as *Refusal.
func (a *API) Call(ctx context.Context, to Account, path string, in, out any) error {
	body, err := encode(in)
	if err != nil {
		return err
	}
	return a.withToken(ctx, to, func(token string) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, address(to, path, url.Values{"access_token": {token}}), bytes.NewReader(body))
		if err != nil {
			return Hush(err)
		}
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		return a.Do(r, out)
	})
}

// Get asks a path with a query; otherwise as Call.
func (a *API) Get(ctx context.Context, to Account, path string, query url.Values, out any) error {
	return a.withToken(ctx, to, func(token string) error {
		with := url.Values{"access_token": {token}}
		for k, v := range query {
			with[k] = v
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address(to, path, with), nil)
		if err != nil {
			return Hush(err)
		}
		return a.Do(r, out)
	})
}

// withToken calls with the account's token, and once more with a new one when it is refused.
func (a *API) withToken(ctx context.Context, to Account, call func(token string) error) error {
	token, err := a.Tokens(ctx, to.Key, "", to.Fetch)
	if err != nil {
		return fmt.Errorf("get access token: %w", err)
	}
	err = call(token)
	var refused *Refusal
	if !errors.As(err, &refused) || !renewable(refused.Code) {
		return err
	}
	if token, err = a.Tokens(ctx, to.Key, token, to.Fetch); err != nil {
		return fmt.Errorf("renew access token: %w", err)
	}
	return call(token)
}

// Do sends a request that needs no token, or has it, and reads the JSON answer into out.
func (a *API) Do(r *http.Request, out any) error {
	answer, err := a.HTTP.Do(r)
	if err != nil {
		return Hush(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrGarbled, err)
	}
	if len(body) > maxAnswer {
		return fmt.Errorf("%w: too long", ErrGarbled)
	}
	return read(answer, body, out)
}

func read(answer *http.Response, body []byte, out any) error {
	if answer.StatusCode != http.StatusOK {
		return channels.Told(fmt.Errorf("%w: HTTP status %d", ErrGarbled, answer.StatusCode), answer.Header, time.Now())
	}
	var refused Refusal
	if err := json.Unmarshal(body, &refused); err != nil {
		return fmt.Errorf("%w: no JSON", ErrGarbled)
	}
	if refused.Code != 0 {
		return &refused
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%w: %w", ErrGarbled, err)
	}
	return nil
}

// encode writes JSON with the characters themselves: the provider refuses \u escapes (errcode 40033).
func encode(in any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(in); err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	return b.Bytes(), nil
}

func address(to Account, path string, query url.Values) string {
	return strings.TrimSuffix(to.Base, "/") + path + "?" + query.Encode()
}

// Hush takes the address, which holds a token or a secret, out of an error of net/http.
func Hush(err error) error {
	var told *url.Error
	if errors.As(err, &told) {
		return told.Err
	}
	return err
}
