package conversation_test

import (
	"context"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func TestSinceCountsTheDay(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		old := h.record(conversation.Incoming{Address: "old", Text: "yesterday"})
		h.pass(48 * time.Hour)
		since := h.DB.Now()
		asked := h.record(conversation.Incoming{Address: "asked", Text: "question"})
		answer := h.reply(asked.Conversation.ID, conversation.Draft{Sender: conversation.FromBot, Text: "answer"})
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := h.SetHelpful(ctx, tx, asked.Conversation.ID, answer.Seq, false)
			return err
		})
		human := h.record(conversation.Incoming{Address: "human", Text: "a person please"})
		h.change(human.Conversation.ID, func(c *conversation.Conversation) {
			c.Status, c.HandoffReason = conversation.Open, "asked"
		})
		puzzled := h.record(conversation.Incoming{Address: "puzzled", Text: "gibberish"})
		h.reply(puzzled.Conversation.ID, conversation.Draft{Sender: conversation.FromBot, Text: "pardon?"})
		h.change(puzzled.Conversation.ID, func(c *conversation.Conversation) { c.Misunderstood = 1 })
		day, err := h.Since(ctx, h.DB, since, conversation.Scope{All: true})
		if err != nil {
			h.t.Fatal(err)
		}
		waits := h.get(human.Conversation.ID).QueuedAt
		want := conversation.Day{Received: 3, Unhelpful: 1, Active: 3, SolvedByBot: 1, HandedOff: 1, Waiting: 1, Open: 1, LongestWaitSince: waits}
		if none, err := h.Since(ctx, h.DB, since, conversation.Scope{AgentID: 5, TeamIDs: []int64{7}}); err != nil || none != want {
			h.t.Errorf("what has no team is everybody's: %+v, %v", none, err)
		}
		h.change(human.Conversation.ID, func(c *conversation.Conversation) { c.TeamID = 8 })
		other, err := h.Since(ctx, h.DB, since, conversation.Scope{AgentID: 5, TeamIDs: []int64{7}})
		if err != nil || other != (conversation.Day{Received: 2, Unhelpful: 1, Active: 2, SolvedByBot: 1}) {
			h.t.Errorf("another team's day shows: %+v, %v", other, err)
		}
		if day != want {
			h.t.Errorf("%+v, want %+v", day, want)
		}
		spots := []conversation.Spot{{ConversationID: old.Conversation.ID, Seq: 1}, {ConversationID: asked.Conversation.ID, Seq: answer.Seq}, {ConversationID: 99, Seq: 1}}
		found, err := h.MessagesOf(ctx, h.DB, spots)
		if err != nil || len(found) != 2 || found[spots[0]].Text != "yesterday" || found[spots[1]].Text != "answer" {
			h.t.Errorf("%v, %v", found, err)
		}
		if found, err := h.MessagesOf(ctx, h.DB, nil); err != nil || len(found) != 0 {
			h.t.Errorf("%v, %v", found, err)
		}
	})
}
