package conversation

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"huiyin/db"
)

// Criteria say which conversations are meant, as data that is stored, sent and compared. All that is set must hold; of
// a list one entry must. What is empty does not narrow.
type Criteria struct {
	Status         []Status   `json:"status,omitempty"`
	Inboxes        []int64    `json:"inboxes,omitempty"`
	Channels       []string   `json:"channels,omitempty"`
	Teams          []int64    `json:"teams,omitempty"`  // 0: no team
	Owners         []int64    `json:"owners,omitempty"` // 0: nobody, -1: whoever looks
	Tags           []string   `json:"tags,omitempty"`
	WithoutTags    []string   `json:"without_tags,omitempty"`
	Priorities     []string   `json:"priorities,omitempty"`
	Tiers          []string   `json:"tiers,omitempty"`
	Languages      []string   `json:"languages,omitempty"`
	SLA            []string   `json:"sla,omitempty"` // at_risk: a promised time is nearly up; breached: one is
	Unread         bool       `json:"unread,omitempty"`
	WaitingMinutes int        `json:"waiting_minutes,omitempty"` // the customer waits for a person so long, or longer
	CreatedDays    int        `json:"created_days,omitempty"`    // begun in so many days up to now
	CreatedAfter   *time.Time `json:"created_after,omitempty"`
	CreatedBefore  *time.Time `json:"created_before,omitempty"`

	promised func(states []string, now time.Time) (condition string, args []any)
}

// The states of promised times that criteria ask for.
const (
	AtRisk   = "at_risk"
	Breached = "breached"
)

// Looker stands in criteria for whoever looks at them.
const Looker = -1

const (
	maxCriteria     = 50 // entries of one list
	maxCriteriaText = 4096
)

// ParseCriteria reads criteria as JSON; a member that does not exist is refused.
func ParseCriteria(text []byte) (Criteria, error) {
	var c Criteria
	wrong := &FieldError{"filter", "this is not a filter; see the description of Criteria"}
	if len(text) > maxCriteriaText {
		return c, wrong
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return Criteria{}, wrong
	}
	if _, err := decoder.Token(); err != io.EOF {
		return Criteria{}, wrong
	}
	return c, c.Check()
}

// Check refuses criteria that could mean nothing.
func (c Criteria) Check() error {
	for _, s := range c.Status {
		if !slices.Contains([]Status{Pending, Open, Snoozed, Resolved}, s) {
			return &FieldError{"status", "must be one of pending, open, snoozed, resolved"}
		}
	}
	for _, p := range c.Priorities {
		if _, ok := ParsePriority(p); !ok {
			return &FieldError{"priorities", "must be one of low, normal, high, urgent"}
		}
	}
	for _, s := range c.SLA {
		if s != AtRisk && s != Breached {
			return &FieldError{"sla", "must be one of at_risk, breached"}
		}
	}
	for field, n := range map[string]int{"status": len(c.Status), "inboxes": len(c.Inboxes), "channels": len(c.Channels), "teams": len(c.Teams), "owners": len(c.Owners),
		"tags": len(c.Tags), "without_tags": len(c.WithoutTags), "tiers": len(c.Tiers), "languages": len(c.Languages), "sla": len(c.SLA)} {
		if n > maxCriteria {
			return &FieldError{field, "has more than 50 entries"}
		}
	}
	for field, list := range map[string][]string{"channels": c.Channels, "tags": c.Tags, "without_tags": c.WithoutTags, "tiers": c.Tiers, "languages": c.Languages} {
		for _, s := range list {
			if s == "" || len(s) > 200 || strings.ContainsRune(s, 0) {
				return &FieldError{field, "an entry is empty or too long"}
			}
		}
	}
	if c.WaitingMinutes < 0 || c.WaitingMinutes > 1e6 || c.CreatedDays < 0 || c.CreatedDays > 36500 {
		return &FieldError{"filter", "a number is out of range"}
	}
	return nil
}

// placed tells whether the kept counters know all that the criteria ask for.
func (c Criteria) placed() bool {
	return len(c.Tags)+len(c.WithoutTags)+len(c.Priorities)+len(c.Tiers)+len(c.Languages)+len(c.SLA) == 0 && c.WaitingMinutes == 0 && c.CreatedDays == 0 &&
		c.CreatedAfter == nil && c.CreatedBefore == nil
}

