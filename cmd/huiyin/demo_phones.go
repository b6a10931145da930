package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"slices"
	"strconv"

	"huiyin/channels"
	"huiyin/channels/simulator"
	"huiyin/conversation"
	"huiyin/db"
)

// demoPhone is an inbox of the demo whose provider is the simulator. Which settings say what the provider has to know
// differs between kinds.
type demoPhone struct {
	kind           simulator.Kind
	name           string
	account        string // as customers see it
	id, desk       string // the keys of the account's id and of its name in messages
	secret         string
	set            []string
	templates      map[string]string
	servicers      []string
	menu           []simulator.Button
	json           bool
	fixedID, fixed string
	sign           string // of texts
}

func demoPhones() []demoPhone {
	template := map[string]string{"service-reply": "客服回复提醒\n回复内容：{{thing1.DATA}}\n时间：{{time2.DATA}}"}
	return []demoPhone{
		{kind: simulator.OfficialAccount, name: "公众号 Official Account", account: "星桥通信", id: "app_id", desk: "original_id", secret: "app_secret",
			fixedID: "wx5d1a2b3c4d5e6f70", fixed: "gh_57a2b81dge01", templates: template, menu: demoMenu(),
			set: []string{"mode=safe", "notice_template=service-reply", "when_spent=notice",
				"greeting=您好，欢迎关注星桥通信！宽带、手机和电视的问题，直接在这里问我。\n\nHello! Ask me about broadband, mobile and TV."}},
		{kind: simulator.MiniProgram, name: "小程序 Mini Program", account: "星桥营业厅", id: "app_id", desk: "original_id", secret: "app_secret", json: true,
			fixedID: "wx6e2b3c4d5e6f7081", fixed: "gh_57a2b81dge02", templates: template,
			set: []string{"mode=safe", "format=json", "notice_template=service-reply", "greeting=您好，这里是星桥营业厅的客服，请问有什么可以帮您？\n\nHello! How can we help?"}},
		{kind: simulator.CustomerService, name: "微信客服 WeCom service", account: "星桥客服", id: "corp_id", desk: "open_kfid", secret: "secret",
			fixedID: "ww7f3c4d5e6f708192", fixed: "wkStarbridge0001", servicers: []string{"LiNa", "ChenJie"},
			set: []string{"welcome=您好，我是星桥的智能助手。您可以直接提问，也可以点下面的问题。\nHello! Ask me, or tap a question:",
				"welcome_menu=宽带断网怎么办", "welcome_menu=这个月话费怎么突然多了？", "welcome_menu=怎么开电子发票", "welcome_menu=My internet is down"}},
		{kind: simulator.Aliyun, name: "短信 SMS", account: "106901", id: "access_key_id", secret: "access_key_secret", fixedID: "LTAI5tDemoStarbridge", fixed: "106901",
			sign: "星桥通信", templates: map[string]string{"SMS_1": "${content}"},
			set: []string{"sign_name=星桥通信", "template_id=SMS_1", "price=0.045", "number_rate=60/1h",
				"opt_out_reply=您已退订，回复“恢复订阅”可重新接收。You have opted out; reply START to resume.", "opt_in_reply=您已恢复接收我们的短信。You will get our texts again."}},
	}
}

// demoMenu is the Official Account's menu; a key that begins with ask: is asked as if it had been typed.
func demoMenu() []simulator.Button {
	ask := func(name, question string) simulator.Button {
		return simulator.Button{Type: "click", Name: name, Key: "ask:" + question}
	}
	return []simulator.Button{
		{Name: "自助服务", Sub: []simulator.Button{ask("断网报修", "宽带断网怎么办"), ask("查话费", "这个月话费怎么突然多了？"), ask("开发票", "怎么开电子发票")}},
		ask("人工客服", "转人工"),
		{Type: "view", Name: "官网", URL: "https://example.com/"},
	}
}

