package wecom

import (
	"context"
	"errors"
	"net/url"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Fetch gets a customer's file (https://developer.work.weixin.qq.com/document/path/90254).
func (a *Adapter) Fetch(ctx context.Context, inbox conversation.Inbox, m conversation.Media) (channels.File, error) {
	file, err := a.api.Download(ctx, a.account(inbox), "/cgi-bin/media/get", url.Values{"media_id": {m.Ref}})
	if err == nil {
		return file, nil
	}
	var refused *weixin.Refusal
	if errors.As(err, &refused) {
		v := verdicts()[refused.Code]
		if refused.Code == codeNoMedia {
			v.words = "WeCom does not have the file any more"
		}
		return file, &channels.SendError{Reason: orElse(v.words, a.explain(err)), Retry: v.retry, After: v.after, Err: err}
	}
	return file, err
}

// codeNoMedia says that a file is gone, or was never there.
const codeNoMedia = 40007
