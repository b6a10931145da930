package email

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"

	"huiyin/channels/internal/mail"
	"huiyin/conversation"
)

// Resolver asks the domain name system; *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

const (
	judgeWithin = 4 * time.Second // for all that is asked about one mail
	namesKept   = 4096
	namesFor    = 5 * time.Minute
	failuresFor = 30 * time.Second
)

// judge finds out who a mail is proven to be from; nil when nothing can be told.
func (a *Adapter) judge(ctx context.Context, acct account, p *mail.Parsed, m arrived) *conversation.MailVerdicts {
	j := mail.Judge{}
	if acct.trusted != "" {
		j.Trusted = []string{acct.trusted}
	}
	if a.Names != nil {
		j.Resolver = &a.names
	}
	ctx, cancel := context.WithTimeout(ctx, judgeWithin)
	defer cancel()
	return j.Verdicts(ctx, m.raw, p, m.envelope)
}

// names remembers what the domain name system said, for many mails come from one domain.
type names struct {
	Resolver
	now   func() time.Time
	mu    sync.Mutex
	texts map[string]answer
}

type answer struct {
	texts []string
	err   error
	until time.Time
}

// LookupTXT asks for the texts of a name, once in a while.
func (n *names) LookupTXT(ctx context.Context, name string) ([]string, error) {
	name = strings.ToLower(name)
	n.mu.Lock()
	known, ok := n.texts[name]
	n.mu.Unlock()
	if now := n.now(); ok && now.Before(known.until) {
		return known.texts, known.err
	}
	texts, err := n.Resolver.LookupTXT(ctx, name)
	keep := namesFor
	if err != nil {
		keep = failuresFor
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.texts == nil || len(n.texts) >= namesKept {
		n.texts = map[string]answer{}
	}
	n.texts[name] = answer{texts, err, n.now().Add(keep)}
	return texts, err
}
