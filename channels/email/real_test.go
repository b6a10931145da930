package email_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/email/mailtest"
	"huiyin/conversation"
)

// What is tried against Dovecot and Exim.

func TestMailIsTakenOutOfDovecot(t *testing.T) {
	m := mailtest.Start(t, "support")
	for name, more := range map[string]map[string]string{
		"TLS": nil, "STARTTLS": {"imap_port": portOf(m.IMAP), "imap_security": "starttls"}, "plain": {"imap_port": portOf(m.IMAP), "imap_security": "none", "tls_certificate": ""}} {
		t.Run(name, func(t *testing.T) {
			settings := at(m)
			for k, v := range more {
				settings[k] = v
			}
			s := newStage(t, settings)
			s.inbox.CreatedAt = time.Now()
			if name == "plain" {
				s.inbox.Settings["smtp_security"] = "none"
			}
			if err := s.a.Check(t.Context(), s.inbox); err != nil {
				t.Fatal(err)
			}
			s.listens()
			time.Sleep(1100 * time.Millisecond) // INTERNALDATE knows seconds
			drop(t, m, name+"1", letter("Li <li@c.example>", "1"+name+"@c.example", "one "+name))
			s.until("taken", func() bool { return strings.Contains(strings.Join(s.texts(), "|"), "one "+name) })
		})
	}
}

func portOf(address string) string { _, p := split(address); return p }

func drop(t *testing.T, m *mailtest.Servers, name, raw string) {
	t.Helper()
	if err := m.Drop("support", strings.ReplaceAll(name, " ", ""), raw); err != nil {
		t.Fatal(err)
	}
}

// A listener goes on where it was; new numbers, lost flags and the same mail twice add nothing.
func TestAMailboxThatForgets(t *testing.T) {
	m := mailtest.Start(t, "support")
	settings := at(m)
	settings["backlog"] = "all"
	s := newStage(t, settings)
	for i := range 30 {
		drop(t, m, fmt.Sprint("old", i), letter("li@c.example", fmt.Sprint(i, "@c.example"), fmt.Sprint("mail ", i)))
	}
	stop := s.listens()
	s.brings(30)
	stop()
	if err := m.LoseFlags("support"); err != nil {
		t.Fatal(err)
	}
	drop(t, m, "new30", letter("li@c.example", "30@c.example", "mail 30"))
	stop = s.listens()
	s.brings(31)
	stop()
	if _, repeats, _ := s.counts(); repeats != 0 {
		t.Errorf("lost flags brought %d mails again", repeats)
	}
	drop(t, m, "new31", letter("li@c.example", "31@c.example", "mail 31"))
	drop(t, m, "twice", letter("li@c.example", "31@c.example", "mail 31"))
	drop(t, m, "reused", letter("wang@d.example", "31@c.example", "another mail with the same id"))
	for i := range 2 { // no id at all, and the same words
		drop(t, m, fmt.Sprint("noid", i), letter("li@c.example", "", "no id", fmt.Sprint("Received: by mx; ", i)))
	}
	time.Sleep(1100 * time.Millisecond) // Dovecot numbers a mailbox by the second
	if err := m.Renumber("support"); err != nil {
		t.Fatal(err)
	}
	before := s.cursor
	s.listens()
	s.brings(35)
	time.Sleep(300 * time.Millisecond)
	got, repeats, _ := s.counts()
	if got != 35 || repeats < 31 || s.cursor == before {
		t.Errorf("%d mails, %d repeats, cursor %s then %s", got, repeats, before, s.cursor)
	}
}

func TestOnlyWhatIsWantedOfTheBacklog(t *testing.T) {
	m := mailtest.Start(t, "support")
	drop(t, m, "before", letter("li@c.example", "1@c.example", "before"))
	s := newStage(t, at(m))
	s.inbox.CreatedAt = time.Now().Add(2 * time.Second)
	s.listens()
	s.until("looked", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.cursor != "" })
	time.Sleep(2100 * time.Millisecond)
	drop(t, m, "after", letter("li@c.example", "2@c.example", "after"))
	s.brings(1)
	if got := s.texts(); len(got) != 1 || got[0] != "after" {
		t.Errorf("%q", got)
	}
}

func TestMailGoesOutThroughExim(t *testing.T) {
	m := mailtest.Start(t, "support", "li", "full")
	s := newStage(t, at(m))
	s.inbox.Settings["plus_addresses"] = "both"
	first, err := s.sends(11, "li@c.example", "请看附件")
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.sends(11, "li@c.example", "请看附件")
	if err != nil || first.ProviderID != again.ProviderID {
		t.Errorf("ids %q and %q: %v", first.ProviderID, again.ProviderID, err)
	}
	s.until("both in the mailbox", func() bool { return len(m.Mails("li")) == 2 })
	if mail := m.Mails("li")[0]; !strings.Contains(mail, "<"+first.ProviderID+">") || !strings.Contains(mail, "Reply-To: ") {
		t.Errorf("%s", mail)
	}
	if e := refused(s, 12, "unknown@c.example"); e.Retry || e.Postponed || !strings.Contains(e.Reason, "no such address") {
		t.Errorf("unknown: %+v", e)
	}
	if e := refused(s, 13, "later@c.example"); !e.Retry {
		t.Errorf("greylisted: %+v", e)
	}
	s.listens()
	if _, err := s.sends(14, "full@c.example", strings.Repeat("long ", 1000)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.sends(15, "gone@c.example", "hello"); err != nil { // Exim takes it and reports later
		t.Fatal(err)
	}
	s.until("both reported", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.receipts) == 2 })
	for _, r := range s.receipts {
		if r.State != conversation.Failed || r.Reason == "" || r.MessageID != 14 && r.MessageID != 15 {
			t.Errorf("%+v", r)
		}
	}
	for _, in := range s.brought {
		if in.Activity != "mail_bounced" || in.Text != "" || !in.Thread.Report || len(in.Thread.Answers) != 1 {
			t.Errorf("%+v", in)
		}
	}
}

