package handoff

import (
	"slices"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// promised finds the conversations c that have a clock running which is nearly up, or is: what conversation.Criteria ask for.
func promised(states []string, now time.Time) (condition string, args []any) {
	var any []string
	at := db.Millis(now)
	if slices.Contains(states, conversation.AtRisk) {
		any, args = append(any, "(k.warn_at <> 0 AND k.warn_at <= ? AND k.deadline > ?)"), append(args, at, at)
	}
	if slices.Contains(states, conversation.Breached) {
		any, args = append(any, "k.deadline <= ?"), append(args, at)
	}
	return "EXISTS (SELECT 1 FROM sla_clocks k WHERE k.conversation_id = c.id AND k.state = 'running' AND (" + strings.Join(any, " OR ") + "))", args
}
