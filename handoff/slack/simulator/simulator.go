// Package simulator is Slack's side of an app: the Web API, events over HTTP and over Socket Mode, interactions, files and
// rate limits, and the hands of the people in the workspace, written from Slack's documentation alone (docs.slack.dev).
// Tests drive it over HTTP and WebSocket and the demo shows it; it knows nothing of the client that talks to it, and keeps
// everything in memory.
package simulator

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options are what a workspace is given.
type Options struct {
	Now     func() time.Time // time.Now when nil
	Client  *http.Client     // brings events and interactions over HTTP
	Base    string           // URL under which the API is reached, such as http://127.0.0.1:1234
	Wait    time.Duration    // for the answer to an event or interaction; 3 s when 0
	Repeats []time.Duration  // after which an event that was not acknowledged comes again; nil: at once, 1 min, 5 min
	NoLimit bool             // no rate limits
}

// App is how the app is set up with Slack.
type App struct {
	ID, Name      string
	BotToken      string // xoxb-…
	AppToken      string // xapp-…, for Socket Mode
	SigningSecret string
	Socket        bool   // events and interactions come over Socket Mode
	EventsURL     string // else to this request URL
	ActionsURL    string // and this one for interactions and commands
}

// Workspace is one Slack workspace with one app. It serves Slack's API.
type Workspace struct {
	now     func() time.Time
	client  *http.Client
	wait    time.Duration
	repeats []time.Duration
	noLimit bool
	ended   context.Context
	end     context.CancelFunc

	mu        sync.Mutex
	base      string
	app       App
	team      Team
	installed bool
	users     []*User
	channels  []*Channel
	views     map[string]*View
	homes     map[string]*View // by user
	files     map[string]*File
	triggers  map[string]*trigger
	tickets   map[string]time.Time // of Socket Mode, each good once
	links     []*link
	waiting   map[string]chan []byte // by envelope
	responses map[string]*responder
	buckets   map[string]*bucket
	faults    []*Fault
	diary     []Call
	lastTS    int64
	lastID    int64
	turn      int // which connection gets the next envelope
	changed   chan struct{}
	busy      sync.WaitGroup
}

// Team is the workspace's name.
type Team struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
}

// New makes a workspace in which the app is installed; its bot is a user.
func New(o Options, app App) *Workspace {
	w := &Workspace{now: o.Now, client: o.Client, wait: o.Wait, repeats: o.Repeats, noLimit: o.NoLimit, base: strings.TrimSuffix(o.Base, "/"), app: app,
		team: Team{ID: "T0HUIYIN", Name: "Huiyin", Domain: "huiyin"}, installed: true, views: map[string]*View{}, homes: map[string]*View{},
		files: map[string]*File{}, triggers: map[string]*trigger{}, tickets: map[string]time.Time{}, waiting: map[string]chan []byte{},
		responses: map[string]*responder{}, buckets: map[string]*bucket{}, changed: make(chan struct{})}
	w.ended, w.end = context.WithCancel(context.Background())
	if w.now == nil {
		w.now = time.Now
	}
	if w.client == nil {
		w.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	}
	if w.wait == 0 {
		w.wait = 3 * time.Second
	}
	if w.repeats == nil {
		w.repeats = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	w.users = []*User{{ID: botUser, Name: "huiyin", RealName: app.Name, IsBot: true}}
	return w
}

// The app's own names in the workspace.
const (
	botUser = "U0BOT"
	botID   = "B0BOT"
)

// Stop ends all connections and what is still to be brought.
func (w *Workspace) Stop() {
	w.end()
	w.mu.Lock()
	links := w.links
	w.links = nil
	w.mu.Unlock()
	for _, l := range links {
		l.close()
	}
	w.busy.Wait()
}

// At tells the workspace under which URL its API is reached.
func (w *Workspace) At(base string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.base = strings.TrimSuffix(base, "/")
}

// Configure changes how the app is set up.
func (w *Workspace) Configure(change func(*App)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.app)
	w.touch()
}

// touch tells everyone who waits that something changed; the caller holds the lock.
func (w *Workspace) touch() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// Changed is closed at the next change.
func (w *Workspace) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// Await waits until what is asked for has come about, looking after each change.
func (w *Workspace) Await(ctx context.Context, what func() bool) error {
	for {
		changed := w.Changed()
		if what() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stamp is a new ts: seconds, a point, and six digits; never the same twice. The caller holds the lock.
func (w *Workspace) stamp() string {
	w.lastTS = max(w.lastTS+1, w.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", w.lastTS/1e6, w.lastTS%1e6)
}

// id is a new id with Slack's letter for its kind; the caller holds the lock.
func (w *Workspace) id(letter string) string {
	w.lastID++
	return fmt.Sprintf("%s%09X", letter, w.lastID)
}
