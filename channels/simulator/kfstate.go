package simulator

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// State is who serves a customer of WeCom's.
// https://developer.work.weixin.qq.com/document/path/94669
type State int

// The states, by their numbers in the API.
const (
	fresh State = iota
	withBot
	inPool
	withHuman
	ended
)

// talk is a customer's session with a customer service account.
type talk struct {
	state    State
	servicer string
	welcomed time.Time // when the last welcome was sent
	codes    map[string]*kfCode
	sent     []string // msgids of the account's own
	refusals int
}

// kfCode lets the account answer an event once.
type kfCode struct {
	until   time.Time
	menu    bool // a menu is an answer too
	welcome bool
}

// code makes one; the caller holds the lock.
func (p *Phone) code(lasts time.Duration, menu, welcome bool) string {
	if p.talk.codes == nil {
		p.talk.codes = map[string]*kfCode{}
	}
	code := p.account.sim.random(18)
	p.talk.codes[code] = &kfCode{p.account.sim.clock().Add(lasts), menu, welcome}
	return code
}

// How long the codes of events live.
const (
	welcomeLasts = 20 * time.Second
	poolLasts    = 48 * time.Hour
	endLasts     = 20 * time.Second
)

// mayBecome tells whether the API may change a state so.
func (s State) mayBecome(next State) bool {
	switch s {
	case fresh:
		return next >= withBot && next <= ended
	case withBot:
		return next >= inPool && next <= ended
	case inPool:
		return next == withHuman || next == ended
	case withHuman:
		return next == withHuman || next == ended
	}
	return false
}

// State is the number of the session's state, with who serves it in WeCom.
func (p *Phone) State() (state int, servicer string) {
	p.account.sim.mu.Lock()
	defer p.account.sim.mu.Unlock()
	return int(p.talk.state), p.talk.servicer
}

// kfCustomer reads whose session a call is about.
type kfSession struct {
	Desk     string `json:"open_kfid"`
	Customer string `json:"external_userid"`
	State    *State `json:"service_state"`
	Servicer string `json:"servicer_userid"`
}

func (c *apiCall) session() (in kfSession, refused *refusal) {
	if refused := c.decodeLoose(&in); refused != nil {
		return in, refused
	}
	if refused := c.seat(in.Desk); refused != nil {
		return in, refused
	}
	if c.phone = c.account.byOpenID(in.Customer); c.phone == nil {
		return in, refuse(40096, "invalid external userid")
	}
	return in, nil
}

func kfState(c *apiCall) (any, *refusal) {
	if _, refused := c.session(); refused != nil {
		return nil, refused
	}
	return struct {
		refusal
		State    State  `json:"service_state"`
		Servicer string `json:"servicer_userid,omitempty"`
	}{ok(), c.phone.talk.state, c.phone.talk.servicer}, nil
}

// kfTrans changes the state where that is allowed; no event tells of it.
func kfTrans(c *apiCall) (any, *refusal) {
	in, refused := c.session()
	if refused != nil {
		return nil, refused
	}
	t := &c.phone.talk
	if in.State == nil || !t.state.mayBecome(*in.State) {
		return nil, refuse(95016, "not allow to change session state")
	}
	if *in.State == withHuman && !slices.Contains(c.account.config.Servicers, in.Servicer) {
		return nil, refuse(95014, "servicer not in receiving state")
	}
	c.phone.become(*in.State, in.Servicer)
	answer := struct {
		refusal
		Code string `json:"msg_code,omitempty"`
	}{refusal: ok()}
	switch t.state {
	case inPool, withHuman:
		answer.Code = c.phone.code(poolLasts, false, false)
	case ended:
		answer.Code = c.phone.code(endLasts, true, false)
	}
	return answer, nil
}

// become changes the state; the caller holds the lock.
func (p *Phone) become(next State, servicer string) {
	if next != withHuman {
		servicer = ""
	}
	if next == p.talk.state && servicer == p.talk.servicer {
		return
	}
	p.talk.state, p.talk.servicer = next, servicer
	p.account.sim.touch()
}

// What a session_status_change says.
const (
	changeTaken = 1
	changeMoved = 2
	changeEnded = 3
)

// TakeOver has somebody take the customer over in the WeCom app.
func (p *Phone) TakeOver(ctx context.Context, servicer string) (Delivery, error) {
	return p.inApp(ctx, func() (push, error) {
		if !slices.Contains(p.account.config.Servicers, servicer) || p.talk.state == ended {
			return push{}, fmt.Errorf("%w: %q takes over", ErrImpossible, servicer)
		}
		kind, before := changeTaken, p.talk.servicer
		if p.talk.state == withHuman {
			kind = changeMoved
		}
		p.become(withHuman, servicer)
		return p.changed(kind, before, servicer, ""), nil
	})
}

// Speak has the one who serves the customer in the WeCom app write.
func (p *Phone) Speak(ctx context.Context, text string) (Delivery, error) {
	return p.inApp(ctx, func() (push, error) {
		if p.talk.state != withHuman || text == "" {
			return push{}, fmt.Errorf("%w: nobody serves the customer in WeCom", ErrImpossible)
		}
		p.show(Line{From: Business, Kind: "text", Text: text, How: "servicer", Who: p.talk.servicer})
		return p.queue(fromServicer, "text", map[string]any{"content": text}), nil
	})
}

// End has the one who serves the customer in the WeCom app end the session.
func (p *Phone) End(ctx context.Context) (Delivery, error) {
	return p.inApp(ctx, func() (push, error) {
		if p.talk.state != withHuman {
			return push{}, fmt.Errorf("%w: nobody serves the customer in WeCom", ErrImpossible)
		}
		before := p.talk.servicer
		p.become(ended, "")
		p.show(Line{From: System, Kind: "ended"})
		return p.changed(changeEnded, before, "", p.code(endLasts, true, false)), nil
	})
}

func (p *Phone) inApp(ctx context.Context, act func() (push, error)) (Delivery, error) {
	p.account.sim.mu.Lock()
	ring, err := act()
	p.account.sim.mu.Unlock()
	if err != nil {
		return Delivery{}, err
	}
	return ring.deliver(ctx), nil
}

func (p *Phone) changed(kind int, before, after, code string) push {
	event := map[string]any{"event_type": "session_status_change", "open_kfid": p.account.config.Original, "external_userid": p.openID, "change_type": kind}
	if before != "" {
		event["old_servicer_userid"] = before
	}
	if after != "" {
		event["new_servicer_userid"] = after
	}
	if code != "" {
		event["msg_code"] = code
	}
	return p.queue(fromSystem, "event", event)
}
