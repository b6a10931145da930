package post

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestReadMail(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		want func(m Mail) bool
	}{
		"plain":             {"Subject: Hi\r\n\r\nHello", func(m Mail) bool { return m.Text == "Hello" && m.Preview == "Hello" }},
		"no head":           {"just words", func(m Mail) bool { return strings.Contains(m.Text+m.Subject, "just words") }},
		"an unknown set":    {"Content-Type: text/plain; charset=x-none\r\n\r\nHello", func(m Mail) bool { return m.Text == "Hello" }},
		"GBK":               {"Content-Type: text/plain; charset=gbk\r\n\r\n\xc4\xe3\xba\xc3", func(m Mail) bool { return m.Text == "你好" }},
		"an encoded sender": {"From: =?gbk?B?xOO6ww==?= <a@b.example>\r\n\r\n", func(m Mail) bool { return m.From == Person{"你好", "a@b.example"} }},
		"a wrong address":   {"To: nobody here\r\n\r\n", func(m Mail) bool { return len(m.To) == 1 && m.To[0].Address == "nobody here" }},
		"HTML only":         {"Content-Type: text/html\r\n\r\n<style>p{}</style><p>Hello</p>", func(m Mail) bool { return m.HTML != "" && m.Preview == "Hello" }},
		"a picture in the text": {"Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<img src=\"cid:p1\">\r\n--x\r\n" +
			"Content-Type: image/png\r\nContent-ID: <p1>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--x--\r\n",
			func(m Mail) bool { return strings.Contains(m.HTML, "data:image/png;base64,AAAA") && len(m.Files) == 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			if m := Read([]byte(c.raw)); !c.want(m) {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestSendDraft(t *testing.T) {
	for name, d := range map[string]Draft{
		"Gmail":            {Program: Gmail},
		"Outlook":          {Program: Outlook, English: true},
		"Foxmail in GBK":   {Program: Foxmail},
		"with a file":      {Files: []Attachment{{"账单.txt", "text/plain", []byte("59")}}},
		"English of Gmail": {English: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := office(t, Options{})
			p.Deliver(help, []string{"ann@mail.example"}, []byte(mailOf("Help <"+help+">", "ann@mail.example", "Hi", "References: <zero@shop.example>")))
			d.Name, d.To, d.Cc, d.Subject, d.Text, d.Reply = "Ann", "Help <"+help+">；bob@mail.example", "carl@mail.example", "Re: Hi", "谢谢\n再见", 1
			sent, err := p.Box("ann").Send(d)
			if err != nil {
				t.Fatal(err)
			}
			got := p.Box("carl").Mails()
			if len(got) != 1 || len(p.Box("bob").Mails()) != 1 || p.Came(help) != 1 {
				t.Fatalf("it did not come to all")
			}
			m := got[0]
			if m.InReplyTo != "one@shop.example" || strings.Join(m.References, " ") != "zero@shop.example one@shop.example" || sent.Thread != 1 {
				t.Errorf("the thread is lost: %+v", m)
			}
			if !strings.HasPrefix(m.Text, "谢谢\r\n再见") || !strings.Contains(m.Text, "Hello") || !strings.Contains(m.HTML, "谢谢<br>") || len(m.Files) != len(d.Files) {
				t.Errorf("got %q and %q with %d files", m.Text, m.HTML, len(m.Files))
			}
		})
	}
}

func TestForwardTakesTheFilesAlong(t *testing.T) {
	p := office(t, Options{})
	if _, err := p.Box("ann").Send(Draft{To: "bob@mail.example", Subject: "Bill", Text: "See", Files: []Attachment{{"a.pdf", "application/pdf", []byte("%PDF")}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Box("bob").Send(Draft{To: "carl@mail.example", Subject: "Fwd: Bill", Text: "FYI", Forward: 1, English: true}); err != nil {
		t.Fatal(err)
	}
	m := p.Box("carl").Mails()[0]
	if m.InReplyTo != "" || len(m.Files) != 1 || m.Files[0].Name != "a.pdf" || !strings.Contains(m.Text, "Forwarded message") {
		t.Errorf("got %+v", m)
	}
}

func TestSendRefuses(t *testing.T) {
	p := office(t, Options{})
	for name, d := range map[string]Draft{
		"no receiver":       {Text: "x"},
		"a wrong receiver":  {To: "nobody"},
		"a wrong copy":      {To: help, Cc: "no one"},
		"too many":          {To: strings.Repeat("a@mail.example,", 21)},
		"a header injected": {To: "a@mail.example\r\nBcc: b@mail.example"},
	} {
		if _, err := p.Box("ann").Send(d); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := p.Box("ann").Send(Draft{To: help, Name: "Ann\r\nBcc: bob@mail.example", Subject: "a\r\nBcc: bob@mail.example", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	if len(p.Box("bob").Mails()) != 0 || bytes.Contains(p.Box("ann").Mails()[0].raw, []byte("\r\nBcc:")) {
		t.Error("a head was injected")
	}
}

func TestBoxesAreBounded(t *testing.T) {
	p := office(t, Options{})
	for range keptMails + 5 {
		p.Deliver(help, []string{"ann@mail.example"}, []byte(mailOf(help, "ann@mail.example", "Hi")))
	}
	if n := len(p.Box("ann").Mails()); n != keptMails {
		t.Errorf("%d mails", n)
	}
	for i := range keptBoxes + 10 {
		p.Box("v" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)))
	}
	if len(p.order) > keptBoxes || len(p.boxes) > keptBoxes {
		t.Errorf("%d boxes", len(p.order))
	}
	if a, b := p.Box("访客").Address(), p.Box("客人").Address(); a == b || !plainName.MatchString(strings.TrimSuffix(a, "@mail.example")) {
		t.Errorf("addresses %s and %s", a, b)
	}
}

func TestPages(t *testing.T) {
	p := office(t, Options{})
	changes := 0
	p.Watch(func() { changes++ })
	s := httptest.NewServer(p.Pages(func(*http.Request) (string, error) { return "ann", nil }))
	defer s.Close()
	do := func(method, path, body string) (int, string) {
		r, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var b bytes.Buffer
		_, _ = b.ReadFrom(answer.Body)
		return answer.StatusCode, b.String()
	}
	if code, body := do("POST", "/send", `{"to":"help@shop.example","subject":"Hi","text":"Hello","files":[{"name":"a.txt","type":"text/plain","content":"aGk="}]}`); code != 200 {
		t.Fatalf("%d %s", code, body)
	}
	code, body := do("GET", "/1", "")
	var got shown
	if err := json.Unmarshal([]byte(body), &got); err != nil || code != 200 || !strings.HasPrefix(got.Text, "Hello") || len(got.Files) != 1 {
		t.Errorf("%d %s %v", code, body, err)
	}
	for path, want := range map[string]int{"/2": 404, "/1/raw": 200, "/1/files/0": 200, "/1/files/1": 404, "/x": 404} {
		if code, _ := do("GET", path, ""); code != want {
			t.Errorf("GET %s: %d", path, code)
		}
	}
	if code, _ := do("POST", "/away", `{"on":true}`); code != 204 || !p.Look("ann").Away || changes == 0 {
		t.Error("away was not taken")
	}
	if code, _ := do("POST", "/send", `{"to":""}`); code != 409 {
		t.Errorf("an empty draft: %d", code)
	}
	if v := p.Look("ann"); v.Address != "ann@mail.example" || len(v.Mails) != 1 || v.Accounts[0] != help {
		t.Errorf("got %+v", v)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(mailOf(help, "ann@mail.example", "=?gbk?B?xOO6ww==?=")))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\na\r\n--x--"))
	f.Add([]byte("References: <a> <b@c>\r\nAuto-Submitted: auto-replied; x=y\r\n\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Read(raw)
		if len([]rune(m.Preview)) > maxPreview+1 {
			t.Errorf("a preview of %d", len(m.Preview))
		}
	})
}
