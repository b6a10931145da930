package conversation_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func TestTheWayToAnswer(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		id := h.gives("a", 1, conversation.Normal).ID
		if _, err := h.WayOf(ctx, h.DB, id); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Fatalf("before anything was said: %v", err)
		}
		for _, c := range []struct {
			name string
			way  conversation.Way
			want string
		}{
			{"typed", conversation.Way{Address: " Ann@mail.example "}, "ann@mail.example"},
			{"typed anew", conversation.Way{Address: "bob@mail.example"}, "bob@mail.example"},
			{"proven", conversation.Way{Address: "carl@mail.example", Proven: true}, "carl@mail.example"},
			{"typed after a proven one", conversation.Way{Address: "eve@mail.example"}, "carl@mail.example"},
			{"another proven one", conversation.Way{Address: "dora@mail.example", Proven: true}, "dora@mail.example"},
		} {
			c.way.ConversationID = id
			err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.AnswerBy(ctx, tx, c.way) })
			if got, read := h.WayOf(ctx, h.DB, id); err != nil || read != nil || got.Address != c.want {
				h.t.Errorf("%s: %+v, %v, %v", c.name, got, err, read)
			}
		}
	})
}

func TestReachingAnAddress(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		c := h.gives("a", 1, conversation.Normal)
		err := h.DB.Tx(ctx, func(tx *db.Tx) error {
			for _, w := range []conversation.Way{{Address: "typed@mail.example"}, {Address: "proven@mail.example", Proven: true}} {
				to, err := h.Reaching(ctx, tx, h.inbox, c.ContactID, w)
				if err != nil || to.ID == 0 || (to.ContactID == c.ContactID) != w.Proven {
					h.t.Errorf("%s: %+v, %v", w.Address, to, err)
				}
				if again, err := h.Reaching(ctx, tx, h.inbox, c.ContactID, w); err != nil || again.ID != to.ID {
					h.t.Errorf("%s again: %+v, %v", w.Address, again, err)
				}
			}
			return nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
	})
}

func TestUnheardAndSentOn(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		id := h.gives("a", 1, conversation.Normal).ID
		m := h.reply(id, conversation.Draft{Sender: conversation.FromAgent, AgentID: 1, Text: "在"})
		unheard := func(want int) {
			h.t.Helper()
			if got, err := h.Unheard(ctx, h.DB, h.DB.Now(), 10); err != nil || len(got) != want {
				h.t.Errorf("%v, %v; want %d", got, err, want)
			}
		}
		unheard(0) // nobody said where
		h.change(id, func(*conversation.Conversation) {})
		err := h.DB.Tx(ctx, func(tx *db.Tx) error {
			if err := h.AnswerBy(ctx, tx, conversation.Way{ConversationID: id, Address: "a@mail.example"}); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "UPDATE messages SET delivery = 'sent', due_at = NULL WHERE id = ?", m.ID)
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
		h.pass(time.Minute)
		unheard(1)
		err = h.DB.Tx(ctx, func(tx *db.Tx) error {
			c, err := h.Load(ctx, tx, id)
			if err != nil {
				return err
			}
			to, err := h.Reaching(ctx, tx, h.inbox, c.ContactID, conversation.Way{Address: "a@mail.example"})
			if err != nil {
				return err
			}
			m.Content.Recap = &conversation.Recap{After: 1}
			return h.SendOn(ctx, tx, c, m, to)
		})
		if err != nil {
			h.t.Fatal(err)
		}
		unheard(0)
		got, err := h.Message(ctx, h.DB, id, m.Seq)
		if err != nil || got.Delivery != conversation.Queued || got.ViaIdentity.Address != "a@mail.example" || got.Content.Recap == nil {
			h.t.Errorf("%+v, %v", got, err)
		}
	})
}
