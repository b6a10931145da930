package hub

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"huiyin/nlu"
)

// TriggerAct is what a trigger does.
type TriggerAct string

// What triggers do. All of them may tag besides.
const (
	TriggerHandoff TriggerAct = "handoff" // give the conversation to a human
	TriggerNever   TriggerAct = "never"   // keep the bot from giving it to a human; who asks for one gets one all the same
	TriggerTag     TriggerAct = "tag"     // only tag
)

// Trigger is a rule of the administrator's about handing over. Stored as JSON: fields are added, never renamed.
type Trigger struct {
	ID       int64      `json:"id"`
	Version  int64      `json:"version"` // rises with each change
	Name     string     `json:"name"`
	On       bool       `json:"on"`
	When     Conditions `json:"when"`
	Do       TriggerAct `json:"do"`
	TeamID   int64      `json:"team_id,omitempty"`  // who gets it; 0: as it is
	Reason   Reason     `json:"reason,omitempty"`   // empty: rule
	Priority string     `json:"priority,omitempty"` // empty: as it is
	Tags     []string   `json:"tags,omitempty"`
}

// Conditions are when a trigger holds: all that are set must, and of a list one.
type Conditions struct {
	Words           []string     `json:"words,omitempty"`    // somewhere in the message, whatever their case
	Patterns        []string     `json:"patterns,omitempty"` // regular expressions
	Misses          int          `json:"misses,omitempty"`   // so many messages in a row that the bot cannot answer, with this one
	BelowConfidence float64      `json:"below_confidence,omitempty"`
	Moods           []nlu.Mood   `json:"moods,omitempty"`
	Intents         []nlu.Intent `json:"intents,omitempty"`
	Tiers           []string     `json:"tiers,omitempty"`
	Channels        []string     `json:"channels,omitempty"` // kinds of inboxes
	Pages           []string     `json:"pages,omitempty"`    // of the web chat; a star stands for anything
	Hours           string       `json:"hours,omitempty"`    // open or closed: of the conversation's team
	Messages        int          `json:"messages,omitempty"` // so many messages of the customer at least, of the newest
	Repeated        bool         `json:"repeated,omitempty"` // the same words again
}

// Empty tells whether nothing is asked for.
func (c Conditions) Empty() bool {
	return len(c.Words)+len(c.Patterns)+len(c.Moods)+len(c.Intents)+len(c.Tiers)+len(c.Channels)+len(c.Pages) == 0 && c.Misses == 0 &&
		c.BelowConfidence == 0 && c.Hours == "" && c.Messages == 0 && !c.Repeated
}

// Facts are what triggers look at besides what was said. They are kept with explanations, so that triggers can be tried on
// the past.
type Facts struct {
	Page     string `json:"page,omitempty"`
	Closed   bool   `json:"closed,omitempty"`   // the team does not work now
	Messages int    `json:"messages,omitempty"` // of the customer, of the newest, with this one
	Repeated bool   `json:"repeated,omitempty"`
}

// useFacts tells whether any trigger that is on looks at facts.
func (t *Triggers) useFacts() bool {
	return t != nil && slices.ContainsFunc(t.list, func(r readyTrigger) bool { return r.When.usesFacts() })
}

// usesFacts tells whether the conditions look at facts.
func (c Conditions) usesFacts() bool {
	return len(c.Pages) > 0 || c.Hours != "" || c.Messages > 0 || c.Repeated
}

const (
	// maxPattern is how long a regular expression may be. They run in time that is linear in the text (package regexp), so
	// this and maxScanned bound what one costs.
	maxPattern = 300

	// maxScanned is how much of a message triggers look at, in bytes.
	maxScanned = 4000
)

// Triggers are those that are on, in their order, ready to be used.
type Triggers struct{ list []readyTrigger }

type readyTrigger struct {
	Trigger
	words    []string
	patterns []*regexp.Regexp
	pages    []*regexp.Regexp
}

// NewTriggers makes triggers ready. Its error is of the first pattern that is wrong; the rest works without it.
func NewTriggers(all []Trigger) (*Triggers, error) {
	ready := &Triggers{}
	var first error
	for _, t := range all {
		if !t.On {
			continue
		}
		r, err := t.ready()
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		ready.list = append(ready.list, r)
	}
	return ready, first
}

