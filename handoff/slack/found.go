package slack

import (
	"context"

	"github.com/slack-go/slack"

	"huiyin/handoff/mirror"
)

// at is the conversation whose thread this is; 0 when it is none of ours. A thread that Slack has taken and we do not know
// of yet, because its answer is under way or was lost, is known by the mark of its card.
func (b *Board) at(ctx context.Context, api *client, channel, root string) (int64, error) {
	opening, err := mirror.Opening(ctx, b.DB, name)
	if err != nil {
		return 0, err
	}
	id, err := mirror.At(ctx, b.DB, name, ref(channel, root))
	if err != nil || id != 0 || !opening || root == "" {
		return id, err
	}
	if past, err := mirror.Past(ctx, b.DB, name, ref(channel, root)); err != nil || past != 0 {
		return 0, err // its card bears our mark still, but the conversation has left
	}
	page, _, _, err := api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root, Limit: 1, IncludeAllMetadata: true})
	if err != nil || len(page) == 0 {
		return 0, b.failed(ctx, "conversations.replies", err)
	}
	card := page[0]
	if card.Timestamp != root || card.BotID != api.bot || card.Metadata.EventType != metadata {
		return 0, nil
	}
	id = number(card.Metadata.EventPayload["conversation"])
	stands, err := mirror.RefOf(ctx, b.DB, name, id)
	if err != nil || stands != "" && stands != ref(channel, root) {
		return 0, err
	}
	return id, nil
}

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
