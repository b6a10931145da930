package wechat

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// The limits of a code: https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode
const (
	maxScene   = 64
	maxLasting = 30 * 24 * time.Hour
	// pictures is where WeChat draws codes, which is another host than the API's.
	pictures = "https://mp.weixin.qq.com"
)

// Code makes a code whose scene comes with whoever scans it: for a while, at most 30 days, or for good when lasting is 0.
// Of the latter an account has 100 000.
func (o Official) Code(ctx context.Context, inbox conversation.Inbox, scene string, lasting time.Duration) (channels.Code, error) {
	acc, err := o.account(inbox)
	if err != nil {
		return channels.Code{}, err
	}
	if n := len(scene); n == 0 || n > maxScene {
		return channels.Code{}, &conversation.FieldError{Field: "scene", Message: fmt.Sprintf("must have 1 to %d letters; a Chinese character counts as 3", maxScene)}
	}
	if lasting < 0 || lasting > maxLasting || lasting > 0 && lasting < time.Minute {
		return channels.Code{}, &conversation.FieldError{Field: "lasting", Message: "must be a minute to 30 days, or nothing for good"}
	}
	ask := map[string]any{"action_name": "QR_LIMIT_STR_SCENE", "action_info": map[string]any{"scene": map[string]string{"scene_str": scene}}}
	if lasting > 0 {
		ask["action_name"], ask["expire_seconds"] = "QR_STR_SCENE", int64(lasting/time.Second)
	}
	var answer struct {
		Ticket string `json:"ticket"`
		Lives  int64  `json:"expire_seconds"`
		URL    string `json:"url"`
	}
	if err := o.call(ctx, acc, "/cgi-bin/qrcode/create", ask, &answer); err != nil {
		return channels.Code{}, advice(err)
	}
	code := channels.Code{Content: answer.URL, Picture: acc.pictures() + "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(answer.Ticket)}
	if lasting > 0 {
		code.Until = o.now().Add(time.Duration(answer.Lives) * time.Second)
	}
	return code, nil
}

// pictures is where codes are drawn for this inbox: one that calls another address than WeChat's finds them there too.
func (acc account) pictures() string {
	if acc.base == defaultBase {
		return pictures
	}
	return acc.base
}

var _ channels.Codes = Official{}
