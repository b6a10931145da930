package conversation_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func (h house) take(q db.Queue, token string, lease time.Duration) db.Lease {
	h.t.Helper()
	leases, err := q.Take(context.Background(), h.DB, token, lease, 10)
	if err != nil || len(leases) != 1 {
		h.t.Fatalf("%+v, %v", leases, err)
	}
	return leases[0]
}

func TestATurnBegunIsTheConversationWithoutItsTurn(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{Address: "v1", Text: "hello", SourceID: "1"}).Conversation.ID
		slow := h.take(conversation.Turns(), "slow", -time.Second)
		lease := h.take(conversation.Turns(), "quick", time.Hour)
		err := h.DB.Tx(context.Background(), func(tx *db.Tx) error {
			_, err := h.BeginTurn(context.Background(), tx, slow)
			return err
		})
		if !errors.Is(err, db.ErrLeaseLost) {
			t.Errorf("a worker that was too slow: %v", err)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			begun, err := h.BeginTurn(ctx, tx, lease)
			if err != nil {
				return err
			}
			loaded, err := h.Load(ctx, tx, id)
			if err != nil || !begun.TurnDue.IsZero() || begun.LastSeq != 1 || !begun.CreatedAt.Equal(loaded.CreatedAt) || begun.Preview != loaded.Preview {
				t.Errorf("%+v, loaded %+v, %v", begun, loaded, err)
			}
			_, err = h.Reply(ctx, tx, begun, conversation.Draft{Sender: conversation.FromBot, Text: "good day"})
			return err
		})
		if again, err := conversation.Turns().Take(context.Background(), h.DB, "next", time.Hour, 10); err != nil || len(again) != 0 {
			t.Errorf("%+v, %v", again, err)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE conversations SET due_at = 1 WHERE id = ?", id)
			return err
		})
		if l := h.take(conversation.Turns(), "afterwards", time.Hour); l.Attempts != 1 {
			t.Errorf("the attempts of the turn before count: %+v", l)
		}
	})
}

func TestASentMessageIsWhatTheDeviceConfirmedMeanwhile(t *testing.T) {
	for name, c := range map[string]struct {
		confirm func(h house, ctx context.Context, tx *db.Tx, id int64) error
		want    conversation.Delivery
	}{
		"nothing":   {func(house, context.Context, *db.Tx, int64) error { return nil }, conversation.Sent},
		"delivered": {func(h house, ctx context.Context, tx *db.Tx, id int64) error { return h.MarkDelivered(ctx, tx, id, 2) }, conversation.Delivered},
		"read": {func(h house, ctx context.Context, tx *db.Tx, id int64) error {
			return h.MarkContactRead(ctx, tx, id, 2)
		}, conversation.Read},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h house) {
				ctx := context.Background()
				id := h.record(conversation.Incoming{Address: "v1", Text: "hello"}).Conversation.ID
				h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "good day"})
				lease := h.take(conversation.Outbox(), "t", time.Hour)
				parcels, err := h.Parcels(ctx, h.DB, []db.Lease{lease})
				if err != nil || len(parcels) != 1 || parcels[0].Address != "v1" || parcels[0].Message.Text != "good day" || parcels[0].Inbox.ID == 0 || parcels[0].Heard.IsZero() {
					t.Fatalf("%+v, %v", parcels, err)
				}
				h.tx(func(ctx context.Context, tx *db.Tx) error { return c.confirm(h, ctx, tx, id) })
				h.tx(func(ctx context.Context, tx *db.Tx) error {
					return h.MarkSent(ctx, tx, parcels[0], conversation.Sent, "id-1")
				})
				m, err := h.Message(ctx, h.DB, id, 2)
				if err != nil || m.Delivery != c.want || m.ProviderID != "id-1" {
					t.Errorf("%+v, %v", m, err)
				}
				err = h.DB.Tx(ctx, func(tx *db.Tx) error { return h.MarkFailed(ctx, tx, parcels[0], "late") })
				if !errors.Is(err, db.ErrLeaseLost) {
					t.Errorf("marked twice: %v", err)
				}
			})
		})
	}
}
