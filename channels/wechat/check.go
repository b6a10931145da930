package wechat

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Check tries the account out: a token, and a call that changes nothing. Whether WeChat reaches us shows when the address
// is saved in its console.
// https://developers.weixin.qq.com/doc/service/api/base/api_getcallbackip
func (a *Adapter) Check(ctx context.Context, inbox conversation.Inbox) error {
	acc, err := a.account(inbox)
	if err != nil {
		return err
	}
	var answer struct {
		IPs []string `json:"ip_list"`
	}
	return advice(a.api.Get(ctx, a.remote(acc), "/cgi-bin/getcallbackip", nil, &answer))
}

var addressInWords = regexp.MustCompile(`invalid ip ([0-9a-fA-F.:]+)`)

// advice is the error of a trial in words for the operator.
func advice(err error) error {
	if err == nil {
		return nil
	}
	var refused *weixin.Refusal
	if !errors.As(err, &refused) {
		return fmt.Errorf("%s: %w", sendError(err).Reason, err)
	}
	const page = "Settings and development → Basic configuration (设置与开发 → 基本配置) in WeChat's console"
	switch refused.Code {
	case 40164, 61004:
		address := "this server's outgoing address"
		if found := addressInWords.FindStringSubmatch(refused.Message); found != nil {
			address = found[1]
		}
		return fmt.Errorf("add %s to the IP whitelist under %s: %w", address, page, err)
	case 40125, 40001, 41004:
		return fmt.Errorf("the AppSecret is wrong or was reset; copy it again, or make a new one, under %s: %w", page, err)
	case 40013, 41002:
		return fmt.Errorf("the AppID is wrong; copy it from %s: %w", page, err)
	case 40243:
		return fmt.Errorf("the AppSecret is frozen; thaw it under %s: %w", page, err)
	}
	return fmt.Errorf("%s: %w", refusalError(refused).Reason, err)
}
