package handoff

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// pulsed bounds how many waiting customers learn at once that the queue has moved; those further behind see it
// when their screen next looks by itself.
const pulsed = 200

// movedBehind lets the customers behind a conversation's place see theirs once this transaction is durable. A
// conversation that joins the queue is passed as it is saved; of one that leaves, a copy from before.
func (d *Desk) movedBehind(ctx context.Context, tx *db.Tx, c *conversation.Conversation) {
	d.tellAtCommit(tx, func() ([]int64, error) { return d.Conversations.Behind(ctx, tx, c, pulsed) })
	d.mayRoute(tx)
}

// leavesQueue is movedBehind for a conversation that is about to leave the queue, to the agent named; it may not be in one.
// An offer of it is over.
func (d *Desk) leavesQueue(ctx context.Context, tx *db.Tx, c *conversation.Conversation, taker int64) error {
	if !c.Queueing() {
		return nil
	}
	before := *c
	d.movedBehind(ctx, tx, &before)
	return d.withdraw(ctx, tx, taker, "conversation_id = ?", c.ID)
}

// QueueMoved lets every customer who waits in a team's queue see the new place once this transaction is durable.
// It is a hint: nothing is stored and no message is sent.
func (d *Desk) QueueMoved(ctx context.Context, tx *db.Tx, teamID int64) {
	d.tellAtCommit(tx, func() ([]int64, error) { return d.Conversations.Queue(ctx, tx, teamID, pulsed) })
}

func (d *Desk) tellAtCommit(tx *db.Tx, who func() ([]int64, error)) {
	var ids []int64
	tx.AtEnd(func() (err error) {
		ids, err = who()
		return err
	})
	tx.OnCommit(func() { d.pulse(ids) })
}

// presenceMoved shows a change of who is on duty to the consoles and to who waits for one of the teams.
func (d *Desk) presenceMoved(ctx context.Context, tx *db.Tx, teamIDs []int64) {
	for _, id := range teamIDs {
		d.QueueMoved(ctx, tx, id)
	}
	d.mayRoute(tx)
	tx.OnCommit(func() { d.Live.Pulse(TopicAgents) })
}

func (d *Desk) pulse(ids []int64) {
	if d.OnQueueMoved != nil && len(ids) > 0 {
		d.OnQueueMoved(ids)
	}
	for _, id := range ids {
		d.Live.Pulse("conversation:" + strconv.FormatInt(id, 10))
	}
}

// enqueue puts a loaded conversation without owner into its team's queue as of the given time, tells the customer
// the place with the activity line, and saves it.
func (d *Desk) enqueue(ctx context.Context, tx *db.Tx, c *conversation.Conversation, since time.Time, line activity) error {
	c.Status, c.AgentID, c.QueuedAt = conversation.Open, 0, since
	if since.IsZero() {
		c.QueuedAt = tx.Now
	}
	return d.tellPlace(ctx, tx, c, line)
}

// activity is a line about the queue: its kind, its data and the words that go before the place.
type activity struct {
	kind   string
	data   map[string]string
	intro  func(words) string
	always bool // said also when nobody is on duty
}

func (a activity) before(w words, onDuty bool) string {
	if a.intro == nil || !(onDuty || a.always) {
		return ""
	}
	return a.intro(w)
}

// with adds where the customer stands, for channels that say it in a form of their own.
func (a activity) with(p Place) map[string]string {
	data := maps.Clone(a.data)
	if data == nil {
		data = map[string]string{}
	}
	if p.Position > 0 {
		data["place"] = strconv.Itoa(p.Position)
	}
	if p.AgentsOnline {
		data["staffed"] = "true"
	}
	if minutes := int(p.Wait / time.Minute); minutes > 0 {
		data["wait"] = strconv.Itoa(minutes)
	}
	return data
}

// told is when a waiting customer last heard the place; the zero time: not since this wait began.
type told struct {
	at      time.Time
	staffed bool // somebody was on duty when the wait began
}

func (d *Desk) placeTold(ctx context.Context, from db.Querier, conversationID int64) (told, error) {
	var at int64
	var t told
	err := from.QueryRow(ctx, "SELECT told_at, staffed FROM places_told WHERE conversation_id = ?", conversationID).Scan(&at, &t.staffed)
	if db.NoRows(err) {
		return told{}, nil
	}
	if err != nil {
		return told{}, fmt.Errorf("read the place told: %w", err)
	}
	t.at = db.Time(at)
	return t, nil
}

func (d *Desk) forgetPlace(ctx context.Context, tx *db.Tx, conversationID int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM places_told WHERE conversation_id = ?", conversationID); err != nil {
		return fmt.Errorf("forget the place told: %w", err)
	}
	return nil
}
