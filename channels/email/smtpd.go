package email

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"

	"huiyin/channels"
	"huiyin/channels/internal/mail"
	"huiyin/conversation"
)

const (
	maxConnections = 200 // of one door
	maxPerCaller   = 20  // connections of one address at a time
	maxRcpts       = 50
	maxLine        = 512 << 10 // RFC 5321 allows 998, and there are senders who write a page in one line
	doorPatience   = 2 * time.Minute
)

// doors are the addresses at which mail is taken in over SMTP. Several inboxes may share one; a mail is told from the others by its
// receiver.
type doors struct {
	mu   sync.Mutex
	open map[string]*door
}

// door is a listening address with the inboxes behind it.
type door struct {
	server  *smtp.Server
	adapter *Adapter
	callers callers
	rate    int          // mails a minute of one network address
	held    atomic.Int64 // bytes of the mails under way

	mu      sync.RWMutex
	inboxes map[int64]desk
	failed  chan struct{} // closed when it listens no more
	err     error
}

// desk is an inbox behind a door.
type desk struct {
	acct   account
	accept channels.Accept
}

// stand opens a door for an inbox, or goes behind one that is open.
func (d *doors) stand(a *Adapter, acct account, accept channels.Accept) (at *door, leave func(), err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at = d.open[acct.listen]
	if at == nil {
		if at, err = openDoor(a, acct); err != nil {
			return nil, nil, err
		}
		if d.open == nil {
			d.open = map[string]*door{}
		}
		d.open[acct.listen] = at
	}
	at.mu.Lock()
	at.inboxes[acct.inbox.ID] = desk{acct, accept}
	at.mu.Unlock()
	return at, func() { d.leave(acct, at) }, nil
}

// leave takes an inbox away, and shuts the door behind the last. Mails under way are finished.
func (d *doors) leave(acct account, at *door) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at.mu.Lock()
	delete(at.inboxes, acct.inbox.ID)
	empty := len(at.inboxes) == 0
	at.mu.Unlock()
	if !empty {
		return
	}
	if d.open[acct.listen] == at {
		delete(d.open, acct.listen)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if at.server.Shutdown(ctx) != nil {
		_ = at.server.Close()
	}
}

func openDoor(a *Adapter, acct account) (*door, error) {
	certificate, err := acct.certificate()
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", acct.listen)
	if err != nil {
		return nil, fmt.Errorf("take mail in at %s: %w", acct.listen, err)
	}
	at := &door{adapter: a, inboxes: map[int64]desk{}, failed: make(chan struct{}), rate: acct.listenRate}
	s := smtp.NewServer(at)
	s.Domain, s.MaxRecipients, s.MaxMessageBytes, s.ReadTimeout, s.WriteTimeout = acct.domain, maxRcpts, acct.maxSize, doorPatience, doorPatience
	s.MaxLineLength = maxLine
	s.EnableSMTPUTF8, s.TLSConfig = true, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	s.ErrorLog = log.New(io.Discard, "", 0) // what callers do wrong is told to them
	at.server = s
	go func() {
		at.err = s.Serve(&lobby{Listener: ln, callers: &at.callers})
		close(at.failed)
	}()
	return at, nil
}

// certificate is the account's, or one made for the occasion: mail servers encrypt to any (RFC 7435).
func (a account) certificate() (tls.Certificate, error) {
	if a.value(keyListenCert) != "" {
		return keyPair(a.value(keyListenCert), a.value(keyListenKey))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: a.domain}, DNSNames: []string{a.domain},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// to is the inbox that an address belongs to.
func (d *door) to(address string) (desk, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, id := range slices.Sorted(maps.Keys(d.inboxes)) {
		if in := d.inboxes[id]; in.acct.owns(address) {
			return in, true
		}
	}
	return desk{}, false
}

// NewSession greets a caller.
func (d *door) NewSession(c *smtp.Conn) (smtp.Session, error) {
	caller := host(c.Conn().RemoteAddr())
	return &visit{door: d, conn: c, caller: caller}, nil
}

func host(a net.Addr) string {
	h, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	return h
}

// visit is what one connection brings.
type visit struct {
	door   *door
	conn   *smtp.Conn
	caller string
	from   string
	to     []parcel
}

// parcel is a mail's receiver of ours.
type parcel struct {
	desk    desk
	address string
}

func refuse(code int, enhanced smtp.EnhancedCode, message string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: message}
}

