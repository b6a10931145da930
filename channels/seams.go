package channels

import (
	"context"
	"io"
	"time"

	"huiyin/conversation"
)

// What a channel can do beyond receiving and sending, each found by type assertion.

// Metered is an adapter whose provider allows only so many messages after each of the customer's. What opens an
// allowance comes as Incoming.Grant; Cost tells how many of it a message takes.
type Metered interface {
	Adapter
	Cost(inbox conversation.Inbox, m conversation.Message) int
}

// Fetcher is an adapter whose incoming files stay with the provider: they are fetched once their message is durable.
type Fetcher interface {
	Adapter
	Fetch(ctx context.Context, inbox conversation.Inbox, m conversation.Media) (File, error)
}

// File is what was fetched. The caller closes Body.
type File struct {
	Name, Type string // as the provider names them; empty: as announced
	Body       io.ReadCloser
}

// Poller is an adapter whose provider is asked for what came in. One node at a time asks for an inbox; the cursor is
// stored in the transaction of the messages.
type Poller interface {
	Adapter
	Poll(ctx context.Context, inbox conversation.Inbox, at Pull) (Pulled, error)
}

// Pull is where to go on asking: the cursor stored last, and the hint that a callback rang with, "" without one.
type Pull struct{ Cursor, Hint string }

// Pulled is what one request brought. More tells to ask again at once.
type Pulled struct {
	Received
	Cursor string
	More   bool
}

// Listener is an adapter whose provider is listened to on a connection that stays. One node at a time listens for an
// inbox, until ctx ends; what accept takes without error is durable, and with it Received.Cursor, which is where it goes
// on the next time. When Listen returns it is called again, after a while if with an error.
type Listener interface {
	Adapter
	Listen(ctx context.Context, inbox conversation.Inbox, at Pull, accept Accept) error
}

// Threaded is an adapter whose messages say themselves which one they answer, as mails do: Outgoing.Answers is for it.
// Restraint bounds what goes out that no person wrote.
type Threaded interface {
	Adapter
	Restraint(inbox conversation.Inbox) Restraint
}

// Restraint is how often one address may get what no person wrote, so that two machines do not write to each other.
type Restraint struct {
	Every time.Duration // once in so long; 0: without limit
	Daily int           // and so often in 24 hours; 0: without limit
}

// Accept makes what was received durable.
type Accept func(ctx context.Context, in Received) error

// Previewer is an adapter that can tell what a message becomes before it is sent.
type Previewer interface {
	Adapter
	Preview(inbox conversation.Inbox, m conversation.Message) Preview
}

// Preview is what a message becomes with its provider.
type Preview struct {
	Text     string // as the customer gets it
	Parts    int
	Left     int     // characters until one more part is needed
	Encoding string  // such as GSM-7 or UCS-2; "" where there is no choice
	Template string  // that it is sent by, where free text is not allowed
	Price    float64 // of all parts, by the inbox's settings; 0: not known
	Currency string
	Problem  Words // why it cannot be sent so; empty: it can
}

// Sampler is an adapter that can show whoever writes an answer what its customers get to see of it.
type Sampler interface {
	Adapter
	Sample(inbox conversation.Inbox, m conversation.Message) Sample
}

// Sample is what a customer gets to see of a message.
type Sample struct {
	Texts    []string // as they go out, each a message of its own
	HTML     string   // in place of texts, where what goes out is a page or a letter
	Unit     string   // that the channel counts in: "bytes" of one text, or "parts"; "": it does not count
	Used     int      // how much the whole message takes
	Limit    int      // how much one text may hold, or all may take; 0: any
	Left     int      // characters until one more part is needed
	Encoding string   // of texts that are counted in parts
	Cut      bool     // it is longer than the inbox allows: customers get its beginning, and where to read on
}

// Notifier is an adapter that can reach a customer outside the send budget by a notice of the provider's form, such as
// a template or subscribe message.
type Notifier interface {
	Adapter
	Notify(ctx context.Context, inbox conversation.Inbox, out Outgoing) (Accepted, error)
}

// Typist is an adapter that can show the customer that somebody writes.
type Typist interface {
	Adapter
	Typing(ctx context.Context, inbox conversation.Inbox, address string, on bool) error
}

// Profiler is an adapter whose provider tells more of a customer than comes with a message. It is asked once for each
// conversation that starts.
type Profiler interface {
	Adapter
	Profile(ctx context.Context, inbox conversation.Inbox, address string) (conversation.Profile, error)
}

