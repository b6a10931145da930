package email_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/live/freeport"
)

// newDoor is a stage that takes mail in over SMTP.
func newDoor(t *testing.T, settings map[string]string) (s *stage, address string) {
	t.Helper()
	address = freeport.Address(t)
	all := map[string]string{"listen_smtp": address}
	for k, v := range settings {
		all[k] = v
	}
	s = newStage(t, all)
	s.listens()
	s.until("listening", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return s, address
}

// talk is a conversation with a mail server on the wire.
type talk struct {
	*testing.T
	conn net.Conn
	in   *bufio.Reader
}

func dial(t *testing.T, address string) *talk {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &talk{t, conn, bufio.NewReader(conn)}
}

// says writes text as it is; an end of the connection is noticed at the next answer.
func (k *talk) says(text string) { _, _ = k.conn.Write([]byte(text)) }

// hears reads an answer's last line, or "" at the end.
func (k *talk) hears() string {
	for {
		line, err := k.in.ReadString('\n')
		if err != nil {
			return ""
		}
		if len(line) < 4 || line[3] != '-' {
			return strings.TrimSpace(line)
		}
	}
}

// smuggled are ways to hide the end of a mail, and with it a second mail, in what another server takes for a mail's text.
// https://sec-consult.com/blog/detail/smtp-smuggling-spoofing-e-mails-worldwide/
func smuggled() (all []string) {
	second := []string{"MAIL FROM:<boss@shop.example>\r\nRCPT TO:<support@shop.example>\r\nDATA\r\n", "mail from:<boss@shop.example>\nrcpt to:<support@shop.example>\ndata\n"}
	ends := []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r.\n", "\n.\r", "\r\n\x00.\r\n", "\r\n.\x00\r\n", "\r\r\n.\r\r\n", "\n\n.\n\n", "\r\n.\r\r\n", "\r\n\r.\r\n",
		"\n.\r\r\n", "\r\n.\n\r\n", "\r\n.\n\n", "\n\r.\n\r", "\r\n..\n", "\r\n.\r.\n"}
	for _, end := range ends {
		for _, more := range second {
			all = append(all, end+more)
		}
	}
	return all
}

func TestNothingIsSmuggledIn(t *testing.T) {
	s, address := newDoor(t, nil)
	forms := smuggled()
	if len(forms) < 40 {
		t.Fatalf("only %d forms", len(forms))
	}
	for i, form := range forms {
		before, _, _ := s.counts()
		k := dial(t, address)
		k.hears()
		for _, line := range []string{"EHLO evil.example", "MAIL FROM:<mallory@evil.example>", "RCPT TO:<support@shop.example>", "DATA"} {
			k.says(line + "\r\n")
			if answer := k.hears(); answer == "" || answer[0] > '3' {
				t.Fatalf("%d: %s: %s", i, line, answer)
			}
		}
		k.says(letter("mallory@evil.example", fmt.Sprint(i, "@evil.example"), "first") + form + letter("boss@shop.example", fmt.Sprint("smuggled", i, "@evil.example"), "smuggled") + "\r\n.\r\n")
		answer := k.hears()
		_ = k.conn.Close()
		after, _, _ := s.counts()
		if after > before+1 {
			t.Errorf("%q: %d mails of one", form, after-before)
		}
		bareEnd := strings.ContainsAny(strings.ReplaceAll(form, "\r\n", ""), "\r\n")
		if bareEnd && !strings.HasPrefix(answer, "5") {
			t.Errorf("%q is answered %q", form, answer)
		}
	}
	for _, text := range s.texts() {
		if strings.HasPrefix(text, "smuggled") {
			t.Error("a smuggled mail is taken in")
		}
	}
}

func TestCommandsWithBareLineEndsAreRefused(t *testing.T) {
	s, address := newDoor(t, nil)
	for _, lines := range []string{"EHLO x\nMAIL FROM:<a@b.example>\n", "EHLO x\r\nMAIL FROM:<a@b.example>\n", "EHLO x\r\nNOOP\rMAIL FROM:<a@b.example>\r\n"} {
		k := dial(t, address)
		k.hears()
		k.says(lines + "RCPT TO:<support@shop.example>\r\nDATA\r\n" + letter("a@b.example", "x@b.example", "text") + "\r\n.\r\nQUIT\r\n")
		for answer := k.hears(); answer != ""; answer = k.hears() {
			if strings.Contains(answer, "queued") || strings.HasPrefix(answer, "354") {
				t.Errorf("%q: %s", lines, answer)
			}
		}
	}
	if got, _, _ := s.counts(); got != 0 {
		t.Errorf("%d mails", got)
	}
}

