package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
)

// where a message with some words stands: its conversation, who it is from, and what is said of the conversation.
type placed struct {
	conversation   int64
	sender, status string
	subject        string
}

// place finds the message whose text begins with words.
func (h *mailHouse) place(words string) (p placed) {
	h.Helper()
	err := h.where().with(func(ctx context.Context, n *parts) error {
		return n.db.QueryRow(ctx, `SELECT m.conversation_id, m.sender, c.status, c.subject FROM messages m JOIN conversations c ON c.id = m.conversation_id
 WHERE m.inbox_id = ? AND m.text LIKE ? ORDER BY m.id DESC LIMIT 1`, h.inbox, words+"%").Scan(&p.conversation, &p.sender, &p.status, &p.subject)
	})
	if err != nil {
		h.Fatalf("%s: %v", words, err)
	}
	return p
}

func (h *mailHouse) count(query string, args ...any) (n int) {
	h.Helper()
	err := h.where().with(func(ctx context.Context, p *parts) error { return p.db.QueryRow(ctx, query, args...).Scan(&n) })
	if err != nil {
		h.Fatal(err)
	}
	return n
}

func (h *mailHouse) post(from, to, raw string) {
	h.Helper()
	if err := h.writes(from, to, raw); err != nil {
		h.Fatal(err)
	}
}

// begun is a conversation of Li's that was answered, and the id and address of the answer.
func (h *mailHouse) begun() (id, replyTo string) {
	h.Helper()
	h.post("li@customer.example", "support@shop.example", letterFrom("Li <li@customer.example>", "a1@customer.example", "发票", "怎么开电子发票？", "Cc: Wang <wang@customer.example>"))
	h.until("answered", func() bool { return len(h.box.all()) == 1 })
	got := h.box.all()[0]
	id = strings.Trim(got.header("Message-ID"), "<>")
	replyTo = got.header("Reply-To")
	return id, replyTo[strings.LastIndexAny(replyTo, "< ")+1 : len(replyTo)-strings.Count(replyTo, ">")]
}

func TestAMailJoinsOnlyWhatItsSenderTakesPartIn(t *testing.T) {
	t.Parallel()
	onBothMail(t, func(t *testing.T, h *mailHouse) {
		id, plus := h.begun()
		inThread := h.place("怎么开").conversation
		for i, c := range []struct {
			name, from, to string
			headers        []string
			subject        string
			joins          bool
		}{
			{"a reply", "li@customer.example", "", []string{"In-Reply-To: <" + id + ">"}, "Re: 发票", true},
			{"a reply in capitals", "LI@Customer.Example", "", []string{"In-Reply-To: <" + strings.ToUpper(id) + ">"}, "RE: 发票", true},
			{"References alone", "li@customer.example", "", []string{"References: <x@y.example> <" + id + ">"}, "Re: 发票", true},
			{"the plus address alone", "li@customer.example", plus, nil, "Re: 发票", true},
			{"the own first mail", "li@customer.example", "", []string{"In-Reply-To: <a1@customer.example>"}, "Re: 发票", true},
			{"somebody in copy", "wang@customer.example", "", []string{"In-Reply-To: <" + id + ">"}, "Re: 发票", true},
			{"another subject", "li@customer.example", "", []string{"In-Reply-To: <" + id + ">"}, "现在是另一件事", true},
			{"no reference", "li@customer.example", "", nil, "发票", false},
			{"the subject alone", "li@customer.example", "", nil, "Re: 发票", false},
			{"a quoted number", "li@customer.example", "", nil, fmt.Sprintf("Re: [#%d] 发票", inThread), false},
		} {
			to := c.to
			if to == "" {
				to = "support@shop.example"
			}
			words := fmt.Sprintf("words %d", i)
			raw := strings.Replace(letterFrom(c.from, fmt.Sprintf("join%d@customer.example", i), c.subject, words, c.headers...), "To: support@shop.example", "To: "+to, 1)
			h.post(c.from, to, raw)
			p := h.place(words)
			if (p.conversation == inThread) != c.joins || p.sender != "contact" {
				t.Errorf("%s: %+v, the thread is %d", c.name, p, inThread)
			}
			if c.joins && p.subject != c.subject {
				t.Errorf("%s: the subject is %q", c.name, p.subject)
			}
		}
		if p := h.place("怎么开"); p.subject != "现在是另一件事" {
			t.Errorf("replied under %q", p.subject)
		}
	}, "auto_answer_minutes=0", "auto_answer_daily=0")
}

