package wechat

import (
	"context"
	"net/url"
	"strings"

	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Profile is what WeChat tells of a follower: the id that the owner's other accounts know them by, and how they came to
// follow. Name and picture are not told since 2021, the language not any more either; it is taken over should it come.
// https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo
func (o Official) Profile(ctx context.Context, inbox conversation.Inbox, address string) (conversation.Profile, error) {
	acc, err := o.account(inbox)
	if err != nil {
		return conversation.Profile{}, err
	}
	var answer struct {
		Language string `json:"language"`
		UnionID  string `json:"unionid"`
		Remark   string `json:"remark"`
		Scene    string `json:"subscribe_scene"`
	}
	if err := o.api.Get(ctx, o.remote(acc), "/cgi-bin/user/info", url.Values{"openid": {address}, "lang": {"zh_CN"}}, &answer); err != nil {
		return conversation.Profile{}, err
	}
	came := strings.ToLower(strings.TrimPrefix(answer.Scene, "ADD_SCENE_"))
	language, _, _ := strings.Cut(answer.Language, "_")
	return conversation.Profile{Name: answer.Remark, Language: language,
		Attributes: attributes("unionid", strings.TrimSpace(answer.UnionID), "followed_by", came), Person: weixin.Person(answer.UnionID)}, nil
}