func TestTheDoorTakesWhatIsDurable(t *testing.T) {
	s, address := newDoor(t, map[string]string{"max_mail_mb": "1"})
	refuse := errors.New("nothing can be stored")
	send := func(to string, size int) error {
		c, err := smtp.Dial(address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.SendMail("li@c.example", []string{to}, strings.NewReader(letter("li@c.example", fmt.Sprint(size, to), strings.Repeat("x 123456\r\n", size/10))))
	}
	code := func(err error) int {
		var e *smtp.SMTPError
		if errors.As(err, &e) {
			return e.Code
		}
		return 0
	}
	s.mu.Lock()
	s.fail = func(channels.Received) error { return refuse }
	s.mu.Unlock()
	if got := code(send("support@shop.example", 10)); got != 451 {
		t.Errorf("not stored: %d", got)
	}
	s.mu.Lock()
	s.fail = nil
	s.mu.Unlock()
	for _, c := range []struct {
		to   string
		size int
		code int
	}{{"support@shop.example", 10, 0}, {"Support+anything@SHOP.example", 10, 0}, {"sales@shop.example", 10, 550}, {"support@other.example", 10, 550}, {"support@shop.example", 2 << 20, 552}} {
		if got := code(send(c.to, c.size)); got != c.code {
			t.Errorf("%s, %d bytes: %d, want %d", c.to, c.size, got, c.code)
		}
	}
	if got, repeats, _ := s.counts(); got != 2 || repeats != 0 {
		t.Errorf("%d mails, %d repeats", got, repeats)
	}
}

// A mail whose words cannot be stored is kept without them.
func TestAMailThatCannotBeStoredAsItIs(t *testing.T) {
	s, address := newDoor(t, nil)
	s.mu.Lock()
	s.fail = func(in channels.Received) error {
		if len(in.Messages) > 0 && in.Messages[0].HTML != "" {
			return &conversation.FieldError{Field: "text", Message: "the message is too long"}
		}
		return nil
	}
	s.mu.Unlock()
	c, err := smtp.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	raw := strings.Replace(letter("li@c.example", "1@c.example", "<p>words</p>"), "text/plain", "text/html", 1)
	if err := c.SendMail("li@c.example", []string{"support@shop.example"}, strings.NewReader(raw)); err != nil {
		t.Fatal(err)
	}
	if len(s.brought) != 1 || s.brought[0].Text != "hello" || len(s.brought[0].Mail.Problems) == 0 || len(s.brought[0].Files) == 0 {
		t.Errorf("%+v", s.brought)
	}
}

func TestMailServersMayEncrypt(t *testing.T) {
	s, address := newDoor(t, nil)
	c, err := smtp.DialStartTLS(address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for i := range 2 { // binary noise below must not look like bare line ends
		if err := c.SendMail("li@c.example", []string{"support@shop.example"}, strings.NewReader(letter("li@c.example", fmt.Sprint(i, "@c.example"), strings.Repeat("words ", 2000)))); err != nil {
			t.Fatal(err)
		}
	}
	s.brings(2)
}

func TestTooManyCallersAreToldToComeLater(t *testing.T) {
	s, address := newDoor(t, map[string]string{"listen_per_minute": "3"})
	var open []*talk
	for range 20 {
		k := dial(t, address)
		if answer := k.hears(); strings.HasPrefix(answer, "421") {
			break
		}
		open = append(open, k)
	}
	if answer := dial(t, address).hears(); !strings.HasPrefix(answer, "421") {
		t.Errorf("after %d: %q", len(open), answer)
	}
	for _, k := range open {
		_ = k.conn.Close()
	}
	s.until("room again", func() bool { return strings.HasPrefix(dial(t, address).hears(), "220") })
	c, err := smtp.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for i := range 5 {
		err := c.Mail("li@c.example", nil)
		if (err == nil) != (i < 3) {
			t.Errorf("mail %d: %v", i, err)
		}
		_ = c.Reset()
	}
}
