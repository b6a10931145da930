package wecom

import (
	"fmt"
	"mime"
	"path"
	"strings"

	"github.com/silenceper/wechat/v2/work/kf/sendmsg"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// The limits of messages (https://developer.work.weixin.qq.com/document/path/96427).
const (
	maxText    = 2048 // bytes
	maxHead    = 1024
	maxItems   = 10
	maxLabel   = 128
	maxValue   = 64
	maxTitle   = 128
	maxAppName = 64
)

// noValue is the id of a menu entry whose value is too long to be one: pressing it says its label.
const noValue = "-"

// part is one message as WeCom counts them.
type part struct {
	text string
	menu []conversation.Choice
	card *pageCard
	file *conversation.Attachment // to upload; of a card its picture
}

// pageCard is a link or a Mini Program's page, shown with a picture.
type pageCard struct {
	title, url, app, page string
}

// parts is what a message goes out as: text in pieces, each file, and the choices in a menu below the last words.
func (a *Adapter) parts(m conversation.Message) []part {
	if c, ok := asCard(m); ok {
		return []part{{card: &c, file: &m.Attachments[0]}}
	}
	words := weixin.Split(a.words(m), maxText)
	choices := m.Content.Choices[:min(len(m.Content.Choices), maxItems)]
	head := ""
	if len(choices) > 0 {
		words, head = heading(words)
	}
	var all []part
	for _, w := range words {
		all = append(all, part{text: w})
	}
	for i := range m.Attachments {
		all = append(all, part{file: &m.Attachments[i]})
	}
	if len(choices) > 0 {
		all = append(all, part{text: head, menu: choices})
	}
	return all
}

// words is a message's text as WeCom shows it: plain, with the addresses of links behind their words.
func (a *Adapter) words(m conversation.Message) string {
	if m.Content.Markdown {
		return weixin.Clean(channels.PlainTextWith(m.Text, channels.WholeLinks(a.base, channels.LinkWords)))
	}
	return weixin.Clean(m.Text)
}

// Sample is a message as WeCom shows it: in as many texts as it takes, each of which counts against the allowance.
func (a *Adapter) Sample(_ conversation.Inbox, m conversation.Message) channels.Sample {
	s := channels.Sample{Unit: "bytes", Used: len(a.words(m)), Limit: maxText}
	for _, p := range a.parts(m) {
		s.Texts = append(s.Texts, p.text)
	}
	return s
}

// heading takes the last words of a text for the head of a menu.
func heading(words []string) (before []string, head string) {
	if len(words) == 0 {
		return nil, ""
	}
	last := words[len(words)-1]
	before = words[:len(words)-1]
	if len(last) > maxHead {
		pieces := weixin.Split(last, maxHead)
		rest := strings.TrimSpace(last[:len(last)-len(pieces[len(pieces)-1])])
		return append(before[:len(before):len(before)], rest), pieces[len(pieces)-1]
	}
	return before, last
}

// Cost is how many of the allowance a message takes: WeCom counts each of its parts, and none of a welcome's.
func (a *Adapter) Cost(_ conversation.Inbox, m conversation.Message) int {
	if m.Content.Ticket != "" {
		return 0
	}
	return len(a.parts(m))
}

// asCard reads a card: a text that is one link, with one picture.
func asCard(m conversation.Message) (pageCard, bool) {
	c, ok := weixin.ReadCard(m.Text)
	if !ok || len(m.Attachments) != 1 || kindOf(m.Attachments[0]) != "image" || len(m.Content.Choices) > 0 || len(c.URL) > maxText {
		return pageCard{}, false
	}
	if c.App != "" {
		return pageCard{title: weixin.Cut(c.Title, maxAppName), app: c.App, page: c.Page}, true
	}
	return pageCard{title: weixin.Cut(c.Title, maxTitle), url: c.URL}, true
}

// The limits of files, in bytes (https://developer.work.weixin.qq.com/document/path/90253).
const (
	minFile  = 6
	maxImage = 10 << 20
	maxVoice = 2 << 20
	maxVideo = 10 << 20
	maxFile  = 20 << 20
)

// kindOf is how WeCom shows a file: what it does not show itself, or is too large for that, goes as a file.
func kindOf(a conversation.Attachment) string {
	kind, _, _ := mime.ParseMediaType(a.Type)
	switch {
	case (kind == "image/jpeg" || kind == "image/png") && a.Size <= maxImage:
		return "image"
	case strings.EqualFold(path.Ext(a.Name), ".amr") && a.Size <= maxVoice:
		return "voice"
	case kind == "video/mp4" && a.Size <= maxVideo:
		return "video"
	}
	return "file"
}

// checkFile refuses a file that WeCom takes in no form.
func checkFile(a conversation.Attachment) error {
	if a.Size > maxFile {
		return &channels.SendError{Reason: fmt.Sprintf("%s is too large: WeCom takes files of at most 20 MB", a.Name)}
	}
	if a.Size < minFile {
		return &channels.SendError{Reason: fmt.Sprintf("%s is too small: WeCom takes no file of 5 bytes or less", a.Name)}
	}
	return nil
}

// body is a part in the provider's form. media names its uploaded file.
func (p part) body(to sendmsg.Message, media string) any {
	switch {
	case p.card != nil:
		return p.card.body(to, media)
	case p.file != nil:
		return fileBody(to, kindOf(*p.file), media)
	case len(p.menu) > 0:
		m := sendmsg.Menu{Message: to, MsgType: "msgmenu"}
		m.MsgMenu.HeadContent, m.MsgMenu.List = p.text, items(p.menu)
		return m
	default:
		m := sendmsg.Text{Message: to, MsgType: "text"}
		m.Text.Content = p.text
		return m
	}
}

func (c pageCard) body(to sendmsg.Message, media string) any {
	if c.app != "" {
		m := sendmsg.MiniProgram{Message: to, MsgType: "miniprogram"}
		m.MiniProgram.AppID, m.MiniProgram.Title, m.MiniProgram.PagePath, m.MiniProgram.ThumbMediaID = c.app, c.title, c.page, media
		return m
	}
	m := sendmsg.Link{Message: to, MsgType: "link"}
	m.Link.Title, m.Link.URL, m.Link.ThumbMediaID = c.title, c.url, media
	return m
}

func fileBody(to sendmsg.Message, kind, media string) any {
	switch kind {
	case "image":
		m := sendmsg.Image{Message: to, MsgType: kind}
		m.Image.MediaID = media
		return m
	case "voice":
		m := sendmsg.Voice{Message: to, MsgType: kind}
		m.Voice.MediaID = media
		return m
	case "video":
		m := sendmsg.Video{Message: to, MsgType: kind}
		m.Video.MediaID = media
		return m
	default:
		m := sendmsg.File{Message: to, MsgType: kind}
		m.File.MediaID = media
		return m
	}
}

// items are the entries of a menu. Pressing one sends its label back, with its value as the menu id.
func items(choices []conversation.Choice) []any {
	list := make([]any, 0, len(choices))
	for _, c := range choices {
		item := sendmsg.MenuClick{Type: "click"}
		item.Click.ID, item.Click.Content = orElse(c.Value, noValue), weixin.Cut(weixin.Clean(c.Label), maxLabel)
		if len(item.Click.ID) > maxValue {
			item.Click.ID = noValue
		}
		list = append(list, item)
	}
	return list
}
