package main

import (
	"context"
	"crypto/rand"
	"net"
	"strconv"
	"strings"
	_ "time/tzdata" // opening hours need the zones of places also where the machine has none

	"huiyin/channels"
	"huiyin/channels/email"
	"huiyin/channels/smpp"
	"huiyin/channels/sms"
	"huiyin/channels/webchat"
	"huiyin/channels/wechat"
	"huiyin/channels/wecom"
	"huiyin/conversation"
	"huiyin/hub"
)

// adapters are all channels that this build speaks.
func adapters(n *node) []channels.Adapter {
	tokens := hub.NewTokenStore(n.conversations, n.vault)
	mails := email.Options{Key: n.vault.Key("email"), Tokens: tokens.Token, Now: n.db.Now, Own: n.ownAddresses, Log: n.log, Names: net.DefaultResolver,
		Article: n.articleURL, Base: n.publicURL, Agent: n.agentName}
	texts := sms.Options{Now: n.db.Now, Public: n.callbackURL, Article: n.articleURL, Random: rand.Text, Base: n.publicURL}
	return []channels.Adapter{
		webchat.New(webchat.Options{Live: n.live, Conversations: n.conversations, Files: n.files, Key: n.vault.Key("webchat"),
			Now: n.db.Now, AgentName: n.agentName, PictureMark: n.pictureMark, AgentPicture: n.agentPicture, Article: n.article, Base: n.publicURL, Log: n.log}),
		wechat.New(wechat.Options{Tokens: tokens.Token, Now: n.db.Now, Base: n.publicURL}),
		wechat.NewMini(wechat.Options{Tokens: tokens.Token, Now: n.db.Now, Base: n.publicURL}),
		wecom.New(wecom.Options{Tokens: tokens.Token, Now: n.db.Now, Base: n.publicURL}),
		sms.NewTwilio(texts),
		sms.NewAliyun(texts),
		sms.NewTencent(texts),
		email.New(mails),
		smpp.New(smpp.Options{Now: n.db.Now, Article: n.articleURL, Base: n.publicURL}),
	}
}

// callbackURL is where the provider of an inbox calls.
func (n *node) callbackURL(inbox conversation.Inbox) string {
	return n.publicURL + "/hooks/" + strconv.FormatInt(inbox.ID, 10)
}

// agentName is how customers see an agent.
func (n *node) agentName(ctx context.Context, id int64) (string, error) {
	a, err := n.desk.Agent(ctx, n.db, id)
	return a.Name, err
}

// pictureMark tells which picture customers see of an agent.
func (n *node) pictureMark(ctx context.Context, id int64) (string, error) {
	return n.desk.PictureMark(ctx, n.db, id)
}

func (n *node) agentPicture(ctx context.Context, id int64) (webchat.Picture, error) {
	p, err := n.desk.Picture(ctx, n.db, id)
	return webchat.Picture{Mark: p.Mark, Type: p.Type, Data: p.Data}, err
}

// ownAddresses are the addresses that inboxes of ours write from.
func (n *node) ownAddresses(ctx context.Context) ([]string, error) {
	inboxes, err := n.conversations.Inboxes(ctx, n.db)
	var all []string
	for _, i := range inboxes {
		if address := i.Settings["address"]; address != "" {
			all = append(all, strings.ToLower(address))
		}
	}
	return all, err
}
