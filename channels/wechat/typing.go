package wechat

import (
	"context"
	"errors"

	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Typing shows the customer that somebody writes, or no longer does. Where WeChat does not show it just now, because
// nothing was said within 30 seconds (45080) or it is shown already (45081), nothing is wrong.
// https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing
func (a *Adapter) Typing(ctx context.Context, inbox conversation.Inbox, address string, on bool) error {
	acc, err := a.account(inbox)
	if err != nil {
		return err
	}
	path, command := "/cgi-bin/message/custom/typing", "CancelTyping"
	if a.mini {
		path = "/cgi-bin/message/custom/business/typing"
	}
	if on {
		command = "Typing"
	}
	err = a.call(ctx, acc, path, map[string]string{"touser": address, "command": command}, nil)
	var refused *weixin.Refusal
	if errors.As(err, &refused) && (refused.Code == 45072 || refused.Code == 45080 || refused.Code == 45081) {
		return nil
	}
	return err
}
