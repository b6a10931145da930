package email_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// script is a mail server that says what a test wants at each step; "" breaks the connection there.
type script map[string]string

func (s script) serve(t *testing.T) (address string, mails *atomic.Int32) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	mails = &atomic.Int32{}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go s.talk(conn, mails)
		}
	}()
	return ln.Addr().String(), mails
}

func (s script) talk(conn net.Conn, mails *atomic.Int32) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	say := func(step, usual string) bool {
		answer, own := s[step]
		if !own {
			answer = usual
		}
		_, _ = io.WriteString(conn, answer)
		if answer != "" {
			_, _ = io.WriteString(conn, "\r\n")
		}
		return answer != ""
	}
	if !say("greeting", "220 mail.example ESMTP") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		usual := map[string]string{"EHLO": "250-mail.example\r\n250 AUTH PLAIN LOGIN XOAUTH2", "AUTH": "235 2.7.0 ok", "DATA": "354 go on", "QUIT": "221 bye"}[verb]
		if usual == "" {
			usual = "250 2.0.0 ok"
		}
		if !say(verb, usual) {
			return
		}
		if verb == "DATA" && (s["DATA"] == "" || strings.HasPrefix(s["DATA"], "354")) {
			for line := ""; line != ".\r\n"; {
				if line, err = in.ReadString('\n'); err != nil {
					return
				}
			}
			mails.Add(1)
			if !say("dot", "250 2.0.0 queued") {
				return
			}
		}
	}
}

func TestWhatBecomesOfAMailThatIsNotTaken(t *testing.T) {
	for name, c := range map[string]struct {
		script script
		want   channels.SendError // its flags
		says   string
		taken  int32
	}{
		"taken":                         {script{}, channels.SendError{}, "", 1},
		"cut before the greeting":       {script{"greeting": ""}, channels.SendError{Retry: true}, "could not be reached", 0},
		"busy":                          {script{"greeting": "421 4.3.2 busy"}, channels.SendError{Retry: true}, "busy", 0},
		"cut at the sender":             {script{"MAIL": ""}, channels.SendError{Retry: true}, "could not be reached", 0},
		"cut at DATA":                   {script{"DATA": ""}, channels.SendError{Retry: true}, "could not be reached", 0},
		"cut after the mail":            {script{"dot": ""}, channels.SendError{Uncertain: true}, "may or may not", 1},
		"refused after the mail":        {script{"dot": "554 5.7.1 spam"}, channels.SendError{}, "refuses our mail", 1},
		"put off after the mail":        {script{"dot": "451 4.3.0 later"}, channels.SendError{Retry: true}, "later", 1},
		"nonsense after the mail":       {script{"dot": "what?"}, channels.SendError{Uncertain: true}, "may or may not", 1},
		"no such receiver":              {script{"RCPT": "550 5.1.1 unknown"}, channels.SendError{}, "no such address", 0},
		"greylisted":                    {script{"RCPT": "450 4.2.0 greylisted"}, channels.SendError{Retry: true}, "greylisted", 0},
		"the receiver's mailbox full":   {script{"RCPT": "552 5.2.2 full"}, channels.SendError{}, "mailbox is full", 0},
		"its mailbox full for now":      {script{"RCPT": "452 4.2.2 full"}, channels.SendError{Retry: true}, "mailbox is full", 0},
		"the password wrong":            {script{"AUTH": "535 5.7.8 bad credentials"}, channels.SendError{Postponed: true}, "password", 0},
		"not signed in":                 {script{"MAIL": "530 5.7.0 authentication required"}, channels.SendError{Postponed: true}, "password", 0},
		"the day's mails used up":       {script{"MAIL": "550 5.4.5 daily quota exceeded"}, channels.SendError{Postponed: true}, "no more mails for now", 0},
		"the sender not allowed":        {script{"MAIL": "553 5.7.1 mail from must equal authorized user"}, channels.SendError{}, "authorized user", 0},
		"too large":                     {script{"MAIL": "552 5.3.4 too big"}, channels.SendError{}, "too large", 0},
		"no sign-in wanted":             {script{"EHLO": "250 mail.example"}, channels.SendError{}, "", 1},
		"no sign-in that we know":       {script{"EHLO": "250-mail.example\r\n250 AUTH GSSAPI"}, channels.SendError{Postponed: true}, "no way to sign in", 0},
		"a mail refused, and no reason": {script{"DATA": "554 no"}, channels.SendError{}, "554 no", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, taken := c.script.serve(t)
			host, port := split(address)
			s := newStage(t, map[string]string{"imap_host": "127.0.0.1", "smtp_host": host, "smtp_port": port, "smtp_security": "none", "password": "x"})
			_, err := s.sends(1, "li@c.example", "hello")
			e := why(err)
			if (err == nil) != (c.says == "") || e.Retry != c.want.Retry || e.Uncertain != c.want.Uncertain || e.Postponed != c.want.Postponed || !strings.Contains(e.Reason, c.says) {
				t.Errorf("%v: %+v", err, e)
			}
			if e.Postponed && e.After <= 0 {
				t.Error("put off for no time")
			}
			if taken.Load() != c.taken {
				t.Errorf("the server has %d mails, want %d", taken.Load(), c.taken)
			}
		})
	}
}

