package wechat

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"huiyin/conversation"
)

// account is an inbox's settings, read.
type account struct {
	inbox                             conversation.Inbox
	appID, secret, token, mode, base  string
	format, original, greeting, words string
	key                               []byte // of AES-256; nil without one
	quotas                            string
	passive                           time.Duration // how long an answer may take to go back in the callback; 0: none does
}

func (a *Adapter) account(inbox conversation.Inbox) (account, error) {
	value := func(key string) string { return a.kind.Value(inbox, key) }
	acc := account{inbox: inbox, appID: value(keyAppID), secret: value(keySecret), token: value(keyToken), mode: value(keyMode),
		base: strings.TrimRight(value(keyBase), "/"), format: value(keyFormat), original: value(keyOriginal),
		greeting: value(keyGreeting), words: value(keyKeywords), quotas: value(keyQuotas)}
	if a.mini {
		acc.passive = 0
	} else if value(keyPassive) == "true" {
		ms, err := strconv.Atoi(value(keyWait))
		if err != nil {
			return acc, &conversation.FieldError{Field: "settings." + keyWait, Message: "must be a whole number"}
		}
		acc.passive = time.Duration(ms) * time.Millisecond
	}
	if text := value(keyAES); text != "" {
		key, err := aesKey(text)
		if err != nil {
			return acc, &conversation.FieldError{Field: "settings." + keyAES, Message: err.Error()}
		}
		acc.key = key
	}
	if acc.token == "" {
		return acc, &conversation.FieldError{Field: "settings." + keyToken, Message: "is required"}
	}
	if acc.key == nil && acc.mode != modePlain {
		return acc, &conversation.FieldError{Field: "settings." + keyAES, Message: "is required in " + acc.mode + " mode"}
	}
	return acc, nil
}

// aesKey decodes an EncodingAESKey: base64 of 32 bytes, written without its "=".
func aesKey(text string) ([]byte, error) {
	if len(text) != 43 {
		return nil, errors.New("must have 43 letters and digits")
	}
	key, err := base64.StdEncoding.DecodeString(text + "=")
	if err != nil || len(key) != 32 {
		return nil, errors.New("must have 43 letters and digits, as WeChat's console shows it")
	}
	return key, nil
}

// grant is the allowance that an occasion opens; nil when the settings name none.
func (acc account) grant(occasion string) *conversation.Grant {
	for _, line := range lines(acc.quotas) {
		if g, err := parseQuota(line); err == nil && g.Name == occasion {
			return &g
		}
	}
	return nil
}

// keyword is the reply to a text that is a keyword and nothing else.
func (acc account) keyword(text string) string {
	if acc.words == "" {
		return ""
	}
	said := fold(text)
	for _, line := range lines(acc.words) {
		if key, reply, ok := strings.Cut(line, "="); ok && fold(key) == said {
			return strings.ReplaceAll(strings.TrimSpace(reply), `\n`, "\n")
		}
	}
	return ""
}

// fold makes texts alike that differ in width, case and space around them only.
func fold(text string) string { return strings.ToLower(strings.TrimSpace(width.Fold.String(text))) }

// tokenKey names the account's access token among all that are kept; the same account behind another address has another.
func (acc account) tokenKey() string {
	sum := sha256.Sum256([]byte(acc.base + "\n" + acc.secret))
	return "wechat:" + acc.appID + ":" + hex.EncodeToString(sum[:6])
}
