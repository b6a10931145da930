package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
	"huiyin/handoff/mirror"
	"huiyin/handoff/slack"
	"huiyin/handoff/slack/simulator"
	"huiyin/live"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const signing = "8f742231b10e8888abcd99yyyzzz85a5"

// envelope seals by naming the purpose; what it is sealed with is no matter here.
type envelope struct{}

func (envelope) Seal(purpose, text string) (string, error) { return purpose + "|" + text, nil }
func (envelope) Unseal(purpose, sealed string) (string, error) {
	text, ok := strings.CutPrefix(sealed, purpose+"|")
	if !ok {
		return "", errors.New("sealed for something else")
	}
	return text, nil
}

// office is a desk in a Slack workspace, with a web chat whose customers ask for people.
type office struct {
	testing.TB
	ctx   context.Context
	store *conversation.Store
	desk  *handoff.Desk
	slack *simulator.Workspace
	board *slack.Board
	files conversation.Files
	live  *live.Hub
	web   *httptest.Server // our side, for requests of Slack's

	inbox          conversation.Inbox
	team           handoff.Team
	anna, lin      handoff.Agent
	annaIn, linIn  string // their users in Slack
	guest, channel string
	said           int
	stop           func()
}

type setup struct {
	url    string // of the database
	http   bool   // events over HTTP instead of Socket Mode
	prefix string
	now    func() time.Time
	slack  simulator.Options
}

func onBoth(t *testing.T, s setup, test func(o *office)) {
	t.Run("sqlite", func(t *testing.T) {
		s.url = filepath.Join(t.TempDir(), "huiyin.db")
		test(open(t, s))
	})
	t.Run("postgres", func(t *testing.T) {
		s.url = pgtest.URL(t)
		test(open(t, s))
	})
}

// quick is an office on SQLite, for what does not depend on the database.
func quick(t testing.TB, s setup) *office {
	t.Helper()
	s.url = filepath.Join(t.TempDir(), "huiyin.db")
	return open(t, s)
}

func open(t testing.TB, s setup) *office {
	t.Helper()
	d, err := db.Open(t.Context(), s.url, db.Options{Now: s.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(t.Context(), conversation.Migrations(), handoff.Migrations(), mirror.Migrations(), slack.Migrations()); err != nil {
		t.Fatal(err)
	}
	hub := live.NewHub(nil)
	store := &conversation.Store{DB: d, OnChange: func(conversation.Event) { hub.Pulse(conversation.TopicEvents) }}
	o := &office{TB: t, ctx: t.Context(), store: store, desk: handoff.New(d, store, hub), files: conversation.Files{Folder: t.TempDir()}}
	if s.slack.Wait == 0 {
		s.slack.Wait = 10 * time.Second // the machine may be busy
	}
	o.slack = simulator.New(s.slack, simulator.App{ID: "A1", Name: "Huiyin", BotToken: "xoxb-1", AppToken: "xapp-1", SigningSecret: signing, Socket: !s.http})
	server := httptest.NewServer(o.slack)
	o.slack.At(server.URL)
	t.Cleanup(func() { o.slack.Stop(); server.Close() })
	o.furnish()
	o.live = hub
	o.board = o.node(hub)
	o.configure(func(a *slack.App) {
		*a = slack.App{Enabled: true, Socket: !s.http, APIBase: server.URL + "/api", Prefix: s.prefix, Language: "en", Channels: map[int64]string{0: o.channel},
			BotToken: "xoxb-1", AppToken: "xapp-1", SigningSecret: signing}
	})
	if s.http {
		o.serve()
	}
	o.run()
	if !s.http {
		o.await("a connection", func() bool { return o.slack.Links() > 0 })
	}
	o.annaIn, o.linIn = o.join("anna", o.anna), o.join("lin", o.lin)
	return o
}

func (o *office) furnish() {
	o.Helper()
	o.tx(func(tx *db.Tx) (err error) {
		if o.team, err = o.desk.CreateTeam(o.ctx, tx, handoff.Team{Name: "Billing"}); err != nil {
			return err
		}
		if o.inbox, err = o.store.CreateInbox(o.ctx, tx, conversation.Inbox{Kind: "webchat", Name: "Web", Bot: true, TeamID: o.team.ID}); err != nil {
			return err
		}
		if o.anna, err = o.desk.CreateAgent(o.ctx, tx, handoff.Agent{Name: "Anna", Email: "anna@example.com", Role: handoff.AgentRole, TeamIDs: []int64{o.team.ID}}); err != nil {
			return err
		}
		o.lin, err = o.desk.CreateAgent(o.ctx, tx, handoff.Agent{Name: "Lin", Email: "lin@example.com", Role: handoff.AgentRole, TeamIDs: []int64{o.team.ID}})
		return err
	})
	o.guest = o.slack.Join("guest", "Guest", "guest@example.com")
	o.channel = o.slack.Open("support", o.guest)
}

// configure changes the settings of the desk.
func (o *office) configure(change func(*slack.App)) {
	o.Helper()
	o.tx(func(tx *db.Tx) error {
		a, err := o.board.App(o.ctx, tx)
		if err != nil {
			return err
		}
		version := a.Version
		change(&a)
		a.Version = version
		return o.board.SaveApp(o.ctx, tx, a)
	})
}

// node is the desk as one of any number of programs runs it.
func (o *office) node(hub *live.Hub) *slack.Board {
	return slack.New(slack.Options{DB: o.store.DB, Conversations: o.store, Files: o.files, Desk: o.desk, Live: hub, Sealer: envelope{}, PublicURL: "http://hub.example", Log: slog.New(slog.DiscardHandler)})
}

// run starts a node; stop ends it.
func (o *office) run() { o.stop = o.start(o.board) }

func (o *office) start(node *slack.Board) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); node.Run(ctx) }()
	var once sync.Once
	stop = func() { once.Do(func() { cancel(); <-done }) }
	o.Cleanup(stop)
	return stop
}

