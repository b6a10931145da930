package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/live"
)

const (
	// lookEvery is how often a stream looks without being told: what a lost notice costs at most.
	lookEvery = 10 * time.Second
	// beatEvery is how often a stream says something in any case, so that the client knows it lives.
	beatEvery = 20 * time.Second
	batch     = 100
	// watched is how many of the newest messages are looked at for a change of state.
	watched = 30
)

// stream sends what comes after the client's place as it comes, over a WebSocket or as server-sent events.
func stream(c *call) error {
	after, err := parseCursor(c.r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	leave, err := c.takeSeat()
	if err != nil {
		return err
	}
	defer leave()
	f := &follower{call: c, shown: map[cursor]messageState{}}
	err = c.Live.Serve(c.w, c.r, []string{channels.Topic(c.inbox.ID, c.visitor.Address)}, live.Options{
		Cursor: after.String(), Source: f.next, Hint: publicHint, Poll: lookEvery, Protocol: subprotocol})
	if err != nil && c.ctx().Err() == nil {
		c.Log.Debug("web chat stream ended", "error", err)
	}
	return nil
}

// takeSeat counts the stream in; leave counts it out.
func (c *call) takeSeat() (leave func(), err error) {
	mine := c.visitor.Address
	if !c.limits.enter(mine, visitorSockets) {
		return nil, tooMany(beatEvery)
	}
	address := addressOf(c.r)
	if address != "" && !c.limits.enter(address, addressSockets) {
		c.limits.leave(mine)
		return nil, tooMany(beatEvery)
	}
	return func() {
		c.limits.leave(mine)
		if address != "" {
			c.limits.leave(address)
		}
	}, nil
}

// typing is the kind of a hint, and the type of the frame that shows it.
const typing = "typing"

// publicHint lets a visitor see that an agent or the bot writes, and no other hint.
func publicHint(hint []byte) []byte {
	var h channels.Typing
	if json.Unmarshal(hint, &h) != nil || h.Kind != typing || (h.From != conversation.FromAgent && h.From != conversation.FromBot) {
		return nil
	}
	frame, err := frameOf("", map[string]any{"type": typing, "from": h.From})
	if err != nil {
		return nil
	}
	return frame.Data
}

// follower reads for one stream what its visitor has not been sent.
type follower struct {
	*call
	who   int64 // the visitor's identity; 0 before the first message
	shown map[cursor]messageState
	state string // the last state frame
	beat  time.Time
}

// messageState is what may change about a message.
type messageState struct {
	delivery conversation.Delivery
	helpful  string
}

// next is the live.Source of the stream: the messages after the cursor first, then changes of state.
func (f *follower) next(ctx context.Context, at string) ([]live.Frame, string, error) {
	after, err := parseCursor(at)
	if err != nil {
		return nil, at, err
	}
	if f.who == 0 {
		if f.who, err = f.identity(); err != nil {
			return nil, at, err
		}
	}
	frames, next, err := f.messages(ctx, after)
	if err != nil || len(frames) > 0 {
		return frames, next.String(), err
	}
	frames, err = f.changes(ctx, next)
	return frames, next.String(), err
}

func (f *follower) messages(ctx context.Context, after cursor) ([]live.Frame, cursor, error) {
	if f.who == 0 {
		return nil, after, nil
	}
	found, err := f.Conversations.Thread(ctx, f.Conversations.DB, f.who, after.conversation, after.seq, batch)
	if err != nil || len(found) == 0 {
		return nil, after, err
	}
	shown, err := f.show(ctx, f.inbox.ID, found)
	if err != nil {
		return nil, after, err
	}
	var frames []live.Frame
	for _, m := range shown {
		frame, err := frameOf(m.Cursor, map[string]any{"type": "message", "message": m})
		if err != nil {
			return nil, after, err
		}
		f.shown[cursor{m.Conversation, m.Seq}] = stateIn(m)
		frames = append(frames, frame)
	}
	f.beat = f.Now()
	return frames, lastCursor(found, after), nil
}

// changes are the frames that have no place of their own.
func (f *follower) changes(ctx context.Context, at cursor) ([]live.Frame, error) {
	frames, err := f.moved(ctx, at)
	if err != nil {
		return nil, err
	}
	standing, err := f.host.Customer().Standing(ctx, f.inbox, f.visitor.Address)
	if err != nil {
		return nil, err
	}
	state, err := frameOf("", map[string]any{"type": "state", "state": stateOf(standing)})
	if err != nil {
		return nil, err
	}
	if string(state.Data) != f.state {
		f.state = string(state.Data)
		frames = append(frames, state)
	}
	if len(frames) > 0 {
		f.beat = f.Now()
		return frames, nil
	}
	return f.heartbeat(at)
}

func (f *follower) heartbeat(at cursor) ([]live.Frame, error) {
	if f.Now().Sub(f.beat) < beatEvery {
		return nil, nil
	}
	f.beat = f.Now()
	frame, err := frameOf("", map[string]any{"type": "cursor", "cursor": at.String()})
	return []live.Frame{frame}, err
}

// moved finds what changed about the newest messages that the client has.
func (f *follower) moved(ctx context.Context, at cursor) ([]live.Frame, error) {
	if f.who == 0 || at.empty() {
		return nil, nil
	}
	found, err := f.Conversations.ThreadBefore(ctx, f.Conversations.DB, f.who, at.conversation, at.seq+1, watched)
	if err != nil {
		return nil, err
	}
	shown, err := f.show(ctx, f.inbox.ID, found)
	if err != nil {
		return nil, err
	}
	was := f.shown
	f.shown = make(map[cursor]messageState, len(shown))
	var frames []live.Frame
	for _, m := range shown {
		place := cursor{m.Conversation, m.Seq}
		f.shown[place] = stateIn(m)
		if before, known := was[place]; known && before == stateIn(m) {
			continue
		}
		frame, err := frameOf("", changeOf(m))
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

func changeOf(m messageJSON) map[string]any {
	change := map[string]any{"type": "message_state", "conversation": m.Conversation, "seq": m.Seq, "delivery": m.Delivery}
	if m.Helpful != nil {
		change["helpful"] = *m.Helpful
	}
	return change
}

func stateIn(m messageJSON) messageState {
	s := messageState{delivery: m.Delivery}
	if m.Helpful != nil {
		s.helpful = "no"
		if *m.Helpful {
			s.helpful = "yes"
		}
	}
	return s
}

func frameOf(id string, content any) (live.Frame, error) {
	data, err := json.Marshal(content)
	if err != nil {
		return live.Frame{}, errors.Join(errors.New("encode frame"), err)
	}
	return live.Frame{ID: id, Data: data}, nil
}
