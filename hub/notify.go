package hub

import (
	"context"
	"strconv"
	"sync"

	"huiyin/channels"
	"huiyin/conversation"
)

// changed is told of every event right after its commit, on the committing goroutine: it only passes it on.
func (h *Hub) changed(e conversation.Event) {
	switch {
	case e.Kind != conversation.EventMessage:
	case e.Owed:
		h.turns.ring()
	case e.Sender != conversation.FromContact:
		h.outbox.ring()
	}
	select {
	case h.changes <- e:
	default:
	}
}

// queueMoved is told who has a new place in the queue, on the committing goroutine: it only passes it on.
func (h *Hub) queueMoved(conversationIDs []int64) {
	select {
	case h.moved <- conversationIDs:
	default:
	}
}

// tell pulses the topics of what changed, so that consoles, widgets and other nodes look again.
func (h *Hub) tell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-h.changes:
			h.Live.Pulse(conversation.TopicEvents)
			h.pulseConversation(ctx, e.ConversationID)
		case ids := <-h.moved:
			for _, id := range ids {
				h.pulseConversation(ctx, id)
			}
		}
	}
}

func (h *Hub) pulseConversation(ctx context.Context, id int64) {
	h.Live.Pulse("conversation:" + strconv.FormatInt(id, 10))
	topic, err := h.topicOf(ctx, id)
	if err != nil {
		if ctx.Err() == nil {
			h.Log.Warn("cannot tell a customer's screen; it will poll", "conversation", id, "error", err)
		}
		return
	}
	h.Live.Pulse(topic)
}

// maxTopics bounds the cache of conversations' topics.
const maxTopics = 50_000

// topicCache remembers the customer's topic of a conversation, which never changes.
type topicCache struct {
	mu sync.Mutex
	of map[int64]string
}

func (t *topicCache) get(id int64) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[id]
}

func (t *topicCache) put(id int64, topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil || len(t.of) >= maxTopics {
		t.of = map[int64]string{}
	}
	t.of[id] = topic
}

func (h *Hub) topicOf(ctx context.Context, id int64) (string, error) {
	if topic := h.topics.get(id); topic != "" {
		return topic, nil
	}
	c, err := h.Conversations.Get(ctx, h.DB, id)
	if err != nil {
		return "", err
	}
	identity, err := h.Conversations.Identity(ctx, h.DB, c.IdentityID)
	if err != nil {
		return "", err
	}
	topic := channels.Topic(c.InboxID, identity.Address)
	h.topics.put(id, topic)
	return topic, nil
}
