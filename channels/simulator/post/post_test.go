package post

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const help = "help@shop.example"

func office(t *testing.T, o Options) *Office {
	t.Helper()
	o.Accounts = []Account{{help, "secret"}}
	p, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// client is a connection that reads the company's inbox.
func client(t *testing.T, p *Office, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	host, port := p.IMAP()
	c, err := imapclient.DialInsecure(net.JoinHostPort(host, port), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(help, "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func submit(t *testing.T, p *Office, from string, to []string, raw string) error {
	t.Helper()
	host, port := p.SMTP()
	c, err := smtp.Dial(net.JoinHostPort(host, port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", help, "secret")); err != nil {
		t.Fatal(err)
	}
	return c.SendMail(from, to, strings.NewReader(raw))
}

func mailOf(from, to, subject string, more ...string) string {
	return "From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\nMessage-ID: <one@shop.example>\r\n" +
		strings.Join(append(more, ""), "\r\n") + "\r\nHello\r\n"
}

func TestCustomerWritesAndTheCompanyReads(t *testing.T) {
	p := office(t, Options{})
	news := make(chan uint32, 4)
	c := client(t, p, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
		if d.NumMessages != nil {
			news <- *d.NumMessages
		}
	}}})
	before, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Box("Ann").Send(Draft{Name: "安安", To: help, Subject: "发票", Text: "怎么开电子发票？"}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-news:
	case <-time.After(10 * time.Second):
		t.Fatal("IDLE announced nothing")
	}
	_ = idle.Close()
	got, err := c.Fetch(imap.UIDSetNum(before.UIDNext), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{}}}).Collect()
	if err != nil || len(got) != 1 {
		t.Fatalf("fetched %d, %v", len(got), err)
	}
	m := Read(got[0].BodySection[0].Bytes)
	if m.Subject != "发票" || m.From != (Person{"安安", "ann@mail.example"}) || !strings.HasPrefix(m.Text, "怎么开电子发票？") || p.Came(help) != 1 {
		t.Errorf("got %+v", m)
	}
	if err := p.Renew(help); err != nil {
		t.Fatal(err)
	}
	after, err := client(t, p, nil).Select("INBOX", nil).Wait()
	if err != nil || after.UIDValidity == before.UIDValidity || after.NumMessages != 0 {
		t.Errorf("after the renewal: %+v, %v", after, err)
	}
}

func TestTheCompanyWritesAndTheCustomerReads(t *testing.T) {
	var told []string
	p := office(t, Options{Arrived: func(address string, m Mail) { told = append(told, address+" "+m.Subject) }})
	raw := mailOf(help, "ann@mail.example", "=?utf-8?B?5L2g5aW9?=")
	if err := submit(t, p, "help+b1@shop.example", []string{"Ann+x@mail.example", "bob@mail.example"}, raw); err != nil {
		t.Fatal(err)
	}
	got := p.Box("ann").Mails()
	if len(got) != 1 || got[0].Subject != "你好" || got[0].Read || got[0].returnPath != "help+b1@shop.example" || len(p.Box("bob").Mails()) != 1 || len(told) != 2 {
		t.Fatalf("ann has %+v; told %v", got, told)
	}
	if !bytes.Contains(got[0].raw, []byte("spf=pass smtp.mailfrom=shop.example")) {
		t.Errorf("the trace lacks the verdict:\n%s", got[0].raw)
	}
	if _, ok := p.Box("ann").Open(1); !ok || !p.Box("ann").Mails()[0].Read {
		t.Error("it is not marked as read")
	}
}

