package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"huiyin/db"
)

// Incoming is what a channel brings: one message from one address.
type Incoming struct {
	SourceID    string // the provider's id of the message; a repeat of it adds nothing
	Address     string // the sender on this inbox
	Profile     Profile
	Text        string
	HTML        string
	Subject     string
	Language    string // empty: keep what is known
	Attachments []int64
	ClientID    string
	Choice      string            // value of the quick reply that was pressed
	SentAt      time.Time         // by the provider's clock; zero: now
	Activity    string            // set for what is not a message but should be seen (an event such as "subscribed")
	Data        map[string]string // of the activity, such as the scene of a code that was scanned
	Media       []Media           // files that the provider holds, fetched once the message is durable
	Grant       *Grant            // the send allowance that this message or event opens
	Leaves      bool              // the customer cannot be reached any more, until the next grant
	Say         string            // Markdown from the inbox's settings that answers this event or keyword; the bot adds nothing
	Ticket      string            // the provider's permit, good once, under which what is said goes out
	Elsewhere   Elsewhere         // a colleague serves the customer in the provider's own app
	Rating      int               // 1 to 5: the message rates the conversation that is over; the bot adds nothing
	Consent     Consent           // the customer wants no more messages, or wants them again; the bot adds nothing
	Mail        *Mail             // what it is as an email
	Thread      *Thread           // which conversation it belongs to, where that is not simply the sender's newest
	Files       []File            // that came with it
	Hold        time.Duration     // the response to the message waits so long to carry the answer

	Entities []Entity // what is mentioned in the text, for the people who read it
	Sealed   string   // the message as it came, encrypted, where numbers in it were hidden
	guarded  bool     // OnArrival has seen it

	line    string // the text as the conversation's preview
	content string // what is stored besides the text
}

// Elsewhere is what a colleague does in the provider's own app, past our desk.
type Elsewhere string

// What a colleague does there. While they have the customer the bot is silent.
const (
	TakenElsewhere Elsewhere = "taken"
	SaidElsewhere  Elsewhere = "said"
	EndedElsewhere Elsewhere = "ended"
)

// follow notes what a colleague does elsewhere.
func (c *Conversation) follow(e Elsewhere) {
	switch e {
	case TakenElsewhere, SaidElsewhere:
		c.Elsewhere, c.TurnDue, c.WaitingSince = true, db.Time(0), db.Time(0)
	case EndedElsewhere:
		c.Elsewhere = false
	}
}

// prepare makes what is stored of the message, so that it need not be made while others wait for their commit.
func (in *Incoming) prepare() (err error) {
	if in.line = preview(in.Text); in.line == "" && len(in.Attachments)+len(in.Media)+len(in.Files) > 0 {
		in.line = "📎"
	}
	in.content, err = in.body().encode()
	return err
}

func (in *Incoming) body() Content {
	c := Content{Entities: in.Entities, Hidden: in.Sealed != "", ClientID: in.ClientID, Choice: in.Choice, Activity: in.Activity, ActivityData: in.Data, Consent: in.Consent, Rating: in.Rating,
		Elsewhere: in.Elsewhere, Mail: in.Mail}
	for _, m := range in.Media {
		c.Media = append(c.Media, MediaState{Kind: m.Kind, Name: m.Name})
	}
	return c
}

// Profile is what a channel knows of the sender. Only what is set is taken over.
type Profile struct {
	Name, Phone, Email, Language string
	Attributes                   map[string]string
	Verified                     bool   // the fields are proven, and with them whose address it is
	Proven                       bool   // whose address it is is proven; what the fields say is not
	Person                       string // the provider's own id of the person, the same on all of its inboxes: proof that two are one
}

func (p Profile) proven() bool { return p.Verified || p.Proven }

// Recorded is what became of an Incoming.
type Recorded struct {
	Conversation *Conversation // after Record it may hold only what a message needs; Load it to change it
	Message      Message
	Duplicate    bool   // the same SourceID was recorded before; Message is that one
	Started      bool   // a new conversation was started
	Queued       bool   // by this message it came to wait for a human
	Say          string // what of Incoming.Say is to be said
}

// reopenWithin is how long after its end a conversation is taken up again by the contact's next message;
// later a new one starts.
const reopenWithin = 24 * time.Hour

// recordTries bounds how often two first messages of one address may collide.
const recordTries = 3

var errDuplicate = errors.New("duplicate")

// Record stores one incoming message in one transaction: the duplicate is dropped, identity and contact are
// found or made, the conversation is found or started, the message gets its seq and the change its number.
// When it returns without error the message is durable and the provider may be acknowledged.
func (s *Store) Record(ctx context.Context, inbox Inbox, in Incoming) (Recorded, error) {
	err := s.receive(&in)
	if err != nil {
		return Recorded{}, fmt.Errorf("record message: %w", err)
	}
	r, done, looked := s.recordTogether(inbox, in)
	if done {
		return r, nil
	}
	for range recordTries {
		err = s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
			if !looked {
				if r, done, err = s.append(ctx, tx, inbox, in); done || err != nil {
					return err
				}
			}
			r, err = s.RecordTx(ctx, tx, inbox, in)
			return err
		})
		if !Collided(err) {
			break
		}
	}
	if errors.Is(err, errDuplicate) {
		return s.recordedBefore(ctx, inbox, in)
	}
	if err != nil {
		return Recorded{}, fmt.Errorf("record message: %w", err)
	}
	return r, nil
}

