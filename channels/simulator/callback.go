package simulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// repeats is how often a callback is brought again when its answer fails to come: three times after the first.
// https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
const repeats = 3

// Answer is how a callback was answered.
type Answer string

// The answers.
const (
	Passive Answer = "passive" // with a message for the customer
	Success Answer = "success" // with success, or nothing
	Wrong   Answer = "wrong"   // with what is neither
	None    Answer = "none"    // not at all, in no attempt
)

// Delivery is what became of a callback.
type Delivery struct {
	Attempts int    `json:"attempts"`
	Answer   Answer `json:"answer"`
	Error    string `json:"error,omitempty"`
}

// push is what is brought to an account's callback URL. It happened on a phone, if any.
type push struct {
	account *Account
	phone   *Phone
	body    fields
	done    *bool // a passive reply is on the screen: of several answers to one message the first counts
}

// deliver brings a push until it is answered or given up, and shows the customer what came of it.
func (p push) deliver(ctx context.Context) Delivery {
	s := p.account.sim
	s.mu.Lock()
	twice := p.account.twice
	s.mu.Unlock()
	if !twice {
		return p.bring(ctx)
	}
	var both sync.WaitGroup
	both.Go(func() { p.bring(ctx) })
	defer both.Wait()
	return p.bring(ctx)
}

func (p push) bring(ctx context.Context) (d Delivery) {
	s := p.account.sim
	for d.Attempts = 1; ; d.Attempts++ {
		started := time.Now()
		var fatal bool
		d.Answer, fatal, d.Error = p.attempt(ctx, d.Attempts-1)
		if d.Answer != None || fatal || d.Attempts > repeats {
			break
		}
		select {
		case <-time.After(s.wait - time.Since(started)):
		case <-ctx.Done():
			return d
		}
	}
	if d.Answer == Wrong || d.Answer == None {
		p.fail()
	}
	return d
}

// fail shows the customer that the account is out of order, where the provider does.
func (p push) fail() {
	s := p.account.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.phone != nil && p.account.config.Kind == OfficialAccount {
		p.phone.show(Line{From: System, Kind: "out_of_order"})
	}
}

// attempt brings the push once.
func (p push) attempt(ctx context.Context, number int) (answer Answer, fatal bool, problem string) {
	s := p.account.sim
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	r, e, err := p.request(ctx, number)
	if err != nil {
		return None, true, err.Error()
	}
	started := time.Now()
	status, body, err := call(s.client, r)
	e.Millis, e.Status, e.Response = time.Since(started).Milliseconds(), status, string(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { e.Note = problem; s.note(e) }()
	switch {
	case err != nil && ctx.Err() != nil:
		return None, false, fmt.Sprintf("no answer within %s", s.wait)
	case err != nil:
		return None, false, err.Error()
	case status/100 != 2:
		return None, false, fmt.Sprintf("status %d", status)
	}
	line, plain, err := p.account.readAnswer(p.phone, body)
	e.ResponsePlain = plain
	switch {
	case err != nil:
		return Wrong, true, err.Error()
	case line == nil:
		return Success, false, ""
	}
	if p.done != nil && *p.done {
		return Passive, false, "answered already"
	}
	if p.done != nil {
		*p.done = true
	}
	line.How = string(Passive)
	p.phone.show(*line)
	return Passive, false, ""
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

func call(client *http.Client, r *http.Request) (int, []byte, error) {
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	return response.StatusCode, body, err
}

// request signs and seals the push as the account's mode asks.
func (p push) request(ctx context.Context, number int) (*http.Request, *Exchange, error) {
	a, s := p.account, p.account.sim
	random := []byte(s.random(12))
	s.mu.Lock()
	config, seal := a.config, a.seal
	s.mu.Unlock()
	if len(config.Callbacks) == 0 {
		return nil, nil, fmt.Errorf("account %s has no callback URL", config.Name)
	}
	body, plain, query, err := config.envelope(p, seal, random, strconv.FormatInt(s.now().Unix(), 10))
	if err != nil {
		return nil, nil, err
	}
	target := config.Callbacks[number%len(config.Callbacks)] + "?" + query.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Content-Type", "text/xml")
	if config.JSON {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("User-Agent", "Mozilla/4.0")
	e := &Exchange{Way: "callback", Account: config.AppID, Method: r.Method, Path: r.URL.RequestURI(), Request: string(body)}
	if plain != string(body) {
		e.RequestPlain = plain
	}
	if p.phone != nil {
		e.Customer = p.phone.name
	}
	return r, e, nil
}

// envelope is the body of a callback, what it says in plain, and the query that signs it.
func (c Config) envelope(p push, seal sealer, random []byte, timestamp string) (body []byte, plain string, query url.Values, err error) {
	nonce := string(random[:10])
	text := p.body.xml()
	if c.JSON {
		text = p.body.json()
	}
	query = url.Values{"timestamp": {timestamp}, "nonce": {nonce}}
	if c.Kind != CustomerService {
		query.Set("signature", seal.sign(timestamp, nonce))
		if p.phone != nil {
			query.Set("openid", p.phone.openID)
		}
	}
	if c.Mode == Plain && c.Kind != CustomerService {
		return text, string(text), query, nil
	}
	sealed, err := seal.shut(text, random)
	if err != nil {
		return nil, "", nil, err
	}
	query.Set("msg_signature", seal.sign(timestamp, nonce, sealed))
	outer := fields{{"ToUserName", c.Original}, {"Encrypt", sealed}}
	switch {
	case c.Kind == CustomerService:
		outer = fields{{"ToUserName", c.AppID}, {"Encrypt", sealed}, {"AgentID", ""}}
	case c.Mode == Compatible:
		outer = append(p.body[:len(p.body):len(p.body)], field{"Encrypt", sealed})
		query.Set("encrypt_type", "aes")
	default:
		query.Set("encrypt_type", "aes")
	}
	if c.JSON {
		return outer.json(), string(text), query, nil
	}
	return outer.xml(), string(text), query, nil
}

// Verify asks the callback URL whether it is the account's, as the provider does when the operator saves it.
// https://developers.weixin.qq.com/doc/service/guide/dev/push/
func (a *Account) Verify(ctx context.Context) error {
	s := a.sim
	random := []byte(s.random(12))
	s.mu.Lock()
	config, seal := a.config, a.seal
	s.mu.Unlock()
	timestamp, nonce, echo, want := strconv.FormatInt(s.now().Unix(), 10), string(random[:10]), string(random), string(random)
	query := url.Values{"timestamp": {timestamp}, "nonce": {nonce}}
	if config.Kind == CustomerService {
		var err error
		if echo, err = seal.shut([]byte(want), random); err != nil {
			return err
		}
		query.Set("msg_signature", seal.sign(timestamp, nonce, echo))
	} else {
		query.Set("signature", seal.sign(timestamp, nonce))
	}
	query.Set("echostr", echo)
	for _, target := range config.Callbacks {
		if err := a.verify(ctx, target+"?"+query.Encode(), want); err != nil {
			return fmt.Errorf("verify %s: %w", target, err)
		}
	}
	return nil
}

func (a *Account) verify(ctx context.Context, target, want string) error {
	s := a.sim
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	status, body, err := call(s.client, r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.note(&Exchange{Way: "callback", Account: a.config.AppID, Method: r.Method, Path: r.URL.RequestURI(), Status: status, Response: string(body)})
	s.mu.Unlock()
	if status != http.StatusOK || string(body) != want {
		return fmt.Errorf("status %d and %q, not the echo", status, body)
	}
	return nil
}
