package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"huiyin/channels/simulator/post"
)

// demoMailbox is a visitor's mailbox of the demo.
type demoMailbox struct {
	*server
	name string
}

func (b demoMailbox) mails() []post.Mail {
	b.Helper()
	r, err := http.Get(b.url() + "/simulator/stream?visitor=" + b.name)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	var shot struct{ Mail post.View }
	line := make([]byte, 0, 1<<20)
	for chunk := make([]byte, 64<<10); !bytes.Contains(line, []byte("\n\n")); {
		n, err := r.Body.Read(chunk)
		if line = append(line, chunk[:n]...); err != nil {
			b.Fatal(err)
		}
	}
	line, _, _ = bytes.Cut(line, []byte("\n\n"))
	if err := json.Unmarshal(bytes.TrimPrefix(line, []byte("data: ")), &shot); err != nil {
		b.Fatal(err)
	}
	return shot.Mail.Mails
}

func (b demoMailbox) send(d post.Draft) {
	b.Helper()
	body, err := json.Marshal(d)
	if err != nil {
		b.Fatal(err)
	}
	r, err := http.Post(b.url()+"/simulator/mail/send?visitor="+b.name, "application/json", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	said, _ := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if r.StatusCode != http.StatusOK {
		b.Fatalf("%d %s", r.StatusCode, said)
	}
}

// gets waits for a mail to come whose words hold a text.
func (b demoMailbox) gets(text string) (post.Mail, string) {
	b.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		for _, m := range b.mails() {
			if m.Folder != "inbox" {
				continue
			}
			r, err := http.Get(fmt.Sprintf("%s/simulator/mail/%d?visitor=%s", b.url(), m.N, b.name))
			if err != nil {
				b.Fatal(err)
			}
			var words struct{ Text string }
			err = json.NewDecoder(r.Body).Decode(&words)
			_ = r.Body.Close()
			if err != nil {
				b.Fatal(err)
			}
			if strings.Contains(words.Text, text) {
				return m, words.Text
			}
		}
	}
	b.Fatalf("no mail with %q among %+v", text, b.mails())
	return post.Mail{}, ""
}

// demoCalls calls the API or the web chat of the demo.
func (s *server) demoCalls(method, path, token string, in, out any) int {
	s.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		s.Fatal(err)
	}
	r, err := http.NewRequest(method, s.url()+path, bytes.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	if out != nil {
		if err := json.NewDecoder(answer.Body).Decode(out); err != nil {
			s.Fatalf("%s %s: %d, %v", method, path, answer.StatusCode, err)
		}
	}
	return answer.StatusCode
}

// The demo's mail is answered in its thread, in a letter's form, and again when the server and with it the provider began anew.
func TestTheDemosMailIsAnswered(t *testing.T) {
	t.Parallel()
	s := newServer(t, "", "--demo")
	ann := demoMailbox{s, "ann"}
	ann.send(post.Draft{Name: "安安", To: demoMail, Subject: "发票", Text: "怎么开电子发票？"})
	answer, words := ann.gets("您好：")
	if answer.Subject != "Re: 发票" || answer.Thread != 1 || answer.Auto != "auto-replied" || !strings.HasPrefix(words, "安安，您好：") || !strings.Contains(words, "/a/") {
		t.Fatalf("%+v\n%s", answer, words)
	}
	ann.send(post.Draft{Name: "安安", To: demoMail, Subject: "Re: 发票", Text: "没有解决。我要专票", Reply: answer.N, Program: post.Foxmail})
	if receipt, _ := ann.gets("受理编号：#"); receipt.Thread != 1 {
		t.Fatalf("%+v", receipt)
	}
	s.kill()
	s.start()
	ann.send(post.Draft{Name: "Ann", To: demoMail, Subject: "Down", Text: "My internet is down, what can I do?", English: true, Program: post.Outlook})
	if _, words := ann.gets("Dear Ann,"); !strings.Contains(words, "automated assistant") {
		t.Fatal(words)
	}
}

// A visitor has the record of a chat sent, to the address that they gave in it, and answers that mail: it is the same
// conversation. Their own words do not stand in a mail to an address that they only typed.
func TestChatGoesOnByMail(t *testing.T) {
	t.Parallel()
	s := newServer(t, "", "--demo")
	key := strings.TrimSpace(s.call("apikey", "create", "--name", "test", "--scope", "*"))
	key = key[strings.LastIndexAny(key, " \n")+1:]
	var inboxes []struct {
		ID   int64  `json:"id"`
		Kind string `json:"kind"`
	}
	s.demoCalls(http.MethodGet, "/api/v1/inboxes", key, nil, &inboxes)
	chat := ""
	for _, i := range inboxes {
		if i.Kind == "webchat" {
			chat = "/chat/" + strconv.FormatInt(i.ID, 10)
		}
	}
	var session struct{ Token string }
	s.demoCalls(http.MethodPost, chat+"/session", "", map[string]any{"language": "zh"}, &session)
	if code := s.demoCalls(http.MethodPost, chat+"/reply-to", session.Token, map[string]any{"channel": "email", "address": "bob@" + demoMailDomain,
		"text": "这是我自己的秘密", "consent": true, "client_id": "first-message"}, nil); code != http.StatusNoContent {
		t.Fatal(code)
	}
	var list struct {
		Messages []struct {
			Conversation int64
			Text         string
		}
	}
	s.demoCalls(http.MethodGet, chat+"/messages", session.Token, nil, &list)
	id := list.Messages[0].Conversation
	said := fmt.Sprintf("/api/v1/conversations/%d", id)
	if code := s.demoCalls(http.MethodPost, said+"/claim", key, map[string]any{}, nil); code >= 500 {
		t.Fatal(code)
	}
	var offer struct{ URL, Mail string }
	s.demoCalls(http.MethodPost, chat+"/transcript", session.Token, map[string]any{"conversation": id}, &offer)
	if offer.Mail != "bo***@"+demoMailDomain {
		t.Fatalf("%+v", offer)
	}
	if code := s.demoCalls(http.MethodPost, chat+"/transcript/mail", session.Token, map[string]any{"conversation": id, "address": "eve@" + demoMailDomain}, nil); code != http.StatusNoContent {
		t.Fatal(code)
	}
	bob := demoMailbox{s, "bob"}
	record, words := bob.gets("对话记录")
	if strings.Contains(words, "秘密") {
		t.Fatalf("a stranger's words went to an address that was only typed:\n%s", words)
	}
	if code := s.demoCalls(http.MethodPost, chat+"/transcript/mail", session.Token, map[string]any{"conversation": id}, nil); code != http.StatusTooManyRequests {
		t.Fatalf("again at once: %d", code)
	}
	bob.send(post.Draft{Name: "Bob", To: people(record.ReplyTo, record.From), Subject: "回复：" + record.Subject, Text: "我从邮件里回复", Reply: record.N})
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var messages []struct{ Sender, Text string }
		s.demoCalls(http.MethodGet, said+"/messages", key, nil, &messages)
		if last := messages[len(messages)-1]; last.Sender == "contact" && last.Text == "我从邮件里回复" {
			s.call("ledger", "check")
			return
		}
	}
	t.Fatal("the mail did not come into the conversation")
}

func people(replyTo []post.Person, from post.Person) string {
	if len(replyTo) > 0 {
		return replyTo[0].Address
	}
	return from.Address
}
