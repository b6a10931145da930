package slack

import (
	"context"
	"regexp"
	"strings"
)

// marked is what Slack writes in angle brackets: mentions, channels, links, dates.
// https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
var marked = regexp.MustCompile(`<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>`)

// readable turns the text of a message in Slack into what its writer saw.
func (b *Board) readable(ctx context.Context, text string) string {
	text = marked.ReplaceAllStringFunc(text, func(found string) string {
		m := marked.FindStringSubmatch(found)
		return b.shownAs(ctx, m[1], m[2], m[3])
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

func (b *Board) shownAs(ctx context.Context, kind, target, label string) string {
	switch kind {
	case "@":
		return "@" + or(label, b.linkedName(ctx, target))
	case "#":
		return "#" + or(label, target)
	case "!":
		if label != "" {
			return label
		}
		return "@" + target
	}
	if label == "" || label == target || "mailto:"+label == target || strings.HasSuffix(target, "//"+label) {
		return strings.TrimPrefix(target, "mailto:")
	}
	return label + " (" + target + ")"
}

// linkedName is the name of the agent that a user in Slack is; without one the user's id.
func (b *Board) linkedName(ctx context.Context, user string) string {
	id, err := b.agentOf(ctx, user)
	if err != nil || id == 0 {
		return user
	}
	agent, err := b.Desk.Agent(ctx, b.DB, id)
	if err != nil {
		return user
	}
	return agent.Name
}