// join makes an agent a user in Slack who is linked.
func (o *office) join(name string, a handoff.Agent) string {
	o.Helper()
	user := o.slack.Join(name, a.Name, a.Email)
	o.slack.Invite(o.channel, user)
	var code string
	o.tx(func(tx *db.Tx) (err error) {
		code, err = o.board.Code(o.ctx, tx, a.ID)
		return err
	})
	answer, err := o.slack.Command(user, o.channel, "/huiyin", "link "+code)
	if err != nil || !strings.Contains(string(answer), "Linked with "+a.Name) {
		o.Fatalf("linking answered %s, %v", answer, err)
	}
	return user
}

func (o *office) tx(fn func(*db.Tx) error) {
	o.Helper()
	if err := o.store.DB.Tx(o.ctx, fn); err != nil {
		o.Fatal(err)
	}
}

// await waits until something has come about in Slack.
func (o *office) await(what string, is func() bool) {
	o.Helper()
	ctx, cancel := context.WithTimeout(o.ctx, 30*time.Second)
	defer cancel()
	if err := o.slack.Await(ctx, is); err != nil {
		o.Fatalf("%s did not come about; the channel holds:\n%s", what, o.dump())
	}
}

func (o *office) dump() string {
	var all strings.Builder
	for _, m := range o.slack.Messages(o.channel, "") {
		fmt.Fprintf(&all, "%s thread=%s user=%s ephemeral=%s: %s\n", m.TS, m.ThreadTS, m.User, m.Ephemeral, shownText(m))
	}
	return all.String()
}

// customer lets a customer ask something and be handed to people.
func (o *office) customer(name, question string) int64 {
	o.Helper()
	o.said++
	got := o.says(name, question)
	o.tx(func(tx *db.Tx) error {
		c, err := o.store.Load(o.ctx, tx, got)
		if err != nil {
			return err
		}
		return o.desk.Request(o.ctx, tx, c, handoff.Asked)
	})
	return got
}

// says has a customer write something.
func (o *office) says(name, text string, files ...int64) int64 {
	o.Helper()
	o.said++
	r, err := o.store.Record(o.ctx, o.inbox, conversation.Incoming{SourceID: fmt.Sprint("m", o.said), Address: name, Profile: conversation.Profile{Name: name}, Text: text, Language: "en", Attachments: files})
	if err != nil {
		o.Fatal(err)
	}
	return r.Conversation.ID
}

// thread waits for a conversation's thread and gives its root.
func (o *office) thread(id int64) simulator.Message {
	o.Helper()
	var root simulator.Message
	o.await(fmt.Sprintf("a card of #%d", id), func() bool {
		for _, m := range o.slack.Messages(o.channel, "") {
			if m.BotID != "" && (m.ThreadTS == "" || m.ThreadTS == m.TS) && strings.Contains(m.Text, fmt.Sprintf("#%d ", id)) {
				root = m
				return true
			}
		}
		return false
	})
	return root
}

// shows waits until a thread holds a text, and gives the message.
func (o *office) shows(root, text string) simulator.Message {
	o.Helper()
	var found simulator.Message
	o.await(fmt.Sprintf("%q in the thread", text), func() bool {
		for _, m := range o.slack.Messages(o.channel, root) {
			if strings.Contains(shownText(m), text) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// shownText is all that a message shows.
func shownText(m simulator.Message) string {
	var all strings.Builder
	all.WriteString(m.Text)
	for _, found := range shownParts.FindAllStringSubmatch(string(m.Blocks), -1) {
		var part string
		if json.Unmarshal([]byte(found[1]), &part) == nil {
			all.WriteString("\n" + part)
		}
	}
	return all.String()
}

// shownParts are the texts in blocks.
var shownParts = regexp.MustCompile(`"text":("(?:[^"\\]|\\.)*")`)

// whispered waits until a user alone was told something.
func (o *office) whispered(user, text string) {
	o.Helper()
	o.await(fmt.Sprintf("telling %s %q", user, text), func() bool {
		for _, ch := range o.slack.Channels() {
			for _, m := range ch.Messages {
				if m.Ephemeral == user && strings.Contains(m.Text, text) {
					return true
				}
			}
		}
		return false
	})
}

// sent are the texts that were stored for the customer of a conversation, by agents.
func (o *office) sent(id int64) (texts []string) {
	o.Helper()
	for _, m := range o.messages(id) {
		if m.Sender == conversation.FromAgent && !m.Private {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func (o *office) messages(id int64) []conversation.Message {
	o.Helper()
	found, err := o.store.Messages(o.ctx, o.store.DB, id, conversation.Page{Limit: 500})
	if err != nil {
		o.Fatal(err)
	}
	return found
}

func (o *office) conversation(id int64) *conversation.Conversation {
	o.Helper()
	c, err := o.store.Get(o.ctx, o.store.DB, id)
	if err != nil {
		o.Fatal(err)
	}
	return c
}

// until waits until something has come about on our side.
func (o *office) until(what string, is func() bool) {
	o.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	o.Fatal(what, "did not come about")
}
