package wechat

import (
	"context"
	"errors"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Send hands a message over, part by part; a part that WeChat took is not sent again.
func (a *Adapter) Send(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	acc, err := a.account(inbox)
	if err != nil {
		return channels.Accepted{}, &channels.SendError{Reason: "the inbox's settings are not complete", Retry: true, Err: err}
	}
	all, err := a.parts(acc, out.Message)
	if err != nil {
		return channels.Accepted{}, err
	}
	for i := out.Skip; i < len(all); i++ {
		if stop := out.Stop(i); stop != nil {
			return channels.Accepted{}, stop
		}
		if err := a.sendPart(ctx, acc, out, all[i]); err != nil {
			failed := *sendError(err)
			failed.Taken = i
			return channels.Accepted{}, &failed
		}
	}
	return channels.Accepted{State: conversation.Sent}, nil
}

func (a *Adapter) sendPart(ctx context.Context, acc account, out channels.Outgoing, p part) error {
	switch p.kind {
	case "text":
		return a.custom(ctx, acc, out.Address, "text", map[string]any{"content": p.text})
	case "menu":
		return a.sendMenu(ctx, acc, out.Address, p)
	case "card":
		return a.sendCard(ctx, acc, out, p)
	}
	return a.sendFile(ctx, acc, out, p)
}

// custom sends one customer service message.
// https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
// https://developers.weixin.qq.com/miniprogram/dev/server/API/kf-mgnt/kf-message/api_sendcustommessage.html
func (a *Adapter) custom(ctx context.Context, acc account, address, kind string, content map[string]any) error {
	return a.call(ctx, acc, "/cgi-bin/message/custom/send", map[string]any{"touser": address, "msgtype": kind, kind: content}, nil)
}

// sendMenu sends a text with choices. Where no menu message exists, for Mini Programs and for accounts that are not
// verified (40200), they are numbered lines of the text.
func (a *Adapter) sendMenu(ctx context.Context, acc account, address string, p part) error {
	if !a.mini {
		var entries []map[string]string
		for _, c := range p.choices {
			entries = append(entries, map[string]string{"id": choiceID(c), "content": weixin.Clean(c.Label)})
		}
		err := a.custom(ctx, acc, address, "msgmenu", map[string]any{"head_content": p.text, "list": entries, "tail_content": ""})
		var r *weixin.Refusal
		if !errors.As(err, &r) || r.Code != codeAccountType {
			return err
		}
	}
	return a.custom(ctx, acc, address, "text", map[string]any{"content": trimLine(p.text + numbered(p.choices))})
}

func trimLine(text string) string {
	if len(text) > 0 && text[0] == '\n' {
		return text[1:]
	}
	return text
}
