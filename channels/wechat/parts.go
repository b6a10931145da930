package wechat

import (
	"regexp"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// What WeChat takes. The documentation gives no limit for texts; above 2048 bytes the answer is 45002. Uploads:
// https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia
const (
	maxText    = 2000
	maxChoices = 10
	maxImage   = 2 << 20
	maxVoice   = 2 << 20
	maxVideo   = 10 << 20
)

// part is one message of WeChat's. A message of ours may take several; which ones depends on the message alone, so that
// a later attempt counts the same parts.
type part struct {
	kind    string // text, menu, card, image, voice, video
	text    string
	choices []conversation.Choice
	card    weixin.Card
	file    conversation.Attachment // of a card: its picture
}

var linkPattern = regexp.MustCompile(`<a href="[^"]*">[^<]*</a>`)

// links are where a text has links as the renderer writes them.
func links(text string) [][]int { return linkPattern.FindAllStringIndex(text, -1) }

// parts are the messages that carry a message: its text in pieces, its files, and last what can be pressed.
func (a *Adapter) parts(acc account, m conversation.Message) ([]part, error) {
	if m.Private {
		return nil, nil
	}
	if p, ok := a.cardPart(m); ok {
		return []part{p}, nil
	}
	choices := m.Content.Choices[:min(len(m.Content.Choices), maxChoices)]
	pieces := weixin.SplitAround(a.render(m), maxText-len(numbered(choices)), links)
	var all []part
	for i, piece := range pieces {
		if len(choices) == 0 || i < len(pieces)-1 {
			all = append(all, part{kind: "text", text: piece})
		}
	}
	for _, file := range m.Attachments {
		p, err := a.filePart(acc, file)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if len(choices) > 0 {
		last := part{kind: "menu", choices: choices}
		if len(pieces) > 0 {
			last.text = pieces[len(pieces)-1]
		}
		all = append(all, last)
	}
	return all, nil
}

// cardPart reads a card: a web page, or a Mini Program's page with a picture to show for it.
func (a *Adapter) cardPart(m conversation.Message) (part, bool) {
	c, ok := weixin.ReadCard(m.Text)
	if !ok || len(m.Content.Choices) > 0 || len(m.Attachments) > 1 || len(m.Attachments) == 1 && (c.App == "" || a.mediaKind(m.Attachments[0]) != "image") {
		return part{}, false
	}
	p := part{kind: "card", card: c, text: a.render(m)}
	if len(m.Attachments) == 1 {
		p.file = m.Attachments[0]
	}
	return p, true
}

// filePart is how a file goes out: as what WeChat shows, else as a link where the product has one to give.
func (a *Adapter) filePart(acc account, file conversation.Attachment) (part, error) {
	kind := a.mediaKind(file)
	if kind != "" {
		return part{kind: kind, file: file}, nil
	}
	if a.link != nil {
		if address := a.link(acc.inbox, file); address != "" {
			return part{kind: "text", text: file.Name + "\n" + address}, nil
		}
	}
	return part{}, &channels.SendError{Reason: "WeChat does not take “" + file.Name + "”: it takes pictures up to 2 MB" + a.otherKinds()}
}

func (a *Adapter) otherKinds() string {
	if a.mini {
		return ""
	}
	return ", AMR or MP3 voice up to 2 MB and MP4 video up to 10 MB"
}

// mediaKind is the upload type of a file; "" when WeChat does not take it. Mini Programs take pictures only.
func (a *Adapter) mediaKind(file conversation.Attachment) string {
	kind, _, _ := strings.Cut(file.Type, ";")
	switch {
	case (kind == "image/jpeg" || kind == "image/png" || kind == "image/gif") && file.Size <= maxImage:
		return "image"
	case a.mini:
		return ""
	case (kind == "audio/mpeg" || kind == "audio/amr" || strings.HasSuffix(strings.ToLower(file.Name), ".amr")) && file.Size <= maxVoice:
		return "voice"
	case kind == "video/mp4" && file.Size <= maxVideo:
		return "video"
	}
	return ""
}

// Cost is how many of WeChat's messages a message takes. One that cannot go out costs nothing: sending it says why.
func (a *Adapter) Cost(inbox conversation.Inbox, m conversation.Message) int {
	all, err := a.parts(account{inbox: inbox}, m)
	if err != nil {
		return 0
	}
	return len(all)
}
