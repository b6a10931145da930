package simulator

import (
	"context"
	"regexp"
	"slices"
	"time"
)

// ownID is what a msgid of the account's own must look like; one that came in is longer.
var ownID = regexp.MustCompile(`^[0-9a-zA-Z_-]{1,32}$`)

// forKf is the allowance that a customer's message opens.
// https://developer.work.weixin.qq.com/document/path/94677
var forKf = allowance{"message", 5, 48 * time.Hour}

type kfSent struct {
	refusal
	ID string `json:"msgid"`
}

// kfSend is a message to the customer. The page does not tell what a msgid that is used again does: it is taken once.
func kfSend(c *apiCall) (any, *refusal) {
	in, refused := c.kfMessage([]string{"text", "image", "voice", "video", "file", "link", "miniprogram", "msgmenu", "location"})
	if refused != nil {
		return nil, refused
	}
	if refused := c.seat(in.Desk); refused != nil {
		return nil, refused
	}
	if c.phone = c.account.byOpenID(in.To); c.phone == nil {
		return nil, refuse(40096, "invalid external userid")
	}
	t := &c.phone.talk
	if in.ID != "" && slices.Contains(t.sent, in.ID) {
		return kfSent{ok(), in.ID}, nil
	}
	if t.state != fresh && t.state != withBot {
		return nil, refuse(95018, "send msg session status invalid")
	}
	line, refused := c.line(in)
	if refused != nil {
		return nil, refused
	}
	if allowed, anyOpen := c.phone.take(); !allowed && anyOpen {
		return nil, refuse(95001, "send msg count limit")
	} else if !allowed {
		return nil, refuse(95002, "send msg time limit")
	}
	return c.kfShow(line, in.ID, "custom"), nil
}

// kfSendOnEvent answers an event by its code, once and for a while.
// https://developer.work.weixin.qq.com/document/path/95122
func kfSendOnEvent(c *apiCall) (any, *refusal) {
	in, refused := c.kfMessage([]string{"text", "msgmenu"})
	if refused != nil {
		return nil, refused
	}
	p, code := c.kfCode(in.Code)
	if code == nil || c.sim.clock().After(code.until) {
		return nil, refuse(40029, "invalid code")
	}
	if in.Kind != "text" && !code.menu {
		return nil, refuse(40008, "invalid message type")
	}
	c.phone, c.account = p, p.account
	line, refused := c.line(in)
	if refused != nil {
		return nil, refused
	}
	delete(p.talk.codes, in.Code)
	if code.welcome {
		p.talk.welcomed = c.sim.clock()
	}
	return c.kfShow(line, in.ID, "event"), nil
}

func (c *apiCall) kfCode(code string) (*Phone, *kfCode) {
	for _, a := range c.sim.accounts {
		if a.config.AppID != c.account.config.AppID {
			continue
		}
		for _, p := range a.order {
			if found := p.talk.codes[code]; found != nil {
				return p, found
			}
		}
	}
	return nil, nil
}

func (c *apiCall) kfMessage(kinds []string) (in outgoing, refused *refusal) {
	if refused := c.decodeLoose(&in); refused != nil {
		return in, refused
	}
	if !slices.Contains(kinds, in.Kind) {
		return in, refuse(40008, "invalid message type")
	}
	if in.ID != "" && !ownID.MatchString(in.ID) {
		return in, refuse(40058, "invalid msgid")
	}
	return in, nil
}

// kfShow puts a message on the phone, unless the customer refuses it: then the account hears of it later.
func (c *apiCall) kfShow(line Line, id, how string) kfSent {
	if id == "" {
		id = c.sim.random(22)
	}
	t := &c.phone.talk
	t.sent = append(t.sent, id)
	line.ID, line.How = id, how
	if t.refusals == 0 {
		c.phone.show(line)
		return kfSent{ok(), id}
	}
	t.refusals--
	ring := c.phone.queue(fromSystem, "event", map[string]any{"event_type": "msg_send_fail", "open_kfid": c.account.config.Original,
		"external_userid": c.phone.openID, "fail_msgid": id, "fail_type": failRefused})
	go ring.deliver(context.WithoutCancel(c.r.Context()))
	return kfSent{ok(), id}
}

// failRefused is the fail_type of a message that the customer does not take.
const failRefused = 10

// Refuse has the customer not take the next messages.
func (p *Phone) Refuse(n int) {
	p.account.sim.mu.Lock()
	defer p.account.sim.mu.Unlock()
	p.talk.refusals = n
}
