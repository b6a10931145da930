package hub

import (
	"context"
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
	err = listener.Listen(ctx, inbox, func(ctx context.Context, in channels.Received) error {
		_, err := h.Accept(ctx, inbox, in)
		return err
	})
	if err != nil && ctx.Err() == nil {
		return err
	}
	end := context.WithoutCancel(ctx)
	return h.DB.Tx(end, func(tx *db.Tx) error { return h.Conversations.Pulled(end, tx, p, p.Cursor, tx.Now) })
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
