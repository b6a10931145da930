package reports

import (
	"slices"
	"strconv"
	"time"

	"huiyin/conversation"
)

// rules is the version of what is measured. When it rises everything is measured anew.
const rules = 1

// meter walks through a conversation and notes what reports count. A matter begins with a customer's message and ends when it
// is resolved; the next message begins another one.
type meter struct {
	zone  *time.Location
	facts []Fact

	began    time.Time // zero: no matter is under way
	needed   time.Time // since when a person is needed
	queued   time.Time // in the queue since
	answered bool      // by a person
	handed   bool
	solved   bool // the bot's last word was an answer that the customer did not refuse
	owner    int64
}

// measure is what happened in a conversation. It is pure: the same rows give the same facts, at any time, on any node.
func measure(t conversation.Trace, deadlines []Deadline, zone *time.Location) []Fact {
	m := meter{zone: zone}
	for _, s := range t.Steps {
		switch {
		case s.Sender == conversation.FromContact && !s.Event():
			m.customer(s.At)
		case s.Sender == conversation.FromAgent && !s.Private:
			m.agent(s)
		case s.Sender == conversation.FromBot && !s.Private:
			m.solved = s.Content.ArticleID != 0 && (s.Helpful == nil || *s.Helpful)
		case s.Content.Activity != "":
			m.activity(s)
		}
	}
	if !t.AskedAt.IsZero() {
		m.note(Asked, t.AskedAt, 0, 1)
	}
	if t.Rating.Score != 0 {
		m.note(Rated, t.Rating.At, t.Rating.AgentID, int64(t.Rating.Score))
	}
	for _, d := range deadlines {
		kind := Missed
		if d.Kept {
			kind = Kept
		}
		m.note(kind, d.At, d.AgentID, d.Used.Milliseconds())
	}
	return together(m.facts)
}

func (m *meter) note(k Kind, at time.Time, agentID, value int64) {
	m.facts = append(m.facts, fact(k, at, agentID, value, m.zone))
}

// since notes a span of time that ends now.
func (m *meter) since(k Kind, begin, now time.Time, agentID int64) {
	m.note(k, now, agentID, max(0, now.Sub(begin).Milliseconds()))
}

func (m *meter) customer(at time.Time) {
	if m.began.IsZero() {
		m.begin(at)
		m.note(Started, at, 0, 1)
	}
	m.note(Received, at, 0, 1)
}

func (m *meter) begin(at time.Time) {
	*m = meter{zone: m.zone, facts: m.facts, began: at}
}

func (m *meter) agent(s conversation.Step) {
	m.note(Replied, s.At, s.AgentID, 1)
	m.solved = false
	if m.began.IsZero() || m.answered {
		return
	}
	from := m.needed
	if from.IsZero() {
		from = m.began
	}
	m.since(FirstResponse, from, s.At, s.AgentID)
	m.answered = true
}

// activity follows the lines that the desk writes.
func (m *meter) activity(s conversation.Step) {
	data := s.Content.ActivityData
	switch s.Content.Activity {
	case "queued", "released", "requeued":
		m.queue(s.At)
	case "transferred":
		if to := number(data["to_agent_id"]); to != 0 {
			m.taken(s.At, to)
		} else {
			m.queue(s.At)
		}
	case "claimed":
		m.taken(s.At, number(data["agent_id"]))
	case "bot_resumed":
		m.leave(s.At)
		m.owner = 0
	case "reopened":
		m.begin(s.At)
		m.note(Reopened, s.At, number(data["agent_id"]), 1)
		m.owner = number(data["agent_id"])
	case "resolved":
		m.end(s.At, number(data["agent_id"]))
	}
}

func (m *meter) queue(at time.Time) {
	m.owner = 0
	if m.queued.IsZero() {
		m.queued = at
	}
	m.need(at)
}

func (m *meter) need(at time.Time) {
	if m.needed.IsZero() {
		m.needed = at
	}
	if !m.handed {
		m.handed = true
		m.note(HandedOff, at, 0, 1)
	}
}

func (m *meter) taken(at time.Time, agentID int64) {
	m.need(at)
	if !m.queued.IsZero() {
		m.since(Waited, m.queued, at, agentID)
	}
	m.queued, m.owner = time.Time{}, agentID
}

// leave notes who left the queue without an agent.
func (m *meter) leave(at time.Time) {
	if !m.queued.IsZero() {
		m.since(Unserved, m.queued, at, 0)
		m.queued = time.Time{}
	}
}

func (m *meter) end(at time.Time, agentID int64) {
	if m.began.IsZero() {
		return
	}
	m.leave(at)
	if agentID == 0 {
		agentID = m.owner
	}
	m.since(Resolved, m.began, at, agentID)
	if m.solved && !m.handed {
		m.note(BotSolved, at, 0, 1)
	}
	m.begin(time.Time{})
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// together adds up what is merely counted, so that a long conversation has a few facts a day.
func together(facts []Fact) []Fact {
	var kept []Fact
	for _, f := range facts {
		if f.Kind.counted() {
			f.Hour = 0
			i := slices.IndexFunc(kept, func(o Fact) bool { return o.Kind == f.Kind && o.Day == f.Day && o.AgentID == f.AgentID })
			if i >= 0 {
				kept[i].Value += f.Value
				continue
			}
		}
		kept = append(kept, f)
	}
	return kept
}
