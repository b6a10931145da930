package smpp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"huiyin/channels"
	"huiyin/conversation"
)

// refused is an SMSC that does not let us bind.
type refused data.CommandStatusType

// Error is in words for the operator.
func (r refused) Error() string {
	switch data.CommandStatusType(r) {
	case data.ESME_RINVPASWD:
		return "the SMSC refuses the password"
	case data.ESME_RINVSYSID:
		return "the SMSC does not know the system id"
	case data.ESME_RALYBND:
		return "the SMSC says that this system id is bound already; another connection may use it"
	case data.ESME_RINVSYSTYP:
		return "the SMSC refuses the system type"
	case data.ESME_RTHROTTLED:
		return "the SMSC allows no more binds for now"
	}
	return fmt.Sprintf("the SMSC refuses to bind (status 0x%08X)", uint32(r))
}

// bind connects, and binds as a transmitter, receiver or transceiver: SMPP 3.4, section 4.1.
func (a *Adapter) bind(ctx context.Context, as pdu.BindingType, acct account, handle func(*session, frame)) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, a.Patience)
	defer cancel()
	conn, err := a.dial(ctx, acct)
	if err != nil {
		return nil, err
	}
	s := newSession(conn, acct.window, a.Now(), handle)
	request := pdu.NewBindRequest(as)
	request.SystemID, request.Password, request.SystemType = acct.system, acct.password, acct.systemType
	s.heard = time.Now()
	go s.read()
	f, err := s.ask(ctx, request, a.Patience)
	switch {
	case err != nil:
		s.end(err)
		return nil, fmt.Errorf("bind: %w", err)
	case f.status != data.ESME_ROK:
		s.end(refused(f.status))
		return nil, refused(f.status)
	}
	go s.watch(a.Enquire, a.Patience)
	return s, nil
}

func (a *Adapter) dial(ctx context.Context, acct account) (net.Conn, error) {
	conn, err := a.Dial(ctx, "tcp", acct.address)
	if err != nil || !acct.secure {
		return conn, err
	}
	secured := tls.Client(conn, &tls.Config{ServerName: acct.host, RootCAs: a.Roots, MinVersion: tls.VersionTLS12})
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return secured, nil
}

// Check binds as Send would, or asks on the connection that is there.
func (a *Adapter) Check(ctx context.Context, inbox conversation.Inbox) error {
	acct := read(a.kind, inbox)
	if s := a.line(inbox.ID).live(acct); s != nil {
		if _, err := s.ask(ctx, pdu.NewEnquireLink(), a.Patience); err == nil {
			return nil
		}
	}
	s, err := a.bind(ctx, pdu.Transmitter, acct, notOurs)
	if err != nil {
		return unbindable(err)
	}
	s.leave()
	return nil
}

// unbindable is the word on an SMSC that there is no way to.
func unbindable(err error) error {
	var no refused
	if errors.As(err, &no) {
		return &channels.SendError{Reason: no.Error(), Retry: true, After: time.Minute}
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return &channels.SendError{Reason: "the SMSC's certificate is not trusted: " + certificate.Error(), Retry: true, After: time.Minute, Err: err}
	}
	return &channels.SendError{Reason: "the SMSC could not be reached", Retry: true, Err: err}
}

// notOurs answers what comes in on a connection that is only for sending: later, to the one that listens.
func notOurs(s *session, f frame) { _ = s.write(answer(f, data.ESME_RX_T_APPN)) }
