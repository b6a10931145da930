package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	smtpd "github.com/emersion/go-smtp"

	"huiyin/db/pgtest"
	"huiyin/live/freeport"
)

// What needs the whole program and a mail server. postbox is a server in this process that keeps what it is given and fails on
// demand; mailservers_test.go has the real ones.

// postbox keeps the mails it is given.
type postbox struct {
	address string

	mu    sync.Mutex
	mails []posted
	// verdict, where set, answers the n-th mail from 1; errCut breaks the connection before the answer.
	verdict func(n int) error
	// refuses, where set, answers a mail that is then not taken.
	refuses func(raw string) error
	// spoils, where set, says what is written instead of the answer to a mail that is taken, before the connection breaks.
	spoils func(raw string) (instead string, spoils bool)
}

type posted struct {
	from, raw string
	to        []string
}

var errCut = errors.New("cut")

func newPostbox(t testing.TB) *postbox {
	t.Helper()
	b := &postbox{}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.address = ln.Addr().String()
	s := smtpd.NewServer(smtpd.BackendFunc(func(c *smtpd.Conn) (smtpd.Session, error) { return &posting{box: b, conn: c}, nil }))
	s.Domain, s.AllowInsecureAuth = "postbox.example", true
	go func() { _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Close() })
	return b
}

type posting struct {
	box  *postbox
	conn *smtpd.Conn
	posted
}

func (p *posting) Reset()        { p.posted = posted{} }
func (p *posting) Logout() error { return nil }

func (p *posting) Mail(from string, _ *smtpd.MailOptions) error {
	p.from = from
	return nil
}

func (p *posting) Rcpt(to string, _ *smtpd.RcptOptions) error {
	p.to = append(p.to, to)
	return nil
}

func (p *posting) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	p.raw = string(raw)
	if p.box.refuses != nil {
		if err := p.box.refuses(p.raw); err != nil {
			return err
		}
	}
	p.box.mu.Lock()
	p.box.mails = append(p.box.mails, p.posted)
	p.box.mu.Unlock()
	if p.box.spoils != nil {
		if instead, spoils := p.box.spoils(p.raw); spoils {
			_, _ = io.WriteString(p.conn.Conn(), instead)
			_ = p.conn.Conn().Close()
			return errCut
		}
	}
	p.box.mu.Lock()
	defer p.box.mu.Unlock()
	if p.box.verdict == nil {
		return nil
	}
	err = p.box.verdict(len(p.box.mails))
	if errors.Is(err, errCut) {
		_ = p.conn.Conn().Close()
	}
	return err
}

func (b *postbox) all() []posted {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]posted(nil), b.mails...)
}

// header reads a header of a mail.
func (p posted) header(key string) string {
	m, err := netmail.ReadMessage(strings.NewReader(p.raw))
	if err != nil {
		return err.Error()
	}
	return m.Header.Get(key)
}

// mailHouse is a server with an inbox that takes mail in over SMTP.
type mailHouse struct {
	*server
	box   *postbox
	door  string
	inbox int64
	key   string
}

func newMailHouse(t *testing.T, databaseURL string, more ...string) *mailHouse {
	t.Helper()
	s, _, key := furnished(t, databaseURL)
	h := &mailHouse{server: s, box: newPostbox(t), door: freeport.Address(t), key: key}
	host, port, err := net.SplitHostPort(h.box.address)
	if err != nil {
		t.Fatal(err)
	}
	h.inbox = h.makeInbox(append([]string{"address=support@shop.example", "listen_smtp=" + h.door, "smtp_host=" + host, "smtp_port=" + port,
		"smtp_security=none"}, more...)...)
	h.waitDoor()
	return h
}

func (h *mailHouse) makeInbox(settings ...string) int64 {
	h.Helper()
	args := []string{"inbox", "create", "--kind", "email", "--name", "Mail", "--json"}
	for _, s := range settings {
		args = append(args, "--set", s)
	}
	return decode[shownInbox](h.T, callWith("", h.on(args...)...)).ID
}

// waitDoor waits until the server takes mail in.
func (h *mailHouse) waitDoor() {
	h.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", h.door); err == nil {
			_ = c.Close()
			return
		}
	}
	h.Fatal("the server takes no mail in")
}

// writes hands a mail in as another mail server would.
func (h *mailHouse) writes(from, to, raw string) error {
	c, err := smtpd.Dial(h.door)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail(from, []string{to}, strings.NewReader(crlfLines(raw))); err != nil {
		return err
	}
	return c.Quit()
}

func crlfLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}

// letterFrom is a plain mail.
func letterFrom(from, id, subject, text string, headers ...string) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s\nTo: support@shop.example\nDate: Mon, 2 Nov 2026 10:00:00 +0800\n", from)
	if id != "" {
		fmt.Fprintf(&b, "Message-ID: <%s>\n", id)
	}
	fmt.Fprintf(&b, "Subject: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n", subject)
	for _, h := range headers {
		b.WriteString(h + "\n")
	}
	b.WriteString("\n" + text + "\n")
	return b.String()
}

// until waits for something to come true.
func (h *mailHouse) until(what string, ok func() bool) {
	h.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	h.Fatalf("never: %s; %d mails went out", what, len(h.box.all()))
}

func onBothMail(t *testing.T, test func(t *testing.T, h *mailHouse), more ...string) {
	t.Run("SQLite", func(t *testing.T) { t.Parallel(); test(t, newMailHouse(t, "", more...)) })
	t.Run("PostgreSQL", func(t *testing.T) { t.Parallel(); test(t, newMailHouse(t, pgtest.URL(t), more...)) })
}

func TestAMailIsAnsweredByMail(t *testing.T) {
	t.Parallel()
	onBothMail(t, func(t *testing.T, h *mailHouse) {
		if err := h.writes("li@customer.example", "support@shop.example", letterFrom("Li <li@customer.example>", "a1@customer.example", "发票", "怎么开电子发票？")); err != nil {
			t.Fatal(err)
		}
		h.until("answered", func() bool { return len(h.box.all()) == 1 })
		got := h.box.all()[0]
		for key, want := range map[string]string{"Auto-Submitted": "auto-replied", "In-Reply-To": "<a1@customer.example>", "References": "<a1@customer.example>", "X-Auto-Response-Suppress": "All"} {
			if got.header(key) != want {
				t.Errorf("%s: %q, want %q", key, got.header(key), want)
			}
		}
		if len(got.to) != 1 || got.to[0] != "li@customer.example" {
			t.Errorf("to %v", got.to)
		}
		if out := h.call("ledger", "check"); !strings.Contains(out, "email") {
			t.Errorf("ledger: %s", out)
		}
	})
}
