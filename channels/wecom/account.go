package wecom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// account is whom to call for. Inboxes of one app share its token; another secret or address has another.
func (a *Adapter) account(inbox conversation.Inbox) weixin.Account {
	base := strings.TrimSuffix(a.value(inbox, keyBase), "/")
	corp, secret := a.value(inbox, keyCorpID), a.value(inbox, keySecret)
	sum := sha256.Sum256([]byte(base + "\n" + secret))
	return weixin.Account{Base: base, Key: Name + ":" + corp + ":" + hex.EncodeToString(sum[:8]),
		Fetch: func(ctx context.Context) (string, time.Duration, error) { return a.fetchToken(ctx, base, corp, secret) }}
}

// fetchToken gets an access token (https://developer.work.weixin.qq.com/document/path/91039). Asking again within its
// life gives the same one.
func (a *Adapter) fetchToken(ctx context.Context, base, corp, secret string) (string, time.Duration, error) {
	query := url.Values{"corpid": {corp}, "corpsecret": {secret}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/cgi-bin/gettoken?"+query.Encode(), nil)
	if err != nil {
		return "", 0, fmt.Errorf("ask for a token: %w", weixin.Hush(err))
	}
	var answer struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	if err := a.api.Do(r, &answer); err != nil {
		return "", 0, err
	}
	if answer.Token == "" || answer.Seconds <= 0 {
		return "", 0, fmt.Errorf("%w: no token in it", weixin.ErrGarbled)
	}
	return answer.Token, time.Duration(answer.Seconds) * time.Second, nil
}
