package post

import (
	"errors"
	"io"
	"log"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// maxMail bounds one mail.
const maxMail = 25 << 20

// errUnknown is that the office has no such mailbox.
var errUnknown = errors.New("there is no such mailbox")

func (p *Office) newSMTP() *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &submission{office: p}, nil }))
	s.Domain, s.AllowInsecureAuth, s.MaxMessageBytes, s.MaxRecipients = "smtp."+p.o.Domain, true, maxMail, 100
	s.ReadTimeout, s.WriteTimeout, s.ErrorLog = 5*time.Minute, time.Minute, log.New(io.Discard, "", 0)
	s.EnableDSN, s.EnableSMTPUTF8 = true, true
	return s
}

// submission is one connection that hands mail in.
// https://www.rfc-editor.org/rfc/rfc6409
type submission struct {
	office *Office
	by     *store
	from   string
	to     []string
}

// AuthMechanisms are those of most providers.
func (s *submission) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

// Auth proves whose mail it is.
func (s *submission) Auth(mechanism string) (sasl.Server, error) {
	check := func(username, password string) error {
		found := s.office.store(username)
		if found == nil || found.user.Login(found.account.Address, password) != nil {
			return smtp.ErrAuthFailed
		}
		s.by = found
		return nil
	}
	if mechanism == sasl.Login {
		return &login{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, username, password string) error { return check(username, password) }), nil
}

// login is the mechanism LOGIN, which old programs speak.
// https://datatracker.ietf.org/doc/html/draft-murchison-sasl-login-00
type login struct {
	check func(username, password string) error
	name  string
	step  int
}

// Next asks for the name and then for the password.
func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch {
	case l.step == 1 && response == nil:
		return []byte("Username:"), false, nil
	case l.step <= 2 && l.name == "":
		l.name = string(response)
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.check(l.name, string(response))
	}
}

// Mail begins a mail. A provider lets an account write under its own address only, with tags.
func (s *submission) Mail(from string, _ *smtp.MailOptions) error {
	if s.by == nil {
		return smtp.ErrAuthRequired
	}
	local, domain := bare(from)
	if own, at := bare(s.by.account.Address); from != "" && (local != own || domain != at) {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Sender address rejected: not owned by user"}
	}
	s.from, s.to = from, nil
	return nil
}

// Rcpt adds a receiver. Some refuse at once, so that it can be tried.
func (s *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch local, domain := bare(to); {
	case !strings.Contains(to, "@"):
		return &smtp.SMTPError{Code: 501, EnhancedCode: smtp.EnhancedCode{5, 1, 3}, Message: "Bad destination mailbox address syntax"}
	case domain == s.office.o.Domain && local == "refused":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "User unknown"}
	case domain == s.office.o.Domain && local == "later":
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes the mail and brings it to its receivers.
func (s *submission) Data(r io.Reader) error {
	if len(s.to) == 0 {
		return &smtp.SMTPError{Code: 503, EnhancedCode: smtp.EnhancedCode{5, 5, 1}, Message: "No valid recipients"}
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.office.Deliver(s.from, s.to, raw)
	return nil
}

// Reset forgets the mail that was begun.
func (s *submission) Reset() { s.from, s.to = "", nil }

// Logout ends the connection.
func (s *submission) Logout() error { return nil }

func (p *Office) store(address string) *store {
	local, domain := bare(address)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stores[local+"@"+domain]
}

// Deliver brings a mail from an envelope's sender to its receivers. What has no mailbox comes back.
func (p *Office) Deliver(from string, to []string, raw []byte) {
	raw = slices.Clone(raw)
	for _, address := range to {
		if err := p.bring(from, address, raw); err != nil {
			p.bounce(from, address, raw, err)
		}
	}
}

// bring puts a mail into one mailbox.
func (p *Office) bring(from, to string, raw []byte) error {
	stamped := p.stamp(from, to, raw)
	if s := p.store(to); s != nil {
		fresh, err := s.put(stamped, p.o.Room)
		if fresh {
			p.doors[0].cut()
		}
		return err
	}
	local, domain := bare(to)
	if domain != p.o.Domain || local == "" || local == "bounce" {
		return errUnknown
	}
	return p.Box(local).arrive(from, stamped)
}