// Reset forgets the mail begun.
func (v *visit) Reset() { v.from, v.to = "", nil }

// Logout has nothing to free.
func (v *visit) Logout() error { return nil }

// Mail begins a mail.
func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if v.crooked() {
		return refuse(554, smtp.EnhancedCode{5, 5, 2}, "Lines must end in CR LF")
	}
	if !v.door.callers.mail(v.caller, v.door.rate, v.door.adapter.Now()) {
		return refuse(421, smtp.EnhancedCode{4, 7, 0}, "Too many mails from you; come again later")
	}
	v.from, v.to = from, nil
	return nil
}

// Rcpt takes a receiver, who must be ours: nothing is passed on.
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	in, ok := v.door.to(to)
	if !ok {
		return refuse(550, smtp.EnhancedCode{5, 1, 1}, "There is no such address here")
	}
	if !slices.ContainsFunc(v.to, func(p parcel) bool { return p.desk.acct.inbox.ID == in.acct.inbox.ID }) {
		v.to = append(v.to, parcel{in, to})
	}
	return nil
}

// Data takes the mail. It is answered 250 once it is durable with every receiver; a sender that hears anything else comes again,
// and what was stored is known then.
func (v *visit) Data(r io.Reader) error {
	room := weighed{from: r, all: &v.door.held}
	defer room.leave()
	raw, err := io.ReadAll(&room)
	if err != nil {
		return err
	}
	if bare(raw) || v.crooked() {
		return refuse(554, smtp.EnhancedCode{5, 6, 11}, "The mail has bare CR or LF characters")
	}
	ctx, cancel := context.WithTimeout(context.Background(), doorPatience)
	defer cancel()
	own := v.door.adapter.own(ctx)
	for _, p := range v.to {
		got, err := v.door.adapter.receive(ctx, p.desk.acct, own, arrived{raw: raw, nobody: v.from == "", to: p.address, envelope: v.envelope()})
		if err == nil {
			err = acceptOne(ctx, p.desk.accept, got)
		}
		if err != nil {
			v.door.adapter.Log.Error("mail not taken in; its sender repeats it", "inbox", p.desk.acct.inbox.ID, "error", err)
			return refuse(451, smtp.EnhancedCode{4, 3, 0}, "Not stored; please repeat")
		}
	}
	return nil
}

// envelope is who handed the mail in. A relay of our own proves nothing.
func (v *visit) envelope() mail.Envelope {
	ip := net.ParseIP(v.caller)
	if ip == nil || ip.IsPrivate() || ip.IsLoopback() {
		return mail.Envelope{}
	}
	return mail.Envelope{IP: ip, Hello: v.conn.Hostname(), From: v.from}
}

// acceptOne makes a mail durable. One whose words cannot be stored as they are is stored without them: as it came, it is kept beside.
func acceptOne(ctx context.Context, accept channels.Accept, got channels.Received) error {
	err := accept(ctx, got)
	var field *conversation.FieldError
	if !errors.As(err, &field) {
		return err
	}
	for i := range got.Messages {
		got.Messages[i] = plainest(got.Messages[i], field)
	}
	return accept(ctx, got)
}

// plainest is a mail reduced to what surely can be stored.
func plainest(in conversation.Incoming, why *conversation.FieldError) conversation.Incoming {
	in.Text, in.HTML = strings.ToValidUTF8(in.Subject, ""), ""
	if in.Mail != nil {
		m := *in.Mail
		m.Quoted, m.QuotedHTML, m.Signature = "", "", ""
		m.Problems = append(slices.Clone(m.Problems), "The text could not be stored: "+why.Message)
		in.Mail = &m
	}
	return in
}

// bare tells whether a CR or LF stands alone. Such a line end is read otherwise by other servers, and hides a second mail in the
// first (SMTP smuggling, https://www.postfix.org/smtp-smuggling.html).
func bare(raw []byte) bool {
	for i, b := range raw {
		if b == '\n' && (i == 0 || raw[i-1] != '\r') || b == '\r' && (i+1 == len(raw) || raw[i+1] != '\n') {
			return true
		}
	}
	return false
}

// crooked tells whether a command ended in a bare LF. Within TLS that cannot be seen, and nobody stands between who could be fooled.
func (v *visit) crooked() bool {
	if _, secure := v.conn.TLSConnectionState(); secure {
		return false
	}
	guest, ok := v.conn.Conn().(*guest)
	return ok && guest.crooked.Load()
}
