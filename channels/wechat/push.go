package wechat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// push is one message or event of WeChat's.
type push struct {
	*weixin.Node
	to, from, kind, event, key string
	created                    string // as it stands there
	sentAt                     time.Time
	source                     string // names the message or event among all of the inbox
}

var numberPattern = regexp.MustCompile(`^[0-9]{1,20}$`)

// parse reads a push, decrypted. The form is told by its first byte, as an operator may switch it at any time.
func (acc account) parse(data []byte) (*weixin.Node, error) {
	trimmed := bytes.TrimSpace(data)
	switch {
	case len(trimmed) == 0:
		return nil, errors.New("the request is empty")
	case trimmed[0] == '{' && (acc.format == formatAuto || acc.format == formatJSON):
		return weixin.ParseJSON(trimmed)
	case trimmed[0] == '<' && acc.format != formatJSON:
		return weixin.ParseTree(trimmed)
	}
	return nil, errors.New("the push has not the data format of this inbox; choose the same in WeChat's console and here")
}

// read takes from a push what every push has.
func (acc account) read(data []byte) (push, error) {
	root, err := acc.parse(data)
	if err != nil {
		return push{}, unreadable(err.Error())
	}
	p := push{Node: root, to: root.Get("ToUserName"), from: root.Get("FromUserName"), kind: root.Get("MsgType"),
		event: root.Get("Event"), key: root.Get("EventKey"), created: root.Get("CreateTime")}
	switch {
	case !addressPattern.MatchString(p.from):
		return push{}, unreadable("it has no sender")
	case p.kind == "":
		return push{}, unreadable("it has no type")
	case !numberPattern.MatchString(p.created):
		return push{}, unreadable("it has no time")
	case acc.original != "" && p.to != acc.original:
		return push{}, unreadable("it is for another account")
	}
	seconds, err := strconv.ParseInt(p.created, 10, 64)
	if err != nil || seconds > maxSeconds {
		return push{}, unreadable("it has no time")
	}
	p.sentAt = time.Unix(seconds, 0).UTC()
	p.source, err = p.name(data)
	return p, err
}

// maxSeconds keeps times inside what clocks and databases can say.
const maxSeconds = 1 << 37

// name is the id by which a repeat is recognised. Messages have one. For events WeChat advises sender and time, but
// different events come in one second, so the event, its key and the whole content go in besides.
// https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
func (p push) name(data []byte) (string, error) {
	if p.kind != "event" {
		id := p.Get("MsgId")
		if !numberPattern.MatchString(id) {
			return "", unreadable("the message has no MsgId")
		}
		return id, nil
	}
	if p.event == "" {
		return "", unreadable("the event has no name")
	}
	body := sha256.Sum256(bytes.TrimSpace(data))
	h := sha256.New()
	for _, part := range []string{p.from, p.created, p.event, p.key, hex.EncodeToString(body[:])} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return "event:" + hex.EncodeToString(h.Sum(nil)[:16]), nil
}

func unreadable(why string) error {
	return &conversation.FieldError{Field: "push", Message: why}
}
