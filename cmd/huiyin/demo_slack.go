package main

import (
	"context"
	"net/http"
	"strings"

	"huiyin/db"
	"huiyin/handoff/slack"
	"huiyin/handoff/slack/simulator"
)

// The demo's workspace. Its tokens open nothing but the simulator.
const (
	demoSlackPath = "/simulator/slack"
	demoSlackBot  = "xoxb-demo"
	demoSlackApp  = "xapp-demo"
)

// startSlack opens the demo's workspace and connects the desk with it, unless somebody has set the desk up otherwise. What
// the workspace holds begins anew with each start; the language and the prefix stay as somebody has set them.
func (n *node) startSlack(ctx context.Context) error {
	base := n.localURL() + demoSlackPath
	app, err := n.slack.App(ctx, n.db)
	if err != nil || app.Version != 0 && !strings.HasSuffix(app.APIBase, demoSlackPath+"/api") {
		return err
	}
	n.workspace = simulator.New(simulator.Options{Base: base}, simulator.App{ID: "A0DEMO", Name: "Huiyin", BotToken: demoSlackBot, AppToken: demoSlackApp, Socket: true})
	channel := n.workspace.Open("support")
	return n.db.Tx(ctx, func(tx *db.Tx) error {
		if err := n.slack.Restart(ctx, tx); err != nil {
			return err
		}
		if err := n.demoSlackUsers(ctx, tx, channel); err != nil {
			return err
		}
		return n.slack.SaveApp(ctx, tx, slack.App{Enabled: true, Socket: true, APIBase: base + "/api", Language: app.Language, Prefix: app.Prefix, Channels: map[int64]string{0: channel},
			BotToken: demoSlackBot, AppToken: demoSlackApp, Version: app.Version})
	})
}

// demoSlackUsers makes the demo's people users of the workspace, each linked with the code that they would type.
func (n *node) demoSlackUsers(ctx context.Context, tx *db.Tx, channel string) error {
	agents, err := n.desk.Agents(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range agents {
		if !a.Active || !a.Role.Serves() {
			continue
		}
		user := n.workspace.Join(strings.ToLower(strings.ReplaceAll(a.Name, " ", ".")), a.Name, a.Email)
		n.workspace.Invite(channel, user)
		code, err := n.slack.Code(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		if err := n.slack.LinkTx(ctx, tx, user, code); err != nil {
			return err
		}
	}
	return nil
}

// localURL is how this node reaches itself.
func (n *node) localURL() string { return publicURL("", n.listener.Addr()) }

// slackWindow serves the workspace's API and its window.
func (n *node) slackWindow() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(demoSlackPath+"/window/", http.StripPrefix(demoSlackPath+"/window", n.workspace.Window()))
	mux.Handle(demoSlackPath+"/", http.StripPrefix(demoSlackPath, n.workspace))
	return mux
}
