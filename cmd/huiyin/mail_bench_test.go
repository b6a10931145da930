package main

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	smtpd "github.com/emersion/go-smtp"

	"huiyin/channels/email/mailtest"
	"huiyin/live/freeport"
)

const (
	benchMails   = 3_000
	benchSenders = 16 // connections at the door
	waitingMails = 10_000
)

// mailNode is a node at work with an inbox of mail whose customers are answered by nobody.
func mailNode(b *testing.B, settings map[string]string) *node {
	n := benchNode(b)
	all := map[string]string{"address": "support@shop.example"}
	for k, v := range settings {
		all[k] = v
	}
	n.benchInbox(b, "email", all)
	return n
}

// runs has the node work until stop.
func (n *node) runs() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() { n.hub.Run(ctx) })
	return func() { cancel(); working.Wait() }
}

// body is text of about so many bytes, not twice the same.
func body(k, size int) string {
	line := fmt.Sprintf("%d The parcel has not arrived, and nobody tells me where it is. ", k)
	return strings.Repeat(line+"\r\n", size/len(line)+1)
}

// BenchmarkMail measures mails of 20 KB over SMTP until each is durable and acknowledged; 10 000 mails that wait in a folder of
// Dovecot's, and what taking them in holds in memory; and the time from a mail's arrival in the folder until its answer is at the
// server that it goes out by. The servers share the machine.
func BenchmarkMail(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(mailsOverSMTP(b), "smtp/s")
		rate, peak := mailsWaiting(b)
		b.ReportMetric(rate, "imap/s")
		b.ReportMetric(peak, "MB-held")
		b.ReportMetric(answerAfterIdle(b).Seconds()*1000, "ms-to-answer")
	}
}

func mailsOverSMTP(b *testing.B) float64 {
	door := freeport.Address(b)
	n := mailNode(b, map[string]string{"listen_smtp": door})
	stop := n.runs()
	defer stop()
	awaitDoor(b, door)
	mails := make(chan int, benchMails)
	for k := range benchMails {
		mails <- k
	}
	close(mails)
	var all sync.WaitGroup
	start := time.Now()
	for range benchSenders {
		all.Go(func() {
			c, err := smtpd.Dial(door)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			for k := range mails {
				from := fmt.Sprintf("c%d@customer.example", k%1000)
				raw := letterFrom(from, fmt.Sprint("m", k, "@customer.example"), "parcel", body(k, 20<<10), "Auto-Submitted: auto-generated")
				if err := c.SendMail(from, []string{"support@shop.example"}, strings.NewReader(crlfLines(raw))); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return benchMails / time.Since(start).Seconds()
}

func awaitDoor(b *testing.B, door string) {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", door); err == nil {
			_ = c.Close()
			return
		}
	}
	b.Fatal("no mail is taken in")
}

// mailsWaiting takes a full folder in, and gives how many a second and the most megabytes held beyond what was before.
func mailsWaiting(b *testing.B) (rate, held float64) {
	m := mailtest.Start(b, "support")
	for k := range waitingMails {
		raw := letterFrom(fmt.Sprintf("c%d@customer.example", k%1000), fmt.Sprint("w", k, "@customer.example"), "parcel", body(k, 8<<10), "Auto-Submitted: auto-generated")
		if err := m.Drop("support", fmt.Sprint("m", k), crlfLines(raw)); err != nil {
			b.Fatal(err)
		}
	}
	host, port := hostPort(b, m.IMAP)
	n := mailNode(b, map[string]string{"imap_host": host, "imap_port": port, "imap_security": "none", "username": "support", "password": mailtest.Password, "backlog": "all",
		"smtp_host": host, "smtp_security": "none"})
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	stop := n.runs()
	defer stop()
	start := time.Now()
	most, taken := before.HeapAlloc, 0
	for taken < waitingMails {
		if time.Since(start) > 5*time.Minute {
			b.Fatalf("%d of %d taken in", taken, waitingMails)
		}
		time.Sleep(50 * time.Millisecond)
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapAlloc)
		if err := n.db.QueryRow(context.Background(), "SELECT COUNT(*) FROM messages").Scan(&taken); err != nil {
			b.Fatal(err)
		}
	}
	return waitingMails / time.Since(start).Seconds(), float64(most-before.HeapAlloc) / (1 << 20)
}

// answerAfterIdle gives the longest time of some from a mail in the folder to its answer on the way.
func answerAfterIdle(b *testing.B) (longest time.Duration) {
	m := mailtest.Start(b, "support")
	box := newPostbox(b)
	host, port := hostPort(b, m.IMAP)
	outHost, outPort := hostPort(b, box.address)
	n := mailNode(b, map[string]string{"imap_host": host, "imap_port": port, "imap_security": "none", "username": "support", "password": mailtest.Password, "backlog": "all",
		"smtp_host": outHost, "smtp_port": outPort, "smtp_security": "none"})
	stop := n.runs()
	defer stop()
	for k := range 10 {
		from := fmt.Sprintf("c%d@customer.example", k)
		raw := crlfLines(letterFrom(from, fmt.Sprint("i", k, "@customer.example"), "parcel", "Where is my parcel?"))
		start := time.Now()
		if err := m.Drop("support", fmt.Sprint("i", k), raw); err != nil {
			b.Fatal(err)
		}
		for len(box.all()) <= k {
			if time.Since(start) > time.Minute {
				b.Fatal("no answer")
			}
			time.Sleep(5 * time.Millisecond)
		}
		if k > 0 { // the first finds the connection being made
			longest = max(longest, time.Since(start))
		}
	}
	return longest
}
