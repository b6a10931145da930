// Package routing decides who gets which waiting customer, and in which order customers are served. It is pure: what is
// known goes in, a choice with its reasons comes out, so that a day can be decided again under other settings. It reads
// no clock and no database, and carries nothing out.
package routing

import (
	"strings"
	"time"
)

// Strategy is how a team's customers find an agent.
type Strategy string

// The strategies. With Manual agents take customers themselves and nothing is offered.
const (
	Manual     Strategy = "manual"
	LeastBusy  Strategy = "least_busy"
	RoundRobin Strategy = "round_robin"
	BestFit    Strategy = "best_fit"
)

// PastCap is what becomes of a customer who finds the queue full.
type PastCap string

// The ways past a cap.
const (
	TakeMessage PastCap = "message"  // a message is taken, and answered in turn with no live place
	GoElsewhere PastCap = "overflow" // to the team that helps out; a message where that is full too
	SayOther    PastCap = "other"    // told the other ways; the bot goes on
)

// Settings are how customers are ordered and given to agents.
type Settings struct {
	Weights       Weights        `json:"weights"`
	Units         map[string]int `json:"units"`           // what a conversation costs by the kind of its channel
	Capacity      int            `json:"capacity"`        // units of an agent of whom nothing else is said
	Green         []string       `json:"green"`           // tiers with a green channel
	GreenUnits    int            `json:"green_units"`     // units above capacity that a customer of these tiers may take
	LastAgentDays int            `json:"last_agent_days"` // for so long the last agent goes first; 0: never
	ManagerWait   int            `json:"manager_wait"`    // seconds to wait for a dedicated agent who is busy
	RelaxAfter    int            `json:"relax_after"`     // minutes after which skills and languages bar nobody; 0: at once
	AwayAfter     int            `json:"away_after"`      // offers missed in a row that set an agent away; 0: never
	Nudge         bool           `json:"nudge"`           // tell who is next, once
	Needs         []Need         `json:"needs"`
	Teams         map[int64]Team `json:"teams"` // 0: conversations without a team
}

// Weights are head starts in minutes: who has one is served as if having come so much earlier. Waiting makes up for them.
type Weights struct {
	Tiers     map[string]int `json:"tiers"`
	Channels  map[string]int `json:"channels"`
	Low       int            `json:"low"`
	High      int            `json:"high"`
	Urgent    int            `json:"urgent"`
	Complaint int            `json:"complaint"`
	Mood      int            `json:"mood"` // of who is angry
	Green     int            `json:"green"`
	Returned  int            `json:"returned"` // of who was offered to an agent that stayed silent
}

// Team is how one team's queue is run.
type Team struct {
	Strategy          Strategy          `json:"strategy"`
	Automatic         bool              `json:"automatic"`     // give without asking
	OfferSeconds      int               `json:"offer_seconds"` // to accept
	Cap               int               `json:"cap"`           // 0: none
	PastCap           PastCap           `json:"past_cap"`
	OverflowTeam      int64             `json:"overflow_team"`      // 0: none
	OverflowMinutes   int               `json:"overflow_minutes"`   // after so long; 0: not for waiting
	OverflowUnstaffed bool              `json:"overflow_unstaffed"` // at once when nobody is on duty
	PromiseMinutes    int               `json:"promise_minutes"`    // within which a message is answered; 0: nothing is promised
	OtherWays         map[string]string `json:"other_ways"`         // by language
}

// Need is a skill that some conversations ask for. Empty conditions fit everything; all that are given must fit.
type Need struct {
	Skill    string `json:"skill"`
	Level    int    `json:"level"`
	Intent   string `json:"intent"`
	Category string `json:"category"`
	Tag      string `json:"tag"`
	Tier     string `json:"tier"`
	Language string `json:"language"`
	Inbox    int64  `json:"inbox"`
}

// Levels and limits of what can be set.
const (
	MaxLevel    = 5
	MaxCapacity = 200
	MaxUnits    = 50
	defaultCost = 2
	offerFor    = 30
)

// Shipped are the settings of a new installation: agents take customers themselves, and the order is by waiting time with
// moderate head starts.
func Shipped() Settings {
	return Settings{
		Weights: Weights{Tiers: map[string]int{"vip": 60, "gold": 30, "silver": 10}, Channels: map[string]int{}, Low: -60, High: 60, Urgent: 1440,
			Complaint: 30, Mood: 15, Green: 240, Returned: 10},
		Units: map[string]int{}, Capacity: 12, Green: []string{"vip"}, GreenUnits: 3, LastAgentDays: 7, ManagerWait: 120, RelaxAfter: 5, AwayAfter: 3,
		Nudge: true, Needs: []Need{}, Teams: map[int64]Team{},
	}
}

// ShippedTeam is how a team's queue is run where nothing was set.
func ShippedTeam() Team {
	return Team{Strategy: Manual, OfferSeconds: offerFor, PastCap: TakeMessage, OtherWays: map[string]string{}}
}

// Team is how a team's queue is run.
func (s Settings) Team(id int64) Team {
	t, ok := s.Teams[id]
	if !ok {
		return ShippedTeam()
	}
	return t
}

// Cost is how many units a conversation on a kind of channel takes; usual is the channel's own cost, 0 where it has none.
func (s Settings) Cost(kind string, usual int) int {
	if n, ok := s.Units[kind]; ok {
		return n
	}
	if usual > 0 {
		return usual
	}
	return defaultCost
}

// OfferFor is how long an agent has to accept.
func (t Team) OfferFor() time.Duration {
	if t.OfferSeconds <= 0 {
		return offerFor * time.Second
	}
	return time.Duration(t.OfferSeconds) * time.Second
}

// Ways are the other ways to get help, in a customer's language where they are written in it.
func (t Team) Ways(language string) string {
	short, _, _ := strings.Cut(language, "-")
	for _, l := range []string{language, short, "zh", "en"} {
		if text := t.OtherWays[l]; text != "" {
			return text
		}
	}
	return ""
}

// Offers tells whether customers are given to agents.
func (t Team) Offers() bool { return t.Strategy != Manual && t.Strategy != "" }
