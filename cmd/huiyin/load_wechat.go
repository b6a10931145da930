package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// wechatRun is a plan under way in which this process is WeChat: its customers write by signed callbacks, and its API
// takes the answers.
type wechatRun struct {
	loadPlan
	api       loadAPI
	account   wechatAccount
	platform  *wechatPlatform
	customers []*wechatCustomer
	ids       idSource
}

// makeWechatAccount makes up the account that the run acts as.
func makeWechatAccount(mode string, passive bool) wechatAccount {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return wechatAccount{appID: "wx" + rand.Text()[:16], secret: rand.Text(), token: rand.Text()[:16], mode: mode, passive: passive,
		key: key, original: "gh_load"}
}

// settings are those of an inbox for the account, whose API is at base.
func (a wechatAccount) settings(base string) map[string]string {
	return map[string]string{"app_id": a.appID, "app_secret": a.secret, "token": a.token, "aes_key": base64.RawStdEncoding.EncodeToString(a.key),
		"mode": a.mode, "api_base": base, "passive_reply": strconv.FormatBool(a.passive)}
}

// runWechat makes a temporary inbox that is pointed at this process, writes to it, and reconciles.
func (c loadCmd) runWechat(ctx context.Context, plan loadPlan, std streams) (loadReport, error) {
	account := makeWechatAccount(c.Mode, c.Passive)
	platform, err := startPlatform(account, c.Platform)
	if err != nil {
		return loadReport{}, err
	}
	defer platform.stop()
	api := loadAPI{base: plan.base, key: c.Key, client: loadClient()}
	plan.inbox, err = api.makeInbox(ctx, "wechat", account.settings(platform.base))
	if err != nil {
		return loadReport{}, err
	}
	defer api.archive(context.WithoutCancel(ctx), plan.inbox, std.err)
	return plan.runWechat(ctx, account, platform)
}

func (p loadPlan) runWechat(ctx context.Context, account wechatAccount, platform *wechatPlatform) (loadReport, error) {
	r := &wechatRun{loadPlan: p, api: loadAPI{base: p.base, key: p.key, client: loadClient()}, account: account, platform: platform}
	r.ids.next = time.Now().UnixNano()
	for i := range p.customers {
		v := newWechatCustomer(r, i)
		r.customers = append(r.customers, v)
		platform.add(v)
	}
	start := time.Now()
	late := r.send(ctx)
	took := time.Since(start)
	return r.reconcile(ctx, late, took)
}

// send hands every message to its customer when it is due, and waits until all have been sent and answered.
func (r *wechatRun) send(ctx context.Context) []time.Duration {
	var senders sync.WaitGroup
	for _, v := range r.customers {
		senders.Go(func() { v.send(ctx) })
	}
	late := r.pace(ctx, "", func(n int, j job) { r.customers[n%len(r.customers)].queue.put(j) })
	for _, v := range r.customers {
		v.queue.close()
	}
	senders.Wait()
	return late
}

// idSource gives WeChat's 64-bit message ids.
type idSource struct {
	mu   sync.Mutex
	next int64
}

func (s *idSource) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return strconv.FormatInt(s.next, 10)
}

// storedThread is what the server has of one customer.
type storedThread struct {
	status   string
	messages []storedMessage
}

// storedMessage is a message as the API shows it.
type storedMessage struct {
	Seq                            int64
	Sender, Text, Delivery, Reason string
	Private, Passive               bool
}

// threads reads back what the server has of the inbox, by the customers' ids.
func (r *wechatRun) threads(ctx context.Context) (map[string]storedThread, error) {
	found := map[string]storedThread{}
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				ID      int64
				Status  string
				Contact struct{ ID int64 }
			}
			Next string
		}
		query := url.Values{"inbox_id": {strconv.FormatInt(r.inbox, 10)}, "view": {"all"}, "limit": {"100"}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		path := "/api/v1/conversations?" + query.Encode()
		if err := r.api.call(ctx, http.MethodGet, path, r.key, nil, &page); err != nil {
			return nil, err
		}
		for _, c := range page.Items {
			address, err := r.address(ctx, c.Contact.ID)
			if err != nil {
				return nil, err
			}
			if _, twice := found[address]; twice {
				return nil, errors.New("doubled: customer " + address + " has two conversations")
			}
			messages, err := r.messages(ctx, c.ID)
			if err != nil {
				return nil, err
			}
			found[address] = storedThread{c.Status, messages}
		}
		if cursor = page.Next; cursor == "" {
			return found, nil
		}
	}
}

func (r *wechatRun) address(ctx context.Context, contact int64) (string, error) {
	var c struct{ Identities []struct{ Address string } }
	if err := r.api.call(ctx, http.MethodGet, "/api/v1/contacts/"+strconv.FormatInt(contact, 10), r.key, nil, &c); err != nil {
		return "", err
	}
	if len(c.Identities) == 0 {
		return "", fmt.Errorf("contact %d has no address", contact)
	}
	return c.Identities[0].Address, nil
}

func (r *wechatRun) messages(ctx context.Context, conversation int64) (all []storedMessage, err error) {
	for after := int64(0); ; {
		var page []storedMessage
		path := fmt.Sprintf("/api/v1/conversations/%d/messages?after=%d&limit=100", conversation, after)
		if err := r.api.call(ctx, http.MethodGet, path, r.key, nil, &page); err != nil {
			return nil, err
		}
		if len(page) == 0 {
			return all, nil
		}
		all = append(all, page...)
		after = page[len(page)-1].Seq
	}
}

// reconcile compares as judge does, and has WeChat's own complaints.
func (r *wechatRun) reconcile(ctx context.Context, late []time.Duration, took time.Duration) (loadReport, error) {
	report, err := r.judge(ctx, late, took)
	for _, f := range r.platform.faults() {
		report.fault(f)
	}
	slices.Sort(report.Faults)
	return report, err
}

// judge reads back what the server has and compares it with what was sent and what arrived.
func (r *wechatRun) judge(ctx context.Context, late []time.Duration, took time.Duration) (loadReport, error) {
	report := loadReport{URL: r.base, Inbox: r.inbox, Kind: "wechat", Mode: r.account.mode, Customers: r.loadPlan.customers, Rate: r.rate,
		Seconds: took.Seconds(), Scheduled: len(late), Faults: []string{}}
	threads, err := r.threads(ctx)
	if err != nil {
		return report, fmt.Errorf("read back what was sent: %w", err)
	}
	var acks, replies []time.Duration
	for _, v := range r.customers {
		a := v.judge(threads[v.openID])
		report.add(a)
		report.Passive += a.passive
		acks, replies = append(acks, a.acks...), append(replies, a.replies...)
	}
	report.Ack, report.Reply, report.Late = percentilesOf(acks), percentilesOf(replies), percentilesOf(late)
	report.KeptPace = report.Late.P99 <= lateAllowed
	report.PerSecond = float64(report.Accepted) / max(took.Seconds(), 1e-9)
	return report, nil
}
