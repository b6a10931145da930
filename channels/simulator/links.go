package simulator

import (
	"net/url"
	"regexp"
	"strings"
)

// pressLink is a link in a text that sends its content back as if it were a menu message's choice. WeChat's own menu
// messages are made of it; it is known from the community, not from the documentation:
// https://developers.weixin.qq.com/community/personal/oCJUswxe-4CXNj9ovBCtXA3gqWDk/answer
var pressLink = regexp.MustCompile(`<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&]*)&msgmenuid=([^"&]*)">[^<]*</a>`)

// withLinks makes the links of a text choices to press.
func (line Line) withLinks() Line {
	for _, found := range pressLink.FindAllStringSubmatch(line.Text, -1) {
		content, err := url.PathUnescape(found[1])
		if err == nil && found[2] != "" {
			line.Choices = append(line.Choices, Choice{Kind: "click", ID: found[2], Text: content})
		}
	}
	if len(line.Choices) > 0 {
		line.Text = strings.TrimSpace(pressLink.ReplaceAllString(line.Text, ""))
	}
	return line
}
