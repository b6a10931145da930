package main

import (
	"huiyin/channels"
	"huiyin/handoff/wecom"
)

// newRobots makes the notices in WeCom groups, with what they may not import handed in.
func (n *node) newRobots(adapters []channels.Adapter) *wecom.Board {
	titles := map[string]channels.Words{}
	for _, a := range adapters {
		titles[a.Kind().Name] = a.Kind().Title
	}
	return wecom.New(wecom.Options{DB: n.db, Conversations: n.conversations, Desk: n.desk, Live: n.live, Sealer: n.vault, PublicURL: n.publicURL, Log: n.log,
		Channel: func(kind string) (zh, en string) { return titles[kind].Zh, titles[kind].En }})
}
