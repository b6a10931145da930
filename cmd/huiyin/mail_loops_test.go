package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// What no person wrote is stored, shown and answered by nobody.
func TestRobotsGetNoAnswer(t *testing.T) {
	t.Parallel()
	onBothMail(t, func(t *testing.T, h *mailHouse) {
		id, plus := h.begun()
		robots := []struct {
			from, sender string
			headers      []string
		}{
			{"li@customer.example", "li@customer.example", []string{"Auto-Submitted: auto-replied", "In-Reply-To: <" + id + ">"}},
			{"wang@customer.example", "wang@customer.example", []string{"Auto-Submitted: auto-generated (vacation)"}},
			{"news@list.example", "news@list.example", []string{"List-Id: <news.list.example>"}},
			{"news@list.example", "news@list.example", []string{"List-Unsubscribe: <mailto:off@list.example>"}},
			{"shop@bulk.example", "shop@bulk.example", []string{"Precedence: bulk"}},
			{"shop@bulk.example", "shop@bulk.example", []string{"Precedence: junk"}},
			{"list@list.example", "list@list.example", []string{"Precedence: list"}},
			{"noreply@shop2.example", "noreply@shop2.example", nil},
			{"MAILER-DAEMON@mx.example", "mailer-daemon@mx.example", nil},
			{"li@customer.example", "", nil}, // the empty return path
			{"support@shop.example", "support@shop.example", nil},
			{"Support+x@shop.example", "support@shop.example", nil},
			{"out@customer.example", "out@customer.example", []string{"X-Autoreply: yes"}},
		}
		for i, r := range robots {
			h.post(r.sender, "support@shop.example", letterFrom(r.from, fmt.Sprintf("robot%d@x.example", i), "怎么开电子发票？", fmt.Sprintf("robot %d. 怎么开电子发票？", i), r.headers...))
		}
		h.post("human@customer.example", "support@shop.example", letterFrom("human@customer.example", "human@x.example", "发票", "怎么开电子发票？", "X-Auto-Response-Suppress: All"))
		h.until("the human is answered", func() bool { return len(h.box.all()) >= 2 })
		time.Sleep(500 * time.Millisecond)
		if all := h.box.all(); len(all) != 2 || all[1].to[0] != "human@customer.example" {
			t.Errorf("%d mails went out", len(all))
		}
		if n := h.count("SELECT COUNT(*) FROM messages WHERE text LIKE 'robot %'"); n != len(robots) {
			t.Errorf("%d of %d are stored", n, len(robots))
		}
		if n := h.count("SELECT COUNT(*) FROM conversations WHERE status = 'open' OR due_at IS NOT NULL"); n != 0 {
			t.Errorf("%d conversations wait for somebody", n)
		}
		if h.place("robot 0.").conversation != h.place("怎么开").conversation && h.place("robot 0.").conversation != 1 {
			t.Error("the vacation notice is not in its thread")
		}
		_ = plus
		if out := callWith("", h.on("ledger", "check")...); out.code != 0 {
			t.Errorf("ledger: %s", out.out)
		}
	})
}

// One address gets one automatic answer in a while, in however many threads; what it writes meanwhile is for a person.
func TestOneAutomaticAnswerInAWhile(t *testing.T) {
	t.Parallel()
	onBothMail(t, func(t *testing.T, h *mailHouse) {
		for i := range 6 {
			h.post("li@customer.example", "support@shop.example", letterFrom("li@customer.example", fmt.Sprintf("q%d@customer.example", i), "发票", fmt.Sprintf("怎么开电子发票？%d", i)))
		}
		h.until("all are looked at", func() bool {
			return h.count("SELECT COUNT(*) FROM conversations WHERE due_at IS NOT NULL") == 0 && h.count("SELECT COUNT(*) FROM messages WHERE delivery = 'queued'") == 0 && len(h.box.all()) > 0
		})
		if n := len(h.box.all()); n != 1 {
			t.Errorf("%d automatic answers", n)
		}
		if n := h.count("SELECT COUNT(*) FROM conversations WHERE status = 'open'"); n != 5 {
			t.Errorf("%d of 5 wait for a person", n)
		}
	})
}

