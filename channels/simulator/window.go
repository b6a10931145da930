package simulator

import (
	"cmp"
	"slices"
	"time"
)

// window is how many messages the account may send the customer, and until when.
type window struct {
	total, left int
	until       time.Time
}

// allowance is what an act of the customer's opens.
type allowance struct {
	name  string
	total int
	lasts time.Duration
}

// What opens an allowance.
// https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html
// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/send.html
var (
	forMessage = allowance{"message", 5, 48 * time.Hour}
	forClick   = allowance{"click", 3, time.Minute}
	forFollow  = allowance{"follow", 3, time.Minute}
	forScan    = allowance{"scan", 3, time.Minute}
	forEnter   = allowance{"enter", 2, time.Minute}
)

// open begins an allowance anew; the caller holds the lock.
func (p *Phone) open(a allowance) {
	p.windows[a.name] = &window{a.total, a.total, p.account.sim.clock().Add(a.lasts)}
}

// take counts a message against the allowance that ends first, or says which rule forbids it; the caller holds the lock.
func (p *Phone) take() (ok, anyOpen bool) {
	now := p.account.sim.clock()
	var best *window
	for _, w := range p.windows {
		if !now.Before(w.until) {
			continue
		}
		anyOpen = true
		if w.left > 0 && (best == nil || w.until.Before(best.until)) {
			best = w
		}
	}
	if best == nil {
		return false, anyOpen
	}
	best.left--
	return true, true
}

// shut ends all allowances, as when the customer stops following; the caller holds the lock.
func (p *Phone) shut() { clear(p.windows) }

// Allowance is how many messages the account may still send.
type Allowance struct {
	Name  string    `json:"name"`
	Left  int       `json:"left"`
	Total int       `json:"total"`
	Until time.Time `json:"until"`
}

// Allowances are those that are open, the one that ends first before the others.
func (p *Phone) Allowances() []Allowance {
	p.account.sim.mu.Lock()
	defer p.account.sim.mu.Unlock()
	return p.allowances()
}

func (p *Phone) allowances() []Allowance {
	open := []Allowance{}
	for name, w := range p.windows {
		if p.account.sim.clock().Before(w.until) {
			open = append(open, Allowance{name, w.left, w.total, w.until})
		}
	}
	slices.SortFunc(open, func(a, b Allowance) int { return cmp.Or(a.Until.Compare(b.Until), cmp.Compare(a.Name, b.Name)) })
	return open
}
