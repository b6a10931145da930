// Package webchat is the channel whose provider is our own widget: it serves the script that sites embed and
// the HTTP and WebSocket protocol that the script speaks (docs/channels/webchat.md; other clients may speak
// it too). It checks who may ask what how often, and translates; what a message leads to is decided above.
package webchat

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"huiyin/channels"
	"huiyin/channels/webchat/widget"
	"huiyin/conversation"
	"huiyin/live"
)

// Options are the parts that the channel works with.
type Options struct {
	Live          *live.Hub
	Conversations *conversation.Store
	Files         conversation.Files
	Key           []byte // signs tokens and file addresses; the same on every node
	Now           func() time.Time
	// AgentName tells the customer who writes; nil: agents stay without a name.
	AgentName func(ctx context.Context, agentID int64) (string, error)
	// PictureMark tells which picture an agent has, "" without one, and AgentPicture reads it; nil: agents have none.
	PictureMark  func(ctx context.Context, agentID int64) (string, error)
	AgentPicture func(ctx context.Context, agentID int64) (Picture, error)
	// Article is a published article that customers may read, in a language it has, conversation.ErrNotFound for any
	// other; nil: none can be read.
	Article func(ctx context.Context, id int64, language string) (Article, error)
	Base    string       // where this server is reached, for pictures in answers
	Log     *slog.Logger // nil: the default
}

// Adapter is the web chat.
type Adapter struct {
	Options
	assets assets
	limits limits
	spent  *spent

	pageShape, transcriptShape *template.Template
	pageHash, transcriptHash   string // of their styles, for the Content-Security-Policy
}

// New makes the channel.
func New(o Options) *Adapter {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Adapter{Options: o, assets: readAssets(widget.Files()), limits: newLimits(), spent: &spent{till: map[string]time.Time{}},
		pageShape: newPage(), pageHash: styleHash(pageStyle), transcriptShape: newTranscript(), transcriptHash: styleHash(transcriptStyle)}
}

// Send has nothing to carry: the message's row is what the customer's widget reads, and it has been told of it.
func (a *Adapter) Send(ctx context.Context, _ conversation.Inbox, _ channels.Outgoing) (channels.Accepted, error) {
	return channels.Accepted{State: conversation.Sent}, ctx.Err()
}

// Idempotent says that sending again shows nothing twice.
func (a *Adapter) Idempotent() bool { return true }

// Routes are the script and the widget's API.
func (a *Adapter) Routes(host channels.Host) []channels.Route {
	chat := a.router(host)
	return []channels.Route{
		{Pattern: "GET /widget.js", Handler: http.HandlerFunc(a.assets.loader)},
		{Pattern: "GET /chat/", Handler: chat},
		{Pattern: "POST /chat/", Handler: chat},
		{Pattern: "OPTIONS /chat/", Handler: chat},
	}
}

var (
	_ channels.Showcase   = (*Adapter)(nil)
	_ channels.Sampler    = (*Adapter)(nil)
	_ channels.Idempotent = (*Adapter)(nil)
)