// Two inboxes of ours that write to each other stop.
func TestTwoInboxesDoNotTalkToEachOther(t *testing.T) {
	t.Parallel()
	h := newMailHouse(t, "", "auto_answer_minutes=0", "auto_answer_daily=0")
	host, port, err := net.SplitHostPort(h.door) // what the second inbox sends comes in at the first one's door
	if err != nil {
		t.Fatal(err)
	}
	h.makeInbox("address=sales@shop.example", "listen_smtp="+h.door, "smtp_host="+host, "smtp_port="+port, "smtp_security=none", "auto_answer_minutes=0", "auto_answer_daily=0")
	h.until("both take mail in", func() bool {
		return h.writes("support@shop.example", "sales@shop.example", strings.Replace(letterFrom("support@shop.example", "ours@shop.example", "发票", "怎么开电子发票？"), "To: support", "To: sales", 1)) == nil
	})
	h.post("sales@shop.example", "support@shop.example", letterFrom("sales@shop.example", "ours2@shop.example", "发票", "怎么开电子发票？"))
	time.Sleep(2 * time.Second)
	if n := h.count("SELECT COUNT(*) FROM messages WHERE sender = 'bot'"); n != 0 || len(h.box.all()) != 0 {
		t.Errorf("%d answers, %d mails", n, len(h.box.all()))
	}
}

// dsn is a report of delivery as mail servers write it (RFC 3464).
func dsn(to, about, action, status, diagnostic string) string {
	return "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: " + to + "\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <" + action + status + "@mx.example>\nAuto-Submitted: auto-replied\n" +
		"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\n" +
		"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; li@customer.example\nAction: " + action + "\nStatus: " + status + "\nDiagnostic-Code: smtp; " + diagnostic + "\n\n--b\nContent-Type: text/rfc822-headers\n\n" +
		"From: support@shop.example\nMessage-ID: <" + about + ">\nSubject: Re: x\n\n--b--\n"
}

func TestABounceIsTheMessagesFate(t *testing.T) {
	t.Parallel()
	onBothMail(t, func(t *testing.T, h *mailHouse) {
		id, _ := h.begun()
		bounceTo := h.box.all()[0].from
		if !strings.HasPrefix(bounceTo, "support+hy") {
			t.Fatalf("reports go to %q", bounceTo)
		}
		state := func(want string) bool {
			return h.count("SELECT COUNT(*) FROM messages WHERE sender = 'bot' AND private = 0 AND delivery = ?", want) == 1
		}
		h.post("", "support@shop.example", dsn("support@shop.example", "hy1xaaaaaaaaaaaaaaaa@shop.example", "failed", "5.1.1", "550 forged"))
		h.post("", bounceTo, dsn(bounceTo, "x@y.example", "delayed", "4.4.1", "no answer"))
		if !state("sent") {
			t.Error("a delay, or a forged report, is no end")
		}
		if n := h.count("SELECT COUNT(*) FROM messages WHERE content LIKE '%mail_delayed%' AND conversation_id = 1"); n != 1 {
			t.Errorf("the delay is told %d times", n)
		}
		h.post("", "support@shop.example", dsn("support@shop.example", id, "failed", "5.2.2", "552 mailbox full"))
		if !state("failed") {
			t.Error("not failed")
		}
		if n := h.count("SELECT COUNT(*) FROM messages WHERE delivery = 'failed' AND reason LIKE '%mailbox is full%552 mailbox full%'"); n != 1 {
			t.Error("failed without its reason")
		}
		if n := h.count("SELECT COUNT(*) FROM conversations WHERE due_at IS NOT NULL"); n != 0 || len(h.box.all()) != 1 {
			t.Errorf("a report is answered")
		}
	})
}
