package handoff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/routing"
)

// ErrOfferOver refuses to accept an offer that somebody has withdrawn or that has run out, when the customer waits no more.
var ErrOfferOver = errors.New("the offer is over")

// Outcome is how an offer ended; empty while it is open.
type Outcome string

// The outcomes of an offer.
const (
	Accepted  Outcome = "accepted"
	Declined  Outcome = "declined"
	Silent    Outcome = "silent"    // the agent said nothing in time
	Withdrawn Outcome = "withdrawn" // the customer waits no more, a colleague was faster, or the agent went
)

// Offer is a waiting customer offered to an agent.
type Offer struct {
	ID, ConversationID, AgentID, TeamID int64
	MadeAt, ExpiresAt, EndedAt          time.Time
	Outcome                             Outcome
	Why                                 routing.Choice
	Away                                bool // the silence has set the agent away; told when it happens only
}

const offerColumns = "id, conversation_id, agent_id, team_id, made_at, expires_at, ended_at, outcome, explanation"

func (d *Desk) queryOffers(ctx context.Context, from db.Querier, where string, args ...any) ([]Offer, error) {
	rows, err := from.Query(ctx, "SELECT "+offerColumns+" FROM offers WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	defer rows.Close()
	var found []Offer
	for rows.Next() {
		var o Offer
		var made, expires, ended int64
		var why string
		if err := rows.Scan(&o.ID, &o.ConversationID, &o.AgentID, &o.TeamID, &made, &expires, &ended, &o.Outcome, &why); err != nil {
			return nil, fmt.Errorf("read offers: %w", err)
		}
		o.MadeAt, o.ExpiresAt, o.EndedAt = db.Time(made), db.Time(expires), db.Time(ended)
		if err := json.Unmarshal([]byte(why), &o.Why); err != nil {
			return nil, fmt.Errorf("offer %d: %w", o.ID, err)
		}
		found = append(found, o)
	}
	return found, rows.Err()
}

// OffersTo reads the open offers of an agent.
func (d *Desk) OffersTo(ctx context.Context, from db.Querier, agentID int64) ([]Offer, error) {
	return d.queryOffers(ctx, from, "agent_id = ? AND ended_at = 0 ORDER BY id", agentID)
}

// OffersOf reads to whom a conversation was offered, the newest first.
func (d *Desk) OffersOf(ctx context.Context, from db.Querier, conversationID int64, limit int) ([]Offer, error) {
	return d.queryOffers(ctx, from, "conversation_id = ? ORDER BY id DESC LIMIT ?", conversationID, limit)
}

func (d *Desk) offer(ctx context.Context, from db.Querier, id int64) (Offer, error) {
	found, err := d.queryOffers(ctx, from, "id = ?", id)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("offer %d: %w", id, conversation.ErrNotFound)
	}
	if err != nil {
		return Offer{}, err
	}
	return found[0], nil
}

// Accept makes the agent to whom an offer was made the owner of its conversation. Also an offer that has just run out is good
// while nobody else has the customer. Accepting twice is accepting once.
func (d *Desk) Accept(ctx context.Context, tx *db.Tx, offerID int64, agent Agent) (*conversation.Conversation, error) {
	o, err := d.myOffer(ctx, tx, offerID, agent)
	if err != nil {
		return nil, err
	}
	c, err := d.Conversations.Load(ctx, tx, o.ConversationID)
	if err != nil {
		return nil, err
	}
	has := owner(c)
	switch {
	case has == agent.ID:
		return c, nil
	case has != 0:
		return nil, d.ownedError(ctx, tx, c)
	case !c.Queueing() || c.TeamID != o.TeamID:
		return nil, ErrOfferOver
	}
	if agent, err = d.acting(ctx, tx, agent, c); err != nil {
		return nil, err
	}
	return c, d.claim(ctx, tx, c, agent, false)
}

// Decline gives an offer back; the customer is offered to somebody else.
func (d *Desk) Decline(ctx context.Context, tx *db.Tx, offerID int64, agent Agent) error {
	o, err := d.myOffer(ctx, tx, offerID, agent)
	if err != nil {
		return err
	}
	if err := d.given(ctx, tx, agent.ID); err != nil {
		return err
	}
	_, err = d.endOffer(ctx, tx, o, Declined)
	return err
}

func (d *Desk) myOffer(ctx context.Context, tx *db.Tx, id int64, agent Agent) (Offer, error) {
	o, err := d.offer(ctx, tx, id)
	if err == nil && (o.AgentID != agent.ID || agent.ID == 0) {
		err = fmt.Errorf("offer %d: %w", id, conversation.ErrNotFound)
	}
	return o, err
}

// given notes that the agent has just been given, or has just answered for, a customer.
func (d *Desk) given(ctx context.Context, tx *db.Tx, agentID int64) error {
	if _, err := tx.Exec(ctx, "UPDATE agents SET given_at = ?, missed = 0 WHERE id = ?", db.Millis(tx.Now), agentID); err != nil {
		return fmt.Errorf("note what agent %d was given: %w", agentID, err)
	}
	return nil
}