func refused(s *stage, id int64, to string) struct {
	Reason           string
	Retry, Postponed bool
} {
	_, err := s.sends(id, to, "hello")
	e := why(err)
	return struct {
		Reason           string
		Retry, Postponed bool
	}{e.Reason, e.Retry, e.Postponed}
}

// A password that is changed is told in words, holds mail up without failing it, and is mended by the new one.
func TestAPasswordThatIsChanged(t *testing.T) {
	m := mailtest.Start(t, "support", "li")
	s := newStage(t, at(m))
	stop := s.listens()
	s.until("well", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.cursor != "" })
	if err := m.SetPassword("new secret"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	if _, err := s.sends(1, "li@c.example", "hello"); !why(err).Postponed || !strings.Contains(why(err).Reason, "password") {
		t.Errorf("%+v", why(err))
	}
	s.until("told", func() bool { _, _, trouble := s.counts(); return strings.Contains(trouble, "password") })
	if err := s.a.Check(t.Context(), s.inbox); err == nil || !strings.Contains(err.Error(), "Receiving") || !strings.Contains(err.Error(), "Sending") {
		t.Errorf("%v", err)
	}
	stop()
	s.inbox.Settings["password"] = "new secret"
	if _, err := s.sends(1, "li@c.example", "hello"); err != nil {
		t.Error(err)
	}
	s.listens()
	s.until("well again", func() bool { _, _, trouble := s.counts(); return trouble == "" })
}

// cutter passes connections on and breaks each after so many bytes of the server's; 0: never.
func cutter(t *testing.T, to string, after func(n int) int64) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for n := 0; ; n++ {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer near.Close()
				far, err := net.Dial("tcp", to)
				if err != nil {
					return
				}
				defer far.Close()
				go func() { _, _ = io.Copy(far, near) }()
				if most := after(n); most > 0 {
					_, _ = io.CopyN(near, far, most)
				} else {
					_, _ = io.Copy(near, far)
				}
			}()
		}
	}()
	return ln.Addr().String()
}

// A connection that breaks anywhere, in the middle of a mail too, loses nothing and doubles nothing.
func TestIMAPIsCutAnywhere(t *testing.T) {
	m := mailtest.Start(t, "support")
	const mails = 120
	for i := range mails {
		drop(t, m, fmt.Sprint("m", i), letter("li@c.example", fmt.Sprint(i, "@c.example"), fmt.Sprint("mail ", i, strings.Repeat(" and more", 500))))
	}
	settings := at(m)
	settings["backlog"], settings["imap_security"] = "all", "none"
	cut := cutter(t, m.IMAP, func(n int) int64 {
		if n > 14 {
			return 0
		}
		return int64(700 + n*37_003)
	})
	settings["imap_host"], settings["imap_port"] = split(cut)
	s := newStage(t, settings)
	var stored []string
	s.fail = func(in channels.Received) error {
		for _, one := range in.Messages {
			stored = append(stored, one.SourceID)
		}
		return nil
	}
	s.listens()
	s.brings(mails)
	slices.Sort(stored)
	if got := len(slices.Compact(stored)); got != mails {
		t.Errorf("%d mails", got)
	}
}

// While nothing can be stored nothing is lost: the place stays where it was.
func TestWhatCannotBeStoredComesAgain(t *testing.T) {
	m := mailtest.Start(t, "support")
	settings := at(m)
	settings["backlog"] = "all"
	for i := range 5 {
		drop(t, m, fmt.Sprint("m", i), letter("li@c.example", fmt.Sprint(i, "@c.example"), fmt.Sprint("mail ", i)))
	}
	s := newStage(t, settings)
	var refusals atomic.Int32
	s.fail = func(in channels.Received) error {
		if len(in.Messages) > 0 && refusals.Add(1) < 3 {
			return conversation.ErrUnavailable
		}
		if len(in.Messages) > 1 { // a batch fails for one that is never taken with others
			return errors.New("not together")
		}
		return nil
	}
	s.listens()
	s.brings(5)
	if s.cursor == "" || refusals.Load() < 3 {
		t.Errorf("cursor %q after %d", s.cursor, refusals.Load())
	}
}

func TestSeveralFoldersAndOneThatIsMissing(t *testing.T) {
	m := mailtest.Start(t, "support")
	settings := at(m)
	settings["folder"], settings["backlog"], settings["mark_seen"] = "INBOX\nNowhere", "all", "false"
	drop(t, m, "m1", letter("li@c.example", "1@c.example", "here"))
	s := newStage(t, settings)
	s.listens()
	s.brings(1)
	s.until("told", func() bool { _, _, trouble := s.counts(); return strings.Contains(trouble, `"Nowhere"`) })
	if err := s.a.Check(t.Context(), s.inbox); err == nil || !strings.Contains(err.Error(), `"Nowhere"`) {
		t.Errorf("%v", err)
	}
}
