package handoff

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/routing"
)

// wait is what is known of a customer who waits, while the wait lasts.
type wait struct {
	intent, category                  string
	angry, complaint, returned, later bool
	told                              int // the place that the customer knows; 0: none
	nudged, noted                     bool
	been                              []int64
}

const waitColumns = "conversation_id, intent, category, angry, complaint, returned, later, told, nudged, noted, been"

// waitOf reads what is known of a waiting customer; the zero wait when nothing is.
func (d *Desk) waitOf(ctx context.Context, from db.Querier, conversationID int64) (wait, error) {
	found, err := d.waits(ctx, from, "conversation_id = ?", conversationID)
	return found[conversationID], err
}

func (d *Desk) waits(ctx context.Context, from db.Querier, where string, args ...any) (map[int64]wait, error) {
	rows, err := from.Query(ctx, "SELECT "+waitColumns+" FROM waits WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read waits: %w", err)
	}
	defer rows.Close()
	found := map[int64]wait{}
	for rows.Next() {
		var id int64
		var w wait
		var been string
		if err := rows.Scan(&id, &w.intent, &w.category, &w.angry, &w.complaint, &w.returned, &w.later, &w.told, &w.nudged, &w.noted, &been); err != nil {
			return nil, fmt.Errorf("read waits: %w", err)
		}
		w.been = splitIDs(been)
		found[id] = w
	}
	return found, rows.Err()
}

func (d *Desk) saveWait(ctx context.Context, tx *db.Tx, id int64, w wait) error {
	_, err := tx.Exec(ctx, "INSERT INTO waits ("+waitColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation_id) DO UPDATE SET
 intent = excluded.intent, category = excluded.category, angry = excluded.angry, complaint = excluded.complaint, returned = excluded.returned,
 later = excluded.later, told = excluded.told, nudged = excluded.nudged, noted = excluded.noted, been = excluded.been`,
		id, w.intent, w.category, truth(w.angry), truth(w.complaint), truth(w.returned), truth(w.later), w.told, truth(w.nudged), truth(w.noted), joinIDs(w.been))
	if err != nil {
		return fmt.Errorf("save wait of conversation %d: %w", id, err)
	}
	return nil
}

func (d *Desk) forgetWait(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM waits WHERE conversation_id = ?", id); err != nil {
		return fmt.Errorf("forget wait of conversation %d: %w", id, err)
	}
	return nil
}

// idList writes ids into a query; being numbers they need no placeholder.
func idList(ids []int64) string {
	if len(ids) == 0 {
		return "-1"
	}
	return db.Once + joinIDs(ids)
}

func joinIDs(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(words, ",")
}

func splitIDs(text string) []int64 {
	var ids []int64
	for word := range strings.SplitSeq(text, ",") {
		if id, err := strconv.ParseInt(word, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// weigh is the head start of a conversation that waits, for conversation.Store.
func (d *Desk) weigh(ctx context.Context, tx *db.Tx, c *conversation.Conversation) (time.Duration, error) {
	s, err := d.Routing(ctx, tx)
	if err != nil {
		return 0, err
	}
	w, err := d.waitOf(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	contact, err := d.Conversations.Contact(ctx, tx, c.ContactID)
	if err != nil {
		return 0, err
	}
	kind, err := d.kindOf(ctx, tx, c.InboxID)
	if err != nil {
		return 0, err
	}
	return routing.HeadStart(s.Settings, d.caseOf(s.Settings, c, contact, kind, w)), nil
}

// caseOf is a waiting conversation as routing knows it, but for who served the customer and to whom it was offered.
func (d *Desk) caseOf(s routing.Settings, c *conversation.Conversation, contact conversation.Contact, kind string, w wait) routing.Case {
	return routing.Case{ID: c.ID, Team: c.TeamID, Inbox: c.InboxID, Kind: kind, Units: s.Cost(kind, d.manners(kind).Units), Language: c.Language,
		Tier: contact.Tier(), Intent: w.intent, Category: w.category, Tags: c.Tags, Priority: routing.Priority(c.Priority), Complaint: w.complaint,
		Angry: w.angry, Returned: w.returned, Later: w.later, Queued: c.QueuedAt, Manager: contact.ManagerID, Been: w.been}
}

// kindOf is the kind of an inbox, which never changes.
func (d *Desk) kindOf(ctx context.Context, from db.Querier, inboxID int64) (string, error) {
	d.mu.Lock()
	kind, ok := d.kinds[inboxID]
	d.mu.Unlock()
	if ok {
		return kind, nil
	}
	inboxes, err := d.Conversations.AllInboxes(ctx, from)
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, i := range inboxes {
		d.kinds[i.ID] = i.Kind
	}
	return d.kinds[inboxID], nil
}

// Manners are what a kind of channel means for who waits on it.
type Manners struct {
	Units   int  // of an agent's capacity that a conversation takes, unless the settings say otherwise
	Live    bool // customers see their place by themselves
	Buttons bool // choices are shown as buttons, at no cost
	Letters bool // nobody waits for the answer: it comes when it comes
}

func (d *Desk) manners(kind string) Manners {
	if d.Manners == nil {
		return Manners{}
	}
	return d.Manners(kind)
}

// mayRoute rings the router once this transaction is durable: somebody waits, or has come free.
func (d *Desk) mayRoute(tx *db.Tx) { tx.OnCommit(d.ring) }

func (d *Desk) ring() {
	if d.OnRoute != nil {
		d.OnRoute()
	}
}
