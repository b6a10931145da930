package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// maxAnswer bounds what is read of an answer of the API.
const maxAnswer = 1 << 20

// call is one request to the API.
type call struct {
	method, path string
	query        url.Values
	body         []byte
	contentType  string
}

func get(path string, query url.Values) call {
	return call{method: http.MethodGet, path: path, query: query}
}

// post makes a request with a JSON body as WeChat reads it: characters as they are, neither as \uXXXX nor escaped for HTML
// (errcode 40033). Texts in it have been cleaned.
func post(path string, body any) (call, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return call{}, fmt.Errorf("write request: %w", err)
	}
	return call{method: http.MethodPost, path: path, body: b.Bytes(), contentType: "application/json; charset=utf-8"}, nil
}

// refusal is WeChat's word that it did not do something.
type refusal struct {
	code  int
	words string
}

// Error is the code with WeChat's own words, which name a request id that its support asks for.
func (r *refusal) Error() string { return fmt.Sprintf("errcode %d: %s", r.code, r.words) }

// failure is a request without a word of WeChat's. Sent tells whether WeChat may have it.
type failure struct {
	sent   bool
	status int // of the HTTP answer; 0: none
	err    error
}

// Error is what went wrong.
func (f *failure) Error() string { return f.err.Error() }

// Unwrap is its cause.
func (f *failure) Unwrap() error { return f.err }

// tokenRefused tells whether a request failed on its token alone.
// https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html
func tokenRefused(err error) bool {
	var r *refusal
	return errors.As(err, &r) && (r.code == 40001 || r.code == 40014 || r.code == 42001)
}

// do makes a request with the account's token, and once more with a new one if WeChat refuses it.
func (a *Adapter) do(ctx context.Context, acc account, c call, into any) error {
	return a.withToken(ctx, acc, func(token string) error {
		data, _, err := a.once(ctx, acc, token, c)
		if err != nil {
			return err
		}
		return decode(data, into)
	})
}

func (a *Adapter) withToken(ctx context.Context, acc account, try func(token string) error) error {
	token, err := a.Tokens(ctx, acc.tokenKey(), "", a.fetchToken(acc, ""))
	if err != nil {
		return fmt.Errorf("get access token: %w", err)
	}
	if err = try(token); !tokenRefused(err) {
		return err
	}
	if token, err = a.Tokens(ctx, acc.tokenKey(), token, a.fetchToken(acc, token)); err != nil {
		return fmt.Errorf("get access token: %w", err)
	}
	return try(token)
}

// fetchToken asks for the stable token, which every node may ask for: a plain call gives the one that is valid. Only when
// that is the very one that was refused is a new one forced, which WeChat allows 20 times a day.
// https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
func (a *Adapter) fetchToken(acc account, refused string) func(context.Context) (string, time.Duration, error) {
	return func(ctx context.Context) (string, time.Duration, error) {
		token, lives, err := a.stableToken(ctx, acc, false)
		if err == nil && token == refused {
			return a.stableToken(ctx, acc, true)
		}
		return token, lives, err
	}
}

func (a *Adapter) stableToken(ctx context.Context, acc account, force bool) (string, time.Duration, error) {
	c, err := post("/cgi-bin/stable_token", map[string]any{"grant_type": "client_credential", "appid": acc.appID, "secret": acc.secret, "force_refresh": force})
	if err != nil {
		return "", 0, err
	}
	data, _, err := a.once(ctx, acc, "", c)
	if err != nil {
		return "", 0, notSent(err)
	}
	var answer struct {
		Token string `json:"access_token"`
		Lives int64  `json:"expires_in"`
	}
	if err := decode(data, &answer); err != nil {
		return "", 0, notSent(err)
	}
	if answer.Token == "" || answer.Lives <= 0 {
		return "", 0, &failure{err: errors.New("WeChat gave no access token")}
	}
	return answer.Token, time.Duration(answer.Lives) * time.Second, nil
}

// notSent says of a failure that nothing was handed over by it: asking for a token or uploading a file tells a customer nothing.
func notSent(err error) error {
	var f *failure
	if errors.As(err, &f) {
		return &failure{status: f.status, err: f.err}
	}
	return err
}

// once makes one request and reads the answer, which is JSON or, where the caller asks for one, a file's beginning.
func (a *Adapter) once(ctx context.Context, acc account, token string, c call) ([]byte, http.Header, error) {
	response, err := a.send(ctx, acc, token, c)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, nil, &failure{sent: true, status: response.StatusCode, err: fmt.Errorf("the answer broke off: %w", err)}
	case response.StatusCode != http.StatusOK:
		return nil, nil, statusFailure(response.StatusCode)
	case len(data) > maxAnswer:
		return nil, nil, &failure{sent: true, status: response.StatusCode, err: errors.New("the answer is too long")}
	}
	return data, response.Header, nil
}

// send makes the request. An error before its first byte was written means that WeChat has nothing of it.
func (a *Adapter) send(ctx context.Context, acc account, token string, c call) (*http.Response, error) {
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { written.Store(true) }})
	query := url.Values{}
	for key, values := range c.query {
		query[key] = values
	}
	if token != "" {
		query.Set("access_token", token)
	}
	r, err := http.NewRequestWithContext(ctx, c.method, acc.base+c.path+"?"+query.Encode(), bytes.NewReader(c.body))
	if err != nil {
		return nil, &failure{err: err}
	}
	if c.contentType != "" {
		r.Header.Set("Content-Type", c.contentType)
	}
	response, err := a.Client.Do(r)
	if err != nil {
		return nil, &failure{sent: written.Load(), err: withoutToken(err)}
	}
	return response, nil
}

// withoutToken keeps the access token out of errors, which are shown and logged: an error of net/http names the address.
func withoutToken(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// statusFailure is an HTTP answer that is not WeChat's. What a proxy turned away was not handed over; of what broke behind
// it nobody can tell.
func statusFailure(status int) error {
	sent := status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable || status < http.StatusBadRequest
	return &failure{sent: sent, status: status, err: fmt.Errorf("the API answered with HTTP status %d", status)}
}

// decode reads a JSON answer: a refusal where errcode is not 0, else into into.
func decode(data []byte, into any) error {
	var word struct {
		Code  *int   `json:"errcode"`
		Words string `json:"errmsg"`
	}
	if err := json.Unmarshal(data, &word); err != nil {
		return &failure{sent: true, err: errors.New("the answer is not WeChat's JSON; is there a proxy or a login page in between?")}
	}
	if word.Code != nil && *word.Code != 0 {
		return &refusal{code: *word.Code, words: word.Words}
	}
	if into == nil {
		if word.Code == nil {
			return &failure{sent: true, err: errors.New("the answer does not say how it went")}
		}
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return &failure{sent: true, err: fmt.Errorf("read answer: %w", err)}
	}
	return nil
}

// isJSON tells whether an answer is WeChat's word and not a file.
func isJSON(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (kind == "text/plain" || strings.HasSuffix(kind, "json"))
}
