package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/simulator"
	"huiyin/conversation"
	"huiyin/db"
)

const (
	smppTexts   = 10_000
	smppReplies = 4_000
	smppNumbers = 4096
	optOuts     = 1_000_000
)

// BenchmarkSMPP measures texts of phones until each is durable and acknowledged at the short message centre, and replies
// from the outbox through the window until the receipt of each has settled it. The centre shares the machine.
func BenchmarkSMPP(b *testing.B) {
	for b.Loop() {
		n := benchNode(b)
		centre, err := simulator.NewSMSC(simulator.SMSCOptions{SystemID: "shop", Password: "secret", Window: 256, Patience: time.Minute})
		if err != nil {
			b.Fatal(err)
		}
		host, port := centre.Address()
		id := n.benchInbox(b, "sms_smpp", map[string]string{"host": host, "port": port, "system_id": "shop", "password": "secret", "source_addr": "10690001",
			"number_rate": "100000/1s", "window": "64"})
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(n.smppInbound(b, centre, id), "inbound/s")
		b.ReportMetric(n.smppOutbound(b, centre, id), "outbound/s")
		centre.Close()
	}
}

// smppInbound brings texts and gives how many were acknowledged a second.
func (n *node) smppInbound(b *testing.B, centre *simulator.SMSC, id int64) float64 {
	inbox, err := n.hub.Inbox(context.Background(), id)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	defer listening.Wait()
	defer stop()
	for _, a := range n.hub.Adapters() {
		if listener, ok := a.(channels.Listener); ok && a.Kind().Name == "sms_smpp" {
			listening.Go(func() {
				err := listener.Listen(ctx, inbox, channels.Pull{}, func(ctx context.Context, in channels.Received) error {
					_, err := n.hub.Accept(ctx, inbox, in)
					return err
				})
				if err != nil && ctx.Err() == nil {
					b.Error(err)
				}
			})
		}
	}
	bring := func(k int) <-chan uint32 {
		return centre.Bring(simulator.ShortMessage{From: fmt.Sprint("138001", 10_000+k%smppNumbers), To: "10690001", Coding: 8, Data: simulator.Ucs2(fmt.Sprint("我家的宽带很慢 ", k))})
	}
	wait := func(all []<-chan uint32) {
		for _, status := range all {
			if got := <-status; got != 0 {
				b.Fatalf("status %x", got)
			}
		}
	}
	var all []<-chan uint32
	for k := range smppNumbers { // conversations begin
		all = append(all, bring(k))
	}
	wait(all)
	all = all[:0]
	start := time.Now()
	for k := range smppTexts {
		all = append(all, bring(smppNumbers+k))
	}
	wait(all)
	return smppTexts / time.Since(start).Seconds()
}

// smppOutbound queues replies and gives how many a second were sent and delivered by their receipts.
func (n *node) smppOutbound(b *testing.B, centre *simulator.SMSC, id int64) float64 {
	n.queueReplies(b, id, smppReplies)
	ctx, stop := context.WithCancel(context.Background())
	var working sync.WaitGroup
	defer working.Wait()
	defer stop()
	start := time.Now()
	working.Go(func() { n.hub.Run(ctx) })
	for delivered := 0; delivered < smppReplies; time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > time.Minute {
			b.Fatalf("%d of %d delivered, %d on the phones", delivered, smppReplies, centre.Shown())
		}
		if err := n.db.QueryRow(ctx, "SELECT COUNT(*) FROM messages WHERE inbox_id = ? AND delivery = 'delivered'", id).Scan(&delivered); err != nil {
			b.Fatal(err)
		}
	}
	if centre.Shown() != smppReplies {
		b.Errorf("%d on the phones", centre.Shown())
	}
	return smppReplies / time.Since(start).Seconds()
}

// queueReplies leaves a reply in the outbox for so many conversations of an inbox, with nobody there to send it yet.
func (n *node) queueReplies(b *testing.B, id int64, many int) {
	ctx := context.Background()
	err := n.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE conversations SET due_at = NULL WHERE inbox_id = ?", id); err != nil { // the bot has no part in it
			return err
		}
		rows, err := tx.Query(ctx, "SELECT id FROM conversations WHERE inbox_id = ? ORDER BY id LIMIT "+strconv.Itoa(many), id)
		if err != nil {
			return err
		}
		var ids []int64
		for rows.Next() {
			var c int64
			if err := rows.Scan(&c); err != nil {
				return err
			}
			ids = append(ids, c)
		}
		rows.Close()
		for _, c := range ids {
			loaded, err := n.conversations.Load(ctx, tx, c)
			if err != nil {
				return err
			}
			if _, err := n.conversations.Reply(ctx, tx, loaded, conversation.Draft{Sender: conversation.FromSystem, Text: "请先重启光猫，等待两分钟。"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOptOut asks whether a number has opted out, among a million of which every other has.
func BenchmarkOptOut(b *testing.B) {
	n := benchNode(b)
	id := n.benchInbox(b, "sms_smpp", map[string]string{"host": "127.0.0.1", "system_id": "a", "password": "b", "source_addr": "1"})
	ctx := context.Background()
	err := n.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k WHERE n < ?)
 INSERT INTO consents (inbox_id, address, opted_out, word, at) SELECT ?, '86138' || (10000000 + n), n % 2, 'T', 1 FROM k`, optOuts-1, id)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	const asked = 20_000
	for b.Loop() {
		start := time.Now()
		for k := range asked {
			at := k * 7919 % optOuts
			since, err := n.conversations.OptedOut(ctx, n.db, id, fmt.Sprint("86138", 10_000_000+at))
			if err != nil || since.IsZero() != (at%2 == 0) {
				b.Fatal(since, err)
			}
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(time.Since(start).Microseconds())/asked, "µs-each")
	}
}
