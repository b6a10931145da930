package hub

import (
	"context"
	"errors"
	"strconv"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// A customer who has left the page is answered at the address that they gave for it, by an inbox of mails. Their reply comes
// back into the same conversation, because it answers a message of it.

// sendOn sends what agents wrote, and no device of the customer's got, to where they want to be answered.
func (h *Hub) sendOn(ctx context.Context) error {
	ids, err := h.Conversations.Unheard(ctx, h.DB, h.DB.Now(), timerBatch)
	if err != nil {
		return err
	}
	var errs []error // one conversation that fails holds up no other
	for _, id := range ids {
		errs = append(errs, h.DB.Tx(ctx, func(tx *db.Tx) error { return h.sendOnIn(ctx, tx, id) }))
	}
	return errors.Join(errs...)
}

func (h *Hub) sendOnIn(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := h.Conversations.Load(ctx, tx, id)
	if err != nil {
		return err
	}
	way, err := h.Conversations.WayOf(ctx, tx, id)
	if err != nil {
		return err
	}
	wait, err := h.awayAfter(ctx, tx, c)
	if err != nil || wait < 0 || c.LastSender != conversation.FromAgent || c.LastMessageAt.After(tx.Now.Add(-wait)) {
		return err
	}
	after := max(way.SentSeq, way.GotSeq)
	last, err := h.lastOf(ctx, tx, c, after)
	if err != nil || last.ID == 0 {
		return err
	}
	to, err := h.letterTo(ctx, tx, c, way)
	if err != nil || to.ID == 0 {
		return err
	}
	last.Content.Recap = &conversation.Recap{After: after, Own: way.Proven}
	return h.Conversations.SendOn(ctx, tx, c, last, to)
}

// lastOf is the agent's newest message after a seq, once it is where the page would find it.
func (h *Hub) lastOf(ctx context.Context, tx *db.Tx, c *conversation.Conversation, after int64) (last conversation.Message, err error) {
	all, err := h.Conversations.Messages(ctx, tx, c.ID, conversation.Page{After: after, Limit: maxRecap, Public: true})
	for _, m := range all {
		if m.Sender == conversation.FromAgent && m.Via == 0 {
			last = m
		}
	}
	return last, err
}

// awayAfter is how long no device may have a message before it is sent on; below 0: it never is. Who answered by mail is
// answered by mail at once.
func (h *Hub) awayAfter(ctx context.Context, tx *db.Tx, c *conversation.Conversation) (time.Duration, error) {
	inbox, err := h.Conversations.Inbox(ctx, tx, c.InboxID)
	if err != nil {
		return -1, err
	}
	adapter, ok := h.adapters[inbox.Kind]
	if !ok {
		return -1, nil
	}
	minutes, err := strconv.Atoi(adapter.Kind().Value(inbox, channels.SettingAwayAfter))
	if err != nil || minutes <= 0 {
		return -1, nil
	}
	heard, err := h.Conversations.LastHeard(ctx, tx, c.ID)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return -1, err
	}
	if heard.Content.Mail != nil {
		return 0, nil
	}
	return time.Duration(minutes) * time.Minute, nil
}

// letterTo is the identity of a way on the inbox of letters that serves the conversation, one of its team's or else any; zero
// when there is none.
func (h *Hub) letterTo(ctx context.Context, tx *db.Tx, c *conversation.Conversation, w conversation.Way) (to conversation.Identity, err error) {
	by, err := h.letterInbox(ctx, tx, c)
	if err != nil || by.ID == 0 {
		return to, err
	}
	return h.Conversations.Reaching(ctx, tx, by, c.ContactID, w)
}

// letterInbox is the inbox of letters that serves a conversation of another channel.
func (h *Hub) letterInbox(ctx context.Context, tx *db.Tx, c *conversation.Conversation) (by conversation.Inbox, err error) {
	all, err := h.Conversations.Inboxes(ctx, tx)
	for _, i := range all {
		if i.ID != c.InboxID && h.writesLetters(i.Kind) && (by.ID == 0 || i.TeamID == c.TeamID && by.TeamID != c.TeamID) {
			by = i
		}
	}
	return by, err
}

