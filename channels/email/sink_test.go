package email_test

import (
	"encoding/base64"
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// sink is a mail server in this process that keeps what it is given.
type sink struct {
	address string
	mu      sync.Mutex
	mails   []sunk
}

type sunk struct {
	from, raw string
	to        []string
}

func newSink(t *testing.T) *sink {
	t.Helper()
	k := &sink{}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k.address = ln.Addr().String()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &sinking{sink: k}, nil }))
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	return k
}

func (k *sink) all() []sunk {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]sunk(nil), k.mails...)
}

func (m sunk) read(t *testing.T) mail.Header {
	t.Helper()
	parsed, err := mail.ReadMessage(strings.NewReader(m.raw))
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Header
}

type sinking struct {
	sink *sink
	sunk
}

func (s *sinking) Reset()        { s.sunk = sunk{} }
func (s *sinking) Logout() error { return nil }

func (s *sinking) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *sinking) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *sinking) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.raw = string(raw)
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.mails = append(s.sink.mails, s.sunk)
	return err
}

func decoded(text string) string {
	raw, _ := base64.StdEncoding.DecodeString(text)
	return string(raw)
}

func decodedHeader(text string) string {
	words, err := (&mime.WordDecoder{}).DecodeHeader(text)
	if err != nil {
		return text
	}
	return words
}
