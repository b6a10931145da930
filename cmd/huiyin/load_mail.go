package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"huiyin/channels/simulator/post"
)

// The run's mail: the address that its customers write to, and their domain.
const (
	loadMailbox = "help@load.example"
	loadDomain  = "customers.example"
)

// mailRun is a plan under way in which this process is the provider of mail, and its customers write with mail programs.
type mailRun struct {
	*wechatRun // what is read back and compared is the same
	office     *post.Office

	mu   sync.Mutex
	last map[*wechatCustomer]post.Mail // that the customer got
	sent map[string]bool               // ids of the mails that customers wrote
	odd  []string
}

// runMail makes a temporary inbox that is pointed at this process, writes to it, and reconciles.
func (c loadCmd) runMail(ctx context.Context, plan loadPlan, std streams) (loadReport, error) {
	host := ""
	if c.Platform != "" {
		var err error
		if host, _, err = net.SplitHostPort(c.Platform); err != nil {
			host = c.Platform
		}
	}
	r := plan.mail()
	if err := r.open(host); err != nil {
		return loadReport{}, err
	}
	defer r.office.Close()
	var err error
	if r.inbox, err = r.api.makeInbox(ctx, "email", r.settings()); err != nil {
		return loadReport{}, err
	}
	defer r.api.archive(context.WithoutCancel(ctx), r.inbox, std.err)
	return r.run(ctx)
}

// mail prepares a run.
func (p loadPlan) mail() *mailRun {
	r := &mailRun{wechatRun: &wechatRun{loadPlan: p, api: loadAPI{base: p.base, key: p.key, client: loadClient()}},
		last: map[*wechatCustomer]post.Mail{}, sent: map[string]bool{}}
	for i := range p.customers {
		v := newWechatCustomer(r.wechatRun, i)
		v.openID = "c" + strconv.Itoa(i) + "@" + loadDomain
		r.customers = append(r.customers, v)
	}
	return r
}

// open starts the provider. What it holds of the inbox is bounded by the plan alone.
func (r *mailRun) open(host string) (err error) {
	r.office, err = post.Open(post.Options{Domain: loadDomain, Host: host, Room: 4 << 30, Arrived: r.arrived, Accounts: []post.Account{{Address: loadMailbox, Password: "load"}}})
	return err
}

// settings are those of an inbox at the provider. The limits of automatic answers are for people.
func (r *mailRun) settings() map[string]string {
	imapHost, imapPort := r.office.IMAP()
	smtpHost, smtpPort := r.office.SMTP()
	return map[string]string{"address": loadMailbox, "password": "load", "imap_host": imapHost, "imap_port": imapPort, "imap_security": "none",
		"smtp_host": smtpHost, "smtp_port": smtpPort, "smtp_security": "none", "plus_addresses": "both", "backlog": "all", "sweep_seconds": "5",
		"keep_raw_days": "0", "auto_answer_minutes": "0", "auto_answer_daily": "0", "letter_quotes": "true"}
}

// arrived tells a mailbox's owner what has come. A mail that answers none of theirs is in the wrong thread.
func (r *mailRun) arrived(address string, m post.Mail) {
	if v := r.place(address, m); v != nil {
		v.receive(m.Text, false)
	}
}

// place notes a mail that came to a customer; nil when it is nobody's.
func (r *mailRun) place(address string, m post.Mail) *wechatCustomer {
	n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSuffix(address, "@"+loadDomain), "c"))
	if err != nil || n < 0 || n >= len(r.customers) {
		return nil
	}
	v := r.customers[n]
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last[v] = m
	if !r.sent[v.openID+" "+m.InReplyTo] {
		r.odd = append(r.odd, "misplaced: a mail to "+address+" answers none of theirs")
	}
	return v
}

func (r *mailRun) run(ctx context.Context) (loadReport, error) {
	for end := time.Now().Add(bindWithin); r.office.Readers() == 0; sleep(ctx, 20*time.Millisecond) {
		if ctx.Err() != nil || time.Now().After(end) {
			return loadReport{}, errors.New("the server did not connect to this command's mail servers; it must reach the address")
		}
	}
	start := time.Now()
	var senders sync.WaitGroup
	for _, v := range r.customers {
		senders.Go(func() { r.send(ctx, v) })
	}
	late := r.pace(ctx, "", func(n int, j job) { r.customers[n%len(r.customers)].queue.put(j) })
	for _, v := range r.customers {
		v.queue.close()
	}
	senders.Wait()
	report, err := r.judge(ctx, late, time.Since(start))
	report.Kind, report.Mode = "email", ""
	r.mu.Lock()
	report.Faults = append(report.Faults, r.odd...)
	report.Doubled += len(r.odd)
	r.mu.Unlock()
	slices.Sort(report.Faults)
	return report, err
}

// send writes what is queued, each as a reply to the answer to the one before, with one mail program after the other.
func (r *mailRun) send(ctx context.Context, v *wechatCustomer) {
	programs := []string{post.Gmail, post.Outlook, post.Foxmail}
	name, _, _ := strings.Cut(v.openID, "@")
	for n := 0; ; n++ {
		j, ok := v.queue.take()
		if !ok || ctx.Err() != nil {
			return
		}
		s := &wechatSending{job: j}
		v.mu.Lock()
		v.sent, v.allowed = append(v.sent, s), len(r.questions)+1<<20
		v.mu.Unlock()
		r.mu.Lock()
		reply := r.last[v]
		r.mu.Unlock()
		if err := r.write(name, v, post.Draft{Name: "Load " + name, To: r.to(reply), Subject: subjectOf(reply, name), Text: j.text, Reply: reply.N, Program: programs[n%len(programs)]}); err != nil {
			s.failed = err.Error()
			continue
		}
		s.acked = time.Now()
		v.await(ctx, s)
	}
}

// write hands a mail to the provider. Its id is known before it is on its way, because the answer may be back at once.
func (r *mailRun) write(name string, v *wechatCustomer, d post.Draft) error {
	box := r.office.Box(name)
	m, raw, err := box.Compose(d)
	if err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	r.mu.Lock()
	r.sent[v.openID+" "+m.MessageID] = true
	r.mu.Unlock()
	box.Hand(m, raw)
	return nil
}

func (r *mailRun) to(m post.Mail) string {
	if len(m.ReplyTo) > 0 {
		return m.ReplyTo[0].Address
	}
	return loadMailbox
}

func subjectOf(m post.Mail, name string) string {
	if m.Subject != "" {
		return m.Subject
	}
	return "A question of " + name
}