// startPhones puts the demo's phones into service: an inbox for each kind, with the simulator as its provider.
func (n *node) startPhones(ctx context.Context, adapters []channels.Adapter) error {
	base := n.ownURL()
	n.phones = simulator.New(simulator.Options{Base: base + "/simulator/api", Saved: n.savePhone, Mail: n.office})
	n.phoneInbox = map[string]int64{}
	for _, p := range demoPhones() {
		at := slices.IndexFunc(adapters, func(a channels.Adapter) bool { return a.Kind().Name == string(p.kind) })
		if at < 0 {
			continue
		}
		inbox, err := n.phoneInboxOf(ctx, adapters[at].Kind(), p, base+"/simulator/api")
		if err != nil {
			return fmt.Errorf("inbox %s: %w", p.name, err)
		}
		if inbox.ID == 0 {
			continue
		}
		s := inbox.Settings
		account, err := n.phones.Add(simulator.Config{Kind: p.kind, Name: p.account, AppID: s[p.id], Secret: s[p.secret], Token: s["token"], AESKey: s["aes_key"],
			Mode: simulator.Mode(s["mode"]), JSON: p.json, Original: p.fixed, Callbacks: []string{p.callback(base, inbox)},
			Servicers: p.servicers, Templates: p.templates, Sign: p.sign})
		if err != nil {
			return err
		}
		if p.menu != nil {
			account.Publish(p.menu)
		}
		n.phoneInbox[s[p.id]] = inbox.ID
	}
	return nil
}

// phoneInboxOf finds the inbox of a phone or makes it, pointed at where the server listens now; one that was archived stays so.
func (n *node) phoneInboxOf(ctx context.Context, k channels.Kind, p demoPhone, base string) (inbox conversation.Inbox, err error) {
	err = n.db.Tx(ctx, func(tx *db.Tx) error {
		all, err := n.conversations.AllInboxes(ctx, tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(i conversation.Inbox) bool { return i.Kind == string(p.kind) && i.Settings[p.id] == p.fixedID })
		if at >= 0 && !all[at].ArchivedAt.IsZero() {
			return nil
		}
		if at >= 0 {
			if inbox, err = n.configured(k, all[at], []string{"api_base=" + base}); err != nil {
				return err
			}
			return n.conversations.SaveInbox(ctx, tx, inbox)
		}
		teams, err := n.desk.Teams(ctx, tx)
		if err != nil {
			return err
		}
		fresh := conversation.Inbox{Kind: k.Name, Name: p.name, Bot: true}
		if len(teams) > 0 {
			fresh.TeamID = teams[0].ID
		}
		if inbox, err = n.configured(k, fresh, p.settings(base)); err != nil {
			return err
		}
		inbox, err = n.conversations.CreateInbox(ctx, tx, inbox)
		return err
	})
	if err != nil || inbox.ID == 0 {
		return inbox, err
	}
	return n.vault.Open(inbox)
}

// settings are those of a fresh inbox, with secrets of its own.
func (p demoPhone) settings(base string) []string {
	set := append([]string{"api_base=" + base, p.id + "=" + p.fixedID, p.secret + "=" + rand.Text()}, p.set...)
	if p.sign != "" {
		return append(set, "callback_secret="+rand.Text())
	}
	return append(set, p.desk+"="+p.fixed, "token="+rand.Text(), "aes_key="+(rand.Text() + rand.Text())[:42]+"A")
}

// callback is where the provider brings what customers say. A cloud that signs nothing is told a secret in it.
func (p demoPhone) callback(base string, inbox conversation.Inbox) string {
	address := base + "/hooks/" + strconv.FormatInt(inbox.ID, 10)
	if p.sign != "" {
		address += "?secret=" + inbox.Settings["callback_secret"]
	}
	return address
}

// savePhone gives an inbox the mode that was chosen on the simulator's page, as its operator would in the console.
func (n *node) savePhone(ctx context.Context, c simulator.Config) error {
	return n.db.Tx(ctx, func(tx *db.Tx) error {
		inbox, err := n.conversations.Inbox(ctx, tx, n.phoneInbox[c.AppID])
		if err != nil {
			return err
		}
		a, err := adapterOf(n.parts, inbox.Kind)
		if err != nil {
			return err
		}
		if inbox, err = n.configured(a.Kind(), inbox, []string{"mode=" + string(c.Mode)}); err != nil {
			return err
		}
		return n.conversations.SaveInbox(ctx, tx, inbox)
	})
}

// ownURL is where the server reaches itself.
func (n *node) ownURL() string {
	host, port, err := net.SplitHostPort(n.listener.Addr().String())
	if err != nil {
		return "http://" + n.listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
