package smpp

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/channels/simulator"
)

// TestTLS puts TLS before a centre; what is not certified for the host is refused.
func TestTLS(t *testing.T) {
	s := newStage(t, simulator.SMSCOptions{}, nil)
	certified := httptest.NewTLSServer(nil)
	t.Cleanup(certified.Close)
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	host, port := s.centre.Address()
	go func() {
		for {
			front, err := ln.Accept()
			if err != nil {
				return
			}
			go tunnel(front, net.JoinHostPort(host, port))
		}
	}()
	_, s.inbox.Settings[keyPort], _ = net.SplitHostPort(ln.Addr().String())
	s.inbox.Settings[keyTLS] = "true"
	for what, err := range map[string]error{"check": s.a.Check(t.Context(), s.inbox), "send": sent(s.send(1, "hello"))} {
		if e := why(err); !e.Retry || e.Uncertain || !strings.Contains(e.Reason, "certificate is not trusted") {
			t.Errorf("%s, with an unknown certificate: %+v", what, e)
		}
	}
	s.a.Roots = x509.NewCertPool()
	s.a.Roots.AddCert(certified.Certificate())
	if err := s.a.Check(t.Context(), s.inbox); err != nil {
		t.Error(err)
	}
	s.listen()
	if _, err := s.send(1, "hello"); err != nil || s.centre.Shown() != 1 {
		t.Errorf("%v, %d", err, s.centre.Shown())
	}
}

func sent(_ channels.Accepted, err error) error { return err }

func tunnel(front net.Conn, to string) {
	back, err := net.Dial("tcp", to)
	if err != nil {
		_ = front.Close()
		return
	}
	go func() {
		_, _ = io.Copy(back, front)
		_ = back.Close()
	}()
	_, _ = io.Copy(front, back)
	_ = front.Close()
}