// Checker is an adapter that can try an inbox's settings out against the provider. The error is in words for the operator.
type Checker interface {
	Adapter
	Check(ctx context.Context, inbox conversation.Inbox) error
}

// Reacher is an adapter that can write first to an address that a customer tells, such as a telephone number.
type Reacher interface {
	Adapter
	// Reach puts an address, as a person writes it, into the provider's spelling.
	Reach(inbox conversation.Inbox, said string) Reached
}

// Reached is where an adapter can write first.
type Reached struct {
	Means   string // "phone" or "email"
	Address string // "": what was said is no such address
}

// Menus is an adapter whose provider shows a menu of ours beside the conversation.
type Menus interface {
	Adapter
	Menu(ctx context.Context, inbox conversation.Inbox) ([]MenuItem, error)
	PublishMenu(ctx context.Context, inbox conversation.Inbox, menu []MenuItem) error
}

// MenuItem is an entry of a menu: a word that is asked, a page that opens, or entries below it.
type MenuItem struct {
	Label string
	Ask   string // what pressing it asks, as if the customer had typed it
	URL   string // the page it opens
	App   MiniApp
	Items []MenuItem
}

// MiniApp is a Mini Program's page, with the page for those who cannot open it in URL of its item.
type MiniApp struct{ ID, Page string }

// Codes is an adapter that makes codes to scan, which bring their scene into the conversation.
type Codes interface {
	Adapter
	Code(ctx context.Context, inbox conversation.Inbox, scene string, lasting time.Duration) (Code, error)
}

// Code is a code to scan: the address that it stands for, from which a picture is drawn, or where the provider's picture is.
type Code struct {
	Content string    // what the code says
	Picture string    // URL of the provider's picture
	Until   time.Time // zero: for good
}

// Passive lets the answer to a message go back in the response to the callback that brought it.
type Passive struct {
	Source string        // SourceID of the message
	Within time.Duration // how long the provider waits
	// Write makes the response that carries the message; ok is false when it cannot be carried that way.
	Write func(m conversation.Message) (ack Ack, ok bool)
}

// Tokens gives the access token kept under key, shared by all nodes. When there is none, when it is about to expire, or
// when it is the one that the provider has just refused, fetch gets a new one: one node at a time.
type Tokens func(ctx context.Context, key, refused string, fetch FetchToken) (string, error)

// FetchToken gets a token from the provider and tells how long it lives.
type FetchToken func(ctx context.Context) (token string, lives time.Duration, err error)

// The settings that every metered channel shares.
const (
	SettingWhenSpent = "when_spent"   // what becomes of a message that the budget does not allow
	SettingReserve   = "reserve_last" // whether the last message of a budget is kept for a human
)

// What SettingWhenSpent may say.
const (
	SpentWait   = "wait"   // for the customer's next message
	SpentNotice = "notice" // a notice of the provider's form, else wait
	SpentOther  = "other"  // another channel that reaches the customer, else wait
)

// SettingAwayAfter is after how many minutes an answer that no device of the customer's has is sent on by mail; 0: never.
const SettingAwayAfter = "mail_after"

// BudgetSettings are the settings of a metered channel; the option of notices is for adapters that are Notifiers.
func BudgetSettings(notices bool) []Setting {
	options := []Option{{SpentWait, Words{"等客户下次来消息时发出", "wait for the customer's next message"}}}
	if notices {
		options = append(options, Option{SpentNotice, Words{"改发模板/订阅消息", "send a template or subscribe message instead"}})
	}
	options = append(options, Option{SpentOther, Words{"改走客户的短信或邮件", "go by the customer's SMS or email"}})
	return []Setting{
		{Key: SettingWhenSpent, Type: Select, Default: SpentWait, Options: options, Label: Words{"回复额度用完时", "When the send budget is spent"},
			Help: Words{"无论选哪一项，走不通时消息都会保留，等客户下次来消息时发出。", "Whatever is chosen, a message that cannot go that way waits for the customer's next one."}},
		{Key: SettingReserve, Type: Boolean, Default: "true", Label: Words{"最后一条留给人工", "Keep the last message for a human"},
			Help: Words{"机器人不会用掉最后一次回复机会。", "The bot never uses up the last reply."}},
	}
}
