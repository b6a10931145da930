package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// loadAPI is the REST API, and the HTTP client that all visitors share.
type loadAPI struct {
	base, key string
	client    *http.Client
}

const (
	requestWithin = 30 * time.Second
	maxAnswer     = 8 << 20
)

func loadClient() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{Timeout: requestWithin, Transport: &http.Transport{DialContext: dialer.DialContext,
		MaxIdleConns: maxVisitors, MaxIdleConnsPerHost: maxVisitors, IdleConnTimeout: time.Minute}}
}

// refused is the server's word that it did not do something. Status 0: it could not be reached.
type refused struct {
	status int
	words  string
	after  time.Duration
	err    error
}

// Error is what the server said.
func (r *refused) Error() string {
	if r.status == 0 {
		return "the server cannot be reached: " + r.err.Error()
	}
	return fmt.Sprintf("the server answered %d: %s", r.status, r.words)
}

// Unwrap is the error of the network.
func (r *refused) Unwrap() error { return r.err }

// passing tells whether the same request may succeed later.
func (r *refused) passing() bool {
	return r.status == 0 || r.status == http.StatusTooManyRequests || r.status >= http.StatusInternalServerError
}

// call makes one request with a JSON body (nil: none) and reads the JSON answer into into (nil: not at all).
func (a loadAPI) call(ctx context.Context, method, path, token string, body, into any) error {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, a.base+path, content)
	if err != nil {
		return err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return a.do(r, into)
}

// do makes one request and reads the JSON answer into into (nil: not at all).
func (a loadAPI) do(r *http.Request, into any) error {
	response, err := a.client.Do(r)
	if err != nil {
		return &refused{err: err}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return &refused{err: err}
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return refusal(response, answer)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s %s: the answer is not what was expected: %w", r.Method, r.URL.Path, err)
	}
	return nil
}

func refusal(response *http.Response, answer []byte) *refused {
	r := &refused{status: response.StatusCode}
	var problem struct{ Title, Detail string }
	_ = json.Unmarshal(answer, &problem) // what is no problem+json has no words
	if r.words = problem.Detail; r.words == "" {
		r.words = problem.Title
	}
	if r.words == "" {
		r.words = http.StatusText(r.status)
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		r.after = time.Duration(seconds) * time.Second
	}
	return r
}

// questions are the titles of published articles, for visitors to ask.
func (a loadAPI) questions(ctx context.Context) ([]string, error) {
	var page struct{ Items []struct{ Title string } }
	err := a.call(ctx, http.MethodGet, "/api/v1/articles?status=published&limit=100", a.key, nil, &page)
	var r *refused
	if errors.As(err, &r) && (r.status == http.StatusUnauthorized || r.status == http.StatusForbidden) {
		return nil, fmt.Errorf("%w; make a key with huiyin apikey create --name load --scope '*'", err)
	}
	if err != nil {
		return nil, err
	}
	var asked []string
	for _, item := range page.Items {
		if item.Title != "" {
			asked = append(asked, item.Title)
		}
	}
	if len(asked) == 0 {
		return greetings(), nil
	}
	return asked, nil
}

func (a loadAPI) makeInbox(ctx context.Context, kind string, settings map[string]string) (int64, error) {
	var made struct{ ID int64 }
	body := map[string]any{"kind": kind, "name": "Load test", "bot": true}
	if settings != nil {
		body["settings"] = settings
	}
	err := a.call(ctx, http.MethodPost, "/api/v1/inboxes", a.key, body, &made)
	if err != nil {
		return 0, fmt.Errorf("make a temporary inbox: %w", err)
	}
	return made.ID, nil
}

func (a loadAPI) archive(ctx context.Context, inbox int64, errs io.Writer) {
	if err := a.call(ctx, http.MethodDelete, "/api/v1/inboxes/"+strconv.FormatInt(inbox, 10), a.key, nil, nil); err != nil {
		_, _ = fmt.Fprintf(errs, "huiyin: the temporary inbox %d is still in service: %s\n", inbox, oneLine(err))
	}
}
