// Package channels is the contract with the outside world: what an adapter to one provider brings and is
// given, and what all adapters share. An adapter translates values into values; it stores nothing and
// decides nothing. Small interfaces are found by type assertion, so a channel implements what it can do.
package channels

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"huiyin/conversation"
)

// Adapter speaks one provider's language. An error of Send that is no *SendError means that the provider was not
// reached: the message is tried again. One that may have arrived is a *SendError that is Uncertain; when ctx ends
// while the provider is at it, the caller takes it for that by itself unless the adapter is Idempotent.
type Adapter interface {
	Kind() Kind
	Send(ctx context.Context, inbox conversation.Inbox, out Outgoing) (Accepted, error)
}

// Webhook is an adapter whose provider calls us. Receive verifies and translates one request; it writes nothing.
type Webhook interface {
	Adapter
	Receive(inbox conversation.Inbox, r *http.Request) (Received, error)
}

// Pages is an adapter that serves pages or an API of its own to customers, such as web chat's. Routes are
// mounted under /chat and, for fixed paths such as the embed script, at the root.
type Pages interface {
	Adapter
	Routes(host Host) []Route
}

// Showcase is an adapter with pages that can show an inbox's settings before they are saved: Show is what its pages
// would be given.
type Showcase interface {
	Pages
	Show(inbox conversation.Inbox, language string) any
}

// Idempotent is an adapter whose Send may be repeated with the same Outgoing.ID without a second message.
type Idempotent interface {
	Adapter
	Idempotent() bool
}

// Route is one path of an adapter's pages, in the pattern language of net/http ("POST /chat/{inbox}/messages").
type Route struct {
	Pattern string
	Handler http.Handler
}

// Kind describes a channel: its name, and its settings as data, from which the admin form, the validation
// and the masking of secrets come.
type Kind struct {
	Name     string // the stable word, e.g. "webchat"
	Title    Words
	Settings []Setting
	Units    int  // of an agent's capacity that a conversation takes, unless set otherwise; 0: as usual
	Buttons  bool // choices are shown as buttons, without a message of their own
	Letters  bool // nobody sits and waits for the answer, as with mail
	// Check judges settings that are right each by itself together; nil: they always are. The error is a
	// conversation.FieldError.
	Check func(settings map[string]string) error
}

// Words is a text in the languages of the console.
type Words struct{ Zh, En string }

// Setting is one configurable value of an inbox.
type Setting struct {
	Key         string
	Type        SettingType
	Required    bool
	Secret      bool
	Default     string
	Options     []Option // of a select
	Label, Help Words
	Check       func(value string) error // nil: any value
}

// Option is one choice of a select setting.
type Option struct {
	Value string
	Label Words
}

// SettingType says how a setting is entered.
type SettingType string

// The types of settings.
const (
	Text      SettingType = "text"
	Number    SettingType = "number"
	Boolean   SettingType = "boolean" // "true" or "false"
	Select    SettingType = "select"
	List      SettingType = "list"  // one value a line
	Pairs     SettingType = "pairs" // one key=value a line
	Multiline SettingType = "multiline"
	Color     SettingType = "color" // #rrggbb
)

// Received is what one request or poll brought.
type Received struct {
	Messages []conversation.Incoming
	Receipts []conversation.Receipt
	Ack      Ack      // the answer once everything is durable
	Ring     *Ring    // there is something to ask the provider for
	Passive  *Passive // the answer may go back in the response
	Cursor   string   // where a listener goes on after these; "": as before
	Trouble  *string  // what is wrong with an inbox that is listened to, in words for the operator; "": nothing any more
}

// Ring is a callback that brings nothing but the news that there is something to poll for. Some providers call one
// address for all accounts: For tells by their settings which inboxes of the kind are meant; nil is the one called.
type Ring struct {
	Hint string
	For  map[string]string
}

// Ack is the HTTP answer that acknowledges a request; the zero value is an empty 200.
type Ack struct {
	Status      int
	ContentType string
	Body        []byte
}

// Outgoing is a message to be handed to the provider.
type Outgoing struct {
	ID      int64  // of our row; the idempotency key where the provider takes one
	Address string // of the receiver on this inbox
	Message conversation.Message
	Heard   time.Time              // when the customer last wrote
	Skip    int                    // parts of the message that the provider took in an earlier attempt
	Paid    int                    // parts that the send budget covers, Skip included; 0: all
	Subject string                 // of the conversation
	Answers *conversation.Message  // what it answers, for a Threaded adapter; nil: nothing
	Recap   []conversation.Message // what was said before it and goes out with it, of a message with Content.Recap
	// Open reads an attachment of the message.
	Open func(a conversation.Attachment) (io.ReadCloser, error)
}

