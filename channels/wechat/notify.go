package wechat

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Notify tells the customer of a message by a notice in the form of the inbox's template, which needs no allowance: a
// template message, or a subscribe notice that the customer has agreed to.
// https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage
// https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendsubscribemessage
// https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_sendmessage.html
func (a *Adapter) Notify(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	acc, err := a.account(inbox)
	if err != nil {
		return channels.Accepted{}, &channels.SendError{Reason: "the inbox's settings are not complete", Retry: true, Err: err}
	}
	template := a.kind.Value(inbox, keyTemplate)
	if template == "" {
		return channels.Accepted{}, &channels.SendError{Reason: "this inbox has no template for notices"}
	}
	path, body := a.notice(inbox, out, template)
	var answer struct {
		ID json.RawMessage `json:"msgid"` // a number of up to 64 bits, or a string
	}
	if err := a.call(ctx, acc, path, body, &answer); err != nil {
		return channels.Accepted{}, sendError(err)
	}
	return channels.Accepted{ProviderID: strings.Trim(string(answer.ID), `"`), State: conversation.Sent}, nil
}

func (a *Adapter) notice(inbox conversation.Inbox, out channels.Outgoing, template string) (path string, body map[string]any) {
	body = map[string]any{"touser": out.Address, "template_id": template, "data": a.noticeFields(inbox, out.Message)}
	page := a.kind.Value(inbox, keyPage)
	if a.mini {
		body["page"], body["lang"] = page, "zh_CN"
		return "/cgi-bin/message/subscribe/send", body
	}
	if a.kind.Value(inbox, keyNotice) == noticeSubscribe {
		body["page"] = page
		return "/cgi-bin/message/subscribe/bizsend", body
	}
	body["url"] = page
	body["client_msg_id"] = "huiyin-" + strconv.FormatInt(out.ID, 10) // sent twice within ten minutes it is shown once
	return "/cgi-bin/message/template/send", body
}

// noticeFields fills in the template's fields.
func (a *Adapter) noticeFields(inbox conversation.Inbox, m conversation.Message) map[string]any {
	words := strings.Join(strings.Fields(weixin.Clean(channels.PlainTextWith(m.Text, func(words, _ string) string { return words }))), " ")
	if !m.Content.Markdown {
		words = strings.Join(strings.Fields(weixin.Clean(m.Text)), " ")
	}
	said := strings.NewReplacer("{text}", words, "{time}", a.now().In(china()).Format("2006-01-02 15:04"))
	fields := map[string]any{}
	for _, line := range lines(a.kind.Value(inbox, keyData)) {
		key, content, _ := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		fields[key] = map[string]string{"value": short(said.Replace(strings.TrimSpace(content)), longest(key))}
	}
	return fields
}

// china is the zone that notices tell their time in.
func china() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// longest is how many characters a template's field takes, by the kind that its name begins with.
// https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_sendmessage.html
func longest(field string) int {
	switch strings.TrimRight(field, "0123456789") {
	case "thing", "const", "name":
		return 20
	case "phrase", "symbol":
		return 5
	case "character_string", "number", "letter":
		return 32
	}
	return 200
}

func short(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