// RecordTx is Record inside a transaction of the caller's (a poller saves its cursor with the rows).
// A duplicate is returned as an error for which IsDuplicate is true; the transaction may go on.
func (s *Store) RecordTx(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (Recorded, error) {
	if err := s.receive(&in); err != nil {
		return Recorded{}, err
	}
	in, err := s.meant(ctx, tx, inbox, in)
	if err != nil {
		return Recorded{}, err
	}
	c, err := s.current(ctx, tx, inbox, in)
	if err != nil {
		return Recorded{}, err
	}
	r := Recorded{Say: in.Say}
	if c == nil || c.over(tx.Now) && !in.event() && in.Thread == nil {
		if err := refuseRepeat(ctx, tx, inbox, in); err != nil {
			return Recorded{}, err
		}
		if c, r.Started, err = s.start(ctx, tx, inbox, in, c); err != nil {
			return Recorded{}, err
		}
	}
	after, err := s.rejoin(ctx, tx, c, in)
	if err != nil {
		return Recorded{}, err
	}
	waiting := c.Queueing() && !r.Started
	c.take(tx, inbox, in)
	after()
	r.Queued = c.Queueing() && !waiting
	if in.Hold > 0 {
		c.PassiveUntil = tx.Now.Add(in.Hold)
	}
	m, err := s.storeIncoming(ctx, tx, c, in)
	if err != nil {
		return Recorded{}, err
	}
	if err := s.write(ctx, tx, c); err != nil {
		return Recorded{}, err
	}
	s.note(tx, Event{Kind: EventMessage, ConversationID: c.ID, Seq: m.Seq, Sender: FromContact, Owed: !c.TurnDue.IsZero()})
	r.Conversation, r.Message = c, m
	if codeLike(in.Text) {
		_, err = s.Typed(ctx, tx, c, in.Text)
	}
	if err == nil {
		err = s.tellSame(ctx, tx, c, in)
	}
	return r, err
}

func (c *Conversation) message(tx *db.Tx, in Incoming) Message {
	return Message{ConversationID: c.ID, Seq: c.LastSeq, InboxID: c.InboxID, Sender: FromContact, Text: in.Text, HTML: in.HTML,
		Content:  in.body(),
		SourceID: in.SourceID, CreatedAt: tx.Now}
}

// IsDuplicate tells whether err says that the message was recorded before.
func IsDuplicate(err error) bool { return errors.Is(err, errDuplicate) }

// current is the conversation that the message goes on with, or nil: the newest of the sender, unless it names another.
func (s *Store) current(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (*Conversation, error) {
	if in.Thread != nil {
		return s.joined(ctx, tx, inbox, in)
	}
	c, err := scanConversation(tx.QueryRow(ctx, "SELECT "+conversationColumns+
		" FROM identities i JOIN conversations c ON c.id = i.conversation_id WHERE i.inbox_id = ? AND i.address = ?"+lockConversation(tx),
		inbox.ID, in.Address))
	if db.NoRows(err) {
		return nil, nil
	}
	return c, err
}

// lockConversation is the clause that locks the conversation, and not the identity it was found by.
func lockConversation(tx *db.Tx) string {
	if tx.Dialect() == db.Postgres {
		return " FOR UPDATE OF c"
	}
	return ""
}

// refuseRepeat keeps a late repeat of an old message from starting a conversation.
func refuseRepeat(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) error {
	if in.SourceID == "" {
		return nil
	}
	var one int
	err := tx.QueryRow(ctx, "SELECT 1 FROM messages m WHERE "+ofSource, inbox.ID, in.SourceID).Scan(&one)
	if db.NoRows(err) {
		return nil
	}
	if err == nil {
		return errDuplicate
	}
	return err
}

func (c *Conversation) over(now time.Time) bool {
	return c.Status == Resolved && now.Sub(c.ResolvedAt) > reopenWithin
}

// event tells whether it is news of the customer's and no message: nobody owes an answer.
func (in Incoming) event() bool {
	return in.Activity != "" && in.Text == "" || in.Consent != "" || in.Rating != 0 || in.automatic()
}

// automatic tells whether no person wrote it.
func (in Incoming) automatic() bool { return in.Mail != nil && in.Mail.Automatic != "" }

// take applies a contact's message to the conversation.
func (c *Conversation) take(tx *db.Tx, inbox Inbox, in Incoming) {
	c.follow(in.Elsewhere)
	if in.event() {
		if c.LastSeq == 0 && in.automatic() {
			c.LastSender, c.Preview, c.Subject = FromContact, in.line, in.Subject
		}
		c.LastSeq++
		return
	}
	switch c.Status {
	case Resolved:
		c.Status, c.AgentID, c.Misunderstood, c.HandoffReason = inbox.firstStatus(), 0, 0, inbox.firstReason()
	case Snoozed:
		c.Status = Open
	}
	if in.Language != "" {
		c.Language = in.Language
	}
	if in.Subject != "" {
		c.Subject = in.Subject
	}
	c.LastSeq++
	c.LastMessageAt, c.LastSender, c.Preview = tx.Now, FromContact, in.line
	c.Unread++
	if c.WaitingSince.IsZero() {
		c.WaitingSince = tx.Now
	}
	if c.BotsTurn() && c.TurnDue.IsZero() && in.Say == "" && !c.Elsewhere {
		c.TurnDue = tx.Now
	}
}

// start makes a conversation, and identity and contact where they are missing. When somebody else has just
// started one for the same identity, that one is taken.
func (s *Store) start(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming, last *Conversation) (c *Conversation, started bool, err error) {
	identity, err := s.sender(ctx, tx, inbox, in)
	if err != nil {
		return nil, false, err
	}
	if in.Thread == nil && identity.ConversationID != 0 && (last == nil || last.ID != identity.ConversationID) {
		c, err = s.Load(ctx, tx, identity.ConversationID)
		return c, false, err
	}
	c = &Conversation{InboxID: inbox.ID, ContactID: identity.ContactID, IdentityID: identity.ID, Status: inbox.firstStatus(),
		Priority: Normal, TeamID: inbox.TeamID, HandoffReason: inbox.firstReason(), Language: in.Profile.Language,
		CreatedAt: tx.Now, LastMessageAt: tx.Now}
	if last != nil && c.Language == "" {
		c.Language = last.Language
	}
	if in.automatic() { // it is nobody's turn
		c.Status, c.HandoffReason = Pending, ""
	}
	c.ID, err = tx.Insert(ctx, `INSERT INTO conversations (inbox_id, contact_id, identity_id, status, last_message_at, created_at, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?)`, c.InboxID, c.ContactID, c.IdentityID, c.Status, db.Millis(tx.Now), db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return nil, false, fmt.Errorf("start conversation: %w", err)
	}
	if err := tx.Send(ctx, "UPDATE identities SET conversation_id = ? WHERE id = ?", c.ID, identity.ID); err != nil {
		return nil, false, fmt.Errorf("start conversation: %w", err)
	}
	return c, true, nil
}

// recordedBefore finds the row that a provider's repeat is a repeat of.
func (s *Store) recordedBefore(ctx context.Context, inbox Inbox, in Incoming) (Recorded, error) {
	messages, err := s.queryMessages(ctx, s.DB, "WHERE "+ofSource, inbox.ID, in.SourceID)
	if err == nil && len(messages) == 0 && in.Thread != nil {
		messages, err = s.recordedElsewhere(ctx, in)
	}
	if err != nil {
		return Recorded{}, err
	}
	if len(messages) == 0 {
		return Recorded{}, fmt.Errorf("message %s: %w", in.SourceID, ErrNotFound)
	}
	c, err := s.Get(ctx, s.DB, messages[0].ConversationID)
	if err != nil {
		return Recorded{}, err
	}
	return Recorded{Conversation: c, Message: messages[0], Duplicate: true}, nil
}

const insertMessage = `INSERT INTO messages (conversation_id, seq, inbox_id, sender, agent_id, text, html, content, private, source_id,
 delivery, explanation, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

// ofSource finds a message by its inbox and source id; the last condition lets the partial index serve it.
const ofSource = "m.inbox_id = ? AND m.source_id = ? AND m.source_id <> ''"

// insertMessage inserts the row, to be sent not before a time; when its source id is there already it says so by errDuplicate.
func (s *Store) insertMessage(ctx context.Context, tx *db.Tx, m *Message, notBefore time.Time) error {
	content, err := m.Content.encode()
	if err != nil {
		return err
	}
	var due any
	if m.Delivery == Queued {
		due = max(db.Millis(tx.Now), db.Millis(notBefore))
	}
	return stored(m)(tx.InsertNew(ctx, insertMessage, m.ConversationID, m.Seq, m.InboxID, string(m.Sender), m.AgentID, m.Text, m.HTML,
		content, truth(m.Private), m.SourceID, string(m.Delivery), m.Explanation, db.Millis(m.CreatedAt), due))
}

// stored takes what became of a message's row.
func stored(m *Message) func(id int64, inserted bool, err error) error {
	return func(id int64, inserted bool, err error) error {
		if err != nil {
			return fmt.Errorf("store message: %w", err)
		}
		if !inserted {
			return errDuplicate
		}
		m.ID = id
		return nil
	}
}

func (c Content) encode() (string, error) {
	c.Mail.keep()
	text, err := json.Marshal(c)
	if err != nil || string(text) == "{}" {
		return "", err
	}
	return string(text), nil
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
