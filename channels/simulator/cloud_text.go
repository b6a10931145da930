package simulator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// parcel is a text that a cloud has taken.
type parcel struct {
	account *Account
	phone   *Phone
	line    int // on the phone
	id      string
	outID   string // of the caller's, where the cloud gives it back
	text    string
	at      time.Time
	status  string // where the caller of Twilio wants to hear of it
	fails   bool
}

// carry puts a text on the phone and has its receipt brought; the caller holds the lock.
func (c *apiCall) carry(id, outID, text, status string) parcel {
	s, p := c.sim, c.phone
	parts, alphabet := portions(text)
	one := parcel{account: c.account, phone: p, id: id, outID: outID, text: text, at: s.clock(), status: status}
	if one.fails = p.away > 0; one.fails {
		p.away--
	} else {
		p.show(Line{From: Business, Kind: "sms", Text: text, How: "sms", ID: id, Parts: parts, Encoding: alphabet, State: "sent"})
		one.line = p.screen[len(p.screen)-1].N
	}
	go one.report(context.WithoutCancel(c.r.Context()))
	return one
}

// report brings what became of a text.
func (o parcel) report(ctx context.Context) {
	var n cloudNotice
	switch o.account.config.Kind {
	case Aliyun:
		n = o.aliyunReport()
	case Tencent:
		n = o.tencentReport()
	default:
		n = o.twilioReport()
	}
	if n.target == "" && len(o.account.Config().Callbacks) == 0 {
		return
	}
	n.deliver(ctx)
	s := o.account.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range o.phone.screen {
		if o.phone.screen[i].N == o.line {
			o.phone.screen[i].State = "delivered"
		}
	}
	s.touch()
}

// Away has the next texts not arrive: the phone is off. Their receipts say so.
func (p *Phone) Away(n int) {
	s := p.account.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	p.away = n
	s.touch()
}

// Number is the customer's telephone number with its country code.
func (p *Phone) Number() string { return p.openID }

// stops are the words after which a cloud that keeps opt-outs itself lets nothing through; starts are those that undo it.
// https://help.twilio.com/articles/223134027
func stops() []string { return []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"} }

func starts() []string { return []string{"START", "YES", "UNSTOP"} }

// startText is a text of the customer's; the caller holds the lock.
func (p *Phone) startText(act Act) (func(context.Context) Delivery, error) {
	if act.Do != "text" || strings.TrimSpace(act.Text) == "" {
		return nil, fmt.Errorf("%w: %s", ErrImpossible, act.Do)
	}
	s, config := p.account.sim, p.account.config
	parts, alphabet := portions(act.Text)
	p.show(Line{From: Customer, Kind: "sms", Text: act.Text, Parts: parts, Encoding: alphabet})
	p.heard = s.clock()
	if word := strings.ToUpper(strings.TrimSpace(act.Text)); config.Blocks {
		p.blocked = (p.blocked || slices.Contains(stops(), word)) && !slices.Contains(starts(), word)
	}
	var n cloudNotice
	switch config.Kind {
	case Aliyun:
		n = p.aliyunText(act.Text, s.nextID())
	case Tencent:
		n = p.tencentText(act.Text)
	default:
		n = p.twilioText(act.Text)
	}
	p.last = n.deliver
	return n.deliver, nil
}

// fill puts values into a template's variables.
func fill(template, opens, closes string, values map[string]string) (text string, missing string) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, opens)
		b.WriteString(before)
		if !found {
			return b.String(), missing
		}
		name, after, closed := strings.Cut(rest, closes)
		value, known := values[name]
		if !closed || !known {
			missing = name
		}
		b.WriteString(value)
		template = after
	}
}
