package webchat

import (
	"strconv"
	"strings"

	"huiyin/conversation"
)

// cursor is a place in what a visitor may see: after message seq of a conversation. Conversations of one
// visitor follow each other, and an old one takes no new messages, so places have one order.
type cursor struct{ conversation, seq int64 }

// parseCursor reads "conversation.seq"; the empty text is the place before everything.
func parseCursor(text string) (cursor, error) {
	if text == "" {
		return cursor{}, nil
	}
	a, b, ok := strings.Cut(text, ".")
	conversationID, errA := parseID(a)
	seq, errB := parseID(b)
	if !ok || errA != nil || errB != nil {
		return cursor{}, badRequest("bad_cursor", "位置不正确。", "The cursor must look like 12.34.")
	}
	return cursor{conversationID, seq}, nil
}

func parseID(text string) (int64, error) {
	if text == "" || len(text) > 1 && text[0] == '0' || text[0] == '+' || text[0] == '-' {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseInt(text, 10, 64)
}

// String is the cursor as the client keeps it.
func (c cursor) String() string {
	return strconv.FormatInt(c.conversation, 10) + "." + strconv.FormatInt(c.seq, 10)
}

func (c cursor) empty() bool { return c == cursor{} }

func cursorOf(m conversation.Message) cursor { return cursor{m.ConversationID, m.Seq} }

// lastCursor is the place after the last message, or fallback when there is none.
func lastCursor(messages []conversation.Message, fallback cursor) cursor {
	if len(messages) == 0 {
		return fallback
	}
	return cursorOf(messages[len(messages)-1])
}
