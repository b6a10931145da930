package gaps

import (
	"time"

	"huiyin/conversation"
)

// leastReply is how long an agent's reply is at least, in bytes or characters as the database counts, to be worth keeping: "one
// moment please" answers nothing.
const leastReply = 12

// pair is a question that the bot failed and what an agent answered.
type pair struct {
	turn, conversation, question, reply, agent, inbox, team int64
	at                                                      time.Time
}

// replied keeps the longest reply that an agent wrote to the customer: what is said to open and to close is short.
func (m *meter) replied(s conversation.Said) {
	if s.AgentID != 0 && s.Letters >= leastReply && s.Letters > m.reply.Letters && len(m.turns) > m.begin {
		m.reply = s
	}
}

// pair proposes the last question that was asked in vain before the agent's reply. A question that the bot answered wrongly has its
// answer there as well.
func (m *meter) pair() {
	if m.reply.MessageID == 0 {
		return
	}
	for i := len(m.turns) - 1; i >= m.begin; i-- {
		t := m.turns[i]
		if t.vain == "" || t.at.After(m.reply.At) {
			continue
		}
		m.pairs = append(m.pairs, pair{turn: t.message, conversation: t.conversation, question: t.question, reply: m.reply.MessageID, agent: m.reply.AgentID,
			inbox: t.inbox, team: t.team, at: m.reply.At})
		return
	}
}
