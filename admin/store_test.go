package admin_test

import (
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/live"
)

// newStore makes a store that tells the hub what changes.
func newStore(d *db.DB, hub *live.Hub) *conversation.Store {
	return &conversation.Store{DB: d, OnChange: func(conversation.Event) { hub.Pulse(conversation.TopicEvents) }}
}
