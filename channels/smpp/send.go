package smpp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

// Send hands a text over, part by part. A part that gets no response may have been taken: then the text is uncertain, and a
// receipt that repeats our reference settles it.
func (a *Adapter) Send(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	acct, l := read(a.kind, inbox), a.line(inbox.ID)
	if err := ctx.Err(); err != nil {
		return channels.Accepted{}, err
	}
	if wait := l.wait(); wait > 0 {
		return channels.Accepted{}, tooFastFor(wait, out.Skip)
	}
	text, err := a.texts.Prepare(texting.Read(a.kind, inbox), inbox, out)
	if err != nil {
		return channels.Accepted{}, err
	}
	parts, err := compose(acct, out.Address, text, out.ID)
	if err != nil {
		return channels.Accepted{}, &channels.SendError{Reason: "the text is too long", Err: err}
	}
	s, err := l.session(ctx, a, acct)
	if errors.Is(err, errBetween) {
		return channels.Accepted{}, &channels.SendError{Reason: "the connection to the SMSC is being made; it waits", Postponed: true, After: bindWait, Taken: out.Skip}
	}
	var no refused
	if errors.As(err, &no) && data.CommandStatusType(no) == data.ESME_RALYBND { // by the node that listens, perhaps
		return channels.Accepted{}, &channels.SendError{Reason: no.Error(), Postponed: true, After: bindWait, Taken: out.Skip, Err: err}
	}
	if err != nil {
		return channels.Accepted{}, unbindable(err)
	}
	t := l.trips.begin(out.ID, out.Address, len(parts), out.Skip)
	accepted, err := a.submit(ctx, l, s, parts, t)
	var failed *channels.SendError
	l.trips.end(t, errors.As(err, &failed) && failed.Uncertain)
	return accepted, err
}

func tooFastFor(wait time.Duration, taken int) error {
	return &channels.SendError{Reason: "the carrier takes no more texts for now; it waits", Postponed: true, After: wait, Taken: taken}
}

func (a *Adapter) submit(ctx context.Context, l *line, s *session, parts []*pdu.SubmitSM, t *trip) (accepted channels.Accepted, err error) {
	acct := l.account()
	for i := t.skip; i < len(parts); i++ {
		refer(parts[i], t.refs[i])
		id, err := a.submitOne(ctx, l, s, parts[i], t.told[i], i)
		if err != nil {
			return channels.Accepted{}, err
		}
		if id == "" {
			continue
		}
		id = acct.responseID(id)
		l.trips.know(t, i, id)
		accepted.Parts = append(accepted.Parts, id)
	}
	if len(accepted.Parts) > 0 {
		accepted.ProviderID = accepted.Parts[0]
	}
	return accepted, nil
}

func (l *line) account() account {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acct
}

// submitOne sends one part when the window has room, and gives its id. told is the id by a receipt, where that comes and the
// response does not.
func (a *Adapter) submitOne(ctx context.Context, l *line, s *session, p *pdu.SubmitSM, told <-chan string, taken int) (string, error) {
	late := time.NewTimer(a.Patience)
	defer late.Stop()
	select {
	case s.window <- struct{}{}:
		defer func() { <-s.window }()
	case <-late.C:
		return "", &channels.SendError{Reason: "the SMSC does not respond", Retry: true, Taken: taken}
	case <-s.gone:
		return "", &channels.SendError{Reason: "the connection to the SMSC broke", Retry: true, Taken: taken, Err: s.reason()}
	case <-ctx.Done():
		return "", &channels.SendError{Reason: "there was no time left to send", Retry: true, Taken: taken, Err: ctx.Err()}
	}
	if wait := l.wait(); wait > 0 {
		return "", tooFastFor(wait, taken)
	}
	f, err := s.ask(ctx, p, a.Patience)
	if err != nil {
		return outcome(told, taken, err)
	}
	switch {
	case tooFast(f.status):
		return "", tooFastFor(l.slower(), taken)
	case f.status != data.ESME_ROK:
		return "", refusal(f.status, taken)
	case f.id != data.SUBMIT_SM_RESP:
		return "", &channels.SendError{Reason: "the SMSC's response is none to a text; it may or may not have been taken", Uncertain: true, Taken: taken,
			Err: fmt.Errorf("command_id 0x%08X", uint32(f.id))}
	}
	l.taken()
	return f.messageID(), nil
}

// outcome is what is known of a part without its response.
func outcome(told <-chan string, taken int, err error) (string, error) {
	if errors.Is(err, errUnsent) {
		return "", &channels.SendError{Reason: "the connection to the SMSC broke", Retry: true, Taken: taken, Err: err}
	}
	select {
	case id := <-told: // its receipt has come, so the SMSC has it
		return id, nil
	default:
		return "", &channels.SendError{Reason: "the SMSC did not respond; the text may or may not have been taken", Uncertain: true, Taken: taken, Err: err}
	}
}
