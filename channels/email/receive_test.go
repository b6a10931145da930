package email

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"huiyin/conversation"
)

func testAdapter() (*Adapter, account) {
	a := New(Options{Key: []byte("a key")})
	return a, read(a.kind, conversation.Inbox{ID: 7, Settings: map[string]string{"address": "Support@Shop.example", "listen_smtp": "127.0.0.1:25"}})
}

func raw(lines ...string) arrived { return arrived{raw: []byte(strings.Join(lines, "\r\n"))} }

// The same mail by another way is the same; whatever else differs makes another one, for an id is reused, or missing.
func TestWhichMailsAreTheSame(t *testing.T) {
	a, acct := testAdapter()
	source := func(m arrived) string {
		got, err := a.receive(context.Background(), acct, nil, m)
		if err != nil {
			t.Fatal(err)
		}
		return got.Messages[0].SourceID
	}
	base := []string{"Message-ID: <1@c.example>", "From: li@c.example", "Date: Mon, 2 Nov 2026 10:00:00 +0800", "Subject: hi", "", "words", ""}
	with := func(i int, line string) []string {
		changed := append([]string(nil), base...)
		changed[i] = line
		return changed
	}
	first := source(raw(base...))
	for name, c := range map[string]struct {
		lines []string
		same  bool
	}{
		"itself":            {base, true},
		"another way":       {append([]string{"Received: from mx2", "Delivered-To: x@y.example"}, base...), true},
		"another text":      {with(5, "other words"), false},
		"another subject":   {with(3, "Subject: ho"), false},
		"another sender":    {with(1, "From: wang@c.example"), false},
		"another date":      {with(2, "Date: Mon, 2 Nov 2026 10:00:01 +0800"), false},
		"another id":        {with(0, "Message-ID: <2@c.example>"), false},
		"no id":             {base[1:], false},
		"line ends of Unix": {[]string{strings.Join(base, "\n")}, true},
	} {
		if (source(raw(c.lines...)) == first) != c.same {
			t.Errorf("%s", name)
		}
	}
	bare := source(raw(base[1:]...))
	if again := source(raw(base[1:]...)); again != bare || bare == source(raw(append([]string{"Received: x"}, base[1:]...)...)) {
		t.Error("without an id the very same bytes are the same mail, and nothing else")
	}
}

func TestTokensNameMessagesOfTheirInboxAlone(t *testing.T) {
	a, acct := testAdapter()
	for _, id := range []int64{1, 35, 36, 33 * 36, 1 << 40} {
		token := a.token(7, id)
		if a.message(7, token) != id || a.message(7, strings.ToUpper(token)) != id || a.message(8, token) != 0 || a.answered(acct, a.messageID(acct, id)) != id {
			t.Errorf("%d: %s", id, token)
		}
	}
	other := New(Options{Key: []byte("another key")})
	if other.message(7, a.token(7, 1)) != 0 {
		t.Error("another server's token")
	}
	if tag, ok := acct.plusOf("SUPPORT+abc@shop.example"); !ok || tag != "abc" || !acct.owns("support@SHOP.example") || acct.owns("support@shop.example.evil.example") || acct.owns("xsupport@shop.example") {
		t.Error("the account's own addresses")
	}
}

// zone is a domain name system.
type zone map[string][]string

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if texts, ok := z[strings.TrimSuffix(name, ".")]; ok {
		return texts, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (zone) LookupMX(context.Context, string) ([]*net.MX, error) { return nil, errNoName }

func (zone) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) { return nil, errNoName }

func (zone) LookupAddr(context.Context, string) ([]string, error) { return nil, errNoName }

var errNoName = errors.New("no such name")

// A mail whose sender's domain disowns it joins nothing, whatever it names.
func TestAMailThatItsDomainDisownsIsDoubtful(t *testing.T) {
	a, acct := testAdapter()
	asked := 0
	names := zone{"_dmarc.shop.example": {"v=DMARC1; p=reject"}, "c.example": {"v=spf1 -all"}, "_dmarc.c.example": {"v=DMARC1; p=none"}}
	a.names = *newNames(countingZone{names, &asked})
	a.Names = names
	for from, want := range map[string]bool{"agent@shop.example": true, "li@c.example": true, "li@other.example": false} {
		m := raw("Message-ID: <1@x>", "From: "+from, "In-Reply-To: <"+a.messageID(acct, 3)+">", "", "words")
		m.envelope.IP, m.envelope.From = net.IPv4(203, 0, 113, 9), from
		got, err := a.receive(context.Background(), acct, nil, m)
		if err != nil {
			t.Fatal(err)
		}
		in := got.Messages[0]
		if in.Thread.Doubtful != want || len(in.Thread.Answers) != 1 || in.Profile.Proven {
			t.Errorf("%s: %+v %+v", from, in.Thread, in.Mail.Verdicts)
		}
	}
	before := asked
	for range 5 {
		_, _ = a.names.LookupTXT(context.Background(), "_dmarc.shop.example")
	}
	if asked != before {
		t.Errorf("asked %d times again", asked-before)
	}
}

func newNames(r Resolver) *names { return &names{Resolver: r, now: time.Now} }

type countingZone struct {
	zone
	asked *int
}

func (z countingZone) LookupTXT(ctx context.Context, name string) ([]string, error) {
	*z.asked++
	return z.zone.LookupTXT(ctx, name)
}

