package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"huiyin/channels"
)

// submit hands a letter over (RFC 6409). Until the last dot the mail server may not take it (RFC 5321 section 4.1.1.4), so what breaks
// before may be tried again; what breaks after it, and before the answer, nobody can tell.
func (a *Adapter) submit(ctx context.Context, acct account, e ready) error {
	c, err := a.dialSMTP(ctx, acct)
	if err != nil {
		return a.refusal(acct, err)
	}
	defer func() { _ = c.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	if err := envelope(c, e); err != nil {
		return a.refusal(acct, err)
	}
	data, err := c.Data()
	if err != nil {
		return a.refusal(acct, err)
	}
	if _, err := data.Write(e.data); err != nil {
		return unreachable(err)
	}
	if _, err := data.CloseWithResponse(); err != nil {
		var refused *smtp.SMTPError
		if errors.As(err, &refused) && refused.Code >= 400 {
			return a.refusal(acct, err)
		}
		return uncertain(err)
	}
	a.troubles.set(acct.inbox.ID, roadOut, "")
	_ = c.Quit() // it is taken, whatever comes
	return nil
}

// rcptError is the refusal of one receiver.
type rcptError struct {
	address string
	err     error
}

// Error is the server's word on the receiver.
func (e rcptError) Error() string { return e.address + ": " + e.err.Error() }

// Unwrap is the server's word.
func (e rcptError) Unwrap() error { return e.err }

// envelope names sender and receivers. All must be taken: a mail that went to some of them could not be sent again.
func envelope(c *smtp.Client, e ready) error {
	if err := c.Mail(e.from, nil); err != nil {
		return err
	}
	for _, to := range e.to {
		if err := c.Rcpt(to, nil); err != nil {
			return rcptError{to, err}
		}
	}
	return nil
}

// dialSMTP connects and signs in.
func (a *Adapter) dialSMTP(ctx context.Context, acct account) (*smtp.Client, error) {
	conn, err := a.Dial(ctx, "tcp", acct.smtp.address())
	if err != nil {
		return nil, err
	}
	c, err := a.greetSMTP(ctx, acct, conn)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return c, nil
}

func (a *Adapter) greetSMTP(ctx context.Context, acct account, conn net.Conn) (c *smtp.Client, err error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	trust := acct.tls(a.Roots, acct.smtp.host)
	switch acct.smtp.security {
	case secureTLS:
		c = smtp.NewClient(tls.Client(conn, trust))
	case secureStartTLS:
		_ = conn.SetDeadline(time.Now().Add(a.Answer))
		if c, err = smtp.NewClientStartTLS(conn, trust); err != nil {
			return nil, err
		}
	default:
		c = smtp.NewClient(conn)
	}
	c.CommandTimeout, c.SubmissionTimeout = a.Answer, a.Answer
	if err := c.Hello(acct.domain); err != nil && acct.smtp.security != secureStartTLS {
		return nil, err
	}
	return c, a.signIn(ctx, acct, c)
}

var errNoAuth = errors.New("the mail server offers no way to sign in that is known here")

func (a *Adapter) signIn(ctx context.Context, acct account, c *smtp.Client) error {
	if acct.oauth() {
		return a.withToken(ctx, acct, func(token string) error { return c.Auth(xoauth2{acct.username, token}) })
	}
	if offered, _ := c.Extension("AUTH"); acct.password == "" || !offered { // a relay among ourselves wants none; who does says so at the next step
		return nil
	}
	var how sasl.Client
	switch {
	case c.SupportsAuth("PLAIN"):
		how = sasl.NewPlainClient("", acct.username, acct.password)
	case c.SupportsAuth("LOGIN"):
		how = sasl.NewLoginClient(acct.username, acct.password)
	default:
		return errNoAuth
	}
	if err := c.Auth(how); err != nil {
		return authError{err}
	}
	return nil
}

// authError is a sign-in that was refused.
type authError struct{ err error }

// Error is the server's word.
func (e authError) Error() string { return "sign in: " + e.err.Error() }

// Unwrap is the server's word.
func (e authError) Unwrap() error { return e.err }

// Waits of a mail that is put off until the operator, or time, mends what is in its way.
const (
	untilMended = time.Minute
	untilRoom   = 30 * time.Minute
)

// refusal says why a mail was not taken, and what becomes of it (RFC 5321 section 4.2.1, RFC 3463).
func (a *Adapter) refusal(acct account, err error) error {
	var to rcptError
	var answer *smtp.SMTPError
	var signIn authError
	switch {
	case errors.As(err, &signIn), errors.Is(err, errNoAuth), errors.As(err, new(*tls.CertificateVerificationError)):
		return a.put(acct, whyNot(err), max(untilMended, channels.Wait(err)), err)
	case !errors.As(err, &answer):
		return unreachable(err)
	}
	code := fmt.Sprintf("%d.%d.%d", answer.EnhancedCode[0], answer.EnhancedCode[1], answer.EnhancedCode[2])
	said := fmt.Sprintf("%d %s", answer.Code, strings.TrimSpace(answer.Message))
	switch {
	case answer.Code == 530 || answer.Code == 535 || answer.Code == 534:
		return a.put(acct, "the mail server refuses the inbox's user name or password: "+said, untilMended, err)
	case code == "5.4.5" || code == "4.4.5" || code == "4.7.28":
		return a.put(acct, "the mail server takes no more mails for now: "+said, untilRoom, err)
	}
	reason := "the mail server refuses the mail"
	if errors.As(err, &to) {
		reason = "the mail server refuses " + to.address
	}
	if words := whatFails(code); words != whatFails("") {
		reason += ": " + words
	}
	if answer.Code/100 == 4 {
		return &channels.SendError{Reason: reason + " for now (" + said + ")", Retry: true, After: soon, Err: err}
	}
	return &channels.SendError{Reason: reason + " (" + said + ")", Err: err}
}

// put off a mail for what is wrong with the inbox, which is told there.
func (a *Adapter) put(acct account, reason string, wait time.Duration, err error) error {
	a.troubles.set(acct.inbox.ID, roadOut, reason)
	return &channels.SendError{Reason: reason, Postponed: true, After: wait, Err: err}
}

// whyNot says in words for the operator why a server cannot be used.
func whyNot(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var signIn authError
	var timeout net.Error
	switch {
	case errors.As(err, &signIn):
		return "the mail server refuses the user name or password: " + signIn.err.Error()
	case errors.Is(err, errNoAuth):
		return errNoAuth.Error() + "; choose TLS or STARTTLS, or leave the password empty"
	case errors.As(err, &dns):
		return "there is no mail server by the name " + dns.Name
	case errors.As(err, &certificate):
		return "the mail server's certificate is not trusted: " + certificate.Error()
	case strings.Contains(err.Error(), "first record does not look like a TLS handshake"):
		return "the mail server does not speak TLS on this port; choose STARTTLS or another port"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "the mail server does not answer"
	}
	return err.Error()
}
