package webchat

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"huiyin/conversation"
	"huiyin/live"
)

const (
	// beatAfter is how long a stream may have been silent before a look that finds nothing says so, that the client
	// knows it lives: with the pace of looking that is about every 20 s.
	beatAfter = 10 * time.Second
	// standingFor is how long the standing holds when nothing about the conversation changed: what is left then is
	// whether agents are there.
	standingFor = 30 * time.Second
	// watched is how many of the newest messages, in how many conversations, are looked at for a change of state.
	watched              = 30
	watchedConversations = 3
)

// follower reads for one stream what its visitor has not been sent. Most looks find little or nothing, so a look reads
// how far the conversations have come, and messages only where there are some.
type follower struct {
	call
	who      int64           // the visitor's identity; 0 before the first message
	read     map[int64]int64 // by conversation: the seq up to which everything was read, what is private too
	authors  authors
	watching []int64 // conversations, newest first; nil before the first look
	marks    map[cursor]messageState
	standing standing
	beat     time.Time
	asked    atomic.Bool // the client wants a sign of life now
}

// standing is the last state frame, and what it was made of when.
type standing struct {
	frame string
	of    conversation.Head
	at    time.Time
}

// newFollower follows for a call. It outlives the request, so it takes of it only what it needs: ten thousand of them
// may wait for something to happen.
func newFollower(c *call) *follower {
	f := &follower{call: call{Adapter: c.Adapter, host: c.host, visitor: visitor{Address: strings.Clone(c.visitor.Address)}}}
	f.inbox = conversation.Inbox{ID: c.inbox.ID, Kind: c.inbox.Kind, Bot: c.inbox.Bot, TeamID: c.inbox.TeamID}
	if rating, set := c.inbox.Settings["rating"]; set {
		f.inbox.Settings = map[string]string{"rating": rating}
	}
	return f
}

// next is the live.Source of the stream: the messages after the cursor, then, when these are all, what else changed.
func (f *follower) next(ctx context.Context, at string) ([]live.Frame, string, error) {
	after, err := parseCursor(at)
	if err != nil {
		return nil, at, err
	}
	heads, err := f.heads(ctx, after)
	if err != nil {
		return nil, at, err
	}
	frames, next, err := f.messages(ctx, heads, after)
	if err != nil || len(frames) >= batch {
		return frames, next.String(), err
	}
	changes, err := f.changes(ctx, heads, next)
	if err != nil {
		return nil, at, err
	}
	if frames = append(frames, changes...); len(frames) > 0 {
		f.beat = f.Now()
		return frames, next.String(), nil
	}
	frames, err = f.heartbeat(next)
	return frames, next.String(), err
}

// heads are how far the conversations from the place on have come.
func (f *follower) heads(ctx context.Context, after cursor) (heads []conversation.Head, err error) {
	if f.who == 0 {
		if f.who, err = f.identity(ctx); err != nil || f.who == 0 {
			return nil, err
		}
	}
	return f.Conversations.Heads(ctx, f.Conversations.DB, f.who, after.conversation, batch+1)
}

func (f *follower) messages(ctx context.Context, heads []conversation.Head, after cursor) ([]live.Frame, cursor, error) {
	fresh := f.fresh(heads, after)
	if len(fresh) == 0 {
		return nil, after, nil
	}
	found, err := f.Conversations.ThreadOf(ctx, f.Conversations.DB, fresh, conversation.Spot{ConversationID: after.conversation, Seq: after.seq}, batch)
	if err != nil {
		return nil, after, err
	}
	read := make(map[int64]int64, len(fresh))
	for _, h := range fresh {
		read[h.ID] = h.AgentReadSeq
		if len(found) < batch {
			if f.read == nil {
				f.read = map[int64]int64{}
			}
			f.read[h.ID] = h.LastSeq
		}
	}
	var frames []live.Frame
	if f.authors == nil {
		f.authors = authors{}
	}
	for _, m := range f.showRead(ctx, f.inbox.ID, found, read, f.authors) {
		frame, err := frameOf(m.Cursor, map[string]any{"type": "message", "message": m})
		if err != nil {
			return nil, after, err
		}
		f.note(m)
		frames = append(frames, frame)
	}
	return frames, lastCursor(found, after), nil
}

// fresh are the conversations in which there is something to read after the place.
func (f *follower) fresh(heads []conversation.Head, after cursor) (fresh []conversation.Head) {
	for _, h := range heads {
		read := f.read[h.ID]
		if h.ID == after.conversation {
			read = max(read, after.seq)
		}
		if h.LastSeq > read {
			fresh = append(fresh, h)
		}
	}
	return fresh
}

// changes are the frames that have no place of their own.
func (f *follower) changes(ctx context.Context, heads []conversation.Head, at cursor) ([]live.Frame, error) {
	frames, err := f.moved(ctx, at)
	if err != nil {
		return nil, err
	}
	state, err := f.stand(ctx, heads)
	return append(frames, state...), err
}

// stand tells where the conversation stands if that is new.
func (f *follower) stand(ctx context.Context, heads []conversation.Head) ([]live.Frame, error) {
	if f.standing.holds(heads, f.Now()) {
		return nil, nil
	}
	found, _, err := f.state(ctx)
	if err != nil {
		return nil, err
	}
	state, err := frameOf("", map[string]any{"type": "state", "state": found})
	if err != nil {
		return nil, err
	}
	before := f.standing.frame
	f.standing = standing{string(state.Data), placeIn(heads), f.Now()}
	if before == f.standing.frame {
		return nil, nil
	}
	return []live.Frame{state}, nil
}

// holds tells that the standing need not be asked for again. In the queue it moves with others.
func (s standing) holds(heads []conversation.Head, now time.Time) bool {
	return s.frame != "" && s.of == placeIn(heads) && s.of.QueueOrder == 0 && now.Sub(s.at) < standingFor
}

// placeIn is what of the newest conversation its standing depends on.
func placeIn(heads []conversation.Head) conversation.Head {
	if len(heads) == 0 {
		return conversation.Head{}
	}
	h := heads[len(heads)-1]
	h.LastSeq, h.AgentReadSeq = 0, 0
	return h
}

func (f *follower) heartbeat(at cursor) ([]live.Frame, error) {
	if !f.asked.Swap(false) && f.Now().Sub(f.beat) < beatAfter {
		return nil, nil
	}
	f.beat = f.Now()
	frame, err := frameOf("", map[string]any{"type": "cursor", "cursor": at.String()})
	return []live.Frame{frame}, err
}
