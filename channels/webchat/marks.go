package webchat

import (
	"context"
	"slices"

	"huiyin/conversation"
	"huiyin/live"
)

// messageState is what may change about a message.
type messageState struct {
	delivery conversation.Delivery
	helpful  string
}

// note remembers the state in which the client has been sent a message.
func (f *follower) note(m messageJSON) {
	if f.marks == nil {
		f.marks = map[cursor]messageState{}
	}
	f.marks[cursor{m.Conversation, m.Seq}] = messageState{m.Delivery, verdict(m.Helpful)}
	if f.watching != nil && !slices.Contains(f.watching, m.Conversation) {
		f.watching = append([]int64{m.Conversation}, f.watching...)
		f.watching = f.watching[:min(len(f.watching), watchedConversations)]
	}
}

// moved finds what changed about the newest messages that the client has. Of those from before this stream the
// client's state is not known: the first look tells it.
func (f *follower) moved(ctx context.Context, at cursor) ([]live.Frame, error) {
	if f.who == 0 || at.empty() {
		return nil, nil
	}
	marks, err := f.newest(ctx, at)
	if err != nil {
		return nil, err
	}
	was := f.marks
	f.marks = make(map[cursor]messageState, len(marks))
	var frames []live.Frame
	for _, m := range slices.Backward(marks) {
		place, state := cursor{m.ConversationID, m.Seq}, stateIn(m)
		f.marks[place] = state
		if before, known := was[place]; known && before == state {
			continue
		}
		frame, err := frameOf("", changeOf(m, state))
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

// newest are the marks of the newest messages up to the place, newest first.
func (f *follower) newest(ctx context.Context, at cursor) (marks []conversation.Mark, err error) {
	if f.watching == nil {
		f.watching, err = f.Conversations.Newest(ctx, f.Conversations.DB, f.who, at.conversation, watchedConversations)
		if err != nil {
			return nil, err
		}
	}
	for _, id := range f.watching {
		if len(marks) >= watched {
			break
		}
		found, err := f.Conversations.Marks(ctx, f.Conversations.DB, id, watched-len(marks))
		if err != nil {
			return nil, err
		}
		marks = append(marks, found...)
	}
	return slices.DeleteFunc(marks, func(m conversation.Mark) bool {
		return m.ConversationID > at.conversation || m.ConversationID == at.conversation && m.Seq > at.seq
	}), nil
}

func changeOf(m conversation.Mark, state messageState) map[string]any {
	change := map[string]any{"type": "message_state", "conversation": m.ConversationID, "seq": m.Seq, "delivery": state.delivery}
	if m.Helpful != nil {
		change["helpful"] = *m.Helpful
	}
	return change
}

func stateIn(m conversation.Mark) messageState {
	return messageState{deliveryOf(m.Sender, m.Delivery, m.Seq <= m.AgentReadSeq), verdict(m.Helpful)}
}

func verdict(helpful *bool) string {
	switch {
	case helpful == nil:
		return ""
	case *helpful:
		return "yes"
	default:
		return "no"
	}
}
