package wechat

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// maxPassive is the longest text of a passive reply, in bytes.
const maxPassive = 2048

// passive offers the answer a way back in the response, where the account has one: a Mini Program's customers are
// answered by customer service message only.
// https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
func (a *Adapter) passive(acc account, p push, s stamp, in conversation.Incoming) *channels.Passive {
	if acc.passive == 0 || in.Leaves || in.Activity != "" && in.Say == "" {
		return nil
	}
	return &channels.Passive{Source: in.SourceID, Within: acc.passive, Write: func(m conversation.Message) (channels.Ack, bool) {
		return a.writePassive(acc, p, s, m)
	}}
}

func (a *Adapter) writePassive(acc account, p push, s stamp, m conversation.Message) (channels.Ack, bool) {
	if m.Private || len(m.Attachments) > 0 || len(m.Content.Choices) > maxChoices {
		return channels.Ack{}, false
	}
	if c, ok := weixin.ReadCard(m.Text); ok && c.App != "" {
		return channels.Ack{}, false // a Mini Program's page goes as its card
	}
	words := a.render(m) + pressable(m.Content.Choices)
	if strings.TrimSpace(words) == "" || len(words) > maxPassive {
		return channels.Ack{}, false
	}
	body := fmt.Sprintf("<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime><MsgType>%s</MsgType><Content>%s</Content></xml>",
		cdata(p.from), cdata(p.to), a.now().Unix(), cdata("text"), cdata(words))
	if s.encryption == "aes" {
		sealed, err := a.seal(acc, body)
		if err != nil {
			return channels.Ack{}, false
		}
		body = sealed
	}
	return channels.Ack{ContentType: "text/xml; charset=utf-8", Body: []byte(body)}, true
}

// seal encrypts and signs a reply, as a push is.
func (a *Adapter) seal(acc account, body string) (string, error) {
	sealed, err := acc.crypt.Seal([]byte(body))
	if err != nil {
		return "", err
	}
	nonce, at := rand.Text(), strconv.FormatInt(a.now().Unix(), 10)
	return fmt.Sprintf("<xml><Encrypt>%s</Encrypt><MsgSignature>%s</MsgSignature><TimeStamp>%s</TimeStamp><Nonce>%s</Nonce></xml>",
		cdata(sealed), cdata(weixin.Signature(acc.token, at, nonce, sealed)), at, cdata(nonce)), nil
}

// cdata quotes a text for XML.
func cdata(text string) string {
	return "<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]>"
}
