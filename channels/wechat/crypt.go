package wechat

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"

	"github.com/silenceper/wechat/v2/util"

	"huiyin/channels"
)

// decrypt opens what WeChat encrypted: AES-256-CBC over 16 random bytes, the length, the message and the app's id.
// https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
func (acc account) decrypt(text string) ([]byte, error) {
	ciphertext, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the ciphertext is not base64: %w", channels.ErrUnauthorized)
	}
	_, message, appID, err := util.AESDecryptMsg(ciphertext, acc.key)
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", channels.ErrUnauthorized)
	}
	if subtle.ConstantTimeCompare(appID, []byte(acc.appID)) != 1 {
		return nil, fmt.Errorf("the message is for another app: %w", channels.ErrUnauthorized)
	}
	return message, nil
}

// encrypt closes a message for WeChat.
func (acc account) encrypt(random io.Reader, message []byte) (string, error) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("encrypt: %w", err)
	}
	return base64.StdEncoding.EncodeToString(util.AESEncryptMsg(salt, message, acc.appID, acc.key)), nil
}
