package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"huiyin/channels"
	"huiyin/channels/webchat"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/help"
)

// articlePath is the short address of an article, for messages that have no room for more.
const articlePath = "/a/"

// articleURL is the page of an article; "" where customers cannot reach this server by a public address.
func (n *node) articleURL(id int64) string {
	return n.publicURL + articlePath + strconv.FormatInt(id, 10)
}

// newHelp makes the help centre, with what it may not import handed in.
func (n *node) newHelp(ctx context.Context) (*help.Centre, error) {
	return help.New(ctx, help.Options{DB: n.db, Meaning: n.index, Log: n.log, Channel: webchat.Name, Public: n.publicURL, Key: n.vault.Key("help centre"),
		Render: channels.RenderMarkdown, Plain: channels.PlainText,
		Address: func(r *http.Request) string { return channels.Caller(r).String() },
		ChatURL: func(inbox int64, language string) string {
			return "/chat/" + strconv.FormatInt(inbox, 10) + "?lang=" + url.QueryEscape(language)
		}})
}

// article is what customers may read of an article, in the language asked for or another.
func (n *node) article(ctx context.Context, id int64, language string) (webchat.Article, error) {
	a, err := n.help.Text(ctx, id, language)
	if errors.Is(err, knowledge.ErrNotFound) {
		return webchat.Article{}, conversation.ErrNotFound
	}
	return webchat.Article{ID: id, Title: a.Title, Answer: a.Answer, Language: a.Language, UpdatedAt: a.UpdatedAt}, err
}

// seedHelp opens the demo's help centre.
func (n *node) seedHelp(ctx context.Context) error {
	s := help.Defaults()
	s.Open, s.Inbox, s.Colour = true, n.demoInbox, "#0b7a6f"
	s.Name = map[string]string{"zh": "星桥帮助中心", "en": "Starbridge Help"}
	s.Intro = map[string]string{"zh": "您好，需要什么帮助？", "en": "Hello, how can we help?"}
	s.Links = []help.Link{{Text: map[string]string{"zh": "星桥首页", "en": "Starbridge home"}, URL: "/"}, {Text: map[string]string{"zh": "客服热线 1055", "en": "Call 1055"}, URL: "tel:1055"}}
	if err := n.db.Tx(ctx, func(tx *db.Tx) error { return help.SaveSettings(ctx, tx, s, "demo") }); err != nil {
		return fmt.Errorf("open the help centre: %w", err)
	}
	return nil
}
