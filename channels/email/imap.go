package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// reader is a connection to an IMAP server with a folder open.
type reader struct {
	a      *Adapter
	acct   account
	folder string
	client *imapclient.Client
	news   chan struct{} // the server says that something changed
	opened *imap.SelectData
}

// errFolder is a folder that cannot be opened.
type errFolder struct {
	folder string
	err    error
}

// Error names the folder.
func (e errFolder) Error() string {
	return fmt.Sprintf("the folder %q cannot be opened: %v", e.folder, e.err)
}

// Unwrap is the server's word.
func (e errFolder) Unwrap() error { return e.err }

// openFolder connects, signs in and opens a folder.
func (a *Adapter) openFolder(ctx context.Context, acct account, folder string) (*reader, error) {
	conn, err := a.Dial(ctx, "tcp", acct.imap.address())
	if err != nil {
		return nil, err
	}
	r := &reader{a: a, acct: acct, folder: folder, news: make(chan struct{}, 1)}
	if err := r.open(ctx, conn); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return r, nil
}

func (r *reader) open(ctx context.Context, conn net.Conn) (err error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	late := time.AfterFunc(r.a.Answer, func() { _ = conn.Close() })
	defer late.Stop()
	options := &imapclient.Options{TLSConfig: r.acct.tls(r.a.Roots, r.acct.imap.host),
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(*imapclient.UnilateralDataMailbox) { r.changed() }}}
	switch r.acct.imap.security {
	case secureTLS:
		secure := tls.Client(conn, options.TLSConfig)
		if err := secure.HandshakeContext(ctx); err != nil {
			return err
		}
		r.client = imapclient.New(secure, options)
	case secureStartTLS:
		if r.client, err = imapclient.NewStartTLS(conn, options); err != nil {
			return err
		}
	default:
		r.client = imapclient.New(conn, options)
	}
	if err := r.client.WaitGreeting(); err != nil {
		return err
	}
	if err := r.signIn(ctx); err != nil {
		return err
	}
	if r.opened, err = r.client.Select(r.folder, nil).Wait(); err != nil {
		return errFolder{r.folder, err}
	}
	return nil
}

func (r *reader) changed() {
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// signIn signs in, and says who we are where the server wants to know: 163 lets nobody read who did not (RFC 2971).
func (r *reader) signIn(ctx context.Context) error {
	var err error
	if r.acct.oauth() {
		err = r.a.withToken(ctx, r.acct, func(token string) error { return r.client.Authenticate(xoauth2{r.acct.username, token}) })
	} else if err = r.client.Login(r.acct.username, r.acct.password).Wait(); err != nil {
		err = authError{err}
	}
	if err != nil {
		var said *imap.Error
		if !errors.As(err, &said) && !r.acct.oauth() {
			return fmt.Errorf("sign in: %w", errors.Unwrap(err))
		}
		return err
	}
	if r.client.Caps().Has(imap.CapID) {
		_, _ = r.client.ID(&imap.IDData{Name: "Huiyin", Version: "1"}).Wait() // who does not care may refuse
	}
	return nil
}

// within bounds how long the server may take; past it the connection is closed.
func (r *reader) within(d time.Duration, do func() error) error {
	late := time.AfterFunc(d, func() { _ = r.client.Close() })
	defer late.Stop()
	return do()
}

// session reads a folder on one connection until it breaks or ctx ends.
func (a *Adapter) session(ctx context.Context, acct account, folder string, p *places) error {
	r, err := a.openFolder(ctx, acct, folder)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = r.client.Close() })
	defer stop()
	defer func() { _ = r.client.Close() }()
	a.troubles.set(acct.inbox.ID, roadIn, "")
	for ctx.Err() == nil {
		if err := r.catchUp(ctx, p); err != nil {
			return err
		}
		if err := r.wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// wait returns when there may be mail: the server says so (RFC 2177), or it is time to look anyway. Some servers drop a connection
// that idles for ten minutes, so an IDLE never lasts that long.
func (r *reader) wait(ctx context.Context) error {
	look := time.NewTimer(min(r.acct.sweep, r.a.IdleFor))
	defer look.Stop()
	var idle *imapclient.IdleCommand
	if r.client.Caps().Has(imap.CapIdle) {
		err := r.within(r.a.Answer, func() (err error) {
			idle, err = r.client.Idle()
			return err
		})
		if err != nil {
			return fmt.Errorf("idle: %w", err)
		}
	}
	select {
	case <-ctx.Done():
	case <-r.news:
	case <-look.C:
	case <-r.client.Closed():
	}
	return r.within(r.a.Answer, func() error {
		if idle == nil {
			return r.client.Noop().Wait()
		}
		if err := idle.Close(); err != nil {
			return fmt.Errorf("end idle: %w", err)
		}
		return idle.Wait()
	})
}

// since is from when mails are taken that were in the folder before it was first read.
func (a account) since() time.Time {
	switch a.backlog {
	case backlogAll:
		return time.Time{}
	case backlogDays:
		return a.created().Add(-a.backlogFor)
	}
	return a.created()
}

// created is when the inbox was made, to the second: servers tell the time no finer.
func (a account) created() time.Time { return a.inbox.CreatedAt.Truncate(time.Second) }