func TestSubmissionRefuses(t *testing.T) {
	p := office(t, Options{})
	host, port := p.SMTP()
	for name, c := range map[string]struct {
		password, from, to, want string
	}{
		"a wrong password":    {"guess", help, "ann@mail.example", "535"},
		"another's address":   {"secret", "boss@shop.example", "ann@mail.example", "553"},
		"no such user":        {"secret", help, "refused@mail.example", "550"},
		"not now":             {"secret", help, "later@mail.example", "451"},
		"a malformed address": {"secret", help, "ann", "501"},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := smtp.Dial(net.JoinHostPort(host, port))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err = conn.Auth(sasl.NewLoginClient(help, c.password)); err == nil {
				err = conn.SendMail(c.from, []string{c.to}, strings.NewReader("Subject: x\r\n\r\nx\r\n"))
			}
			if err == nil || !strings.Contains(err.Error(), c.want) && !strings.Contains(errCode(err), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	conn, err := smtp.Dial(net.JoinHostPort(host, port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Mail(help, nil); err == nil {
		t.Error("mail is taken from anybody")
	}
}

func errCode(err error) string {
	if e, ok := err.(*smtp.SMTPError); ok {
		return string(rune('0'+e.Code/100)) + string(rune('0'+e.Code/10%10)) + string(rune('0'+e.Code%10))
	}
	return ""
}

func TestWhatCannotBeBroughtComesBack(t *testing.T) {
	p := office(t, Options{})
	if err := submit(t, p, "help+v7@shop.example", []string{"bounce@mail.example", "ann@elsewhere.example"}, mailOf(help, "bounce@mail.example", "Hi")); err != nil {
		t.Fatal(err)
	}
	c := client(t, p, nil)
	box, err := c.Select("INBOX", nil).Wait()
	if err != nil || box.NumMessages != 2 {
		t.Fatalf("%+v, %v", box, err)
	}
	got, err := c.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	raw := string(got[0].BodySection[0].Bytes)
	for _, want := range []string{"Return-Path: <>", "report-type=delivery-status", "Status: 5.1.1", "Final-Recipient: rfc822; bounce@mail.example", "Message-ID: <one@shop.example>", "Delivered-To: help+v7@shop.example"} {
		if !strings.Contains(raw, want) {
			t.Errorf("the report lacks %q:\n%s", want, raw)
		}
	}
}

func TestAnInboxThatIsFullIsBegunAnew(t *testing.T) {
	p := office(t, Options{Room: 4000})
	for range 20 {
		p.Deliver("ann@mail.example", []string{help}, []byte(mailOf("ann@mail.example", help, "Hi", "X-Long: "+strings.Repeat("x", 400))))
	}
	box, err := client(t, p, nil).Select("INBOX", nil).Wait()
	if err != nil || box.NumMessages == 0 || box.NumMessages > 5 || p.Came(help) != 20 {
		t.Errorf("%+v of %d, %v", box, p.Came(help), err)
	}
}

func TestAway(t *testing.T) {
	p := office(t, Options{})
	ann := p.Box("ann")
	ann.Away(true)
	p.Deliver(help, []string{"ann@mail.example"}, []byte(mailOf(help, "ann@mail.example", "Hi")))
	p.Deliver(help, []string{"ann@mail.example"}, []byte(mailOf(help, "ann@mail.example", "Hi again")))
	p.Deliver("news@shop.example", []string{"ann@mail.example"}, []byte(mailOf(help, "ann@mail.example", "News", "List-Id: <news.shop.example>")))
	p.Deliver("robot@shop.example", []string{"ann@mail.example"}, []byte(mailOf(help, "ann@mail.example", "Receipt", "Auto-Submitted: auto-replied")))
	if p.Came(help) != 1 {
		t.Fatalf("%d answers", p.Came(help))
	}
	all := ann.Mails()
	answer := all[1]
	if answer.Folder != "sent" || answer.Auto != "auto-replied" || answer.InReplyTo != "one@shop.example" || answer.Thread != all[0].Thread {
		t.Errorf("got %+v", answer)
	}
}

func TestBreakCutsConnections(t *testing.T) {
	p := office(t, Options{})
	host, port := p.SMTP()
	conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = conn.Read(make([]byte, 200))
	p.Break()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.Read(make([]byte, 1)); err == nil || !isEOF(err) {
		t.Errorf("the connection lives: %v", err)
	}
}

func isEOF(err error) bool { return err == io.EOF || strings.Contains(err.Error(), "reset") }
