package slack

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"huiyin/conversation"
)

// The actions of a card's buttons.
const (
	actClaim    = "claim"
	actReply    = "reply"
	actRelease  = "release"
	actTransfer = "transfer"
	actResolve  = "resolve"
	actSnooze   = "snooze"
	actReopen   = "reopen"
	actOpen     = "open" // a link; Slack tells of it all the same
)

// card is the root of a thread: who, what, why, where it stands, and what can be done.
func (v view) card() (text string, blocks []slack.Block) {
	title := fmt.Sprintf("#%d %s · %s", v.c.ID, or(v.contact.Name, v.w.customer), v.channel)
	if v.c.Subject != "" {
		title += " · " + v.c.Subject
	}
	blocks = append(blocks, slack.NewHeaderBlock(plain(cut(title, 150))))
	if v.matter != "" {
		blocks = append(blocks, section(v.matter))
	}
	blocks = append(blocks, small(strings.Join(v.facts(), "  ·  ")))
	if buttons := v.buttons(); len(buttons) > 0 {
		blocks = append(blocks, slack.NewActionBlock("card", buttons...))
	}
	blocks = append(blocks, small(v.w.internal+v.hint()))
	return escape(title) + " — " + v.standing(), blocks
}

func (v view) hint() string {
	if v.app.Prefix == "" {
		return ""
	}
	return " " + fmt.Sprintf(v.w.prefix, escape(v.app.Prefix))
}

// about is what the customer wants.
func (v view) about() string {
	if len(v.summary) == 0 {
		if v.last == "" {
			return ""
		}
		return quote(cut(v.last, 600))
	}
	return strings.Join(v.summary, "\n")
}

func (v view) facts() []string {
	facts := []string{v.standing()}
	if v.c.HandoffReason != "" && v.c.Status != conversation.Resolved {
		facts = append(facts, fmt.Sprintf(v.w.because, escape(v.reason())))
	}
	if v.team != "" {
		facts = append(facts, escape(v.team))
	}
	if tier := v.contact.Attributes["tier"]; tier != "" {
		facts = append(facts, escape(tier))
	}
	if v.c.Priority > conversation.Normal {
		facts = append(facts, v.w.priorities[v.c.Priority])
	}
	if budget := v.spent(time.Time{}); budget != "" && v.c.Status != conversation.Resolved {
		facts = append(facts, budget)
	}
	return facts
}

// buttons are what can be done now. An old card's buttons still say what was meant; whether it may be done is looked at
// when they are pressed.
func (v view) buttons() []slack.BlockElement {
	button := func(action, label string) *slack.ButtonBlockElement {
		return slack.NewButtonBlockElement(action, strconv.FormatInt(v.c.ID, 10), plain(label))
	}
	console := button(actOpen, v.w.open)
	console.URL = v.link
	switch {
	case v.c.Status == conversation.Resolved:
		return []slack.BlockElement{button(actReopen, v.w.reopen), console}
	case v.c.Status == conversation.Pending:
		return []slack.BlockElement{button(actClaim, v.w.claim), console}
	case v.owner == "":
		claim := button(actClaim, v.w.claim)
		claim.Style = slack.StylePrimary
		return []slack.BlockElement{claim, button(actReply, v.w.reply), button(actTransfer, v.w.transfer), button(actSnooze, v.w.snooze), button(actResolve, v.w.resolve), console}
	}
	reply := button(actReply, v.w.reply)
	reply.Style = slack.StylePrimary
	return []slack.BlockElement{reply, button(actResolve, v.w.resolve), button(actSnooze, v.w.snooze), button(actTransfer, v.w.transfer), button(actRelease, v.w.release), console}
}
