// Package smpp speaks SMPP 3.4 to a carrier's or an aggregator's SMSC: one connection that stays for each inbox, texts out
// through a window, texts and receipts in. What came in is acknowledged once it is durable; what went out and got no response
// is not sent again. It stores nothing: what it remembers between connections is to recognise repeats, and may be lost.
// The protocol: https://smpp.org/SMPP_v3_4_Issue1_2.pdf
package smpp

import (
	"context"
	"crypto/x509"
	"net"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

// Options are what the adapter needs from outside. The zero value of each has its default.
type Options struct {
	Now      func() time.Time
	Article  func(id int64) string // where a customer may read an article; "": nowhere
	Base     string                // where this server is reached, for links and pictures that lie with it
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	Roots    *x509.CertPool // that certificates of SMSCs go back to; nil: the system's
	Patience time.Duration  // for a response; 20 s
	Enquire  time.Duration  // of silence before the SMSC is asked whether it is there; 30 s
}

// Adapter is the channel sms_smpp.
type Adapter struct {
	Options
	kind  channels.Kind
	texts *texting.Desk

	mu    sync.Mutex
	lines map[int64]*line
}

// Reach is a number that a customer told, as the address of texts to it.
func (a *Adapter) Reach(inbox conversation.Inbox, said string) channels.Reached {
	return texting.Read(a.kind, inbox).Reach(said)
}

// New makes the adapter.
func New(o Options) *Adapter {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	if o.Patience == 0 {
		o.Patience = 20 * time.Second
	}
	if o.Enquire == 0 {
		o.Enquire = 30 * time.Second
	}
	return &Adapter{Options: o, kind: kind(), texts: &texting.Desk{Now: o.Now, Article: o.Article, Base: o.Base}, lines: map[int64]*line{}}
}

// Kind describes the channel.
func (a *Adapter) Kind() channels.Kind { return a.kind }

// Preview tells what a reply becomes.
func (a *Adapter) Preview(inbox conversation.Inbox, m conversation.Message) channels.Preview {
	return a.texts.Preview(texting.Read(a.kind, inbox), m)
}

// Sample is an answer as the customer gets it.
func (a *Adapter) Sample(inbox conversation.Inbox, m conversation.Message) channels.Sample {
	return a.texts.Sample(texting.Read(a.kind, inbox), m)
}

// line is what this node has of an inbox.
func (a *Adapter) line(inbox int64) *line {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.lines[inbox]
	if l == nil {
		l = newLine(a.Now)
		a.lines[inbox] = l
	}
	return l
}

var (
	_ channels.Listener  = (*Adapter)(nil)
	_ channels.Previewer = (*Adapter)(nil)
	_ channels.Sampler   = (*Adapter)(nil)
	_ channels.Checker   = (*Adapter)(nil)
)
