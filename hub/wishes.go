package hub

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"huiyin/nlu"
)

// Offering is how readily the bot offers articles to choose from where it is not sure.
type Offering string

// The ways of offering.
const (
	OfferSeldom  Offering = "seldom"
	OfferNormal  Offering = "normal"
	OfferEagerly Offering = "eagerly"
)

// Wishes are how an operator wants the bot to answer, in plain words. They are stored as JSON: fields are added, never
// renamed.
type Wishes struct {
	Version             int64    `json:"-"` // rises with every save; 0: as shipped
	WrongIn100          float64  `json:"wrong_in_100"`
	Offering            Offering `json:"offering"`
	HandoffAfter        int      `json:"handoff_after"`
	HandoffOnComplaint  bool     `json:"handoff_on_complaint"`
	HandoffOnAnger      bool     `json:"handoff_on_anger"`
	HandoffAfterInsults int      `json:"handoff_after_insults"`
	RemindAfterMinutes  int      `json:"remind_after_minutes"`
	MaskPhones          bool     `json:"mask_phones"`
	OrderPatterns       []string `json:"order_patterns"`
	Products            []string `json:"products"`

	Triggers        []Trigger `json:"-"` // the administrator's rules about handing over, kept apart from the rest
	TriggersVersion int64     `json:"-"`
}

// shippedWrong is how many wrong answers in 100 the shipped policy is fitted for.
const shippedWrong = 2

// DefaultWishes are what the product ships with: the shipped policy in words.
func DefaultWishes() Wishes {
	p := DefaultPolicy()
	return Wishes{WrongIn100: shippedWrong, Offering: OfferNormal, HandoffAfter: p.HandoffAfter, HandoffOnComplaint: p.HandoffOnComplaint,
		HandoffOnAnger: p.HandoffOnAnger, HandoffAfterInsults: p.HandoffAfterInsults, MaskPhones: true, OrderPatterns: []string{}, Products: []string{}}
}

// The least and the most that an operator can ask for.
const (
	leastAnswer, mostAnswer   = 0.5, 0.99
	leastClarify, mostClarify = 0.05, 0.6
)

// Policy is the policy that follows from the wishes. A confidence states how likely an answer is right, so among answers from a
// threshold on the share of wrong ones falls with the distance of the threshold to one: half as many wrong answers need
// half that distance. The shipped policy, fitted for its own share, is the point that this line goes through.
func (w Wishes) Policy() Policy {
	p := DefaultPolicy()
	if w.Version != 0 {
		p.Version = "settings-" + strconv.FormatInt(w.Version, 10)
	}
	p.Answer = round3(min(max(1-(1-p.Answer)*w.WrongIn100/shippedWrong, leastAnswer), mostAnswer))
	switch w.Offering {
	case OfferSeldom:
		p.Clarify *= 2
	case OfferEagerly:
		p.Clarify /= 2
	}
	p.Clarify = round3(min(max(p.Clarify, leastClarify), mostClarify))
	p.HandoffAfter, p.HandoffAfterInsults = w.HandoffAfter, w.HandoffAfterInsults
	p.HandoffOnComplaint, p.HandoffOnAnger = w.HandoffOnComplaint, w.HandoffOnAnger
	return p
}

func round3(x float64) float64 { return math.Round(x*1000) / 1000 }

// wishesFresh is how long a node may work with settings that were changed elsewhere.
const wishesFresh = 500 * time.Millisecond

// wishesCache keeps the stored wishes for a moment.
type wishesCache struct {
	mu    sync.Mutex
	now   Wishes
	own   nlu.Own // of now
	ready *Triggers
	until time.Time
}

// wishes are the operator's wishes, at most half a second old.
func (h *Hub) wishes(ctx context.Context) (Wishes, error) {
	if h.Wishes == nil {
		return DefaultWishes(), nil
	}
	h.wished.mu.Lock()
	defer h.wished.mu.Unlock()
	now := h.DB.Now()
	if now.Before(h.wished.until) {
		return h.wished.now, nil
	}
	w, err := h.Wishes(ctx)
	if err != nil {
		return Wishes{}, fmt.Errorf("read answer settings: %w", err)
	}
	if h.wished.until.IsZero() || w.Version != h.wished.now.Version {
		if h.wished.own, err = nlu.NewOwn(w.OrderPatterns, w.Products); err != nil {
			h.Log.Error("a pattern of the answer settings is left out", "error", err)
		}
	}
	if h.wished.ready == nil || w.TriggersVersion != h.wished.now.TriggersVersion {
		if h.wished.ready, err = NewTriggers(w.Triggers); err != nil {
			h.Log.Error("a rule about handing over is left out", "error", err)
		}
	}
	h.wished.now, h.wished.until = w, now.Add(wishesFresh)
	return w, nil
}

// known are the wishes and the organisation's own words as they were read last, without asking the database.
func (h *Hub) known() (Wishes, nlu.Own) {
	h.wished.mu.Lock()
	defer h.wished.mu.Unlock()
	if h.wished.until.IsZero() {
		return DefaultWishes(), nlu.Own{}
	}
	return h.wished.now, h.wished.own
}

// policy is the policy of this moment.
func (h *Hub) policy(ctx context.Context) (Policy, error) {
	w, err := h.wishes(ctx)
	p := w.Policy()
	p.Triggers = h.triggers()
	return p, err
}

// triggers are those that were read last.
func (h *Hub) triggers() *Triggers {
	h.wished.mu.Lock()
	defer h.wished.mu.Unlock()
	return h.wished.ready
}
