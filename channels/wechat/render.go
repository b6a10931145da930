package wechat

import (
	"fmt"
	"net/url"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// render is a message's text as WeChat shows it. An Official Account's texts know one element, <a href>; a Mini
// Program's are plain, with the addresses written out.
func (a *Adapter) render(m conversation.Message) string {
	words := m.Text
	switch {
	case !m.Content.Markdown:
	case a.mini:
		words = channels.PlainTextWith(words, channels.WholeLinks(a.base, channels.LinkWords))
	default:
		words = channels.PlainTextWith(words, channels.WholeLinks(a.base, anchor))
	}
	return strings.TrimSpace(weixin.Clean(words))
}

// anchor is a link in a text message; one that only a web page could follow is its words.
func anchor(words, address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || strings.ContainsAny(address, `"<>`) {
		if u != nil && (u.Scheme == "mailto" || u.Scheme == "tel") {
			return channels.LinkWords(words, address)
		}
		return words
	}
	if words == "" || words == address {
		return address
	}
	return fmt.Sprintf(`<a href="%s">%s</a>`, address, words)
}

// pressable are choices inside a text: links that send their label back as if it came from a menu message.
func pressable(choices []conversation.Choice) string {
	var b strings.Builder
	for _, c := range choices {
		label := weixin.Clean(c.Label)
		fmt.Fprintf(&b, "\n<a href=\"weixin://bizmsgmenu?msgmenucontent=%s&msgmenuid=%s\">%s</a>", inLink(label), choiceID(c), bare(label))
	}
	return b.String()
}

// inLink escapes what would end or change the link; WeChat shows everything else as it stands.
func inLink(text string) string {
	return strings.NewReplacer("%", "%25", "&", "%26", `"`, "%22", "<", "%3C", ">", "%3E", "#", "%23", "+", "%2B", "=", "%3D", "\n", "%20").Replace(text)
}

func bare(text string) string { return strings.NewReplacer("<", "‹", ">", "›").Replace(text) }

// numbered are choices for where nothing can be pressed: the hub takes the number, or the label, for the choice.
func numbered(choices []conversation.Choice) string {
	var b strings.Builder
	for i, c := range choices {
		fmt.Fprintf(&b, "\n%d. %s", i+1, weixin.Clean(c.Label))
	}
	return b.String()
}
