// Package wecom is the channel of WeCom's customer service accounts (微信客服): customers write to them in WeChat. The
// provider rings by a callback that says nothing but that there is something, and is then asked for messages and events;
// our messages go out by its API, under its rules of states and allowances. The package translates; it stores nothing.
package wecom

import (
	"net/http"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
)

// Options are the parts that the channel works with.
type Options struct {
	HTTP   *http.Client    // nil: one with the limits of this channel
	Tokens channels.Tokens // shared by all nodes
	Now    func() time.Time
	Base   string // where this server is reached, for links and pictures that lie with it
}

// Adapter is the channel.
type Adapter struct {
	api      weixin.API
	now      func() time.Time
	base     string
	kind     channels.Kind
	profiles profiles
}

// answerTimeout bounds the wait for an answer's beginning; whole calls are bounded by their callers.
const answerTimeout = 30 * time.Second

// New makes the channel.
func New(o Options) *Adapter {
	if o.HTTP == nil {
		o.HTTP = weixin.NewClient(answerTimeout)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Adapter{api: weixin.API{HTTP: o.HTTP, Tokens: o.Tokens}, now: o.Now, base: o.Base, kind: kind(), profiles: newProfiles()}
}

// Idempotent says that a message sent again is not shown twice: each part goes out under a message id of ours, which
// WeCom takes once for an account (https://developer.work.weixin.qq.com/document/path/96427).
func (a *Adapter) Idempotent() bool { return true }

var (
	_ channels.Webhook    = (*Adapter)(nil)
	_ channels.Poller     = (*Adapter)(nil)
	_ channels.Metered    = (*Adapter)(nil)
	_ channels.Fetcher    = (*Adapter)(nil)
	_ channels.Checker    = (*Adapter)(nil)
	_ channels.Codes      = (*Adapter)(nil)
	_ channels.Idempotent = (*Adapter)(nil)
	_ channels.Sampler    = (*Adapter)(nil)
)
