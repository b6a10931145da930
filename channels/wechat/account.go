package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// account is an inbox's settings, read.
type account struct {
	inbox                    conversation.Inbox
	appID, secret, token     string
	mode, format, original   string
	greeting, keywords, base string
	crypt                    weixin.Crypt
	quotas                   weixin.Quotas
	passive                  time.Duration // how long an answer may take to go back in the callback; 0: none does
}

// account reads the settings. They were checked when they were saved, each by itself.
func (a *Adapter) account(inbox conversation.Inbox) (acc account, err error) {
	value := func(key string) string { return a.kind.Value(inbox, key) }
	acc = account{inbox: inbox, appID: value(keyAppID), secret: value(keySecret), token: value(keyToken), mode: value(keyMode),
		base: strings.TrimRight(value(keyBase), "/"), format: value(keyFormat), original: value(keyOriginal),
		greeting: value(keyGreeting), keywords: value(keyKeywords)}
	if acc.token == "" {
		return acc, wrongSetting(keyToken, "is required")
	}
	if acc.quotas, err = weixin.ParseQuotas(value(keyQuotas), occasions()...); err != nil {
		return acc, wrongSetting(keyQuotas, err.Error())
	}
	if acc.mode != modePlain {
		if acc.crypt, err = weixin.NewCrypt(value(keyAES), acc.appID); err != nil {
			return acc, wrongSetting(keyAES, fmt.Sprintf("%s, in %s mode", err, acc.mode))
		}
	}
	if !a.mini && value(keyPassive) == "true" {
		ms, err := strconv.Atoi(value(keyWait))
		if err != nil {
			return acc, wrongSetting(keyWait, "must be a whole number")
		}
		acc.passive = time.Duration(ms) * time.Millisecond
	}
	return acc, nil
}

func wrongSetting(key, why string) error {
	return &conversation.FieldError{Field: "settings." + key, Message: why}
}

// remote is whom to call for. The same account behind another address, or with another secret, has another token.
func (a *Adapter) remote(acc account) weixin.Account {
	sum := sha256.Sum256([]byte(acc.base + "\n" + acc.secret))
	return weixin.Account{Base: acc.base, Key: "wechat:" + acc.appID + ":" + hex.EncodeToString(sum[:8]),
		Fetch: func(ctx context.Context) (string, time.Duration, error) { return a.fetchToken(ctx, acc) }}
}

// keyword is the reply to a text that is a keyword and nothing else.
func (acc account) keyword(text string) string {
	if acc.keywords == "" {
		return ""
	}
	said := fold(text)
	for _, line := range lines(acc.keywords) {
		if key, reply, ok := strings.Cut(line, "="); ok && fold(key) == said {
			return strings.ReplaceAll(strings.TrimSpace(reply), `\n`, "\n")
		}
	}
	return ""
}

// fold makes texts alike that differ in width, case and space around them only.
func fold(text string) string { return strings.ToLower(strings.TrimSpace(width.Fold.String(text))) }
