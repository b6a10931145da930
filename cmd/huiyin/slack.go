package main

import (
	"huiyin/channels"
	"huiyin/handoff/slack"
)

// newSlack makes the desk in Slack, with what it may not import handed in.
func (n *node) newSlack(adapters []channels.Adapter) *slack.Board {
	titles, metered := map[string]channels.Words{}, map[string]bool{}
	for _, a := range adapters {
		titles[a.Kind().Name] = a.Kind().Title
		_, metered[a.Kind().Name] = a.(channels.Metered)
	}
	return slack.New(slack.Options{DB: n.db, Conversations: n.conversations, Files: n.files, Desk: n.desk, Live: n.live, Sealer: n.vault, PublicURL: n.publicURL, Log: n.log,
		Channel: func(kind string) (zh, en string) { return titles[kind].Zh, titles[kind].En },
		Metered: func(kind string) bool { return metered[kind] }})
}
