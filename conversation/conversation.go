// Package conversation is the one model of the product: inboxes, contacts and their identities, conversations
// and their messages, with their SQL. It records what comes in, stores what goes out, keeps counters and
// numbers every change. It knows no channel's language, decides no answer and assigns no agent.
package conversation

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"huiyin/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		files = migrations
	}
	return db.Migrations{Domain: "conversation", Files: files}
}

// What callers tell apart.
var (
	ErrNotFound = errors.New("not found")
	ErrNotOpen  = errors.New("the customer has a newer conversation")

	// ErrUnavailable: nothing was stored because the database cannot store now; the same may succeed later.
	ErrUnavailable = db.ErrUnavailable
)

// FieldError refuses an input and names what to mend.
type FieldError struct{ Field, Message string }

// Error says what is wrong with the field.
func (e *FieldError) Error() string { return fmt.Sprintf("%s: %s", e.Field, e.Message) }

// Status says whose turn it is.
type Status string

// The statuses of a conversation.
const (
	Pending  Status = "pending" // the bot's turn
	Open     Status = "open"    // a human's
	Snoozed  Status = "snoozed"
	Resolved Status = "resolved"
)

// Sender says who wrote a message.
type Sender string

// The senders of a message.
const (
	FromContact Sender = "contact"
	FromBot     Sender = "bot"
	FromAgent   Sender = "agent"
	FromSystem  Sender = "system" // activity lines
)

// Delivery is how far an outbound message has come.
type Delivery string

// The delivery states; inbound messages and notes have none.
const (
	Queued    Delivery = "queued"
	Sent      Delivery = "sent"
	Delivered Delivery = "delivered"
	Read      Delivery = "read"
	Failed    Delivery = "failed"
	Uncertain Delivery = "uncertain" // handed to the provider, outcome unknown
	Held      Delivery = "held"      // not allowed now; goes out with the customer's next message
)

// Priority orders the queue.
type Priority int

// The priorities, lowest first.
const (
	Low Priority = iota
	Normal
	High
	Urgent
)

// String is the priority's word.
func (p Priority) String() string {
	if p < Low || p > Urgent {
		return "normal"
	}
	return [...]string{"low", "normal", "high", "urgent"}[p]
}

// ParsePriority reads a priority's word.
func ParsePriority(word string) (Priority, bool) {
	for p := Low; p <= Urgent; p++ {
		if p.String() == word {
			return p, true
		}
	}
	return Normal, false
}

// Conversation is one matter with one contact on one inbox.
type Conversation struct {
	ID, InboxID, ContactID, IdentityID int64
	Status                             Status
	Priority                           Priority
	TeamID, AgentID                    int64 // 0: none
	Subject, Language                  string
	Tags                               []string
	LastSeq                            int64
	LastMessageAt                      time.Time
	Preview                            string
	LastSender                         Sender
	Unread                             int // contact's messages that no agent has seen
	AgentReadSeq, ContactReadSeq       int64
	WaitingSince                       time.Time     // since when the contact waits for an answer
	QueuedAt                           time.Time     // in the hand-off queue since
	HeadStart                          time.Duration // how much earlier the customer counts as having come into the queue
	SnoozedUntil                       time.Time
	HandoffReason                      string
	Misunderstood                      int // times in a row the bot did not understand
	CreatedAt, UpdatedAt, ResolvedAt   time.Time
	TurnDue                            time.Time // when the bot owes an answer
	Elsewhere                          bool      // a colleague serves the customer in the provider's own app
	PassiveUntil                       time.Time // until when a response waits to carry what is said

	// BotSeq is, while it waits for a person and none has had it since the bot, up to which message the bot has looked; else 0.
	BotSeq int64

	before  tally // what the kept counters hold of it
	glanced bool  // read only in part, so that it must not be saved
}

// Queueing tells whether the conversation waits for an agent.
func (c *Conversation) Queueing() bool { return c.Status == Open && c.AgentID == 0 }

// BotsTurn tells whether the bot looks at what the customer writes: it has the conversation, or nobody has had it since the bot.
func (c *Conversation) BotsTurn() bool { return c.Status == Pending || c.BotSeq > 0 }

