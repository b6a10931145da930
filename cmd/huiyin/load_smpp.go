package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"huiyin/channels/simulator"
)

// smppSource is the short code that the phones of a run text to.
const smppSource = "10690001"

// bindWithin is how long a server may take to find a new inbox and bind for it.
const bindWithin = 20 * time.Second

// smppRun is a plan under way in which this process is a carrier's short message centre, and its phones write.
type smppRun struct {
	*wechatRun // what is read back and compared is the same
	centre     *simulator.SMSC
}

// runSMPP makes a temporary inbox that is pointed at this process, writes to it, and reconciles.
func (c loadCmd) runSMPP(ctx context.Context, plan loadPlan, std streams) (loadReport, error) {
	r := plan.smpp()
	var err error
	r.centre, err = simulator.NewSMSC(simulator.SMSCOptions{Listen: c.Platform, SystemID: "load", Password: "load", Window: 64, Patience: plan.patience, Shown: r.shown})
	if err != nil {
		return loadReport{}, err
	}
	defer r.centre.Close()
	if r.inbox, err = r.api.makeInbox(ctx, "sms_smpp", r.settings()); err != nil {
		return loadReport{}, err
	}
	defer r.api.archive(context.WithoutCancel(ctx), r.inbox, std.err)
	return r.run(ctx)
}

// smpp prepares a run.
func (p loadPlan) smpp() *smppRun {
	r := &smppRun{wechatRun: &wechatRun{loadPlan: p, api: loadAPI{base: p.base, key: p.key, client: loadClient()}}}
	for i := range p.customers {
		v := newWechatCustomer(r.wechatRun, i)
		v.openID = smppNumber(i)
		r.customers = append(r.customers, v)
	}
	return r
}

// smppNumber is the number of a phone.
func smppNumber(i int) string { return "86138" + strconv.Itoa(10_000_000+i) }

// settings are those of an inbox for the centre. The rate of a number is for people.
func (r *smppRun) settings() map[string]string {
	host, port := r.centre.Address()
	return map[string]string{"host": host, "port": port, "system_id": "load", "password": "load", "source_addr": smppSource, "window": "64", "number_rate": "1000000/1s"}
}

// shown tells a phone's owner what has come.
func (r *smppRun) shown(number, text string) {
	if len(number) < 5 {
		return
	}
	if n, err := strconv.Atoi(number[5:]); err == nil && n-10_000_000 >= 0 && n-10_000_000 < len(r.customers) {
		r.customers[n-10_000_000].receive(text, false)
	}
}

func (r *smppRun) run(ctx context.Context) (loadReport, error) {
	for end := time.Now().Add(bindWithin); r.centre.Binds() == 0; sleep(ctx, 20*time.Millisecond) {
		if ctx.Err() != nil || time.Now().After(end) {
			return loadReport{}, errors.New("the server did not bind to this command's short message centre; it must reach the address")
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
	return r.reconcile(ctx, late, time.Since(start))
}

// send texts what is queued, each after the answer to the one before.
func (r *smppRun) send(ctx context.Context, v *wechatCustomer) {
	for {
		j, ok := v.queue.take()
		if !ok || ctx.Err() != nil {
			return
		}
		s := &wechatSending{job: j}
		v.mu.Lock()
		v.sent, v.allowed = append(v.sent, s), len(r.questions)+1<<20
		v.mu.Unlock()
		if err := r.bring(ctx, v.openID, j.text); err != nil {
			s.failed = err.Error()
			continue
		}
		s.acked = time.Now()
		v.await(ctx, s)
	}
}

// bring has a text taken by the server.
func (r *smppRun) bring(ctx context.Context, from, text string) error {
	late := time.NewTimer(r.patience)
	defer late.Stop()
	select {
	case status := <-r.centre.Bring(simulator.ShortMessage{From: from, To: smppSource, Coding: 8, Data: simulator.Ucs2(text)}):
		if status != 0 {
			return fmt.Errorf("command_status 0x%X", status)
		}
		return nil
	case <-late.C:
		return errors.New("no response")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reconcile reads back what the server has and compares it with what was sent and what arrived.
func (r *smppRun) reconcile(ctx context.Context, late []time.Duration, took time.Duration) (loadReport, error) {
	report, err := r.wechatRun.judge(ctx, late, took)
	report.Kind, report.Mode = "sms_smpp", ""
	slices.Sort(report.Faults)
	return report, err
}
