package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"huiyin/admin"
	"huiyin/channels"
	"huiyin/hub"
	"huiyin/knowledge/help"
)

// newAdmin makes the API that people use, with what it may not import handed in.
func (n *node) newAdmin(ctx context.Context, c serveCmd, adapters []channels.Adapter) (*admin.Server, error) {
	answers, err := n.answers()
	if err != nil {
		return nil, err
	}
	o := admin.Options{DB: n.db, Conversations: n.conversations, Files: n.files, Knowledge: n.index, Help: n.help, Desk: n.desk, Slack: n.slack, Robots: n.robots, Found: n.search, Live: n.live,
		Vault: n.vault, Adapters: adapters, PublicURL: n.publicURL, Try: n.try, Answers: answers, Typing: n.hub.ShowTyping, SendNow: n.hub.SendNow, Log: n.log}
	empty, err := n.nobodyYet(ctx)
	if err != nil {
		return nil, err
	}
	if empty {
		n.setupToken = strings.ToLower(rand.Text())
		o.SetupToken = n.setupToken
	}
	if c.Demo {
		for _, p := range n.demoPeople.People {
			o.Demo = append(o.Demo, admin.DemoAccount{Email: p.Email, Password: demoPassword, Role: p.Role})
		}
	}
	s, err := admin.New(o)
	if err == nil {
		n.hub.OnGoldenBroke, n.hub.Zone = s.TellGoldenBroke, s.Zone
	}
	return s, err
}

func (n *node) nobodyYet(ctx context.Context) (bool, error) {
	people, err := n.desk.Agents(ctx, n.db)
	return len(people) == 0, err
}

// try lets editors ask the bot without storing anything.
func (n *node) try(ctx context.Context, r admin.TryRequest) (admin.TryResult, error) {
	tried, err := n.hub.Try(ctx, r.Text, hub.Asker{Channel: r.Channel, Tier: r.Tier, Language: r.Language, At: r.At, Internal: r.Internal, Drafts: r.Drafts, After: r.After})
	if err != nil {
		return admin.TryResult{}, err
	}
	why, err := json.Marshal(tried.Explanation)
	return admin.TryResult{Decision: string(tried.Decision.Act), Text: tried.Text, Hits: tried.Hits, Explanation: why}, err
}

// greet prints where to look and how to sign in.
func (n *node) greet(std streams) error {
	lines := []string{"Huiyin 回音 is running.", ""}
	if n.demoInbox != 0 {
		lines = append(lines, "  Customer site  "+n.publicURL+"/", "  Help centre    "+n.publicURL+help.Path, "  Their phones   "+n.publicURL+"/simulator/",
			"  Their mail     "+n.publicURL+"/simulator/mail.html")
	}
	lines = append(lines, "  Agent desk     "+n.publicURL+"/console/")
	if n.workspace != nil {
		lines = append(lines, "  Their Slack    "+n.publicURL+"/simulator/slack.html")
	}
	if n.setupToken != "" {
		lines = append(lines, "", "  Nobody can sign in yet. Make the owner account at", "  "+n.publicURL+"/console/sign-in?token="+n.setupToken)
	}
	if n.demoInbox != 0 {
		lines = append(lines, "", "  Sign in to the demo with any of these and the password "+demoPassword+":")
		for _, p := range n.demoPeople.People {
			lines = append(lines, fmt.Sprintf("    %-28s %s", p.Email, p.Role))
		}
	}
	_, err := fmt.Fprintln(std.out, strings.Join(append(lines, "", "  Stop with Ctrl+C."), "\n"))
	return err
}
