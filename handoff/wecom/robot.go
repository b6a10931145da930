package wecom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"huiyin/handoff/mirror"
)

// refusal is an answer of WeCom's that says no; the notice was not posted.
// https://developer.work.weixin.qq.com/document/path/90313
type refusal struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

const (
	tooMany    = 45009 // more than 20 messages in a minute
	tooManyNow = 45033 // too many requests at once
	badRobot   = 93000 // no such webhook
)

// Error says the refusal to the operator.
func (r *refusal) Error() string {
	switch r.Code {
	case badRobot:
		return "WeCom does not know this webhook (93000): the robot was removed from its group, or the key is wrong; copy its address anew"
	case tooMany:
		return "the robot has posted its 20 messages of this minute (45009)"
	case tooManyNow:
		return "WeCom takes no more requests at once (45033)"
	}
	message, _, _ := strings.Cut(r.Message, ", hint:")
	return fmt.Sprintf("WeCom refuses the notice: %d %s", r.Code, message)
}

// unsent is a failure before anything could reach WeCom.
type unsent struct{ error }

const maxAnswer = 64 << 10

// post has a robot post a notice. A *refusal or unsent says that it was not posted; with any other error it may have been.
// No error names the address, which holds the robot's key.
// https://developer.work.weixin.qq.com/document/path/99110
func (b *Board) post(ctx context.Context, endpoint, markdown string) error {
	body, err := json.Marshal(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": markdown}})
	if err != nil {
		return unsent{err}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return unsent{errors.New("the robot's address is no URL")}
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := b.Client.Do(request)
	if err != nil {
		return unreached(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return errors.New("WeCom's answer was lost")
	}
	err = answer(response.StatusCode, text)
	if err != nil && response.StatusCode != http.StatusOK {
		err = mirror.Paused(err, response.Header, b.DB.Now())
	}
	return err
}

func unreached(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err // without the address
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return unsent{fmt.Errorf("WeCom cannot be reached: %w", err)}
	}
	return fmt.Errorf("WeCom has not answered: %w", err)
}

// answer reads what WeCom says: errors come with status 200 and a code in the body.
func answer(status int, text []byte) error {
	var said struct {
		Code *int `json:"errcode"`
		refusal
	}
	err := json.Unmarshal(text, &said)
	if (err != nil || said.Code == nil) && (status >= http.StatusInternalServerError || status == http.StatusTooManyRequests) {
		return unsent{fmt.Errorf("WeCom is down (status %d)", status)}
	}
	if err != nil || said.Code == nil {
		return fmt.Errorf("WeCom gave no result (status %d)", status)
	}
	if *said.Code != 0 {
		return &refusal{Code: *said.Code, Message: said.Message}
	}
	return nil
}

// Check has each robot of the settings post a test notice. The error is in words for the operator.
func (b *Board) Check(ctx context.Context, s Settings) error {
	s, err := b.Keep(ctx, b.DB, s)
	if err != nil {
		return err
	}
	if len(s.Robots) == 0 {
		return refuse("robots", "name the webhook of a robot")
	}
	if err := s.check(); err != nil {
		return err
	}
	var addresses []string
	for _, address := range s.Robots {
		addresses = append(addresses, address)
	}
	slices.Sort(addresses)
	for _, address := range slices.Compact(addresses) {
		endpoint, err := s.endpoint(address)
		if err != nil {
			return err
		}
		if err := b.post(ctx, endpoint, phrasesFor(s.Language).test); err != nil {
			return err
		}
	}
	return nil
}

// A robot posts up to 20 messages a minute: three at once, and one each 3.5 seconds after that.
const (
	postEach  = 3500 * time.Millisecond
	postBurst = 3
	minute    = time.Minute
)

// pace keeps this node's notices within what a robot may post.
type pace struct {
	now func() time.Time
	mu  sync.Mutex
	at  map[string]time.Time // by robot: when the next notice would be due if all came evenly
}

// take takes the next room of a robot; when there is none yet it tells how long until then.
func (p *pace) take(robot string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, next := p.now(), p.at[robot]
	if earliest := now.Add(-postEach * (postBurst - 1)); next.Before(earliest) {
		next = earliest
	}
	if due := next.Sub(now); due > 0 {
		return due
	}
	p.at[robot] = next.Add(postEach)
	return 0
}

// rest lets a robot post nothing for a while.
func (p *pace) rest(robot string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at[robot] = p.now().Add(d)
}
