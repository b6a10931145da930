package hub

import (
	"context"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// listenLook is how often a listener is asked whether its inbox is still as it was.
const listenLook = 5 * time.Second

// listen keeps a connection to an inbox's provider while this node has the inbox's row. It ends when the row is lost, when
// the inbox is changed or put out of service, and when the adapter gives up.
func (h *Hub) listen(ctx context.Context, listener channels.Listener, p conversation.Pull) error {
	inbox, err := h.Vault.Open(p.Inbox)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go h.watch(ctx, cancel, p)
	cursor := cursorKeeper{last: p.Cursor}
	err = listener.Listen(ctx, inbox, channels.Pull{Cursor: p.Cursor, Hint: p.Hint}, func(ctx context.Context, in channels.Received) error {
		if in.Trouble != nil {
			return h.DB.Tx(ctx, func(tx *db.Tx) error { return h.Conversations.ListenerTells(ctx, tx, p, *in.Trouble) })
		}
		if in.Cursor == "" {
			_, err := h.Accept(ctx, inbox, in)
			return err
		}
		return cursor.keep(in.Cursor, h.acceptAll(ctx, inbox, p, in))
	})
	if err != nil && ctx.Err() == nil {
		return err
	}
	end := context.WithoutCancel(ctx)
	return h.DB.Tx(end, func(tx *db.Tx) error { return h.Conversations.Pulled(end, tx, p, cursor.get(), tx.Now) })
}

// watch ends a listener whose inbox is not its any more, or not as it was.
func (h *Hub) watch(ctx context.Context, end context.CancelFunc, p conversation.Pull) {
	look := time.NewTicker(listenLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		mine, err := h.Conversations.StillPulling(ctx, h.DB, p)
		if err == nil && !mine {
			end()
			return
		}
	}
}

// cursorKeeper knows the cursor that was stored last.
type cursorKeeper struct {
	mu   sync.Mutex
	last string
}

func (k *cursorKeeper) keep(cursor string, err error) error {
	if err == nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.last = cursor
	}
	return err
}

func (k *cursorKeeper) get() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.last
}

// acceptTries bounds how often a batch may collide with another transaction.
const acceptTries = 4

// acceptAll records what a listener brought in one transaction with its cursor.
func (h *Hub) acceptAll(ctx context.Context, inbox conversation.Inbox, p conversation.Pull, in channels.Received) error {
	if _, err := h.wishes(ctx); err != nil {
		return err
	}
	if err := h.putAll(ctx, inbox, in.Messages); err != nil {
		return err
	}
	var recorded []conversation.Recorded
	var err error
	for range acceptTries {
		err = h.DB.Tx(ctx, func(tx *db.Tx) error {
			recorded = recorded[:0]
			for _, m := range in.Messages {
				r, err := h.Conversations.RecordTx(ctx, tx, inbox, ready(m, nil))
				if conversation.IsDuplicate(err) {
					continue
				}
				if err != nil {
					return err
				}
				recorded = append(recorded, r)
			}
			if err := h.settleIn(ctx, tx, inbox, in.Receipts); err != nil {
				return err
			}
			return h.Conversations.SaveCursor(ctx, tx, p, in.Cursor)
		})
		if !conversation.Collided(err) {
			break
		}
	}
	if err != nil {
		return err
	}
	h.stats.received.Add(int64(len(recorded)))
	h.stats.repeated.Add(int64(len(in.Messages) - len(recorded)))
	for _, r := range recorded {
		if !r.Queued {
			continue
		}
		if err := h.queueUp(ctx, r.Conversation.ID); err != nil {
			return err
		}
	}
	return nil
}
