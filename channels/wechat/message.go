package wechat

import (
	"fmt"
	"net/url"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// The occasions that open an allowance.
const (
	onMessage = "message"
	onMenu    = "menu"
	onFollow  = "follow"
	onScan    = "scan"
	onEnter   = "enter"
)

func occasions() []string { return []string{onMessage, onMenu, onFollow, onScan, onEnter} }

// translate makes of a push what the hub takes; what is neither to be seen nor a receipt brings nothing.
func (a *Adapter) translate(acc account, p push) channels.Received {
	in := conversation.Incoming{SourceID: p.source, Address: p.from, SentAt: p.sentAt,
		Profile: conversation.Profile{Verified: true, Attributes: attributes("unionid", p.Get("UnionId")), Person: weixin.Person(p.Get("UnionId"))}}
	if p.kind == "event" {
		return acc.translateEvent(p, in)
	}
	acc.message(p, &in)
	return channels.Received{Messages: []conversation.Incoming{in}}
}

func attributes(pairs ...string) map[string]string {
	var found map[string]string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if found == nil {
			found = map[string]string{}
		}
		found[pairs[i]] = pairs[i+1]
	}
	return found
}

// message fills in a message by its type. A type that WeChat adds one day is shown by its name: nothing is dropped.
// https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html
func (acc account) message(p push, in *conversation.Incoming) {
	in.Grant = acc.quotas.Grant(onMessage)
	switch p.kind {
	case "text":
		acc.textMessage(p, in)
	case "image":
		in.Media = media(p.Get("MediaId"), "image", "")
	case "voice":
		in.Text = p.Get("Recognition")
		in.Media = media(p.Get("MediaId"), "voice", voiceType(p.Get("Format")))
	case "video", "shortvideo":
		in.Media = media(p.Get("MediaId"), "video", "video/mp4")
	case "location":
		in.Text = place(p.Get("Label"), p.Get("Location_X"), p.Get("Location_Y"))
	case "link":
		in.Text = paragraphs(p.Get("Title"), p.Get("Description"), p.Get("Url"))
	case "miniprogrampage":
		in.Text = paragraphs(p.Get("Title"), p.Get("PagePath"))
		in.Media = media(p.Get("ThumbMediaId"), "image", "")
	}
	if in.Text == "" && len(in.Media) == 0 {
		in.Text = "[" + p.kind + "]"
	}
}

// textMessage is a text, or a choice from a menu message: the choice's text with the id that the menu gave it. Such a
// choice opens the menu's allowance, not the message's:
// https://developers.weixin.qq.com/doc/service/guide/product/kf/intro
func (acc account) textMessage(p push, in *conversation.Incoming) {
	in.Text = p.Get("Content")
	if id := p.Get("bizmsgmenuid"); id != "" {
		in.Grant, in.Choice = acc.quotas.Grant(onMenu), choiceOf(id)
		return
	}
	in.Say = acc.keyword(in.Text)
}

func media(ref, kind, contentType string) []conversation.Media {
	if ref == "" {
		return nil
	}
	return []conversation.Media{{Ref: ref, Kind: kind, Type: contentType}}
}

func voiceType(format string) string {
	switch strings.ToLower(format) {
	case "", "amr":
		return "audio/amr"
	case "mp3":
		return "audio/mpeg"
	case "speex":
		return "audio/x-speex"
	}
	return "application/octet-stream"
}

// place is a location in words, with a link to a map that counts as WeChat does (GCJ-02):
// https://lbs.qq.com/webApi/uriV1/uriGuide/uriWebMarker
func place(label, latitude, longitude string) string {
	if latitude == "" || longitude == "" {
		return label
	}
	where := latitude + "," + longitude
	name := label
	if name == "" {
		name = where
	}
	marker := url.Values{"marker": {fmt.Sprintf("coord:%s;title:%s", where, strings.ReplaceAll(name, ";", " "))}, "referer": {"huiyin"}}
	return paragraphs("📍 "+name, "https://apis.map.qq.com/uri/v1/marker?"+marker.Encode())
}

func paragraphs(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "\n")
}