// maxRecap is how many messages a letter repeats.
const maxRecap = 500

// recap are the messages that go out with one, before it.
func (h *Hub) recap(ctx context.Context, m conversation.Message) ([]conversation.Message, error) {
	r := m.Content.Recap
	if r == nil {
		return nil, nil
	}
	all, err := h.Conversations.Messages(ctx, h.DB, m.ConversationID, conversation.Page{After: max(r.After, m.Seq-1-maxRecap), Limit: maxRecap, Public: true})
	if err != nil {
		return nil, err
	}
	var said []conversation.Message
	for _, other := range all {
		if other.Seq >= m.Seq || other.Sender == conversation.FromSystem || other.Sender == conversation.FromContact && !r.Own {
			continue
		}
		said = append(said, other)
	}
	return said, nil
}

// How often a customer may have a record sent.
const (
	recordEvery      = 10 * time.Minute
	recordsDaily     = 3  // of one conversation
	recordsToAddress = 10 // to one address in a day
)

// ActivityRecord is the line that tells the customer that the record of the conversation was sent.
const ActivityRecord = "record_sent"

// RecordTo is where the record of a conversation would be sent.
func (s customer) RecordTo(ctx context.Context, inbox conversation.Inbox, address string, conversationID int64) (to string, err error) {
	err = s.inTheirs(ctx, inbox, address, conversationID, func(tx *db.Tx, c *conversation.Conversation) error {
		way, err := s.hub.Conversations.WayOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		by, err := s.hub.letterInbox(ctx, tx, c)
		if err == nil && by.ID == 0 {
			err = conversation.ErrNotFound
		}
		to = way.Address
		return err
	})
	return to, err
}

// Record sends the customer the record of their conversation: to the address that they gave in it and to no other. Their own
// words stand in it only when the address is proven, so that nobody can write to strangers through this server.
func (s customer) Record(ctx context.Context, inbox conversation.Inbox, address string, conversationID int64) error {
	return s.inTheirs(ctx, inbox, address, conversationID, func(tx *db.Tx, c *conversation.Conversation) error {
		return s.hub.sendRecord(ctx, tx, c)
	})
}

// inTheirs does something in a conversation that is the customer's.
func (s customer) inTheirs(ctx context.Context, inbox conversation.Inbox, address string, id int64, do func(*db.Tx, *conversation.Conversation) error) error {
	identity, err := s.hub.Conversations.IdentityAt(ctx, s.hub.DB, inbox.ID, address)
	if err != nil {
		return err
	}
	return s.hub.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := s.hub.Conversations.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.IdentityID != identity.ID {
			return conversation.ErrNotFound
		}
		return do(tx, c)
	})
}

func (h *Hub) sendRecord(ctx context.Context, tx *db.Tx, c *conversation.Conversation) error {
	way, err := h.Conversations.WayOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	to, err := h.letterTo(ctx, tx, c, way)
	if err == nil && to.ID == 0 {
		err = conversation.ErrNotFound
	}
	if err != nil {
		return err
	}
	lately, _, err := h.Conversations.Recaps(ctx, tx, c.ID, to.ID, tx.Now.Add(-recordEvery))
	if err != nil {
		return err
	}
	today, toAddress, err := h.Conversations.Recaps(ctx, tx, c.ID, to.ID, tx.Now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if lately > 0 || today >= recordsDaily || toAddress >= recordsToAddress {
		return channels.ErrTooOften
	}
	_, err = h.Conversations.ReplyBy(ctx, tx, c, to, conversation.Draft{Sender: conversation.FromSystem, Text: wordsFor(c.Language).recorded + way.Address,
		Content: conversation.Content{Activity: ActivityRecord, Recap: &conversation.Recap{Own: way.Proven, Whole: true}}})
	return err
}