// makeOffer offers a conversation to an agent, or gives it at once where the team does so. It looks again with the rows locked;
// made is false when things have changed since the choice.
func (d *Desk) makeOffer(ctx context.Context, tx *db.Tx, conversationID int64, choice routing.Choice, s routing.Settings) (made bool, err error) {
	c, err := d.Conversations.Load(ctx, tx, conversationID)
	if err != nil || !c.Queueing() {
		return false, err
	}
	a, room, err := d.lockAgent(ctx, tx, s, choice.Agent, c)
	if err != nil || !room {
		return false, err
	}
	t := s.Team(c.TeamID)
	o := Offer{ConversationID: c.ID, AgentID: a.ID, TeamID: c.TeamID, MadeAt: tx.Now, ExpiresAt: tx.Now.Add(t.OfferFor()), Why: choice}
	if t.Automatic {
		o.EndedAt, o.Outcome = tx.Now, Accepted
	}
	if made, err = d.insertOffer(ctx, tx, &o); err != nil || !made {
		return made, err
	}
	if t.Automatic {
		return true, d.own(ctx, tx, c, a, endTakenOver)
	}
	if _, err := tx.Exec(ctx, "UPDATE agents SET given_at = ? WHERE id = ?", db.Millis(tx.Now), a.ID); err != nil {
		return false, fmt.Errorf("note what agent %d was given: %w", a.ID, err)
	}
	d.tellOffer(tx, o)
	return true, nil
}

func (d *Desk) insertOffer(ctx context.Context, tx *db.Tx, o *Offer) (inserted bool, err error) {
	why, err := json.Marshal(o.Why)
	if err != nil {
		return false, fmt.Errorf("explain offer: %w", err)
	}
	o.ID, inserted, err = tx.InsertNew(ctx, `INSERT INTO offers (conversation_id, agent_id, team_id, made_at, expires_at, ended_at, outcome, explanation)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		o.ConversationID, o.AgentID, o.TeamID, db.Millis(o.MadeAt), db.Millis(o.ExpiresAt), db.Millis(o.EndedAt), string(o.Outcome), string(why))
	if err != nil {
		return false, fmt.Errorf("make offer: %w", err)
	}
	return inserted, nil
}

func (d *Desk) tellOffer(tx *db.Tx, o Offer) {
	tx.OnCommit(func() {
		if d.OnOffer != nil {
			d.OnOffer(o)
		}
	})
}

// lockAgent reads an agent with the row locked, and whether there is still room for the conversation.
func (d *Desk) lockAgent(ctx context.Context, tx *db.Tx, s routing.Settings, id int64, c *conversation.Conversation) (a Agent, room bool, err error) {
	var seen int64
	if err := tx.QueryRow(ctx, "SELECT seen_at FROM agents WHERE id = ?"+tx.ForUpdate(), id).Scan(&seen); err != nil {
		return a, false, fmt.Errorf("lock agent %d: %w", id, err)
	}
	if a, err = d.Agent(ctx, tx, id); err != nil {
		return a, false, err
	}
	if a.Presence != Online || !a.Role.Serves() || !Scope(a).Sees(c) {
		return a, false, nil
	}
	held, err := d.Conversations.HeldBy(ctx, tx, id)
	if err != nil {
		return a, false, err
	}
	kind, err := d.kindOf(ctx, tx, c.InboxID)
	if err != nil {
		return a, false, err
	}
	all, err := d.abilitiesOf(ctx, tx, id)
	if err != nil {
		return a, false, err
	}
	as, err := d.taking(ctx, tx, s, routing.Agent{ID: id, Capacity: all.Capacity}, held)
	contact, err2 := d.Conversations.Contact(ctx, tx, c.ContactID)
	left := s.Room(as)
	if s.IsGreen(contact.Tier()) {
		left += s.GreenUnits
	}
	return a, s.Cost(kind, d.manners(kind).Units) <= left, errors.Join(err, err2)
}

func (d *Desk) abilitiesOf(ctx context.Context, from db.Querier, agentID int64) (Abilities, error) {
	var text string
	if err := from.QueryRow(ctx, "SELECT abilities FROM agents WHERE id = ?", agentID).Scan(&text); err != nil {
		return Abilities{}, fmt.Errorf("read abilities: %w", err)
	}
	return readAbilities(text)
}

// endOffer closes an offer; ended is false when it was closed before. The caller has the agent's row where it also writes that.
func (d *Desk) endOffer(ctx context.Context, tx *db.Tx, o Offer, how Outcome) (ended bool, err error) {
	n, err := tx.Exec(ctx, "UPDATE offers SET ended_at = ?, outcome = ? WHERE id = ? AND ended_at = 0", db.Millis(tx.Now), string(how), o.ID)
	if err != nil {
		return false, fmt.Errorf("end offer %d: %w", o.ID, err)
	}
	if n == 0 {
		return false, nil
	}
	o.EndedAt, o.Outcome = tx.Now, how
	d.tellOffer(tx, o)
	d.mayRoute(tx)
	return true, nil
}

// withdraw ends the open offers that fit a condition. One whose agent has taken the customer was accepted.
func (d *Desk) withdraw(ctx context.Context, tx *db.Tx, taker int64, where string, args ...any) error {
	open, err := d.queryOffers(ctx, tx, where+" AND ended_at = 0", args...)
	if err != nil {
		return err
	}
	for _, o := range open {
		how := Withdrawn
		if taker == o.AgentID {
			how = Accepted
		}
		if _, err := d.endOffer(ctx, tx, o, how); err != nil {
			return err
		}
	}
	return nil
}
