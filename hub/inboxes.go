package hub

import (
	"context"
	"fmt"
	"sync"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// inboxFresh is how long a node may work with settings that were changed elsewhere. What is changed here is in force at once.
const inboxFresh = time.Second

// inboxCache keeps the inboxes in service for a moment: every message asks for its own several times.
type inboxCache struct {
	mu      sync.Mutex
	byID    map[int64]cachedInbox
	changes int64 // made here; what was read before one is not kept
}

type cachedInbox struct {
	row   conversation.Inbox
	open  func() (conversation.Inbox, error) // with its secrets
	until time.Time
}

// Inbox finds an inbox in service with its secrets opened.
func (h *Hub) Inbox(ctx context.Context, id int64) (conversation.Inbox, error) {
	c, err := h.inboxes.get(ctx, h, h.DB, id)
	if err != nil {
		return conversation.Inbox{}, err
	}
	inbox, err := c.open()
	if err != nil {
		return conversation.Inbox{}, fmt.Errorf("open inbox: %w", err)
	}
	return inbox, nil
}

// row finds an inbox in service, its secrets sealed. From is the transaction of a caller who has one: who waits for a second
// connection while others do the same waits for ever.
func (k *inboxCache) row(ctx context.Context, h *Hub, from db.Querier, id int64) (conversation.Inbox, error) {
	c, err := k.get(ctx, h, from, id)
	return c.row, err
}

func (k *inboxCache) get(ctx context.Context, h *Hub, from db.Querier, id int64) (cachedInbox, error) {
	now := h.DB.Now()
	k.mu.Lock()
	cached, ok := k.byID[id]
	before := k.changes
	k.mu.Unlock()
	if ok && now.Before(cached.until) {
		return cached, nil
	}
	row, err := h.Conversations.Inbox(ctx, from, id)
	if err != nil {
		return cachedInbox{}, err
	}
	cached = cachedInbox{row: row, until: now.Add(inboxFresh),
		open: sync.OnceValues(func() (conversation.Inbox, error) { return h.Vault.Open(row) })}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes != before {
		return cached, nil
	}
	if k.byID == nil {
		k.byID = map[int64]cachedInbox{}
	}
	k.byID[id] = cached
	return cached, nil
}

// changed forgets an inbox that was saved here.
func (k *inboxCache) changed(id int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changes++
	delete(k.byID, id)
}
