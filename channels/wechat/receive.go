package wechat

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"huiyin/channels"
	"huiyin/conversation"
)

// maxPush bounds a push; WeChat's are far smaller.
const maxPush = 256 << 10

// success is what WeChat wants to read when nothing is to be said:
// https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
func success() channels.Ack { return text("success") }

func text(body string) channels.Ack {
	return channels.Ack{ContentType: "text/plain; charset=utf-8", Body: []byte(body)}
}

// Receive verifies and translates one request of WeChat's: the check of the address (GET), or a push (POST).
func (a *Adapter) Receive(inbox conversation.Inbox, r *http.Request) (channels.Received, error) {
	acc, err := a.account(inbox)
	if err != nil {
		return channels.Received{}, err
	}
	s, err := readStamp(r)
	if err != nil {
		return channels.Received{}, err
	}
	if r.Method == http.MethodGet {
		return a.checkAddress(acc, s)
	}
	if r.Method != http.MethodPost {
		return channels.Received{}, fmt.Errorf("method %s: %w", r.Method, channels.ErrUnauthorized)
	}
	data, err := a.open(acc, s, r.Body)
	if err != nil {
		return channels.Received{}, err
	}
	p, err := acc.read(data)
	if err != nil {
		return channels.Received{}, err
	}
	received := a.translate(acc, p)
	received.Ack = success()
	if len(received.Messages) > 0 {
		received.Passive = a.passive(acc, p, s, received.Messages[0])
	}
	return received, nil
}

// checkAddress answers WeChat's check, which is the same in every mode: the echo goes back as it came.
// https://developers.weixin.qq.com/doc/service/guide/dev/push/
func (a *Adapter) checkAddress(acc account, s stamp) (channels.Received, error) {
	if err := s.check(s.signature, acc.token, a.now()); err != nil {
		return channels.Received{}, err
	}
	if s.echo == "" {
		return channels.Received{}, unreadable("it has no echostr")
	}
	return channels.Received{Ack: text(s.echo)}, nil
}

// open verifies a push and gives its content. Where the inbox may be encrypted only what is encrypted counts: the fields
// in clear beside it, which the compatible mode has, are not signed.
func (a *Adapter) open(acc account, s stamp, body io.ReadCloser) ([]byte, error) {
	encrypted := s.encryption == "aes"
	known := encrypted || s.encryption == "" || s.encryption == "raw"
	if !known || encrypted && acc.mode == modePlain || !encrypted && acc.mode == modeSafe {
		return nil, fmt.Errorf("the request is not encrypted as this inbox expects (%s mode); choose the same in WeChat's console: %w", acc.mode, channels.ErrUnauthorized)
	}
	if !encrypted || s.signature != "" {
		if err := s.check(s.signature, acc.token, a.now()); err != nil {
			return nil, err
		}
	}
	data, err := io.ReadAll(http.MaxBytesReader(nil, body, maxPush))
	if err != nil {
		return nil, fmt.Errorf("read push: %w", err)
	}
	if !encrypted {
		return data, nil
	}
	return a.unseal(acc, s, data)
}

// unseal opens an encrypted push, whose own signature covers the ciphertext.
func (a *Adapter) unseal(acc account, s stamp, data []byte) ([]byte, error) {
	envelope, err := acc.parse(data)
	if err != nil {
		return nil, errors.Join(channels.ErrUnauthorized, err)
	}
	sealed := envelope.Get("Encrypt")
	if err := s.check(s.message, acc.token, a.now(), sealed); err != nil {
		return nil, err
	}
	plain, err := acc.crypt.Open(sealed)
	if err != nil {
		return nil, errors.Join(channels.ErrUnauthorized, err)
	}
	return plain, nil
}
