package conversation_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func TestWaitingMakesUpForAHeadStart(t *testing.T) {
	onBoth(t, func(h house) {
		low := h.gives("low", 0, conversation.Low)
		h.pass(10 * time.Minute)
		early := h.gives("early", 0, conversation.Normal)
		h.pass(20 * time.Minute)
		high := h.gives("high", 0, conversation.High)
		h.pass(2 * time.Hour)
		late, urgent := h.gives("late", 0, conversation.High), h.gives("urgent", 0, conversation.Urgent)
		want := []int64{urgent.ID, high.ID, early.ID, low.ID, late.ID}
		if got, err := h.Queue(context.Background(), h.DB, 0, 10); err != nil || !slices.Equal(got, want) {
			h.t.Errorf("%v, want %v, %v", got, want, err)
		}
		if h.get(high.ID).HeadStart != time.Hour {
			h.t.Errorf("%v", h.get(high.ID).HeadStart)
		}
	})
}

func TestAnotherMayWeigh(t *testing.T) {
	onBoth(t, func(h house) {
		h.Weigh = func(_ context.Context, _ *db.Tx, c *conversation.Conversation) (time.Duration, error) {
			return time.Duration(len(c.Tags)) * time.Hour, nil
		}
		first, second := h.gives("a", 0, conversation.Urgent), h.gives("b", 0, conversation.Low)
		h.change(second.ID, func(c *conversation.Conversation) { c.Tags = []string{"vip"} })
		if got, err := h.Queue(context.Background(), h.DB, 0, 10); err != nil || !slices.Equal(got, []int64{second.ID, first.ID}) {
			h.t.Errorf("%v, %v", got, err)
		}
		h.change(second.ID, func(c *conversation.Conversation) { c.AgentID = 1 })
		if got := h.get(second.ID).HeadStart; got != 0 {
			h.t.Errorf("who waits no more has a head start of %v", got)
		}
		h.Weigh = func(context.Context, *db.Tx, *conversation.Conversation) (time.Duration, error) {
			return 0, errors.New("no scales")
		}
		err := h.DB.Tx(context.Background(), func(tx *db.Tx) error {
			c, err := h.Load(context.Background(), tx, first.ID)
			if err != nil {
				return err
			}
			return h.Save(context.Background(), tx, c)
		})
		if err == nil {
			h.t.Error("a failure is lost")
		}
	})
}

func TestManagerAndTier(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		id := h.record(conversation.Incoming{Address: "a", Text: "hi", Profile: conversation.Profile{Attributes: map[string]string{"tier": " gold "}}}).Conversation.ContactID
		save := func(manager int64) conversation.Contact {
			var c conversation.Contact
			err := h.DB.Tx(ctx, func(tx *db.Tx) (err error) {
				if c, err = h.Contact(ctx, tx, id); err != nil {
					return err
				}
				c.ManagerID = manager
				return h.SaveContact(ctx, tx, c)
			})
			if err != nil {
				h.t.Fatal(err)
			}
			c, err = h.Contact(ctx, h.DB, id)
			if err != nil {
				h.t.Fatal(err)
			}
			return c
		}
		if c := save(7); c.ManagerID != 7 || c.Tier() != "gold" {
			h.t.Errorf("%+v", c)
		}
		if c := save(0); c.ManagerID != 0 {
			h.t.Errorf("%+v", c)
		}
	})
}
