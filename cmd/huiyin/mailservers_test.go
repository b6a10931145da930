package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"huiyin/channels/email/mailtest"
	"huiyin/db"
)

// What comes after a conversation by mail, over Dovecot and Exim: the question for a rating with its link, and the notice of a
// bad one, which a lead who looks away gets by mail.
func TestARatingAndANoticeByMail(t *testing.T) {
	t.Parallel()
	s, _, key := furnished(t, "")
	m := mailtest.Start(t, "support", "li", "boss")
	inbox := s.mailbox(m)
	must(t, callWith(offerPassword, s.on("user", "create", "--email", "boss@shop.example", "--name", "Boss", "--role", "lead", "--password-stdin")...))
	boss := s.signedIn("boss@shop.example")
	ctx := context.Background()
	api := loadAPI{base: s.url(), key: key, client: loadClient()}
	s.calls(api.call(ctx, http.MethodPut, fmt.Sprintf("/api/v1/inboxes/%d/survey", inbox), key, map[string]any{"enabled": true, "delay_minutes": 0, "percent": 100,
		"scale": "five", "way": "auto", "bot_too": false, "question_zh": "", "question_en": "", "low_up_to": 2, "on_low": "notify"}, nil))
	s.calls(boss.calls(ctx, http.MethodPut, "/me/notices", map[string]any{"mail_minutes": 5, "kinds": []map[string]any{{"kind": "bad_rating", "push": true, "sound": false, "mail": true}}}, nil))
	s.calls(m.Drop("support", "one", crlfLines(letterFrom("li@c.example", "one@c.example", "退款", "我要人工处理退款"))))
	var page struct{ Items []struct{ ID int64 } }
	s.eventually("the mail is a conversation", func() bool {
		return boss.calls(ctx, http.MethodGet, "/conversations?view=queue", nil, &page) == nil && len(page.Items) == 1
	})
	path := fmt.Sprintf("/conversations/%d", page.Items[0].ID)
	s.calls(boss.calls(ctx, http.MethodPost, path+"/messages", map[string]any{"text": "已经退给您了"}, nil))
	s.eventually("the answer is in the customer's mailbox", func() bool { return strings.Contains(readable(m.Mails("li")), "已经退给您了") })
	s.calls(boss.calls(ctx, http.MethodPost, path+"/resolve", nil, nil))
	var link string
	s.eventually("the question is in the customer's mailbox", func() bool {
		link = regexp.MustCompile(ratingPath + `[A-Za-z0-9_-]+`).FindString(readable(m.Mails("li")))
		return link != ""
	})
	if code, _ := fetch(t, http.MethodGet, s.url()+link, nil); code != http.StatusOK { // a scanner
		t.Fatal(code)
	}
	if _, body := fetch(t, http.MethodPost, s.url()+link, url.Values{"score": {"1"}, "comment": {"太慢"}}); !strings.Contains(body, "谢谢") && !strings.Contains(body, "感谢") {
		t.Fatal(body)
	}
	s.eventually("the lead is told", func() bool {
		var notices struct{ Items []struct{ Kind string } }
		return boss.calls(ctx, http.MethodGet, "/notices", nil, &notices) == nil && len(notices.Items) > 0 && notices.Items[0].Kind == "bad_rating"
	})
	s.kill()
	s.aged("UPDATE notices SET at = at - 600000")
	s.start()
	s.eventually("the lead is told by mail", func() bool { return strings.Contains(readable(m.Mails("boss")), path[len("/conversations"):]) })
	if text := readable(m.Mails("boss")); strings.Contains(text, "太慢") || strings.Contains(text, "退款") {
		t.Fatalf("words of the customer's are in the notice: %s", text)
	}
	t.Logf("%s", s.call("ledger", "check"))
}

// mailbox makes the inbox of support@shop.example, in and out over the test's mail servers.
func (s *server) mailbox(m *mailtest.Servers) int64 {
	s.Helper()
	host, imap := hostPort(s.T, m.IMAP)
	smtpHost, smtp := hostPort(s.T, m.SMTP)
	args := []string{"inbox", "create", "--kind", "email", "--name", "Mail", "--json"}
	for _, set := range []string{"address=support@shop.example", "imap_host=" + host, "imap_port=" + imap, "imap_security=none", "smtp_host=" + smtpHost, "smtp_port=" + smtp,
		"smtp_security=none", "username=support", "password=" + mailtest.Password, "backlog=all", "sweep_seconds=5"} {
		args = append(args, "--set", set)
	}
	return decode[shownInbox](s.T, callWith("", s.on(args...)...)).ID
}

// signedIn is an agent at a browser.
func (s *server) signedIn(email string) *offerAgent {
	s.Helper()
	a := &offerAgent{server: s, email: email}
	s.calls(a.signIn(context.Background()))
	return a
}

func (s *server) calls(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// eventually waits for what the server and the mail servers do.
func (s *server) eventually(what string, ok func() bool) {
	s.Helper()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	s.Fatalf("never: %s", what)
}

// aged changes rows of a server that is stopped, so that nobody has to wait.
func (s *server) aged(query string) {
	s.Helper()
	d, err := db.Open(context.Background(), s.data+"/huiyin.db", db.Options{})
	s.calls(err)
	defer d.Close()
	s.calls(d.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query)
		return err
	}))
}

// readable are mails with what is encoded in them as text.
func readable(mails []string) string {
	var all strings.Builder
	for _, mail := range mails {
		all.WriteString(mail)
		for _, block := range regexp.MustCompile(`(?:[A-Za-z0-9+/]{20,}={0,2}\r?\n?)+`).FindAllString(mail, -1) {
			if text, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "").Replace(block)); err == nil {
				all.Write(text)
			}
		}
		quoted := strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(mail)
		all.WriteString(quoted)
		if text, err := (&mime.WordDecoder{}).DecodeHeader("=?utf-8?q?" + strings.Join(strings.Fields(quoted), "_") + "?="); err == nil {
			all.WriteString(text)
		}
	}
	return all.String()
}