func TestMailsKeepToTheInboxsLimits(t *testing.T) {
	address, taken := script{}.serve(t)
	host, port := split(address)
	s := newStage(t, map[string]string{"imap_host": "127.0.0.1", "smtp_host": host, "smtp_port": port, "smtp_security": "none", "limit_minute": "3", "limit_hour": "100"})
	for i := range 5 {
		_, err := s.sends(int64(i+1), "li@c.example", "hello")
		e := why(err)
		if (err == nil) != (i < 3) || e.Postponed != (i >= 3) || i >= 3 && (e.After <= 0 || e.After > time.Minute) {
			t.Errorf("mail %d: %+v", i, e)
		}
	}
	if taken.Load() != 3 {
		t.Errorf("%d went out", taken.Load())
	}
}

// An access token is fetched once, and anew when it is refused.
func TestSigningInByToken(t *testing.T) {
	var fetched atomic.Int32
	var busy atomic.Bool
	refresh := "refresh"
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if busy.Load() {
			w.Header().Set("Retry-After", "1200")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if r.FormValue("grant_type") != "refresh_token" || r.FormValue("refresh_token") != refresh || r.FormValue("client_id") != "client" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"error":"invalid_grant","error_description":"Token has been revoked."}`)
			return
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"token%d","expires_in":3600}`, fetched.Add(1))
	}))
	defer tokens.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	var good atomic.Value
	good.Store("token1")
	go serveXOAUTH2(ln, &good)
	host, port := split(ln.Addr().String())
	s := newStage(t, map[string]string{"imap_host": "127.0.0.1", "smtp_host": host, "smtp_port": port, "smtp_security": "none", "auth": "oauth_microsoft", "oauth_client_id": "client",
		"oauth_refresh_token": "refresh", "oauth_token_url": tokens.URL})
	kept := ""
	s.a.Tokens = func(ctx context.Context, key, refused string, fetch channels.FetchToken) (string, error) {
		if kept != "" && kept != refused {
			return kept, nil
		}
		token, _, err := fetch(ctx)
		kept = token
		return token, err
	}
	for range 2 {
		if _, err := s.sends(1, "li@c.example", "hello"); err != nil {
			t.Fatal(err)
		}
	}
	good.Store("token2")
	if _, err := s.sends(2, "li@c.example", "hello"); err != nil || fetched.Load() != 2 {
		t.Fatalf("%d tokens: %v", fetched.Load(), err)
	}
	good.Store("none")
	busy.Store(true)
	if _, err := s.sends(3, "li@c.example", "hello"); !why(err).Postponed || why(err).After != 20*time.Minute {
		t.Errorf("the token server asks for 20 minutes: %+v", why(err))
	}
	busy.Store(false)
	refresh = "another"
	if _, err := s.sends(3, "li@c.example", "hello"); !why(err).Postponed || !strings.Contains(why(err).Reason, "refresh token is refused") {
		t.Errorf("%+v", why(err))
	}
}

// serveXOAUTH2 takes mail from who signs in by a token; a refusal comes as the mechanism has it, in a challenge.
func serveXOAUTH2(ln net.Listener, good *atomic.Value) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			in := bufio.NewReader(conn)
			say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
			say("220 hi")
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				fields := strings.Fields(line + " x x")
				switch strings.ToUpper(fields[0]) {
				case "EHLO":
					say("250-hi\r\n250 AUTH XOAUTH2")
				case "AUTH":
					if strings.Contains(decoded(fields[2]), "auth=Bearer "+good.Load().(string)+"\x01\x01") && strings.Contains(decoded(fields[2]), "user=support@shop.example\x01") {
						say("235 ok")
						continue
					}
					say("334 eyJzdGF0dXMiOiI0MDEifQ==")
					_, _ = in.ReadString('\n')
					say("535 5.7.8 no")
				case "DATA":
					say("354 go on")
					for line := ""; line != ".\r\n"; {
						if line, err = in.ReadString('\n'); err != nil {
							return
						}
					}
					say("250 ok")
				default:
					say("250 ok")
				}
			}
		}()
	}
}