// What is told of reports and written above replies is words.
func TestReasonsOfReportsAreWords(t *testing.T) {
	for status, want := range map[string]string{"5.1.1": "there is no such address", "5.2.2": "the mailbox is full", "4.4.1": "the receiver's mail server does not answer", "5.7.509": "the receiver's mail server refuses our mail",
		"5.3.4": "the mail is too large for the receiver", "": "the mail could not be delivered", "5": "the mail could not be delivered"} {
		if got := whatFails(status); got != want {
			t.Errorf("%q: %q", status, got)
		}
	}
	for subject, want := range map[string]string{"hi": "Re: hi", "RE: Re: hi": "Re: hi", "回复：答复: 发票": "Re: 发票", "": "Re:", "Re: ": "Re:", "Recipe": "Re: Recipe"} {
		if got := replySubject(subject); got != want {
			t.Errorf("%q: %q", subject, got)
		}
	}
}

func TestPaceForgetsWhatIsOver(t *testing.T) {
	var p pace
	now := time.Unix(1e9, 0)
	limits := []limit{{2, time.Minute}, {3, time.Hour}}
	for i, c := range []struct {
		after time.Duration
		wait  time.Duration
	}{{0, 0}, {0, 0}, {0, time.Minute}, {time.Minute, 0}, {2 * time.Minute, 58 * time.Minute}, {time.Hour, 0}} {
		if got := p.take(1, limits, now.Add(c.after)); got != c.wait {
			t.Errorf("%d: %v, want %v", i, got, c.wait)
		}
	}
	if p.take(2, limits, now) != 0 {
		t.Error("another inbox's mails count")
	}
}

func FuzzReceive(f *testing.F) {
	a, acct := testAdapter()
	f.Add([]byte("From: li@c.example\r\nMessage-ID: <1@c>\r\n\r\nwords"))
	f.Add([]byte("From: <>\nTo: support+hy1xaaaaaaaaaaaaaaaa@shop.example\n\n"))
	f.Add([]byte("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n\nFinal-Recipient: x\nAction: failed\n\n--b--"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := a.receive(context.Background(), acct, []string{"sales@shop.example"}, arrived{raw: data})
		if err != nil || len(got.Messages) != 1 {
			t.Fatal(err)
		}
		in := got.Messages[0]
		if in.Address == "" || in.SourceID == "" || in.Thread == nil || len(in.Thread.Answers) != 0 || len(got.Receipts) != 0 {
			t.Errorf("%+v", in)
		}
	})
}

func FuzzToken(f *testing.F) {
	a, acct := testAdapter()
	f.Add(a.token(7, 3) + "x")
	f.Add("hyxaaaaaaaaaaaaaaaa@shop.example")
	f.Fuzz(func(t *testing.T, text string) {
		if id := a.message(7, text); id != 0 && !strings.EqualFold(text, a.token(7, id)) {
			t.Errorf("%q names %d", text, id)
		}
		_ = a.answered(acct, text)
		_, _ = acct.plusOf(text)
	})
}

func FuzzReadToken(f *testing.F) {
	f.Add(200, []byte(`{"access_token":"x","expires_in":3600}`))
	f.Add(400, []byte(`{"error":"invalid_grant"}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		token, lives, err := readToken(status, body)
		if err == nil && (token == "" || lives <= 0) {
			t.Errorf("%q for %v", token, lives)
		}
	})
}

func FuzzReadCursor(f *testing.F) {
	f.Add(`{"INBOX":{"v":1,"u":2}}`)
	f.Add("[]")
	f.Add("null")
	f.Fuzz(func(t *testing.T, text string) {
		if at, err := readCursor(text); err == nil {
			at["INBOX"] = place{}
		}
	})
}

// A mail that names no sender, or several, proves nothing by its domain: it begins a conversation and joins none.
func TestAMailOfNobodyOrSeveralIsDoubtful(t *testing.T) {
	a, acct := testAdapter()
	for _, c := range []struct {
		label string
		from  []string
		want  bool
	}{
		{"one", []string{"From: li@c.example"}, false},
		{"two addresses", []string{"From: li@c.example, mallory@evil.example"}, true},
		{"two fields", []string{"From: li@c.example", "From: mallory@evil.example"}, true},
		{"one twice", []string{"From: li@c.example", "From: li@c.example"}, true},
		{"none, and where to reply", []string{"Reply-To: li@c.example"}, true},
		{"none", nil, true},
	} {
		lines := append(c.from, "Message-ID: <f@evil.example>", "In-Reply-To: <"+a.messageID(acct, 5)+">", "Subject: hi", "", "words")
		got, err := a.receive(context.Background(), acct, nil, raw(lines...))
		if err != nil {
			t.Fatal(err)
		}
		if in := got.Messages[0]; in.Thread.Doubtful != c.want || in.Text != "words" || in.Profile.Proven {
			t.Errorf("%s: %+v", c.label, in.Thread)
		}
	}
}

func TestADoorHoldsNoMoreThanItHasRoomFor(t *testing.T) {
	var all atomic.Int64
	all.Store(maxHeld - 4)
	room := weighed{from: strings.NewReader("words"), all: &all}
	var refused *smtp.SMTPError
	if _, err := io.ReadAll(&room); !errors.As(err, &refused) || refused.Code != 452 {
		t.Errorf("%v", err)
	}
	if room.leave(); all.Load() != maxHeld-4 {
		t.Errorf("%d", all.Load())
	}
	room = weighed{from: strings.NewReader("word"), all: &all}
	if got, err := io.ReadAll(&room); err != nil || string(got) != "word" {
		t.Errorf("%q %v", got, err)
	}
}
