package wechat

import (
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
)

// askPrefix marks the key of a menu entry that asks a question; what follows is asked as if it had been typed.
const askPrefix = "ask:"

// translateEvent makes of an event what it brings. Events that nobody waits for are taken and bring nothing.
// https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html
// https://developers.weixin.qq.com/doc/service/guide/product/menu/Custom_Menu_Push_Events.html
func (acc account) translateEvent(p push, in conversation.Incoming) channels.Received {
	if receipts, ok := receipts(p); ok {
		return channels.Received{Receipts: receipts}
	}
	switch p.event {
	case "CLICK":
		acc.click(p, &in)
	default:
		if !acc.activity(p, &in) {
			return channels.Received{}
		}
	}
	return channels.Received{Messages: []conversation.Incoming{in}}
}

// click is a press on the menu: a question of ours, else a key that was given elsewhere.
func (acc account) click(p push, in *conversation.Incoming) {
	in.Grant = acc.quotas.Grant(onMenu)
	if question, ok := strings.CutPrefix(p.key, askPrefix); ok && strings.TrimSpace(question) != "" {
		in.Text = strings.TrimSpace(question)
		in.Say = acc.keyword(in.Text)
		return
	}
	in.Activity, in.Data, in.Say = "menu_clicked", attributes("key", p.key), acc.keyword(p.key)
}

// activity fills in an event that is shown as a line in the conversation.
func (acc account) activity(p push, in *conversation.Incoming) bool {
	switch p.event {
	case "subscribe":
		scene := strings.TrimPrefix(p.key, "qrscene_") // the scene of the code by which the customer came
		in.Activity, in.Data = "subscribed", attributes("scene", scene)
		in.Grant, in.Say = acc.quotas.Grant(onFollow), acc.greeting
	case "unsubscribe":
		in.Activity, in.Leaves = "unsubscribed", true
	case "SCAN":
		in.Activity, in.Data, in.Grant = "scanned", attributes("scene", p.key), acc.quotas.Grant(onScan)
	case "VIEW":
		in.Activity, in.Data = "menu_viewed", attributes("url", p.key)
	case "view_miniprogram":
		in.Activity, in.Data = "menu_viewed", attributes("page", p.key)
	case "scancode_push", "scancode_waitmsg":
		in.Activity, in.Grant = "code_read", acc.quotas.Grant(onMenu)
		in.Data = attributes("key", p.key, "result", p.Get("ScanCodeInfo", "ScanResult"))
	case "LOCATION":
		in.Activity = "located"
		in.Data = attributes("latitude", p.Get("Latitude"), "longitude", p.Get("Longitude"), "precision", p.Get("Precision"))
	case "user_enter_tempsession":
		in.Activity, in.Data = "entered", attributes("from", p.Get("SessionFrom"))
		in.Grant, in.Say = acc.quotas.Grant(onEnter), acc.greeting
	case "subscribe_msg_popup_event", "subscribe_msg_change_event":
		return notices(p, in)
	default:
		return false
	}
	return true
}

// notices tells which notices the customer accepted or turned off.
// https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/push.html
func notices(p push, in *conversation.Incoming) bool {
	var accepted, refused []string
	for _, entry := range p.All("List") {
		id := entry.Get("TemplateId")
		if entry.Get("SubscribeStatusString") == "accept" {
			accepted = append(accepted, id)
		} else {
			refused = append(refused, id)
		}
	}
	in.Activity = "notices_changed"
	in.Data = attributes("accepted", strings.Join(accepted, " "), "refused", strings.Join(refused, " "))
	return len(in.Data) > 0
}

// receipts are what became of notices.
func receipts(p push) ([]conversation.Receipt, bool) {
	switch p.event {
	case "TEMPLATESENDJOBFINISH":
		return []conversation.Receipt{receipt(p.Get("MsgID"), p.Get("Status") == "success", p.Get("Status"))}, true
	case "subscribe_msg_sent_event":
		var found []conversation.Receipt
		for _, entry := range p.All("List") {
			found = append(found, receipt(entry.Get("MsgID"), entry.Get("ErrorCode") == "0", entry.Get("ErrorStatus")))
		}
		return found, true
	}
	return nil, false
}

func receipt(id string, arrived bool, status string) conversation.Receipt {
	if arrived {
		return conversation.Receipt{ProviderID: id, State: conversation.Delivered}
	}
	words := "WeChat could not deliver the notice"
	switch status {
	case "failed:user block":
		words = "the customer does not accept notices of this account"
	case "", "failed: system failed", "failed:system failed":
	default:
		words += ": " + status
	}
	return conversation.Receipt{ProviderID: id, State: conversation.Failed, Reason: words}
}