// forgeries are mails that name a conversation their sender has no part in. id is the Message-ID of an answer of ours, plus
// the address that replies to it go to.
func forgeries(id, plus string, conversation int64) (all []forgery) {
	const evil = "mallory@evil.example"
	add := func(from, to string, headers ...string) { all = append(all, forgery{from, to, headers}) }
	local, domain, _ := strings.Cut(id, "@")
	for i := range local { // every letter of the token, guessed wrong
		other := byte('a')
		if local[i] == 'a' {
			other = 'b'
		}
		guess := local[:i] + string(other) + local[i+1:]
		add("li@customer.example", "", "In-Reply-To: <"+guess+"@"+domain+">")
		add("li@customer.example", "support+"+guess+"@shop.example")
	}
	for _, from := range []string{evil, `"li@customer.example" <mallory@evil.example>`, "li@customer.example.evil.example", "li@evil.example", "l1@customer.example", "lі@customer.example",
		"mallory@evil.example, li@customer.example", "li+x@customer.example", "li@customer-example.evil.example", "agent@shop.example", "Anna <agent@shop.example>",
		`"Anna (agent)" <mallory@evil.example>`, "support@shop.example", "wang@evil.example", "postmaster@customer.example"} {
		add(from, "", "In-Reply-To: <"+id+">", "References: <a1@customer.example> <"+id+">")
		add(from, plus)
	}
	for _, header := range []string{"Sender: li@customer.example", "Reply-To: li@customer.example", "Resent-From: li@customer.example", "X-Original-From: li@customer.example", "Return-Path: <li@customer.example>"} {
		add(evil, "", "In-Reply-To: <"+id+">", header)
	}
	for _, number := range []string{"[#%d]", "#%d", "Ticket#%d", "受理编号 %d", "[Case %d] Re: 发票", "Re: 发票 (%d)"} {
		add(evil, "", "Subject: "+fmt.Sprintf(number, conversation))
	}
	add(evil, "", "In-Reply-To: <a1@customer.example>")
	add(evil, "", "References: <a1@customer.example>", "Thread-Topic: 发票", "Thread-Index: AQHX")
	add("li@customer.example", "", "In-Reply-To: <1@shop.example>")
	add("li@customer.example", "", fmt.Sprintf("In-Reply-To: <hy%dx%s@shop.example>", conversation, strings.Repeat("a", 16)))
	return all
}

type forgery struct {
	from, to string
	headers  []string
}

func TestForgeriesJoinNothing(t *testing.T) {
	t.Parallel()
	onBothMail(t, func(t *testing.T, h *mailHouse) {
		id, plus := h.begun()
		inThread := h.place("怎么开").conversation
		before := h.count("SELECT COUNT(*) FROM messages WHERE conversation_id = ?", inThread)
		all := forgeries(id, plus, inThread)
		if len(all) < 80 {
			t.Fatalf("only %d forgeries", len(all))
		}
		for i, f := range all {
			to := f.to
			if to == "" {
				to = "support@shop.example"
			}
			raw := letterFrom(f.from, fmt.Sprintf("forged%d@evil.example", i), "Re: 发票", fmt.Sprintf("forged %d.", i), f.headers...)
			h.post("mallory@evil.example", to, strings.Replace(raw, "To: support@shop.example", "To: "+to, 1))
			if p := h.place(fmt.Sprintf("forged %d.", i)); p.conversation == inThread || p.sender != "contact" {
				t.Errorf("%q to %s with %q: %+v", f.from, to, f.headers, p)
			}
		}
		if after := h.count("SELECT COUNT(*) FROM messages WHERE conversation_id = ?", inThread); after != before {
			t.Errorf("the conversation grew from %d to %d messages", before, after)
		}
		if n := h.count("SELECT COUNT(*) FROM messages WHERE sender = 'agent'"); n != 0 {
			t.Errorf("%d messages are said to be agents'", n)
		}
		if n := h.count("SELECT COUNT(*) FROM messages WHERE text LIKE 'forged%'"); n != len(all) {
			t.Errorf("%d of %d are stored", n, len(all))
		}
	})
}

// The same mail to two inboxes is two conversations that know of each other; the same mail again, or by another way, is one.
func TestTheSameMailAtTwoInboxes(t *testing.T) {
	t.Parallel()
	onBothMail(t, func(t *testing.T, h *mailHouse) {
		host, port, err := net.SplitHostPort(h.box.address)
		if err != nil {
			t.Fatal(err)
		}
		h.makeInbox("address=sales@shop.example", "listen_smtp="+h.door, "smtp_host="+host, "smtp_port="+port, "smtp_security=none")
		h.until("both take mail in", func() bool {
			return h.writes("x@y.example", "sales@shop.example", letterFrom("x@y.example", "warm@y.example", "hi", "warm")) == nil
		})
		raw := letterFrom("li@customer.example", "both@customer.example", "发票", "both of you")
		for _, to := range []string{"support@shop.example", "sales@shop.example", "support@shop.example"} {
			h.post("li@customer.example", to, "Received: from mx by "+to+"\n"+raw)
		}
		if n := h.count("SELECT COUNT(DISTINCT conversation_id) FROM messages WHERE text LIKE 'both of you%'"); n != 2 {
			t.Errorf("%d conversations", n)
		}
		if n := h.count("SELECT COUNT(*) FROM messages WHERE text LIKE 'both of you%'"); n != 2 {
			t.Errorf("%d messages", n)
		}
		if n := h.count("SELECT COUNT(*) FROM messages WHERE content LIKE '%same_mail%'"); n != 2 {
			t.Errorf("%d are told", n)
		}
		h.post("wang@customer.example", "support@shop.example", letterFrom("wang@customer.example", "both@customer.example", "发票", "the id again"))
		h.post("wang@customer.example", "support@shop.example", letterFrom("wang@customer.example", "", "发票", "no id"))
		h.place("the id again")
		h.place("no id")
	})
}
