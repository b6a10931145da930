package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/channels/simulator"
	"huiyin/db/pgtest"
)

func TestCrashUnderSMPPOnSQLite(t *testing.T) {
	t.Parallel()
	crashUnderSMPP(t, "")
}

func TestCrashUnderSMPPOnPostgreSQL(t *testing.T) {
	t.Parallel()
	crashUnderSMPP(t, pgtest.URL(t))
}

// crashUnderSMPP kills the server at random moments while phones text to it through a short message centre, which repeats
// what got no response. Every text is stored once, whole also when it came in parts, and every answer is on the phone once,
// unless the hub itself says that it does not know.
func crashUnderSMPP(t *testing.T, databaseURL string) {
	rounds := crashRounds(t)
	s, _, _ := furnished(t, databaseURL)
	var submitted atomic.Int64
	centre, err := simulator.NewSMSC(simulator.SMSCOptions{SystemID: "shop", Password: "secret", Window: 32, Patience: 5 * time.Second,
		Submit: func(m simulator.ShortMessage) simulator.Verdict { // some receipts come first, some responses late
			n := submitted.Add(1)
			return simulator.Verdict{Early: n%3 == 0, Delayed: time.Duration(n%5) * time.Millisecond}
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(centre.Close)
	made := decode[shownInbox](t, callWith("", s.on(smppInbox(centre, "--name", "SMS")...)...))
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, rounds)
	chance := rand.New(rand.NewPCG(seed, 0))
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	brought := make(chan int)
	go func() { brought <- textOn(ctx, centre) }()
	for range rounds {
		time.Sleep(time.Duration(chance.Int64N(int64(roundTime))))
		s.kill()
		s.start()
	}
	time.Sleep(afterwards)
	stop()
	s.reconcileSMPP(centre, made.ID, <-brought, faultRow{Rounds: rounds, Seed: fmt.Sprint(seed)})
}

// smppInbox is the command that makes an inbox for a centre.
func smppInbox(centre *simulator.SMSC, more ...string) []string {
	host, port := centre.Address()
	return append([]string{"inbox", "create", "--kind", "sms_smpp", "--json", "--set", "host=" + host, "--set", "port=" + port, "--set", "system_id=shop",
		"--set", "password=secret", "--set", "source_addr=10690001", "--set", "number_rate=100000/1s", "--set", "window=16"}, more...)
}

// textOn has phones text until ctx ends, each fourth text in parts, and counts the texts. While many wait at the centre nobody texts: it
// brings a repeat after all that wait, so that the parts of a text could be apart for longer than they are waited for.
func textOn(ctx context.Context, centre *simulator.SMSC) (n int) {
	for ; ctx.Err() == nil; n++ {
		for centre.Waiting() > mostWaiting {
			time.Sleep(25 * time.Millisecond)
			if ctx.Err() != nil {
				return n
			}
		}
		from, text := fmt.Sprint("1380013", 1000+n%40), fmt.Sprintf("怎么开电子发票？%d", n)
		parts := []simulator.ShortMessage{{From: from, To: "10690001", Coding: 8, Data: simulator.Ucs2(text)}}
		if n%4 == 3 {
			parts = simulator.Parts(from, "10690001", text, byte(n), 5)
		}
		for _, m := range parts {
			centre.Bring(m)
		}
		time.Sleep(25 * time.Millisecond)
	}
	return n
}

const mostWaiting = 100

// reconcileSMPP compares the phones with the rows once nothing is under way.
func (s *server) reconcileSMPP(centre *simulator.SMSC, inbox int64, brought int, row faultRow) {
	s.Helper()
	var of smppCounts
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if of = s.smppCounts(inbox); of.queued+of.due == 0 && centre.Waiting() == 0 {
			break
		}
	}
	shown := centre.Shown()
	s.Logf("%d texts; %d stored (%d as pieces), %d whole, %d answers sent (%d delivered), %d uncertain; %d on the phones", brought, of.questions, of.pieces, of.whole, of.sent, of.delivered, of.uncertain, shown)
	row.Accepted, row.Lost, row.Stuck, row.Uncertain = brought, max(brought-of.whole, 0)+max(of.sent-shown, 0), of.queued+of.due, of.uncertain
	row.Doubled = max(of.questions-brought, 0) + max(shown-of.sent-of.uncertain, 0)
	noteFault(s.T, row)
	if of.questions != brought || of.whole != brought || of.queued+of.due > 0 || of.failed > 0 {
		s.Errorf("%d texts; rows: %+v", brought, of)
	}
	if shown < of.sent || shown > of.sent+of.uncertain || of.delivered < of.sent {
		s.Errorf("%d answers are on the phones; rows: %+v", shown, of)
	}
	s.Logf("%s", s.call("ledger", "check"))
}

type smppCounts struct{ questions, pieces, whole, sent, delivered, uncertain, queued, failed, due int }

func (s *server) smppCounts(inbox int64) (of smppCounts) {
	s.Helper()
	err := s.where().with(func(ctx context.Context, p *parts) error {
		return p.db.QueryRow(ctx, `SELECT COUNT(CASE WHEN sender = 'contact' THEN 1 END), COUNT(CASE WHEN sender = 'contact' AND text LIKE '[%…]%' THEN 1 END), COUNT(DISTINCT CASE WHEN sender = 'contact' AND text LIKE '怎么开电子发票%' THEN text END),
 COUNT(CASE WHEN delivery IN ('sent', 'delivered') AND joined_to = 0 AND sender <> 'contact' THEN 1 END), COUNT(CASE WHEN delivery = 'delivered' AND joined_to = 0 THEN 1 END),
 COUNT(CASE WHEN delivery = 'uncertain' AND joined_to = 0 THEN 1 END), COUNT(CASE WHEN delivery IN ('queued', 'held') THEN 1 END), COUNT(CASE WHEN delivery = 'failed' THEN 1 END),
 (SELECT COUNT(*) FROM conversations WHERE inbox_id = ? AND due_at IS NOT NULL)
 FROM messages WHERE inbox_id = ?`, inbox, inbox).Scan(&of.questions, &of.pieces, &of.whole, &of.sent, &of.delivered, &of.uncertain, &of.queued, &of.failed, &of.due)
	})
	if err != nil {
		s.Fatal(err)
	}
	return of
}
