package slack

import (
	"context"

	"github.com/slack-go/slack"
)

// found looks for a message of ours that Slack may have taken before a crash, or whose answer was lost.
func (t *thread) found(ctx context.Context, channel, root string, seq int64) (ts string, err error) {
	if !t.place.Unsure {
		return "", nil
	}
	if t.there == nil {
		if t.there, err = t.ours(ctx, channel, root); err != nil {
			return "", err
		}
	}
	return t.there[seq], nil
}

// ours are the messages of ours that stand in the thread, or without one the cards in the channel, by seq.
func (t *thread) ours(ctx context.Context, channel, root string) (map[int64]string, error) {
	messages, err := t.replies(ctx, channel, root)
	if err != nil {
		return nil, err
	}
	there := map[int64]string{}
	for _, m := range messages {
		p := m.Metadata.EventPayload
		if m.Metadata.EventType != metadata || number(p["conversation"]) != t.place.ConversationID {
			continue
		}
		there[number(p["seq"])] = m.Timestamp
		if p["many"] == true {
			t.told = number(p["seq"])
		}
	}
	return there, nil
}

func (t *thread) replies(ctx context.Context, channel, root string) (all []slack.Message, err error) {
	if root == "" {
		page, err := t.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: channel, Limit: 100, IncludeAllMetadata: true})
		if err != nil {
			return nil, err
		}
		return page.Messages, nil
	}
	cursor := ""
	for {
		page, more, next, err := t.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root, Cursor: cursor, Limit: 200, IncludeAllMetadata: true})
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if !more {
			return all, nil
		}
		cursor = next
	}
}

func number(v any) int64 {
	f, _ := v.(float64)
	return int64(f)
}
