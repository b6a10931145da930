package wechat

import (
	"context"
	"errors"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
)

// Some accounts may not send cards; then a page goes as the link in a text.
const (
	codeNoSuchKind = 40008
	codeNoCards    = 45162
)

// sendCard sends a page as a card: news of an Official Account, a link of a Mini Program, or a Mini Program's page.
// https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
func (a *Adapter) sendCard(ctx context.Context, acc account, out channels.Outgoing, p part) error {
	if p.card.App != "" {
		return a.sendApp(ctx, acc, out, p)
	}
	page := map[string]any{"title": p.card.Title, "description": "", "url": p.card.URL}
	kind, content := "news", map[string]any{"articles": []any{page}}
	if a.mini {
		page["thumb_url"] = ""
		kind, content = "link", page
	}
	err := a.custom(ctx, acc, out.Address, kind, content)
	var refused *weixin.Refusal
	if errors.As(err, &refused) && (refused.Code == codeNoSuchKind || refused.Code == codeNoCards || refused.Code == codeAccountType) {
		return a.custom(ctx, acc, out.Address, "text", map[string]any{"content": p.text})
	}
	return err
}

// sendApp sends a Mini Program's page with the picture that came with it, or a plain one, as WeChat wants one. A Mini
// Program sends pages of its own only, and names itself by no id.
func (a *Adapter) sendApp(ctx context.Context, acc account, out channels.Outgoing, p part) error {
	var picture string
	var err error
	if p.file.Type != "" {
		picture, err = a.uploadFile(ctx, acc, out, "image", p.file)
	} else {
		picture, err = a.upload(ctx, acc, "image", weixin.Upload{Name: "cover.jpg", Type: "image/jpeg", Open: cover})
	}
	if err != nil {
		return err
	}
	content := map[string]any{"title": p.card.Title, "pagepath": p.card.Page, "thumb_media_id": picture}
	if !a.mini {
		content["appid"] = p.card.App
	}
	return a.custom(ctx, acc, out.Address, "miniprogrampage", content)
}
