package wecom

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// The limits of a link's scene (https://developer.work.weixin.qq.com/document/path/94665).
const (
	maxParam   = 128
	plainScene = "huiyin" // of links whose scene is in their scene_param
)

var sceneWord = regexp.MustCompile(`^[0-9a-zA-Z_-]{1,32}$`)

// Code makes the account's link with a scene, which comes back when a customer enters by it. A scene that is no plain
// word goes into the link's scene_param. Links are for good, whatever time is asked for.
func (a *Adapter) Code(ctx context.Context, inbox conversation.Inbox, scene string, _ time.Duration) (channels.Code, error) {
	scene = strings.TrimSpace(scene)
	word := scene
	if !sceneWord.MatchString(scene) {
		word = plainScene
	}
	param := url.QueryEscape(scene)
	if word != scene && len(param) > maxParam {
		return channels.Code{}, &conversation.FieldError{Field: "scene", Message: "is too long: at most 32 letters and digits, or about 14 Chinese characters"}
	}
	var got struct {
		URL string `json:"url"`
	}
	ask := map[string]string{"open_kfid": a.value(inbox, keyAccount), "scene": word}
	if err := a.api.Call(ctx, a.account(inbox), "/cgi-bin/kf/add_contact_way", ask, &got); err != nil {
		return channels.Code{}, fmt.Errorf("%s: %w", a.explain(err), err)
	}
	u, err := url.Parse(got.URL)
	if err != nil || u.Host == "" {
		return channels.Code{}, fmt.Errorf("%w: no link", weixin.ErrGarbled)
	}
	if word != scene && scene != "" {
		join := "?"
		if u.RawQuery != "" {
			join = "&"
		}
		got.URL += join + "scene_param=" + param
	}
	return channels.Code{Content: got.URL}, nil
}
