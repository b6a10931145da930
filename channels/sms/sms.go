// Package sms speaks to the clouds that carry short messages: Twilio, Alibaba Cloud and Tencent Cloud. Requests are signed
// here and go over plain HTTP; no provider's library is needed for one call each. It stores nothing and decides nothing;
// what all texts have in common is in channels/internal/texting.
package sms

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

// Options are what the adapters need from outside.
type Options struct {
	Client  *http.Client                          // nil: one with a timeout
	Now     func() time.Time                      // nil: time.Now
	Public  func(inbox conversation.Inbox) string // the callback's URL as the provider knows it
	Article func(id int64) string                 // where a customer may read an article; nil or "": nowhere
	Random  func() string                         // a word that was not used before
	Base    string                                // where this server is reached, for links and pictures that lie with it
}

const (
	patience   = 30 * time.Second
	maxAnswer  = 1 << 20
	maxRequest = 1 << 20
)

func (o Options) complete() Options {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: patience}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// base is what the adapters share.
type base struct {
	Options
	kind  channels.Kind
	texts *texting.Desk
}

// Kind describes the channel.
func (b *base) Kind() channels.Kind { return b.kind }

// Sample is an answer as the customer gets it, inside its template where the inbox has one.
func (b *base) Sample(inbox conversation.Inbox, m conversation.Message) channels.Sample {
	r := texting.Read(b.kind, inbox)
	template := b.kind.Value(inbox, "template_text")
	if template == "" {
		return b.texts.Sample(r, m)
	}
	sign := r.Form.Sign
	r.Form.Sign = ""
	s := b.texts.Sample(r, m)
	r.Form.Sign, r.Form.Parts = sign, 0
	whole := b.texts.Sample(r, conversation.Message{Sender: conversation.FromAgent, Text: strings.Replace(template, "{content}", s.Texts[0], 1)})
	whole.Limit = s.Limit
	whole.Cut = s.Cut || b.tooLong(inbox, s.Texts[0]) != channels.Words{}
	return whole
}

// Reach is a number that a customer told, as the address of texts to it.
func (b *base) Reach(inbox conversation.Inbox, said string) channels.Reached {
	return texting.Read(b.kind, inbox).Reach(said)
}

// ask sends a request and reads the JSON answer. That a request was not sent at all is told from one whose outcome is unknown.
func (b *base) ask(r *http.Request, out any) (status int, err error) {
	var handed atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { handed.Store(true) }}
	answer, err := b.Client.Do(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil && !handed.Load() { // no name, no connection, or a certificate that is not to be trusted
		return 0, &channels.SendError{Reason: "the provider could not be reached", Retry: true, Err: err}
	}
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return answer.StatusCode, &channels.SendError{Reason: "the provider's answer broke off; the text may or may not have been taken", Uncertain: true, Err: err}
	}
	after := channels.RetryAfter(answer.Header, b.Now())
	if s := answer.StatusCode; after > 0 && (s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable) {
		return answer.StatusCode, overloaded(after, fmt.Errorf("status %d: %.200s", answer.StatusCode, body))
	}
	if err := json.Unmarshal(body, out); err != nil {
		return answer.StatusCode, garbled(answer.StatusCode, after, err)
	}
	return answer.StatusCode, nil
}

// overloaded is a refusal for now, for as long as the provider says.
func overloaded(after time.Duration, err error) error {
	return &channels.SendError{Reason: "the provider is overloaded", Retry: true, After: max(after, 10*time.Second), Err: err}
}

// garbled is an answer that is none of the provider's. A gateway's refusal was not passed on; anything else may have been.
func garbled(status int, after time.Duration, err error) error {
	switch {
	case status == http.StatusTooManyRequests || status == http.StatusBadGateway || status == http.StatusServiceUnavailable:
		return overloaded(after, err)
	case status >= 400 && status < 500:
		return &channels.SendError{Reason: fmt.Sprintf("the provider refused the request (status %d)", status), Err: err}
	default:
		return &channels.SendError{Reason: "the provider's answer cannot be read; the text may or may not have been taken", Uncertain: true, Err: err}
	}
}

// failed is the word on a call that did not end well: known by now, or of unknown outcome.
func failed(ctx context.Context, err error) error {
	var known *channels.SendError
	if errors.As(err, &known) {
		return err
	}
	return &channels.SendError{Reason: "the provider did not answer; the text may or may not have been taken", Uncertain: true, Err: errors.Join(err, ctx.Err())}
}

// read reads a callback's body.
func read(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
	if err != nil {
		return nil, fmt.Errorf("read callback: %w", err)
	}
	return body, nil
}

func unreadable(what string) error { return &conversation.FieldError{Field: "body", Message: what} }
