package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"huiyin/handoff"
)

// The dialogs and shortcuts, by their callback ids.
const (
	shortcutSend   = "send_to_customer"
	dialogReply    = "reply"
	dialogTransfer = "transfer"
	dialogSnooze   = "snooze"
	dialogLink     = "link"
)

// The blocks of the dialogs.
const (
	blockText  = "text"
	blockFiles = "files"
	blockTo    = "to"
	blockNote  = "note"
	blockUntil = "until"
	blockCode  = "code"
)

// carried is what a dialog takes along.
type carried struct {
	Conversation int64    `json:"c"`
	Seen         int64    `json:"s,omitempty"` // the last message when it was opened
	By           path     `json:"b,omitempty"`
	Files        []string `json:"f,omitempty"` // ids of files that go along
	Home         bool     `json:"h,omitempty"` // it was opened from the app home, which is shown anew after it
}

const (
	maxReply = 3000 // characters that Slack's field takes
	maxFiles = 5
)

func (p *press) open(ctx context.Context, view slack.ModalViewRequest) error {
	_, err := p.OpenViewContext(ctx, p.in.TriggerID, view)
	return err
}

func modal(callback, title, submit, closing string, take carried, blocks ...slack.Block) (slack.ModalViewRequest, error) {
	raw, err := json.Marshal(take)
	return slack.ModalViewRequest{Type: slack.VTModal, CallbackID: callback, Title: plain(cut(title, 24)), Submit: plain(cut(submit, 24)), Close: plain(closing),
		PrivateMetadata: string(raw), Blocks: slack.Blocks{BlockSet: blocks}}, err
}

// openReply opens the dialog in which a reply to the customer is written or, by the shortcut, looked at once more.
func (p *press) openReply(ctx context.Context, id int64, by path, text string, files []sharedFile) error {
	v, err := p.look(ctx, id, p.app)
	if err != nil {
		return err
	}
	err = p.mayTouch(ctx, id)
	if err != nil {
		return err
	}
	take := carried{Conversation: id, Seen: v.c.LastSeq, By: by, Home: p.atHome()}
	for _, f := range files[:min(len(files), maxFiles)] {
		take.Files = append(take.Files, f.ID)
	}
	warning := ""
	if utf8.RuneCountInString(text) > maxReply {
		warning = p.w.shortened
	}
	view, err := p.replyDialog(v, take, text, warning)
	if err != nil {
		return err
	}
	return p.open(ctx, view)
}

// replyDialog shows to whom a text goes, what may still be sent, and the text.
func (p *press) replyDialog(v view, take carried, text, warning string) (slack.ModalViewRequest, error) {
	var blocks []slack.Block
	if warning != "" {
		blocks = append(blocks, section("⚠️ "+warning))
	}
	facts := fmt.Sprintf("#%d %s · %s", v.c.ID, escape(or(v.contact.Name, v.w.customer)), escape(v.channel))
	if budget := v.spent(p.DB.Now()); budget != "" {
		facts += "  ·  " + budget
	}
	blocks = append(blocks, small(facts))
	if v.last != "" {
		blocks = append(blocks, section(quote(cut(v.last, 600))))
	}
	input := slack.NewPlainTextInputBlockElement(nil, blockText)
	input.Multiline, input.MaxLength, input.InitialValue = true, maxReply, cut(text, maxReply)
	field := slack.NewInputBlock(blockText, plain(v.w.text), nil, input)
	field.Optional = len(take.Files) > 0 || take.By == byDialog
	blocks = append(blocks, field)
	if take.By == byDialog {
		pick := slack.NewFileInputBlockElement(blockFiles)
		pick.MaxFiles = maxFiles
		attach := slack.NewInputBlock(blockFiles, plain(v.w.files), nil, pick)
		attach.Optional = true
		blocks = append(blocks, attach)
	} else if len(take.Files) > 0 {
		blocks = append(blocks, small(fmt.Sprintf("📎 %d", len(take.Files))))
	}
	return modal(dialogReply, v.w.reply, v.w.send, v.w.cancel, take, blocks...)
}

func (p *press) openTransfer(ctx context.Context, id int64) error {
	if err := p.mayTouch(ctx, id); err != nil {
		return err
	}
	teams, err := p.Desk.Teams(ctx, p.DB)
	if err != nil {
		return err
	}
	agents, err := p.Desk.Agents(ctx, p.DB)
	if err != nil {
		return err
	}
	var options []*slack.OptionBlockObject
	for _, t := range teams {
		options = append(options, slack.NewOptionBlockObject("t"+strconv.FormatInt(t.ID, 10), plain(cut(p.w.team+": "+t.Name, 75)), nil))
	}
	for _, a := range agents {
		if a.Active && a.Role.Serves() && a.ID != p.agent {
			options = append(options, slack.NewOptionBlockObject("a"+strconv.FormatInt(a.ID, 10), plain(cut(p.w.agent+": "+a.Name+online(a), 75)), nil))
		}
	}
	to := slack.NewInputBlock(blockTo, plain(p.w.to), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, blockTo, options[:min(len(options), 100)]...))
	note := slack.NewPlainTextInputBlockElement(nil, blockNote)
	note.Multiline, note.MaxLength = true, maxReply
	field := slack.NewInputBlock(blockNote, plain(p.w.noteFor), nil, note)
	field.Optional = true
	view, err := modal(dialogTransfer, p.w.transfer, p.w.transfer, p.w.cancel, carried{Conversation: id, Home: p.atHome()}, to, field)
	if err != nil {
		return err
	}
	return p.open(ctx, view)
}

func online(a handoff.Agent) string {
	if a.Presence == handoff.Online {
		return " 🟢"
	}
	return ""
}

// snoozes are how long a conversation can be put aside from Slack, in order.
func (w phrases) snoozes() []struct {
	label string
	long  time.Duration
} {
	return []struct {
		label string
		long  time.Duration
	}{{w.in1h, time.Hour}, {w.in4h, 4 * time.Hour}, {w.tomorrow, 24 * time.Hour}, {w.in3d, 72 * time.Hour}, {w.nextWeek, 7 * 24 * time.Hour}}
}

func (p *press) openSnooze(ctx context.Context, id int64) error {
	if err := p.mayTouch(ctx, id); err != nil {
		return err
	}
	var options []*slack.OptionBlockObject
	for _, s := range p.w.snoozes() {
		options = append(options, slack.NewOptionBlockObject(s.long.String(), plain(s.label), nil))
	}
	until := slack.NewInputBlock(blockUntil, plain(p.w.until), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, blockUntil, options...))
	view, err := modal(dialogSnooze, p.w.snooze, p.w.snooze, p.w.cancel, carried{Conversation: id, Home: p.atHome()}, until)
	if err != nil {
		return err
	}
	return p.open(ctx, view)
}

func (p *press) linkDialog() slack.ModalViewRequest {
	code := slack.NewInputBlock(blockCode, plain(p.w.code), nil, slack.NewPlainTextInputBlockElement(nil, blockCode))
	return slack.ModalViewRequest{Type: slack.VTModal, CallbackID: dialogLink, Title: plain(cut(p.w.linkTitle, 24)), Submit: plain(p.w.link), Close: plain(p.w.cancel),
		Blocks: slack.Blocks{BlockSet: []slack.Block{section(p.w.linkHelp), code}}}
}
