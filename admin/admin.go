// Package admin is what people and integrators use: the REST API that admin/api describes, sign-in and
// permissions, the event stream of the console, and the audit log. Handlers parse, call a domain in one
// transaction and show the result; what a conversation, an article or an agent is stands below.
package admin

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"huiyin/admin/api"
	"huiyin/admin/reports"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/conversation/search"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/slack"
	"huiyin/handoff/wecom"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
	"huiyin/knowledge/help"
	"huiyin/live"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil { // fs.Sub refuses only a malformed name
		files = migrations
	}
	return db.Migrations{Domain: "admin", Files: files}
}

// Options are the parts a server works with. All of them are needed but those that say otherwise.
type Options struct {
	DB            *db.DB
	Conversations *conversation.Store // its OnChange must pulse conversation.TopicEvents
	Files         conversation.Files
	Knowledge     *knowledge.Index
	Help          *help.Centre
	Desk          *handoff.Desk
	Found         *search.Index
	Slack         *slack.Board
	Robots        *wecom.Board
	Live          *live.Hub
	Vault         *channels.Vault
	Adapters      []channels.Adapter
	PublicURL     string                                                                          // as customers and providers reach us, e.g. https://help.example.com
	Typing        func(inboxID int64, address string)                                             // has the channel show that an agent writes; nil: only our own pages do
	SendNow       func(ctx context.Context, inbox conversation.Inbox, address, text string) error // past the outbox, for what must not be stored
	Try           func(ctx context.Context, r TryRequest) (TryResult, error)
	Answers       Answers
	SetupToken    string        // opens POST /setup while there is no user; empty: never
	Demo          []DemoAccount // shown on the sign-in page; nil: no demo
	Log           *slog.Logger
	Address       func(*http.Request) string // who is calling; nil: the peer of the connection, or whom its proxy names
}

// DemoAccount is an account that visitors of a demo may try.
type DemoAccount struct {
	Email, Password string
	Role            handoff.Role
}

// Answers is what the bot lends to the pages about its answers.
type Answers struct {
	Shipped json.RawMessage // the settings that hold while none are stored
	Meaning func(ctx context.Context, settings json.RawMessage) (AnswerMeaning, error)
	Replay  func(ctx context.Context, explanation string) (ReplayResult, error)
	// ChangeTriggers checks a list of rules about handing over and gives what is stored in the place of what was.
	ChangeTriggers func(stored, wanted json.RawMessage) (json.RawMessage, error)
	RingJobs       func() // has jobs in the background looked at; nil: they are found in a moment
	TryTriggers    func(ctx context.Context, rules json.RawMessage, before int64) (TriggerTrial, error)
	// Original opens a message as it came, before numbers in it were hidden.
	Original func(ctx context.Context, from db.Querier, messageID int64) (text, subject string, err error)
}

// AnswerMeaning is what settings come to, and what the bot would have done with the questions of late.
type AnswerMeaning struct {
	AnswerFrom, Margin, OfferFrom                  float64
	LookedAt, Answered, Offered, Asked, HandedOver int
	Rehearsed, RehearsedAnswered, RehearsedWrong   int // of the articles' own phrasings
}

// ReplayResult is a past answer decided again today.
type ReplayResult struct {
	Then, Now   json.RawMessage
	Decision    string
	Text        string // what the bot would say today
	SaysArticle bool   // and that it is an article's Markdown
	Changes     []ReplayChange
}

// ReplayChange is one thing that is different today.
type ReplayChange struct{ What, Then, Now string }

// ErrNotAutomatic refuses to replay what the bot did not decide.
var ErrNotAutomatic = errors.New("this message is no automatic answer")

// TryRequest asks what the bot would do with a question.
type TryRequest struct {
	Text, Language string
	Channel, Tier  string    // as a customer of a channel of this kind, of this tier
	At             time.Time // at this time; zero: now
	Internal       bool      // as an agent, who is shown internal articles
	Drafts         bool      // with newer content that is not published
	After          string    // the explanation of what the bot said before, when this is a further turn
}

// TryResult is what the bot would do, with the articles it considered.
type TryResult struct {
	Decision    string
	Text        string // Markdown
	Hits        []knowledge.Hit
	Explanation json.RawMessage
}

