package conversation_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// TestAResponseThatIsNotedLate: a response was written so slowly that the lease of its message ran out, and the message was
// given up as uncertain; then comes the word that it was carried.
func TestAResponseThatIsNotedLate(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		c := h.record(conversation.Incoming{Address: "a", SourceID: "s1", Text: "在吗"}).Conversation
		h.reply(c.ID, conversation.Draft{Sender: conversation.FromBot, Text: "在"})
		do := func(work func(tx *db.Tx) error) error { h.t.Helper(); return h.DB.Tx(ctx, work) }
		var run []conversation.Message
		err := do(func(tx *db.Tx) (err error) {
			if run, err = h.Unleased(ctx, tx, c.ID, 5); err != nil {
				return err
			}
			return h.LeasePassive(ctx, tx, run, "s1", "mark", tx.Now.Add(2*time.Second))
		})
		if err != nil || len(run) != 1 {
			h.t.Fatalf("%v, %v", run, err)
		}
		h.pass(3 * time.Second)
		err = do(func(tx *db.Tx) error {
			leases, err := conversation.Outbox().Claim(ctx, tx, "other", time.Minute, 5)
			if err != nil || len(leases) != 1 || !leases[0].Recovered {
				h.t.Fatalf("%+v, %v", leases, err)
			}
			parcels, err := h.Parcels(ctx, tx, leases)
			if err != nil {
				return err
			}
			if err := h.Carried(ctx, tx, run, "mark"); !errors.Is(err, db.ErrLeaseLost) {
				h.t.Errorf("while another worker has it: %v", err)
			}
			return h.MarkUncertain(ctx, tx, parcels[0], "who knows")
		})
		if err != nil {
			h.t.Fatal(err)
		}
		if err := do(func(tx *db.Tx) error { return h.Carried(ctx, tx, run, "mark") }); err != nil {
			h.t.Fatal(err)
		}
		m, err := h.Message(ctx, h.DB, c.ID, run[0].Seq)
		if err != nil || m.Delivery != conversation.Sent || m.Reason != "" {
			h.t.Errorf("%+v, %v", m, err)
		}
	})
}
