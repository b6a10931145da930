package email_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/email"
	"huiyin/channels/email/mailtest"
	"huiyin/conversation"
)

// stage is an adapter with an inbox, and what it brought.
type stage struct {
	*testing.T
	a     *email.Adapter
	inbox conversation.Inbox

	mu       sync.Mutex
	brought  []conversation.Incoming
	receipts []conversation.Receipt
	repeats  int
	cursor   string
	trouble  string
	fail     func(in channels.Received) error // what accept answers; nil: it takes all
	times    []time.Time
}

func newStage(t *testing.T, settings map[string]string) *stage {
	t.Helper()
	s := &stage{T: t, a: email.New(email.Options{Key: []byte("a key of the tests"), Log: slog.New(slog.DiscardHandler)})}
	all := map[string]string{"address": "support@shop.example", "sweep_seconds": "5"}
	maps.Copy(all, settings)
	checked, err := s.a.Kind().Apply(nil, all)
	if err != nil {
		t.Fatal(err)
	}
	s.inbox = conversation.Inbox{ID: 7, Kind: "email", Settings: checked, CreatedAt: time.Now().Add(-time.Minute)}
	return s
}

// at are the settings that reach real servers.
func at(m *mailtest.Servers) map[string]string {
	host, imap := split(m.IMAPS)
	_, smtp := split(m.SMTP)
	return map[string]string{"imap_host": host, "imap_port": imap, "smtp_host": host, "smtp_port": smtp, "smtp_security": "starttls",
		"username": "support", "password": mailtest.Password, "tls_certificate": m.Certificate}
}

func split(address string) (host, port string) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address, ""
	}
	return host, port
}

// accept takes as the store does: once by source id, the cursor with it.
func (s *stage) accept(_ context.Context, in channels.Received) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.Trouble != nil {
		s.trouble = *in.Trouble
		return nil
	}
	if s.fail != nil {
		if err := s.fail(in); err != nil {
			return err
		}
	}
	for _, m := range in.Messages {
		if s.has(m.SourceID) {
			s.repeats++
			continue
		}
		s.brought, s.times = append(s.brought, m), append(s.times, time.Now())
	}
	s.receipts = append(s.receipts, in.Receipts...)
	if in.Cursor != "" {
		s.cursor = in.Cursor
	}
	return nil
}

func (s *stage) has(source string) bool {
	for _, m := range s.brought {
		if m.SourceID == source {
			return true
		}
	}
	return false
}

// listens listens until the test ends or stop is called.
func (s *stage) listens() (stop func()) {
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan struct{})
	s.mu.Lock()
	from := s.cursor
	s.mu.Unlock()
	go func() {
		defer close(done)
		if err := s.a.Listen(ctx, s.inbox, channels.Pull{Cursor: from}, s.accept); err != nil && ctx.Err() == nil {
			s.Errorf("listen: %v", err)
		}
	}()
	end := func() { cancel(); <-done }
	s.Cleanup(end)
	return end
}

func (s *stage) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, m := range s.brought {
		all = append(all, strings.TrimSpace(m.Text))
	}
	return all
}

func (s *stage) counts() (brought, repeats int, trouble string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.brought), s.repeats, s.trouble
}

func (s *stage) until(what string, ok func() bool) {
	s.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	brought, repeats, trouble := s.counts()
	s.Fatalf("never: %s; %d brought, %d repeats, trouble %q, %v", what, brought, repeats, trouble, s.texts())
}

func (s *stage) brings(n int) {
	s.Helper()
	s.until(fmt.Sprintf("%d mails", n), func() bool { got, _, _ := s.counts(); return got >= n })
}

// sends hands a message over.
func (s *stage) sends(id int64, to, text string) (channels.Accepted, error) {
	return s.a.Send(s.Context(), s.inbox, channels.Outgoing{ID: id, Address: to, Subject: "发票",
		Message: conversation.Message{ID: id, ConversationID: 3, Seq: 2, InboxID: s.inbox.ID, Sender: conversation.FromAgent, Text: text, CreatedAt: time.Now()}})
}

// why is the refusal in an error.
func why(err error) channels.SendError {
	var e *channels.SendError
	if errors.As(err, &e) {
		return *e
	}
	return channels.SendError{}
}

// letter is a plain mail.
func letter(from, id, text string, headers ...string) string {
	lines := []string{"From: " + from, "To: support@shop.example", "Date: Mon, 2 Nov 2026 10:00:00 +0800", "Subject: hello"}
	if id != "" {
		lines = append(lines, "Message-ID: <"+id+">")
	}
	lines = append(append(lines, headers...), "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, "")
	return strings.Join(lines, "\r\n")
}
