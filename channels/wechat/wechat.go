// Package wechat speaks for WeChat's Official Accounts and Mini Programs: signed and encrypted pushes in, customer
// service messages, notices, menus and codes out. It knows WeChat's protocol and nothing else: it stores nothing and
// decides nothing. What WeCom's adapter needs too is in channels/internal/weixin; which parts are a library's and which are
// not is told in docs/decisions/0040-wechat-library.md.
package wechat

import (
	"net/http"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Options are what the adapters need from outside.
type Options struct {
	Tokens channels.Tokens
	Client *http.Client     // nil: one with the limits of this channel
	Now    func() time.Time // nil: time.Now
	// Link is the address under which a customer may load a file that WeChat does not carry; nil or "": there is none.
	Link func(inbox conversation.Inbox, a conversation.Attachment) string
	Base string // where this server is reached, for links and pictures that lie with it
}

// patience is how long an answer may take to begin; whole calls are bounded by their callers.
const patience = 30 * time.Second

func (o Options) adapter(kind channels.Kind) *Adapter {
	if o.Client == nil {
		o.Client = weixin.NewClient(patience)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Adapter{api: newAPI(o.Client, o.Tokens), now: o.Now, link: o.Link, base: o.Base, kind: kind}
}

// Adapter is what both kinds of account share; by itself it is a Mini Program's.
type Adapter struct {
	api  weixin.API
	now  func() time.Time
	link func(inbox conversation.Inbox, a conversation.Attachment) string
	base string
	mini bool
	kind channels.Kind
}

// Official is the adapter of Official Accounts, which have a menu and codes to scan besides.
type Official struct{ *Adapter }

// New makes the adapter of Official Accounts.
func New(o Options) Official { return Official{o.adapter(officialKind())} }

// NewMini makes the adapter of Mini Programs.
func NewMini(o Options) *Adapter {
	a := o.adapter(miniKind())
	a.mini = true
	return a
}

// Kind describes the channel.
func (a *Adapter) Kind() channels.Kind { return a.kind }

var (
	_ channels.Webhook  = (*Adapter)(nil)
	_ channels.Metered  = (*Adapter)(nil)
	_ channels.Fetcher  = (*Adapter)(nil)
	_ channels.Notifier = (*Adapter)(nil)
	_ channels.Typist   = (*Adapter)(nil)
	_ channels.Checker  = (*Adapter)(nil)
	_ channels.Sampler  = (*Adapter)(nil)
	_ channels.Profiler = Official{}
)
