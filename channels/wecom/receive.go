package wecom

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// eventRing is the only event that concerns us; an app's callback brings others too.
const eventRing = "kf_msg_or_event"

// Receive takes the check of the callback's address and the callback itself, which is only a bell
// (https://developer.work.weixin.qq.com/document/path/94699). What comes in is fetched by Poll.
func (a *Adapter) Receive(inbox conversation.Inbox, r *http.Request) (channels.Received, error) {
	crypt, err := weixin.NewCrypt(a.value(inbox, keyAESKey), a.value(inbox, keyCorpID))
	if err != nil {
		return channels.Received{}, fmt.Errorf("aes_key: %w", err)
	}
	switch r.Method {
	case http.MethodGet:
		text, err := a.open(inbox, crypt, r, r.URL.Query().Get("echostr"))
		if err != nil {
			return channels.Received{}, err
		}
		return channels.Received{Ack: channels.Ack{ContentType: "text/plain; charset=utf-8", Body: text}}, nil
	case http.MethodPost:
		return a.ring(inbox, crypt, r)
	default:
		return channels.Received{}, channels.ErrUnauthorized
	}
}

func (a *Adapter) ring(inbox conversation.Inbox, crypt weixin.Crypt, r *http.Request) (channels.Received, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return channels.Received{}, fmt.Errorf("read callback: %w", err)
	}
	outer, err := weixin.ParseXML(body)
	if err != nil {
		return channels.Received{}, fmt.Errorf("%w: %w", channels.ErrUnauthorized, err)
	}
	text, err := a.open(inbox, crypt, r, outer["Encrypt"])
	if err != nil {
		return channels.Received{}, err
	}
	event, err := weixin.ParseXML(text)
	if err != nil {
		return channels.Received{}, &conversation.FieldError{Field: "Encrypt", Message: err.Error()}
	}
	if to := event["ToUserName"]; to != a.value(inbox, keyCorpID) {
		return channels.Received{}, fmt.Errorf("%w: for another company", channels.ErrUnauthorized)
	}
	account := event["OpenKfId"]
	if event["MsgType"] != "event" || event["Event"] != eventRing || account == "" {
		return channels.Received{}, nil // acknowledged; nothing to do here
	}
	ring := &channels.Ring{Hint: hint(event["Token"])}
	if account != a.value(inbox, keyAccount) {
		// An app has one callback address for all its accounts: the others' inboxes are rung through this one.
		ring.For = map[string]string{keyCorpID: a.value(inbox, keyCorpID), keyAccount: account}
	}
	return channels.Received{Ring: ring}, nil
}

// maxHint is the documented length of the token to poll with.
const maxHint = 128

func hint(token string) string {
	if len(token) > maxHint {
		return ""
	}
	return token
}

var errStale = errors.New("its time is minutes off; is this server's clock right?")

// open verifies the signature over an encrypted text, its time, and decrypts it.
func (a *Adapter) open(inbox conversation.Inbox, crypt weixin.Crypt, r *http.Request, encrypted string) ([]byte, error) {
	query := r.URL.Query()
	stamp := query.Get("timestamp")
	if !weixin.Signed(query.Get("msg_signature"), a.value(inbox, keyToken), stamp, query.Get("nonce"), encrypted) {
		return nil, channels.ErrUnauthorized
	}
	if !weixin.Fresh(stamp, a.now()) {
		return nil, fmt.Errorf("%w: %w", channels.ErrUnauthorized, errStale)
	}
	text, err := crypt.Open(encrypted)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", channels.ErrUnauthorized, err)
	}
	return text, nil
}