// Stop is the error to return in place of sending a part, by its number from 0, that the send budget does not cover; else nil.
func (o Outgoing) Stop(part int) *SendError {
	if o.Paid == 0 || part < o.Paid {
		return nil
	}
	return &SendError{Reason: "the send budget does not cover the rest", Taken: part, Unpaid: true}
}

// Accepted is the provider's word that it took a message.
type Accepted struct {
	ProviderID string
	Parts      []string              // the ids of all parts, where a message has several; ProviderID is the first
	State      conversation.Delivery // Sent when empty
}

// SendError says why a provider did not take a message, and what to do.
type SendError struct {
	Reason    string        // in words for the agent
	Retry     bool          // the same may succeed later
	After     time.Duration // how long to wait at least; 0: as usual
	Uncertain bool          // handed over, outcome unknown: not repeated
	Taken     int           // parts of the message that the provider has taken by now, Outgoing.Skip included
	Postponed bool          // it was not tried, and is not before After: quiet hours, a rate that is used up
	Shut      bool          // the provider says that no message is allowed now, whatever was counted
	Unpaid    bool          // what the send budget covers is out, and the rest has to wait
	Err       error
}

// Error is the reason and its cause.
func (e *SendError) Error() string {
	if e.Err == nil {
		return e.Reason
	}
	return e.Reason + ": " + e.Err.Error()
}

// Unwrap is the cause.
func (e *SendError) Unwrap() error { return e.Err }

// ErrTooOften refuses a customer's wish that was granted often enough for now.
var ErrTooOften = errors.New("this was asked for too often; try again later")

// ErrUnauthorized refuses a request that is not the provider's.
var ErrUnauthorized = errors.New("the request is not signed by the provider")

// Host is what a channel with pages of its own may ask of the product.
type Host interface {
	// Inbox finds an inbox in service with its secrets opened.
	Inbox(ctx context.Context, id int64) (conversation.Inbox, error)
	// Accept records what was received; when it returns the messages are durable.
	Accept(ctx context.Context, inbox conversation.Inbox, in Received) ([]conversation.Recorded, error)
	// Customer does what only the customer may ask for in a conversation of theirs.
	Customer() Customer
}

// Customer are the wishes of a customer that are no messages.
type Customer interface {
	// Human asks for a person; language is the customer's.
	Human(ctx context.Context, inbox conversation.Inbox, address, language string) error
	// Verdict says whether an answer helped.
	Verdict(ctx context.Context, inbox conversation.Inbox, address string, conversationID, seq int64, helpful bool) error
	// Standing tells where the customer's conversation stands.
	Standing(ctx context.Context, inbox conversation.Inbox, address string) (Standing, error)
}

// Recorder is a Customer who can have the record of a conversation sent.
type Recorder interface {
	// RecordTo is the address that they gave in it; conversation.ErrNotFound where they gave none, or nothing sends there.
	RecordTo(ctx context.Context, inbox conversation.Inbox, address string, conversationID int64) (string, error)
	// Record sends it there and nowhere else; ErrTooOften when it was sent often enough.
	Record(ctx context.Context, inbox conversation.Inbox, address string, conversationID int64) error
}

// Standing is where a customer's conversation stands.
type Standing struct {
	Status       string // "bot", "queued", "agent", "resolved" or "none" before the first message
	Position     int    // in the queue, 1 is next
	Wait         time.Duration
	Agent        string // name, once an agent has it
	AgentID      int64
	AgentsOnline bool
	Later        bool      // the customer asked to be answered later
	OpensAt      time.Time // when people work again, while nobody does; zero: not known, or somebody does
	Conversation int64
}

// Topic is the live topic of one customer's address on an inbox: it pulses when something changed for them.
func Topic(inboxID int64, address string) string {
	return "address:" + strconv.FormatInt(inboxID, 10) + ":" + address
}

// TopicHints is the live topic that carries to the consoles what is not stored: typing and presence.
const TopicHints = "hints"

// Typing is the hint that somebody writes: on TopicHints with its conversation, and on a customer's own Topic
// without.
type Typing struct {
	Kind         string              `json:"kind"` // "typing"
	Conversation int64               `json:"conversation_id,omitempty"`
	From         conversation.Sender `json:"from"`
}

// Presence is the hint, on TopicHints, that a customer has a page of ours open or has it no longer.
type Presence struct {
	Kind         string              `json:"kind"` // "presence"
	Conversation int64               `json:"conversation_id"`
	From         conversation.Sender `json:"from"`
	Presence     string              `json:"presence"` // "online" or "offline"
}
