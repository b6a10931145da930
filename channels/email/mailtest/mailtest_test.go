package mailtest

import (
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

// What is handed to Exim is found in Dovecot.
func TestServersHoldMail(t *testing.T) {
	s := Start(t, "anna")
	out, err := smtp.Dial(s.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.SendMail("ben@far.example", []string{"anna@here.example"}, strings.NewReader("Subject: hi\r\n\r\nhello\r\n")); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); len(s.Mails("anna")) == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	c, err := imapclient.DialInsecure(s.IMAP, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("anna", Password).Wait(); err != nil {
		t.Fatal(err)
	}
	box, err := c.Select("INBOX", nil).Wait()
	if err != nil || box.NumMessages != 1 {
		t.Fatalf("%+v %v", box, err)
	}
	if err := s.SetPassword("other"); err != nil {
		t.Fatal(err)
	}
	refused := false
	for end := time.Now().Add(10 * time.Second); !refused && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		again, err := imapclient.DialInsecure(s.IMAP, nil)
		if err != nil {
			t.Fatal(err)
		}
		refused = again.Login("anna", Password).Wait() != nil
		_ = again.Close()
	}
	if !refused {
		t.Error("the old password still works")
	}
}
