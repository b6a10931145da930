package wecom

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/silenceper/wechat/v2/work/kf/sendmsg"
	"github.com/silenceper/wechat/v2/work/kf/sendmsgonevent"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Send hands the message's parts over, one after the other. Success means that WeCom took them; one that fails later
// comes back as the event msg_send_fail (https://developer.work.weixin.qq.com/document/path/96427).
func (a *Adapter) Send(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	base := messageID(out)
	if out.Message.Content.Ticket != "" {
		if err := a.welcome(ctx, inbox, out, base); err != nil {
			return channels.Accepted{}, a.sendError(err, 0)
		}
		return channels.Accepted{ProviderID: base}, nil
	}
	all := a.parts(out.Message)
	for _, p := range all {
		if p.file == nil {
			continue
		}
		if err := checkFile(*p.file); err != nil {
			return channels.Accepted{}, a.sendError(err, out.Skip)
		}
	}
	for i := out.Skip; i < len(all); i++ {
		if stop := out.Stop(i); stop != nil {
			return channels.Accepted{}, stop
		}
		if err := a.sendPart(ctx, inbox, out, all[i], base+separator+strconv.Itoa(i)); err != nil {
			return channels.Accepted{}, a.sendError(err, i)
		}
	}
	return channels.Accepted{ProviderID: base}, nil
}

// separator stands between a message's id and the number of its part.
const separator = "-"

// messageID names a message to WeCom: at most 32 of [0-9a-zA-Z_-] with the part, and never used twice on an account. The
// time of our row is in it, so that an installation that begins anew, with the same numbers, makes other names.
func messageID(out channels.Outgoing) string {
	created := max(0, out.Message.CreatedAt.UnixMilli())
	return "hy" + strconv.FormatInt(out.ID, 36) + "_" + strconv.FormatInt(created, 36)
}

// whole is the id of the message that a part belongs to.
func whole(id string) string {
	if at := strings.LastIndex(id, separator); at > 0 && strings.HasPrefix(id, "hy") {
		return id[:at]
	}
	return id
}

func (a *Adapter) sendPart(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing, p part, id string) error {
	to := a.account(inbox)
	media := ""
	if p.file != nil {
		var err error
		if media, err = a.upload(ctx, to, out, *p.file); err != nil {
			return err
		}
	}
	body := p.body(sendmsg.Message{ToUser: out.Address, OpenKFID: a.value(inbox, keyAccount), MsgID: id}, media)
	call := func() error { return a.api.Call(ctx, to, "/cgi-bin/kf/send_msg", body, nil) }
	err := call()
	if code(err) == codeState {
		if err = a.reopen(ctx, inbox, out.Address); err == nil {
			err = call()
		}
	}
	if repeated(err) {
		return nil
	}
	return err
}

// upload hands a file over for the three days that WeCom keeps it (https://developer.work.weixin.qq.com/document/path/90253).
func (a *Adapter) upload(ctx context.Context, to weixin.Account, out channels.Outgoing, f conversation.Attachment) (string, error) {
	if out.Open == nil {
		return "", &channels.SendError{Reason: "the file is not at hand"}
	}
	file := weixin.Upload{Name: f.Name, Type: f.Type, Open: func() (io.ReadCloser, error) { return out.Open(f) }}
	var got struct {
		Media string `json:"media_id"`
	}
	if err := a.api.Upload(ctx, to, "/cgi-bin/media/upload", url.Values{"type": {kindOf(f)}}, file, &got); err != nil {
		return "", err
	}
	if got.Media == "" {
		return "", fmt.Errorf("%w: no media id", weixin.ErrGarbled)
	}
	return got.Media, nil
}

// welcome answers the customer's entering under the code that came with it. It does not count as a message of the 48
// hours, and may carry a menu (https://developer.work.weixin.qq.com/document/path/96428).
func (a *Adapter) welcome(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing, id string) error {
	m := out.Message
	text := a.words(m)
	to := sendmsgonevent.Message{Code: m.Content.Ticket, MsgID: id}
	var body any
	if lines := a.kind.Lines(inbox, keyMenu); len(lines) > 0 {
		menu := sendmsgonevent.Menu{Message: to, MsgType: "msgmenu"}
		menu.MsgMenu.HeadContent, menu.MsgMenu.List = weixin.Cut(text, maxHead), items(questions(lines))
		body = menu
	} else {
		words := sendmsgonevent.Text{Message: to, MsgType: "text"}
		words.Text.Content = weixin.Cut(text, maxText)
		body = words
	}
	err := a.api.Call(ctx, a.account(inbox), "/cgi-bin/kf/send_msg_on_event", body, nil)
	var refused *weixin.Refusal
	switch {
	case repeated(err):
		return nil
	case errors.As(err, &refused) && !verdicts()[refused.Code].retry:
		return &channels.SendError{Reason: "the welcome was not sent: WeCom takes it within 20 seconds after the customer came, and once in 48 hours", Err: err}
	}
	return err
}

// questions are menu entries that ask what they say.
func questions(lines []string) []conversation.Choice {
	var choices []conversation.Choice
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			choices = append(choices, conversation.Choice{Label: line})
		}
	}
	return choices[:min(len(choices), maxItems)]
}