// live tells whether only conversations are meant that go on.
func (c Criteria) live() bool {
	return c.WaitingMinutes > 0 || len(c.SLA) > 0 || len(c.Status) > 0 && !slices.Contains(c.Status, Resolved)
}

// owners are those meant, with whoever looks by their own id.
func (c Criteria) owners(me int64) []int64 {
	var ids []int64
	for _, id := range c.Owners {
		if id == Looker {
			id = me
			if me == 0 {
				id = Looker // a program has nothing of its own
			}
		}
		ids = append(ids, id)
	}
	return ids
}

// place adds what conversations and counters have in common.
func (c Criteria) place(w *where, table string, me int64) {
	if len(c.Status) > 0 {
		oneOf(w, table+".status", c.Status)
	}
	if c.WaitingMinutes > 0 || len(c.SLA) > 0 { // only then a promised time runs
		w.add(table + ".status = 'open'")
	}
	if len(c.Inboxes) > 0 {
		w.add(table + ".inbox_id IN (" + idList(c.Inboxes) + ")")
	}
	if len(c.Channels) > 0 {
		oneOf(w, "(SELECT i.kind FROM inboxes i WHERE i.id = "+table+".inbox_id)", c.Channels)
	}
	if len(c.Teams) > 0 {
		w.add(table + ".team_id IN (" + idList(c.Teams) + ")")
	}
	c.owned(w, table, me)
}

func (c Criteria) owned(w *where, table string, me int64) {
	if len(c.Owners) > 0 {
		w.add(table + ".agent_id IN (" + idList(c.owners(me)) + ")")
	}
}

// rest adds what only the conversation itself tells, but for unread.
func (c Criteria) rest(w *where, now time.Time) {
	for _, tags := range []struct {
		list []string
		not  string
	}{{c.Tags, ""}, {c.WithoutTags, "NOT "}} {
		if len(tags.list) > 0 {
			inner := where{}
			oneOf(&inner, "g.tag", tags.list)
			w.add(tags.not+"EXISTS (SELECT 1 FROM conversation_tags g WHERE g.conversation_id = c.id"+inner.text+")", inner.args...)
		}
	}
	if len(c.Priorities) > 0 {
		var ids []int64
		for _, word := range c.Priorities {
			p, _ := ParsePriority(word)
			ids = append(ids, int64(p))
		}
		w.add("c.priority IN (" + idList(ids) + ")")
	}
	if len(c.Tiers) > 0 {
		inner := where{text: "1 = 0"}
		for _, t := range c.Tiers {
			word, _ := json.Marshal(t)
			inner.text += " OR p.attributes LIKE ? ESCAPE '!'"
			inner.args = append(inner.args, `%"tier":`+likeEscape(string(word))+`%`)
		}
		w.add("EXISTS (SELECT 1 FROM contacts p WHERE p.id = c.contact_id AND ("+inner.text+"))", inner.args...)
	}
	if len(c.Languages) > 0 {
		oneOf(w, "c.language", c.Languages)
	}
	if c.WaitingMinutes > 0 {
		w.add("c.waiting_since <> 0 AND c.waiting_since <= ?", db.Millis(now.Add(-time.Duration(c.WaitingMinutes)*time.Minute)))
	}
	if len(c.SLA) > 0 && c.promised == nil {
		w.add("1 = 0")
	} else if len(c.SLA) > 0 {
		condition, args := c.promised(c.SLA, now)
		w.add(condition, args...)
	}
	if c.CreatedDays > 0 {
		w.add("c.created_at >= ?", db.Millis(now.AddDate(0, 0, -c.CreatedDays)))
	}
	if c.CreatedAfter != nil {
		w.add("c.created_at >= ?", db.Millis(*c.CreatedAfter))
	}
	if c.CreatedBefore != nil {
		w.add("c.created_at < ?", db.Millis(*c.CreatedBefore))
	}
}

// oneOf adds that an expression is one of some words.
func oneOf[T ~string](w *where, expression string, words []T) {
	args := make([]any, len(words))
	for i, word := range words {
		args[i] = string(word)
	}
	w.add(expression+" IN ("+marks(len(words))+")", args...)
}