// Message is one entry of a conversation, numbered by Seq without gaps.
type Message struct {
	ID, ConversationID, Seq, InboxID int64
	Sender                           Sender
	AgentID                          int64
	Text, HTML                       string
	Content                          Content
	Private                          bool
	SourceID, ProviderID             string
	Delivery                         Delivery
	Reason                           string
	Helpful                          *bool
	HelpfulReason                    string // why, in the customer's words
	Explanation                      string // JSON
	Attempts                         int
	Charged, Taken                   int   // of the send budget; parts that the provider has
	JoinedTo                         int64 // the message that this one went out with
	Via                              int64 // the identity it goes to instead of the conversation's own
	ViaIdentity                      Identity
	Passive                          string // source id of the message whose callback's response carried it
	CreatedAt                        time.Time
	Wrong                            bool // a person marked this automatic answer as wrong
	Attachments                      []Attachment

	files bool // there are attachments to be read
}

// Content is what a message carries besides its text.
type Content struct {
	Markdown     bool              `json:"markdown,omitempty"`
	Choices      []Choice          `json:"choices,omitempty"`
	Recap        *Recap            `json:"recap,omitempty"`
	Further      []Choice          `json:"further,omitempty"` // articles that may help as well, where an answer has room for them
	Activity     string            `json:"activity,omitempty"`
	ActivityData map[string]string `json:"activity_data,omitempty"`
	ClientID     string            `json:"client_id,omitempty"`
	ArticleID    int64             `json:"article_id,omitempty"`
	Entities     []Entity          `json:"entities,omitempty"` // what a customer's text mentions
	Hidden       bool              `json:"hidden,omitempty"`   // numbers in it are hidden; the original is sealed
	Rateable     bool              `json:"rateable,omitempty"` // the customer is asked whether it helped
	Choice       string            `json:"choice,omitempty"`   // value of the button the customer pressed
	Consent      Consent           `json:"consent,omitempty"`  // it says that the customer opts out or in
	Confirms     bool              `json:"confirms,omitempty"` // it says so back, and so goes out all the same
	Rating       int               `json:"rating,omitempty"`   // the customer's message is a rating, and no question
	Whisper      bool              `json:"whisper,omitempty"`  // a lead's private note for the agent who has the conversation
	Survey       bool              `json:"survey,omitempty"`   // it asks for a rating: worth no last message, and never late
	Elsewhere    Elsewhere         `json:"elsewhere,omitempty"`
	Media        []MediaState      `json:"media,omitempty"`  // files that are not here yet
	Ticket       string            `json:"ticket,omitempty"` // the provider's permit, good once, that the message goes out under
	Notice       bool              `json:"notice,omitempty"` // it went as a notice of the provider's form, which shows its beginning only
	Mail         *Mail             `json:"mail,omitempty"`   // what it is as an email
}

// Recap has a message go out with what was said after a seq and before it.
type Recap struct {
	After int64 `json:"after,omitempty"`
	Own   bool  `json:"own,omitempty"`   // with the customer's own words, which only a proven address gets
	Whole bool  `json:"whole,omitempty"` // it is asked for as a record, and the message itself says nothing more
}

// Choice is a quick-reply button.
type Choice struct {
	Label string `json:"label"`
	Value string `json:"value,omitempty"` // sent back when pressed; the label when empty
}

// Store reads and writes the model. OnChange, when set, is told of each event after its commit (its number
// and time are not filled in); it must not block. OnArrival, when set, looks at each message before anything of it is
// stored, and hides in it what must not be readable. Weigh, when set, tells the head start of a conversation that waits for an
// agent each time that it is saved; without it the priority alone counts. CodeKey is what codes sent to an address are hashed with.
type Store struct {
	DB        *db.DB
	CodeKey   []byte
	OnChange  func(Event)
	OnInbox   func(id int64) // after an inbox was saved here
	OnArrival func(*Incoming) error
	Weigh     func(context.Context, *db.Tx, *Conversation) (time.Duration, error)

	// Promised, when set, tells by a condition on conversations c which of them have a promised time in one of the states of
	// Criteria.SLA; without it none has.
	Promised func(states []string, now time.Time) (condition string, args []any)

	// OnSave, when set, follows each conversation that is saved, in the saving transaction and after it is written: it may write
	// rows of its own, not the conversation. Messages that only add to what an unread conversation has (append) pass it by
	// while they change nothing about who waits for whom. was is the status before; empty: it is new.
	OnSave func(ctx context.Context, tx *db.Tx, c *Conversation, was Status) error

	gathering gathering
	passing   passing
}
