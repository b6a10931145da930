package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"huiyin/channels"
	"huiyin/channels/simulator/post"
	"huiyin/conversation"
	"huiyin/db"
)

// The demo's mail: its company's address, and the domain of its customers.
const (
	demoMail        = "help@starbridge.example"
	demoMailDomain  = "mail.example"
	demoMailName    = "星桥客服 Starbridge"
	demoMailKind    = "email"
	demoMailChannel = "邮件 Email"
)

// startMail opens the demo's post office and puts the inbox into service that reads and writes there. What the office holds
// begins anew with each start, and so do its ports.
func (n *node) startMail(ctx context.Context, adapters []channels.Adapter) error {
	at := slices.IndexFunc(adapters, func(a channels.Adapter) bool { return a.Kind().Name == demoMailKind })
	if at < 0 {
		return nil
	}
	password := rand.Text()
	office, err := post.Open(post.Options{Domain: demoMailDomain, Accounts: []post.Account{{Address: demoMail, Password: password}}})
	if err != nil {
		return err
	}
	n.office = office
	err = n.db.Tx(ctx, func(tx *db.Tx) error { return n.mailInbox(ctx, tx, adapters[at].Kind(), password) })
	if err != nil {
		return fmt.Errorf("inbox %s: %w", demoMailChannel, err)
	}
	return nil
}

// mailInbox finds the demo's inbox of mails or makes it; one that was archived stays so.
func (n *node) mailInbox(ctx context.Context, tx *db.Tx, k channels.Kind, password string) error {
	all, err := n.conversations.AllInboxes(ctx, tx)
	if err != nil {
		return err
	}
	imapHost, imapPort := n.office.IMAP()
	smtpHost, smtpPort := n.office.SMTP()
	set := []string{"imap_host=" + imapHost, "imap_port=" + imapPort, "smtp_host=" + smtpHost, "smtp_port=" + smtpPort, "password=" + password}
	at := slices.IndexFunc(all, func(i conversation.Inbox) bool { return i.Kind == k.Name && i.Settings["address"] == demoMail })
	if at >= 0 {
		if !all[at].ArchivedAt.IsZero() {
			return nil
		}
		inbox, err := n.configured(k, all[at], set)
		if err != nil {
			return err
		}
		return n.conversations.SaveInbox(ctx, tx, inbox)
	}
	fresh := conversation.Inbox{Kind: k.Name, Name: demoMailChannel, Bot: true}
	teams, err := n.desk.Teams(ctx, tx)
	if err != nil {
		return err
	}
	if len(teams) > 0 {
		fresh.TeamID = teams[0].ID
	}
	set = append(set, "address="+demoMail, "from_name="+demoMailName, "imap_security=none", "smtp_security=none", "plus_addresses=both",
		"trusted_authserv=mx."+demoMailDomain, "auto_answer_minutes=0", "auto_answer_daily=0",
		"signature=星桥通信客服中心\n在线客服：全天 · 人工：8:30–21:00", "signature_en=Starbridge customer service")
	inbox, err := n.configured(k, fresh, set)
	if err != nil {
		return err
	}
	_, err = n.conversations.CreateInbox(ctx, tx, inbox)
	return err
}