// Server answers the API.
type Server struct {
	Options
	Accounts

	spec     *specification
	origin   string // of PublicURL
	node     string // tells this node's hints from the others'
	throttle *throttle
	names    *names
	finder   *knowledge.Finder
	tail     *tail
	overview *overview
	reports  *reports.Store
	gaps     *gaps.Store
	imports  *importJobs
	nextMail time.Time // used by the one who makes notices only
}

// New makes a server. It fails when the specification leaves an operation without roles.
func New(o Options) (*Server, error) {
	spec, err := readSpecification()
	if err != nil {
		return nil, err
	}
	public, err := url.Parse(o.PublicURL)
	if err != nil || public.Host == "" {
		return nil, errors.New("the public URL must look like https://help.example.com")
	}
	o.PublicURL = strings.TrimSuffix(o.PublicURL, "/")
	if o.Address == nil {
		o.Address = peer
	}
	s := &Server{Options: o, spec: spec, origin: public.Scheme + "://" + public.Host, throttle: newThrottle(o.DB.Now)}
	s.node, s.throttle.tell = rand.Text(), s.tellAttempt
	s.Accounts = NewAccounts(o.DB, o.Desk)
	s.names, s.finder = &names{from: s}, &knowledge.Finder{}
	o.Desk.OnOffer = s.tellOffer
	s.tail = newTail(s)
	s.overview = &overview{}
	s.imports = newImportJobs(s)
	s.gaps = &gaps.Store{DB: o.DB, Conversations: o.Conversations, Zone: s.Zone, Log: o.Log}
	s.reports = &reports.Store{DB: o.DB, Conversations: o.Conversations, Deadlines: s.deadlines, Zone: s.Zone, Log: o.Log}
	return s, nil
}

// peer is who is calling, also from behind a proxy.
func peer(r *http.Request) string {
	if from := channels.Caller(r); from.IsValid() {
		return from.String()
	}
	return r.RemoteAddr
}

// Register mounts the API. Errors below /api are answered as problems; others go to the handler that was there.
func (s *Server) Register(e *echo.Echo) {
	before := e.HTTPErrorHandler
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if underAPI(c.Request()) || before == nil {
			s.fail(c, err)
			return
		}
		before(err, c)
	}
	gates := map[string][]echo.MiddlewareFunc{}
	for id, op := range s.spec.operations {
		gates[id] = []echo.MiddlewareFunc{s.gate(op)}
	}
	handlers := api.NewStrictHandler(s, []api.StrictMiddlewareFunc{onlyThroughGate})
	api.RegisterHandlersWithOptions(e, handlers, api.RegisterHandlersOptions{BaseURL: base, OperationMiddlewares: gates})
	e.GET("/api/openapi.json", s.serveSpecification)
}

func (s *Server) serveSpecification(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.Blob(http.StatusOK, "application/json", s.spec.text)
}

// pruneEvery is how often what has expired is thrown away.
const pruneEvery = 10 * time.Minute

// Run follows the events for the consoles and throws away what has expired, until ctx ends. Without it the
// event streams bring nothing new.
func (s *Server) Run(ctx context.Context) {
	var working sync.WaitGroup
	working.Go(func() { s.prune(ctx) })
	working.Go(func() { s.followPresence(ctx) })
	working.Go(func() { s.reports.Run(ctx) })
	working.Go(func() { s.gaps.Run(ctx) })
	working.Go(func() { s.makeNotices(ctx) })
	working.Go(func() { s.hearAttempts(ctx) })
	working.Go(func() { s.runArticleTimers(ctx) })
	working.Go(func() { s.imports.run(ctx) })
	s.tail.follow(ctx)
	working.Wait()
}

func (s *Server) prune(ctx context.Context) {
	ticker := time.NewTicker(pruneEvery)
	defer ticker.Stop()
	for {
		if err := s.Prune(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("expired sessions could not be removed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Prune throws away the sessions and idempotency keys that have expired.
func (s *Server) Prune(ctx context.Context) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM sessions WHERE expires_at < ?", db.Millis(tx.Now)); err != nil {
			return fmt.Errorf("prune sessions: %w", err)
		}
		_, err := tx.Exec(ctx, "DELETE FROM idempotency WHERE at < ?", db.Millis(tx.Now.Add(-idempotencyFor)))
		return wrap("prune idempotency keys", err)
	})
}
