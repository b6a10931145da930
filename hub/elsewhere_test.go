package hub_test

import (
	"context"
	"testing"

	"huiyin/conversation"
)

// While a colleague serves the customer in the provider's own app the bot is silent; afterwards it answers again.
func TestTheBotIsSilentWhileSomebodyServesElsewhere(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.start()
		h.writes(message("1", "li", "网速太慢"))
		h.reaches("请重启光猫。=sent")
		event := func(id string, e conversation.Elsewhere) {
			h.writes(conversation.Incoming{SourceID: id, Address: "li", Activity: "taken_there", Elsewhere: e, Data: map[string]string{"by": "张三"}})
		}
		h.writes(conversation.Incoming{SourceID: "2", Address: "ann", Text: "怎么开发票"})
		event("3", conversation.TakenElsewhere)
		h.writes(message("4", "li", "怎么开发票"))
		h.writes(message("5", "li", "在吗"))
		event("6", conversation.SaidElsewhere)
		h.writes(message("7", "li", "好的"))
		if c := h.conversation(1); !c.Elsewhere || !c.TurnDue.IsZero() {
			h.t.Fatalf("%+v", c)
		}
		event("8", conversation.EndedElsewhere)
		h.writes(message("9", "li", "网速太慢"))
		h.reaches("请重启光猫。=sent | 请重启光猫。=sent")
		_, faults, err := h.Conversations.Ledger(context.Background(), h.inbox.ID)
		if err != nil || len(faults) > 0 {
			h.t.Fatalf("%+v, %v", faults, err)
		}
	})
}