func (t Trigger) ready() (readyTrigger, error) {
	r := readyTrigger{Trigger: t}
	for _, w := range t.When.Words {
		r.words = append(r.words, nlu.Normalize(w))
	}
	for _, p := range t.When.Patterns {
		if len(p) > maxPattern {
			return r, fmt.Errorf("trigger %q: a pattern may have %d characters", t.Name, maxPattern)
		}
		compiled, err := regexp.Compile("(?i)" + p)
		if err != nil {
			return r, fmt.Errorf("trigger %q: %w", t.Name, err)
		}
		r.patterns = append(r.patterns, compiled)
	}
	for _, p := range t.When.Pages {
		compiled, err := regexp.Compile("^" + strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, ".*") + "$")
		if err != nil {
			return r, fmt.Errorf("trigger %q: %w", t.Name, err)
		}
		r.pages = append(r.pages, compiled)
	}
	return r, nil
}

// first is the first trigger that holds in a turn; nil: none.
func (ts *Triggers) first(p Policy, t Turn) *Trigger {
	if ts == nil {
		return nil
	}
	for i := range ts.list {
		if ts.list[i].holds(p, t) {
			return &ts.list[i].Trigger
		}
	}
	return nil
}

func (r *readyTrigger) holds(p Policy, t Turn) bool {
	c := r.When
	return !c.Empty() && r.said(t.Analysis) && r.understood(p, t) && r.asked(t) &&
		oneOf(c.Moods, t.Analysis.Mood) && oneOf(c.Intents, t.Analysis.Intent)
}

// said tells whether the message has one of the words and fits one of the patterns, where there are some.
func (r *readyTrigger) said(a nlu.Analysis) bool {
	text := a.Text
	if text == "" {
		text = a.Query
	}
	if len(text) > maxScanned {
		text = strings.ToValidUTF8(text[:maxScanned], "")
	}
	normal := nlu.Normalize(text)
	if len(r.words) > 0 && !slices.ContainsFunc(r.words, func(w string) bool { return contains(normal, w) }) {
		return false
	}
	return len(r.patterns) == 0 || slices.ContainsFunc(r.patterns, func(p *regexp.Regexp) bool { return p.MatchString(text) })
}

// contains finds a word: in Latin letters as a whole word, so that "art" is not found in "start".
func contains(text, word string) bool {
	if word == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if !(latinAt(text, start-1) && latinAt(word, 0)) && !(latinAt(text, end) && latinAt(word, len(word)-1)) {
			return true
		}
		from = start + 1
	}
}

func latinAt(text string, i int) bool {
	if i < 0 || i >= len(text) {
		return false
	}
	c := text[i]
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// understood tells whether the bot is as helpless as the trigger asks. A greeting is nothing to be understood.
func (r *readyTrigger) understood(p Policy, t Turn) bool {
	c := r.When
	if c.Misses == 0 && c.BelowConfidence == 0 {
		return true
	}
	hits := withoutUnhelpful(t.Hits, t.Unhelpful)
	if isSmalltalk(t.Analysis.Intent) || c.Misses > 0 && (sure(p, hits) || t.Misunderstood+1 < c.Misses) {
		return false
	}
	return c.BelowConfidence == 0 || len(hits) == 0 || hits[0].Confidence < c.BelowConfidence
}

// asked tells whether who asks, where and when is as the trigger has it.
func (r *readyTrigger) asked(t Turn) bool {
	c := r.When
	switch {
	case !oneOf(c.Tiers, t.Tier) || !oneOf(c.Channels, t.Channel):
		return false
	case c.Hours == "open" && t.Facts.Closed || c.Hours == "closed" && !t.Facts.Closed:
		return false
	case t.Facts.Messages < c.Messages || c.Repeated && !t.Facts.Repeated:
		return false
	}
	return len(r.pages) == 0 || slices.ContainsFunc(r.pages, func(p *regexp.Regexp) bool { return p.MatchString(t.Facts.Page) })
}

// oneOf tells whether the value is in a list, or the list is empty.
func oneOf[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// mark is how a trigger stands in explanations.
func (t *Trigger) mark() *ExplainedTrigger {
	if t == nil {
		return nil
	}
	return &ExplainedTrigger{ID: t.ID, Version: t.Version, Name: t.Name, Do: t.Do}
}

// reason is why the trigger hands over.
func (t *Trigger) reason() Reason {
	if t.Reason == "" {
		return ReasonRule
	}
	return t.Reason
}

// rule is the trigger as the rule that decided.
func (t *Trigger) rule() string {
	return fmt.Sprintf("your rule “%s”, version %d", t.Name, t.Version)
}
