package conversation_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// gives makes a conversation open with an agent, or queueing when that is 0.
func (h house) gives(address string, agentID int64, p conversation.Priority) *conversation.Conversation {
	h.t.Helper()
	id := h.record(conversation.Incoming{Address: address, Text: "在吗"}).Conversation.ID
	h.change(id, func(c *conversation.Conversation) { c.Status, c.AgentID, c.Priority = conversation.Open, agentID, p })
	h.pass(time.Second)
	return h.get(id)
}

func TestWhatAgentsHold(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		waits, answered, others := h.gives("a", 1, conversation.Normal), h.gives("b", 1, conversation.Normal), h.gives("c", 2, conversation.Normal)
		h.gives("d", 0, conversation.Normal)
		done := h.gives("e", 1, conversation.Normal)
		h.reply(answered.ID, conversation.Draft{Sender: conversation.FromAgent, AgentID: 1, Text: "在"})
		h.change(done.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		load, err := h.OpenByAgent(ctx, h.DB)
		if err != nil || fmt.Sprint(load) != "map[1:2 2:1]" {
			h.t.Errorf("load %v, %v", load, err)
		}
		for _, c := range []struct {
			name string
			read func(context.Context, db.Querier, []int64, int) ([]int64, error)
			of   []int64
			want []int64
		}{
			{"waiting", h.WaitingFor, []int64{1}, []int64{waits.ID}},
			{"waiting for either", h.WaitingFor, []int64{1, 2}, []int64{waits.ID, others.ID}},
			{"waiting for nobody", h.WaitingFor, []int64{0}, nil},
			{"waiting for none", h.WaitingFor, nil, nil},
			{"open", h.OpenOf, []int64{1}, []int64{waits.ID, answered.ID}},
			{"open of nobody", h.OpenOf, []int64{0}, nil},
		} {
			if got, err := c.read(ctx, h.DB, c.of, 10); err != nil || !slices.Equal(got, c.want) {
				h.t.Errorf("%s: %v, want %v, %v", c.name, got, c.want, err)
			}
		}
	})
}

func TestBehind(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		second, third, first := h.gives("a", 0, conversation.Normal), h.gives("b", 0, conversation.Normal), h.gives("c", 0, conversation.High)
		h.gives("d", 1, conversation.Normal)
		for _, c := range []struct {
			of   *conversation.Conversation
			want []int64
		}{{first, []int64{second.ID, third.ID}}, {second, []int64{third.ID}}, {third, nil}} {
			if got, err := h.Behind(ctx, h.DB, c.of, 10); err != nil || !slices.Equal(got, c.want) {
				h.t.Errorf("behind %d: %v, want %v, %v", c.of.ID, got, c.want, err)
			}
		}
		if got, err := h.Behind(ctx, h.DB, first, 1); err != nil || len(got) != 1 {
			h.t.Errorf("limit: %v, %v", got, err)
		}
	})
}
