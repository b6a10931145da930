package hub

import (
	"context"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge/golden"
)

const (
	snoozeEvery = time.Second
	remindEvery = 5 * time.Second
	sweepEvery  = 5 * time.Second
	tidyEvery   = 10 * time.Minute

	keepEvents   = 7 * 24 * time.Hour // how long a browser may be away and still resume
	keepLoose    = 24 * time.Hour     // uploads that were never sent
	keepReceipts = 7 * 24 * time.Hour // that came before their message
	quietAfter   = 24 * time.Hour     // a conversation with the bot ends when nothing was said for so long
	timerBatch   = 100
)

// keepTime does what the clock asks for: snoozes that end, claims that lapse, tidying.
func (h *Hub) keepTime(ctx context.Context) {
	snooze, sweep, tidy := time.NewTicker(snoozeEvery), time.NewTicker(sweepEvery), time.NewTicker(tidyEvery)
	remind := time.NewTicker(remindEvery)
	defer snooze.Stop()
	defer remind.Stop()
	defer sweep.Stop()
	defer tidy.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-snooze.C:
			h.timer(ctx, "wake snoozed conversations", h.wake)
			h.timer(ctx, "ask for ratings", h.askRatings)
			h.timer(ctx, "settle ratings", h.settleRatings)
			h.timer(ctx, "sound alarms of service levels", h.Desk.SoundAlarms)
			h.timer(ctx, "send replies for later", h.Desk.SendDue)
		case <-remind.C:
			h.timer(ctx, "remind customers", h.remind)
			h.timer(ctx, "send on what nobody got", h.sendOn)
		case <-sweep.C:
			h.timer(ctx, "sweep claims", h.Desk.Sweep)
		case <-tidy.C:
			h.timer(ctx, "end quiet conversations", h.endQuiet)
			h.timer(ctx, "tidy drafts", h.Desk.PruneDrafts)
			h.timer(ctx, "tidy golden jobs", func(ctx context.Context) error {
				return h.DB.Tx(ctx, func(tx *db.Tx) error { return golden.Prune(ctx, tx) })
			})
			h.timer(ctx, "tidy events", func(ctx context.Context) error {
				return h.Conversations.PruneEvents(ctx, h.DB.Now().Add(-keepEvents))
			})
			h.timer(ctx, "tidy receipts", func(ctx context.Context) error {
				return h.Conversations.PruneReceipts(ctx, h.DB.Now().Add(-keepReceipts))
			})
			h.timer(ctx, "tidy files", func(ctx context.Context) error {
				if err := h.Conversations.PruneOriginals(ctx, h.Files); err != nil {
					return err
				}
				return h.Conversations.PruneAttachments(ctx, h.Files, h.DB.Now().Add(-keepLoose))
			})
		}
	}
}

func (h *Hub) timer(ctx context.Context, name string, work func(context.Context) error) {
	if err := work(ctx); err != nil && ctx.Err() == nil {
		h.Log.Error("timer failed; it runs again", "timer", name, "error", err)
	}
}

func (h *Hub) wake(ctx context.Context) error {
	ids, err := h.Conversations.DueSnoozes(ctx, h.DB, timerBatch)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.Desk.Wake(ctx, tx, id) }); err != nil {
			return err
		}
	}
	return nil
}

// endQuiet resolves conversations in which only the bot spoke and the customer has gone.
func (h *Hub) endQuiet(ctx context.Context) error {
	before := h.DB.Now().Add(-quietAfter)
	ids, err := h.Conversations.Quiet(ctx, h.DB, conversation.Pending, db.Millis(before), timerBatch)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := h.DB.Tx(ctx, func(tx *db.Tx) error {
			c, err := h.Conversations.Load(ctx, tx, id)
			if err != nil || c.Status != conversation.Pending || !c.TurnDue.IsZero() || !c.LastMessageAt.Before(before) {
				return err
			}
			c.Status = conversation.Resolved
			_, err = h.Conversations.Activity(ctx, tx, c, "resolved", map[string]string{"reason": "quiet"}, "")
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