// What an agent writes goes to all who take part, what no person wrote to the sender alone; a subject has one Re:.
func TestWhomAReplyGoesTo(t *testing.T) {
	box := newSink(t)
	host, port := split(box.address)
	s := newStage(t, map[string]string{"imap_host": "127.0.0.1", "smtp_host": host, "smtp_port": port, "smtp_security": "none"})
	asked := conversation.Message{Sender: conversation.FromContact, Text: "?", Content: conversation.Content{Mail: &conversation.Mail{MessageID: "q@c.example", References: []string{"p@c.example"},
		From: []conversation.MailAddress{{Name: "Li", Address: "li@c.example"}}, To: []conversation.MailAddress{{Address: "support@shop.example"}, {Address: "zhao@c.example"}},
		Cc: []conversation.MailAddress{{Address: "wang@c.example"}, {Address: "Support+x@shop.example"}}}}}
	for name, c := range map[string]struct {
		sender conversation.Sender
		own    *conversation.Mail
		to     string
	}{
		"an agent":           {conversation.FromAgent, nil, "li@c.example zhao@c.example wang@c.example"},
		"the bot":            {conversation.FromBot, nil, "li@c.example"},
		"an agent's choice":  {conversation.FromAgent, &conversation.Mail{To: []conversation.MailAddress{{Address: "wang@c.example"}}, Bcc: []conversation.MailAddress{{Address: "boss@shop.example"}}}, "wang@c.example boss@shop.example"},
		"a header in a name": {conversation.FromAgent, &conversation.Mail{To: []conversation.MailAddress{{Name: "x\r\nBcc: all@evil.example", Address: "wang@c.example"}}}, "wang@c.example"},
	} {
		before := len(box.all())
		_, err := s.a.Send(t.Context(), s.inbox, channels.Outgoing{ID: 5, Address: "li@c.example", Subject: "回复：Re: 发票", Answers: &asked,
			Message: conversation.Message{ID: 5, Sender: c.sender, Text: "answer", Content: conversation.Content{Mail: c.own}, CreatedAt: time.Now()}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := box.all()[before]
		if strings.Join(got.to, " ") != c.to {
			t.Errorf("%s: to %v, want %s", name, got.to, c.to)
		}
		if m := got.read(t); m.Get("In-Reply-To") != "<q@c.example>" || m.Get("References") != "<p@c.example> <q@c.example>" || strings.Contains(got.raw, "\nBcc:") || decodedHeader(m.Get("Subject")) != "Re: 发票" {
			t.Errorf("%s:\n%s", name, got.raw)
		}
	}
}

// What no person wrote answers who asked, also one in copy: what they wrote to us, and stands quoted below, is not for the others. What
// goes on by mail from another channel goes where the customer wanted it.
func TestWhoAsksIsAnswered(t *testing.T) {
	box := newSink(t)
	host, port := split(box.address)
	s := newStage(t, map[string]string{"imap_host": "127.0.0.1", "smtp_host": host, "smtp_port": port, "smtp_security": "none"})
	from := func(address string) *conversation.Message {
		return &conversation.Message{Sender: conversation.FromContact, Text: "?", Content: conversation.Content{Mail: &conversation.Mail{From: []conversation.MailAddress{{Address: address}}}}}
	}
	for name, c := range map[string]struct {
		answers *conversation.Message
		via     int64
		recap   *conversation.Recap
		to      string
	}{
		"the customer":   {from("li@c.example"), 0, nil, "li@c.example"},
		"one in copy":    {from("wang@c.example"), 0, nil, "wang@c.example"},
		"nobody":         {from(""), 0, nil, "li@c.example"},
		"no mail before": {nil, 0, nil, "li@c.example"},
		"a chat goes on": {from("wang@c.example"), 3, nil, "li@c.example"},
		"a record":       {from("wang@c.example"), 3, &conversation.Recap{Whole: true}, "li@c.example"},
	} {
		before := len(box.all())
		_, err := s.a.Send(t.Context(), s.inbox, channels.Outgoing{ID: 5, Address: "li@c.example", Subject: "发票", Answers: c.answers,
			Message: conversation.Message{ID: 5, Sender: conversation.FromBot, Via: c.via, Text: "answer", Content: conversation.Content{Recap: c.recap}, CreatedAt: time.Now()}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := box.all()[before]; strings.Join(got.to, " ") != c.to {
			t.Errorf("%s: to %v, want %s", name, got.to, c.to)
		}
	}
}
