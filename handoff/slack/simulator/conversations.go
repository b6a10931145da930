package simulator

import (
	"slices"
	"strconv"
)

func (c *apiCall) named() (*Channel, *refusal) {
	if ch := c.w.channel(c.arg("channel")); ch != nil {
		return ch, nil
	}
	return nil, refuse("channel_not_found")
}

func (c *apiCall) conversationsInfo() (map[string]any, *refusal) {
	ch, no := c.named()
	if no != nil {
		return nil, no
	}
	return map[string]any{"channel": ch.object()}, nil
}

func (c *apiCall) conversationsList() (map[string]any, *refusal) {
	found := []map[string]any{}
	for _, ch := range c.w.channels {
		if !ch.Direct && !(ch.Archived && c.arg("exclude_archived") == "true") {
			found = append(found, ch.object())
		}
	}
	return map[string]any{"channels": found, "response_metadata": map[string]string{"next_cursor": ""}}, nil
}

func (c *apiCall) conversationsJoin() (map[string]any, *refusal) {
	ch, no := c.named()
	switch {
	case no != nil:
		return nil, no
	case ch.Archived:
		return nil, refuse("is_archived")
	case ch.Private || ch.Direct:
		return nil, refuse("method_not_supported_for_channel_type")
	}
	if !slices.Contains(ch.Members, botUser) {
		ch.Members = append(ch.Members, botUser)
		c.w.happens(map[string]any{"type": "member_joined_channel", "channel": ch.ID, "user": botUser})
	}
	return map[string]any{"channel": ch.object()}, nil
}

func (c *apiCall) conversationsMembers() (map[string]any, *refusal) {
	ch, no := c.named()
	if no != nil {
		return nil, no
	}
	return map[string]any{"members": ch.Members, "response_metadata": map[string]string{"next_cursor": ""}}, nil
}

func (c *apiCall) conversationsOpen() (map[string]any, *refusal) {
	if c.w.user(c.arg("users")) == nil {
		return nil, refuse("user_not_found")
	}
	return map[string]any{"channel": map[string]string{"id": c.w.direct(c.arg("users")).ID}}, nil
}

func (c *apiCall) conversationsReplies() (map[string]any, *refusal) {
	ch, no := c.named()
	if no != nil {
		return nil, no
	}
	root, no := ch.root(c.arg("ts"))
	if no != nil {
		return nil, no
	}
	return c.read(ch, func(m *Message) bool { return m.TS == root || m.ThreadTS == root })
}

func (c *apiCall) conversationsHistory() (map[string]any, *refusal) {
	ch, no := c.named()
	if no != nil {
		return nil, no
	}
	return c.read(ch, func(m *Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast })
}

// read is a page of a channel's messages; the cursor is a place among them.
func (c *apiCall) read(ch *Channel, wanted func(*Message) bool) (map[string]any, *refusal) {
	limit, err := strconv.Atoi(c.arg("limit"))
	if err != nil || limit <= 0 || limit > 1000 {
		limit = 100
	}
	from, err := strconv.Atoi(c.arg("cursor"))
	if err != nil || from < 0 {
		from = 0
	}
	var all []*Message
	for _, m := range ch.Messages {
		if !m.Deleted && m.Ephemeral == "" && m.TS > c.arg("oldest") && wanted(m) {
			all = append(all, m)
		}
	}
	from = min(from, len(all))
	to := min(from+limit, len(all))
	next := ""
	if to < len(all) {
		next = strconv.Itoa(to)
	}
	return map[string]any{"messages": all[from:to], "has_more": next != "", "response_metadata": map[string]string{"next_cursor": next}}, nil
}
