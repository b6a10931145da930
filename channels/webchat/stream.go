package webchat

import (
	"encoding/json"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/live"
)

const (
	// lookEvery is how often a stream looks without being told, plus up to lookSpread: what a lost notice costs at most.
	lookEvery  = 15 * time.Second
	lookSpread = 5 * time.Second
	batch      = 100
	seatWait   = 20 * time.Second // after which a visitor with too many streams may try again
)

// pace is how often the stream of an address looks. Streams that begin together, as after a restart, do not look
// together. On PostgreSQL there may be other nodes, whose notices may not come here.
func pace(address string, dialect db.Dialect) time.Duration {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(address))
	every := lookEvery + lookSpread*time.Duration(sum.Sum32()%1000)/1000
	if dialect == db.Postgres {
		return every / 2
	}
	return every
}

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
	f := newFollower(c)
	f.comes()
	ended := func() {
		leave()
		f.goes()
	}
	err = c.Live.Serve(c.w, c.r, []string{channels.Topic(c.inbox.ID, c.visitor.Address)}, live.Options{
		Cursor: after.String(), Source: f.next, Batch: batch, Hint: publicHint, Protocol: subprotocol, Receive: f.hear, Ended: ended,
		Poll: pace(c.visitor.Address, c.Conversations.DB.Dialect()), Until: time.Now().Add(c.left())})
	if err != nil && c.ctx().Err() == nil {
		c.Log.Debug("web chat stream ended", "error", err)
	}
	return nil
}

// left is how long the visitor's token holds.
func (c *call) left() time.Duration { return time.Unix(c.visitor.Until, 0).Sub(c.Now()) }

// takeSeat counts the stream in; leave counts it out. It holds nothing of the request, which a stream outlives.
func (c *call) takeSeat() (leave func(), err error) {
	seats := []seat{{c.visitor.Address, visitorSockets}, {addressOf(c.r), addressSockets}, {"inbox " + strconv.FormatInt(c.inbox.ID, 10), inboxSockets}}
	if seats[1].of == "" {
		seats = slices.Delete(seats, 1, 2)
	}
	for i, s := range seats {
		if !c.limits.enter(s.of, s.most) {
			c.limits.leave(seats[:i])
			return nil, tooMany(seatWait)
		}
	}
	l := c.limits
	return func() { l.leave(seats) }, nil
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

func frameOf(id string, content any) (live.Frame, error) {
	data, err := json.Marshal(content)
	if err != nil {
		return live.Frame{}, errors.Join(errors.New("encode frame"), err)
	}
	return live.Frame{ID: id, Data: data}, nil
}
