package smpp

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"time"

	"github.com/linxGnu/gosmpp/data"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

const (
	lanes       = 64 // texts made durable at once; those of one number go down one lane, in order
	laneRoom    = 32
	acceptAfter = 10 * time.Second // how long what was read may take after the listener's end
)

// intake makes durable what comes in, and answers it then.
type intake struct {
	a      *Adapter
	l      *line
	acct   account
	rules  texting.Rules
	accept channels.Accept
	seed   maphash.Seed
	lanes  [lanes]chan job
}

// job is something to be made durable and answered.
type job struct {
	in    channels.Received
	asked []asked
	words string // by which repeats know it; "" for a receipt
	join  *joining
}

// newIntake starts the lanes; stop ends them once what was read is answered.
func newIntake(ctx context.Context, a *Adapter, l *line, inbox conversation.Inbox, accept channels.Accept) (in *intake, stop func()) {
	in = &intake{a: a, l: l, acct: read(a.kind, inbox), rules: texting.Read(a.kind, inbox), accept: accept, seed: maphash.MakeSeed()}
	whole, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var busy sync.WaitGroup
	for i := range in.lanes {
		in.lanes[i] = make(chan job, laneRoom)
		busy.Go(func() { in.work(whole, in.lanes[i]) })
	}
	return in, func() {
		late := time.AfterFunc(acceptAfter, cancel)
		for i := range in.lanes {
			close(in.lanes[i])
		}
		busy.Wait()
		late.Stop()
		cancel()
	}
}

// handle takes a deliver_sm or data_sm. It does not wait: where there is no room the SMSC is to come again.
func (in *intake) handle(s *session, f frame) {
	from := asked{s, f}
	d, err := parseDelivery(f)
	if err != nil {
		from.answer(data.ESME_RINVMSGLEN)
		return
	}
	if d.isReceipt() {
		in.receipt(d, from)
		return
	}
	if d.part.total == 0 {
		in.text(d.source, d.dest, textOf(d.data, d.coding), job{asked: []asked{from}, words: hashed(d.source, d.dest, fmt.Sprint(d.coding), string(d.data))})
		return
	}
	got := in.l.joins.add(d, from, in.a.Now())
	switch {
	case got.repeat:
		from.answer(data.ESME_ROK)
	case got.later:
		from.answer(data.ESME_RX_T_APPN)
	}
	in.take(got.take)
}

// take makes texts durable that came in parts.
func (in *intake) take(all []*joining) {
	for _, j := range all {
		text := j.text()
		in.text(j.key.source, j.key.dest, text, job{asked: j.asked, join: j, words: hashed(fmt.Sprintf("%+v", j.key), text)})
	}
}

func (in *intake) text(source, dest, text string, j job) {
	last := j.asked[len(j.asked)-1]
	message, ok := in.rules.Incoming(in.l.repeats.name(j.words, last.by, last.f.seq, in.a.Now()), source, text)
	switch {
	case !ok: // from no number: nobody could be answered
		in.settle(j, data.ESME_RX_P_APPN)
	case message.Text == "": // a ring without words is nothing to keep
		in.settle(j, data.ESME_ROK)
	default:
		j.in.Messages = []conversation.Incoming{message}
		in.put(source, j)
	}
}

func (in *intake) receipt(d delivery, from asked) {
	r := d.report(in.acct)
	about, ok := r.outcome()
	if !ok {
		from.answer(data.ESME_ROK)
		return
	}
	about = in.l.trips.settle(about, r.ref, r.referred, texting.Number(d.source, in.rules.Country))
	if about.ProviderID == "" && about.MessageID == 0 { // of nothing that we know
		from.answer(data.ESME_ROK)
		return
	}
	in.put(about.ProviderID, job{in: channels.Received{Receipts: []conversation.Receipt{about}}, asked: []asked{from}})
}

func (in *intake) put(lane string, j job) {
	select {
	case in.lanes[maphash.String(in.seed, lane)%lanes] <- j:
	default:
		in.settle(j, data.ESME_RMSGQFUL)
	}
}

func (in *intake) work(ctx context.Context, jobs <-chan job) {
	for j := range jobs {
		in.settle(j, outcomeOf(in.accept(ctx, j.in)))
	}
}

// outcomeOf is the status for what was made durable or not. What can never be taken is not to come again.
func outcomeOf(err error) data.CommandStatusType {
	var field *conversation.FieldError
	switch {
	case err == nil:
		return data.ESME_ROK
	case errors.As(err, &field):
		return data.ESME_RX_P_APPN
	}
	return data.ESME_RX_T_APPN
}

// settle answers everything that a job was asked by.
func (in *intake) settle(j job, status data.CommandStatusType) {
	if j.words != "" {
		in.l.repeats.answered(j.words, status == data.ESME_ROK)
	}
	if j.join != nil {
		in.l.joins.settled(j.join, status == data.ESME_ROK)
	}
	for i := 0; i < len(j.asked); { // in one piece for each connection, so that a break seldom comes between parts
		by, all := j.asked[i].by, []byte(nil)
		for ; i < len(j.asked) && j.asked[i].by == by; i++ {
			all = append(all, answer(j.asked[i].f, status)...)
		}
		if by.alive() {
			_ = by.write(all) // who did not hear so repeats it
		}
	}
}

func (a asked) answer(status data.CommandStatusType) { _ = a.by.write(answer(a.f, status)) }
