// Package email takes mail in, by IMAP or over SMTP, and hands replies to a mail server. It translates: which conversation a
// mail belongs to, and whether it is answered, is decided above by what it says of the mail. It stores nothing; what it
// keeps between connections may be lost.
// The protocols: RFC 9051 and RFC 3501 (IMAP), RFC 2177 (IDLE), RFC 5321 (SMTP), RFC 6409 (submission), RFC 3834 (automatic
// answers), RFC 3464 (reports of delivery).
package email

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	netmail "net/mail"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// Options are what the adapter needs from outside. The zero value of each has its default, but for Key.
type Options struct {
	Key     []byte // signs what shows that a mail answers one of ours
	Tokens  channels.Tokens
	Now     func() time.Time
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
	Roots   *x509.CertPool                                      // that certificates of mail servers go back to; nil: the system's
	HTTP    *http.Client                                        // for access tokens
	Own     func(ctx context.Context) ([]string, error)         // the addresses of all our inboxes; nil: only the inbox's own is known
	Names   Resolver                                            // for the proofs of who sent a mail; nil: none are looked up
	Article func(id int64) string                               // where a customer may read an article; "": nowhere
	Base    string                                              // where this server is reached
	Agent   func(ctx context.Context, id int64) (string, error) // how customers see an agent
	Log     *slog.Logger

	IdleFor time.Duration // how long an IDLE lasts before it is begun again; 8.5 minutes
	Answer  time.Duration // how long a server may take to answer; 60 s
}

// Adapter is the channel email.
type Adapter struct {
	Options
	kind     channels.Kind
	pace     pace
	doors    doors
	troubles troubles
	names    names
}

// Reach is a mail address that a customer told.
func (a *Adapter) Reach(_ conversation.Inbox, said string) channels.Reached {
	reached := channels.Reached{Means: "email"}
	if one, err := netmail.ParseAddress(strings.TrimSpace(said)); err == nil {
		reached.Address = strings.ToLower(one.Address)
	}
	return reached
}

// New makes the adapter.
func New(o Options) *Adapter {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: 15 * time.Second}).DialContext
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: 20 * time.Second}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.IdleFor == 0 {
		o.IdleFor = 8*time.Minute + 30*time.Second
	}
	if o.Answer == 0 {
		o.Answer = time.Minute
	}
	return &Adapter{Options: o, kind: kind(), names: names{Resolver: o.Names, now: o.Now}}
}

// Kind describes the channel.
func (a *Adapter) Kind() channels.Kind { return a.kind }

// Restraint is how often one address may get what no person wrote.
func (a *Adapter) Restraint(inbox conversation.Inbox) channels.Restraint {
	acct := read(a.kind, inbox)
	return channels.Restraint{Every: acct.autoEvery, Daily: acct.autoDaily}
}

// own are the addresses of all our inboxes: a mail from one of them is answered by no machine.
func (a *Adapter) own(ctx context.Context) []string {
	if a.Own == nil {
		return nil
	}
	all, err := a.Own(ctx)
	if err != nil {
		a.Log.Warn("our own addresses are not known; the inbox's is", "error", err)
	}
	return all
}

var (
	_ channels.Listener = (*Adapter)(nil)
	_ channels.Threaded = (*Adapter)(nil)
	_ channels.Sampler  = (*Adapter)(nil)
	_ channels.Checker  = (*Adapter)(nil)
)
