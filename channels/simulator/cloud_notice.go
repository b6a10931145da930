package simulator

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// cloudNotice is a callback of a cloud's, as it goes over the wire.
type cloudNotice struct {
	account *Account
	phone   *Phone
	target  string // empty: the account's callback
	kind    string
	body    string
	form    url.Values // of Twilio, which signs it
}

// deliver brings a notice until it is taken or given up.
func (n cloudNotice) deliver(ctx context.Context) Delivery {
	s := n.account.sim
	s.mu.Lock()
	twice := n.account.twice
	s.mu.Unlock()
	if !twice {
		return n.bring(ctx)
	}
	var both sync.WaitGroup
	both.Go(func() { n.bring(ctx) })
	defer both.Wait()
	return n.bring(ctx)
}

// repeatsOf is when a cloud brings a callback again. Alibaba Cloud does after 1, 5 and 10 minutes
// (https://help.aliyun.com/document_detail/101867.html); Tencent's pages name no times, so it does as well here. Twilio
// tries once more, and only when it got no connection (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
func (c Config) repeatsOf() []time.Duration {
	switch {
	case c.Repeats != nil:
		return c.Repeats
	case c.Kind == Twilio:
		return []time.Duration{0}
	}
	return []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute}
}

func (n cloudNotice) bring(ctx context.Context) (d Delivery) {
	config := n.account.Config()
	repeats := config.repeatsOf()
	for d.Attempts = 1; ; d.Attempts++ {
		status, err := n.attempt(ctx, config, d.Attempts-1)
		if err == nil {
			d.Answer, d.Error = Success, ""
			return d
		}
		d.Answer, d.Error = None, err.Error()
		if status != 0 {
			d.Answer = Wrong
		}
		if d.Attempts > len(repeats) || (config.Kind == Twilio && status != 0) {
			return d
		}
		select {
		case <-time.After(repeats[d.Attempts-1]):
		case <-ctx.Done():
			return d
		}
	}
}

// attempt brings a notice once. An answer that does not say that it was taken is none.
func (n cloudNotice) attempt(ctx context.Context, config Config, number int) (status int, err error) {
	s := n.account.sim
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	target := n.target
	if target == "" && len(config.Callbacks) > 0 {
		target = config.Callbacks[number%len(config.Callbacks)]
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(n.body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", n.kind)
	if config.Kind == Twilio {
		r.Header.Set("X-Twilio-Signature", twilioSeal(config.Secret, target, n.form))
		r.Header.Set("User-Agent", "TwilioProxy/1.1")
	}
	started := time.Now()
	status, body, err := call(s.client, r)
	if err == nil {
		err = config.taken(status, body)
	}
	e := &Exchange{Way: "callback", Account: config.AppID, Customer: n.phone.name, Method: r.Method, Path: r.URL.RequestURI(), Request: n.body,
		Status: status, Response: string(body), Millis: time.Since(started).Milliseconds()}
	if n.form != nil {
		e.RequestPlain = strings.ReplaceAll(decoded(n.body), "&", "\n")
	}
	if err != nil {
		e.Note = err.Error()
	}
	s.mu.Lock()
	s.note(e)
	s.mu.Unlock()
	return status, err
}

func decoded(form string) string {
	text, err := url.QueryUnescape(form)
	if err != nil {
		return form
	}
	return text
}

// taken reads the answer to a callback: a 2xx, and from whom the Chinese clouds call, the number 0.
func (c Config) taken(status int, body []byte) error {
	if status/100 != 2 {
		return fmt.Errorf("status %d", status)
	}
	if c.Kind == Twilio {
		return nil
	}
	var answer struct{ Code, Result *int }
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("the answer is no JSON: %w", err)
	}
	said := answer.Code
	if c.Kind == Tencent {
		said = answer.Result
	}
	if said == nil || *said != 0 {
		return fmt.Errorf("the answer does not say 0: %.100s", body)
	}
	return nil
}

// twilioSeal signs a form as Twilio does: https://www.twilio.com/docs/usage/security#validating-requests
func twilioSeal(token, address string, form url.Values) string {
	var names []string
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = mac.Write([]byte(address))
	for _, name := range names {
		_, _ = mac.Write([]byte(name + form.Get(name)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
