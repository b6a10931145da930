package routing

import (
	"slices"
	"strings"
	"time"
)

// Priority is how a person has ordered a conversation.
type Priority int

// The priorities, as conversations have them.
const (
	Low Priority = iota
	Normal
	High
	Urgent
)

// Case is a customer who waits.
type Case struct {
	ID, Team, Inbox  int64
	Kind             string // of the channel
	Units            int    // that it takes of an agent
	Language, Tier   string
	Intent, Category string
	Tags             []string
	Priority         Priority
	Complaint, Angry bool
	Returned         bool // was offered to somebody who stayed silent
	Later            bool // does not wait live
	Queued           time.Time
	Manager, Last    int64 // the dedicated agent; who served the customer last
	LastAt           time.Time
	Refused          []int64 // agents to whom it was offered in vain since it came into the queue, once for each time
	Been             []int64 // teams that it has waited in before
}

// Agent is somebody who may be given a customer.
type Agent struct {
	ID        int64
	Online    bool
	Offered   bool // has an offer to answer
	Skills    map[string]int
	Languages []string       // empty: whatever is spoken here
	Capacity  int            // units; 0: as everybody
	Used      int            // units
	Holds     int            // conversations
	Kinds     map[string]int // conversations by kind of channel
	Most      map[string]int // most conversations at a time by kind of channel; missing: any number
	StandIn   int64
	Since     time.Time // of the last offer or assignment
}

// HeadStart is how much earlier a customer counts as having come.
func HeadStart(s Settings, c Case) time.Duration {
	minutes := 0
	for _, p := range Parts(s, c) {
		minutes += p.Minutes
	}
	return time.Duration(minutes) * time.Minute
}

// Part is one reason for a head start.
type Part struct {
	Why     string
	Minutes int
}

// Parts are what a head start is made of.
func Parts(s Settings, c Case) []Part {
	w := s.Weights
	parts := []Part{
		{"tier", w.Tiers[word(c.Tier)]}, {"channel", w.Channels[c.Kind]}, {"priority", w.of(c.Priority)},
		{"complaint", when(c.Complaint, w.Complaint)}, {"mood", when(c.Angry, w.Mood)}, {"green", when(s.IsGreen(c.Tier), w.Green)},
		{"returned", when(c.Returned, w.Returned)},
	}
	return slices.DeleteFunc(parts, func(p Part) bool { return p.Minutes == 0 })
}

func (w Weights) of(p Priority) int {
	switch p {
	case Low:
		return w.Low
	case High:
		return w.High
	case Urgent:
		return w.Urgent
	default:
		return 0
	}
}

func when(is bool, minutes int) int {
	if is {
		return minutes
	}
	return 0
}

// IsGreen tells whether customers of a tier have the green channel.
func (s Settings) IsGreen(tier string) bool {
	return tier != "" && slices.ContainsFunc(s.Green, func(g string) bool { return word(g) == word(tier) })
}

// NeedsOf are the skills that a conversation asks for, each with the highest level.
func NeedsOf(s Settings, c Case) map[string]int {
	var needs map[string]int
	for _, n := range s.Needs {
		if !n.fits(c) {
			continue
		}
		if needs == nil {
			needs = map[string]int{}
		}
		needs[n.Skill] = max(needs[n.Skill], n.Level)
	}
	return needs
}

func (n Need) fits(c Case) bool {
	same := func(want, is string) bool { return want == "" || word(want) == word(is) }
	return same(n.Intent, c.Intent) && within(n.Category, c.Category) && same(n.Tier, c.Tier) && same(n.Language, c.Language) &&
		(n.Inbox == 0 || n.Inbox == c.Inbox) &&
		(n.Tag == "" || slices.ContainsFunc(c.Tags, func(t string) bool { return word(t) == word(n.Tag) }))
}

// within tells whether a category is the one wanted or stands below it.
func within(want, is string) bool {
	want, is = word(want), word(is)
	return want == "" || is == want || strings.HasPrefix(is, want+"/")
}
