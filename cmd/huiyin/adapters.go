package main

import (
	"context"

	"huiyin/channels"
	"huiyin/channels/webchat"
)

// adapters are all channels that this build speaks.
func adapters(n *node) []channels.Adapter {
	return []channels.Adapter{
		webchat.New(webchat.Options{Live: n.live, Conversations: n.conversations, Files: n.files, Key: n.vault.Key("webchat"),
			Now: n.db.Now, AgentName: n.agentName, Log: n.log}),
	}
}

// agentName is how customers see an agent.
func (n *node) agentName(ctx context.Context, id int64) (string, error) {
	a, err := n.desk.Agent(ctx, n.db, id)
	return a.Name, err
}
