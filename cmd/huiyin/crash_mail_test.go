package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/channels/email/mailtest"
	"huiyin/db/pgtest"
)

func TestCrashUnderMailOnSQLite(t *testing.T) {
	t.Parallel()
	crashUnderMail(t, "")
}

func TestCrashUnderMailOnPostgreSQL(t *testing.T) {
	t.Parallel()
	crashUnderMail(t, pgtest.URL(t))
}

// crashUnderMail kills the server at random moments while mail comes in at its door, whose senders repeat what was not
// acknowledged, and into a mailbox of Dovecot's. The server that replies go to breaks some connections after the mail. Every mail
// is stored once, and no answer goes out twice; what may have gone out says so.
func crashUnderMail(t *testing.T, databaseURL string) {
	rounds := crashRounds(t)
	h := newMailHouse(t, databaseURL, "auto_answer_minutes=0", "auto_answer_daily=0")
	h.box.verdict = func(n int) error {
		if n%7 == 0 {
			return errCut
		}
		return nil
	}
	m := mailtest.Start(t, "box")
	host, imap := hostPort(t, m.IMAP)
	smtpHost, smtp := hostPort(t, h.box.address)
	h.makeInbox("address=box@shop.example", "imap_host="+host, "imap_port="+imap, "imap_security=none", "username=box", "password="+mailtest.Password, "backlog=all", "sweep_seconds=5",
		"smtp_host="+smtpHost, "smtp_port="+smtp, "smtp_security=none", "auto_answer_minutes=0", "auto_answer_daily=0")
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, rounds)
	chance := rand.New(rand.NewPCG(seed, 0))
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	var brought atomic.Int64
	for n := range 3 {
		all.Go(func() { brought.Add(h.writeOn(ctx, n)) })
	}
	all.Go(func() { brought.Add(dropOn(ctx, t, m)) })
	for range rounds {
		h.waitDoor()
		time.Sleep(time.Duration(chance.Int64N(int64(1500 * time.Millisecond))))
		h.kill()
		h.start()
	}
	stop()
	all.Wait()
	h.reconcileMail(int(brought.Load()), faultRow{Rounds: rounds, Seed: fmt.Sprint(seed)})
}

func hostPort(t testing.TB, address string) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// writeOn hands mails in until ctx ends, each until it is acknowledged.
func (h *mailHouse) writeOn(ctx context.Context, n int) (brought int64) {
	for ctx.Err() == nil {
		from := fmt.Sprintf("c%d-%d@customer.example", n, brought)
		raw := letterFrom(from, from, "发票", fmt.Sprintf("怎么开电子发票？%s", from))
		for h.writes(from, "support@shop.example", raw) != nil {
			time.Sleep(50 * time.Millisecond)
		}
		brought++
		time.Sleep(20 * time.Millisecond)
	}
	return brought
}

// dropOn puts mails into the mailbox until ctx ends.
func dropOn(ctx context.Context, t *testing.T, m *mailtest.Servers) (brought int64) {
	for ; ctx.Err() == nil; brought++ {
		from := fmt.Sprintf("box%d@customer.example", brought)
		if err := m.Drop("box", fmt.Sprint("m", brought), crlfLines(letterFrom(from, from, "发票", "怎么开电子发票？"+from))); err != nil {
			t.Error(err)
		}
		time.Sleep(40 * time.Millisecond)
	}
	return brought
}

// reconcileMail compares what was brought and what went out with the rows, once nothing is under way.
func (h *mailHouse) reconcileMail(brought int, row faultRow) {
	h.Helper()
	var rows struct{ stored, whole, busy, sent, uncertain, failed int }
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(300 * time.Millisecond) {
		err := h.where().with(func(ctx context.Context, p *parts) error {
			return p.db.QueryRow(ctx, `SELECT COUNT(CASE WHEN sender = 'contact' THEN 1 END), COUNT(DISTINCT CASE WHEN sender = 'contact' THEN text END),
 COUNT(CASE WHEN delivery = 'queued' THEN 1 END) + (SELECT COUNT(*) FROM conversations WHERE due_at IS NOT NULL),
 COUNT(CASE WHEN delivery = 'sent' AND joined_to = 0 THEN 1 END), COUNT(CASE WHEN delivery = 'uncertain' AND joined_to = 0 THEN 1 END), COUNT(CASE WHEN delivery = 'failed' THEN 1 END)
 FROM messages`).Scan(&rows.stored, &rows.whole, &rows.busy, &rows.sent, &rows.uncertain, &rows.failed)
		})
		if err != nil {
			h.Fatal(err)
		}
		if rows.busy == 0 && rows.stored >= brought {
			break
		}
	}
	times := map[string]int{}
	for _, mail := range h.box.all() {
		times[mail.header("Message-ID")]++
	}
	twice := 0
	for _, n := range times {
		twice += n - 1
	}
	h.Logf("%d mails; rows %+v; %d answers went out", brought, rows, len(times))
	row.Accepted, row.Lost, row.Stuck, row.Uncertain = brought, max(brought-rows.whole, 0)+max(rows.sent-len(times), 0), rows.busy, rows.uncertain
	row.Doubled = max(rows.stored-brought, 0) + twice
	noteFault(h.T, row)
	if rows.stored != brought || rows.whole != brought || rows.busy != 0 || rows.failed != 0 {
		h.Errorf("%d mails; rows: %+v; under way: %s", brought, rows, strings.Join(h.underWay(), "\n"))
	}
	if twice != 0 || len(times) < rows.sent || len(times) > rows.sent+rows.uncertain {
		h.Errorf("%d answers went out, %d again; rows: %+v", len(times), twice, rows)
	}
	if out := callWith("", h.on("ledger", "check")...); out.code != 0 || !strings.Contains(out.out, "email") {
		h.Errorf("ledger: %s", out.out)
	}
}

// underWay says what is still queued, and why.
func (h *mailHouse) underWay() (all []string) {
	h.Helper()
	err := h.where().with(func(ctx context.Context, p *parts) error {
		rows, err := p.db.Query(ctx, `SELECT m.conversation_id, m.sender, m.attempts, m.reason, m.due_at - 0, m.lease_until FROM messages m WHERE m.delivery = 'queued'
 UNION ALL SELECT c.id, 'turn', c.attempts, '', c.due_at, c.lease_until FROM conversations c WHERE c.due_at IS NOT NULL LIMIT 20`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var c, attempts, due, lease int64
			var sender, reason string
			if err := rows.Scan(&c, &sender, &attempts, &reason, &due, &lease); err != nil {
				return err
			}
			all = append(all, fmt.Sprintf("conversation %d: %s, attempt %d, %q, due in %v, leased for %v", c, sender, attempts, reason, time.Until(time.UnixMilli(due)), time.Until(time.UnixMilli(lease))))
		}
		return rows.Err()
	})
	if err != nil {
		h.Fatal(err)
	}
	return all
}
