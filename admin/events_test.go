package admin_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"huiyin/db"
	"huiyin/handoff"
)

// event is a frame of the stream.
type event struct {
	N              int64
	Kind           string
	ConversationID int64 `json:"conversation_id"`
	Conversation   *struct{ ID int64 }
	Message        *struct{ Text string }
	AgentID        int64 `json:"agent_id"`
	Presence, Name string
	From           string
	OfferID        int64 `json:"offer_id"`
	Outcome        string
}

// reader follows the stream of somebody.
type reader struct {
	t      testing.TB
	events chan event
	cancel context.CancelFunc
}

// follow opens a stream of server-sent events.
func (c *caller) follow(query, lastID string) *reader {
	c.h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, "GET", c.h.url+"/api/v1/events"+query, nil)
	c.h.must(err)
	request.Header = c.header.Clone()
	request.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(request)
	c.h.must(err)
	if res.StatusCode != http.StatusOK {
		c.h.t.Fatalf("stream: %s", res.Status)
	}
	r := &reader{c.h.t, make(chan event, 1000), cancel}
	go func() {
		defer res.Body.Close()
		defer close(r.events)
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var e event
				if json.Unmarshal([]byte(data), &e) == nil {
					r.events <- e
				}
			}
		}
	}()
	c.h.t.Cleanup(cancel)
	return r
}

const patience = 10 * time.Second

// until waits for an event that fits.
func (r *reader) until(what string, fits func(event) bool) event {
	r.t.Helper()
	late := time.After(patience)
	for {
		select {
		case e, open := <-r.events:
			if !open {
				r.t.Fatalf("the stream ended before %s", what)
			}
			if fits(e) {
				return e
			}
		case <-late:
			r.t.Fatalf("no %s", what)
		}
	}
}

func says(text string) func(event) bool {
	return func(e event) bool { return e.Message != nil && e.Message.Text == text }
}

func TestStreamBringsWhatHappens(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.says("early", "before")
		live := h.as(handoff.AgentRole).follow("", "")
		c := h.says("a", "hello")
		e := live.until("message", says("hello"))
		if e.Kind != "message" || e.Conversation == nil || e.Conversation.ID != c.ID || e.N == 0 {
			t.Fatalf("%+v", e)
		}
	})
}

func TestStreamResumesWithoutGapOrRepeat(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		first := me.follow("?after=0", "")
		for i := range 20 {
			h.says("a", fmt.Sprint("m", i))
		}
		seen := first.until("m9", says("m9")).N
		first.cancel()
		for i := range 20 {
			h.says("b", fmt.Sprint("n", i))
		}
		next := seen
		check := func(e event) bool {
			if e.N == 0 { // a hint
				return false
			}
			if next++; e.N != next {
				t.Fatalf("event %d after %d", e.N, next-1)
			}
			return e.Message != nil && e.Message.Text == "n19"
		}
		me.follow("", fmt.Sprint(seen)).until("n19", check)
		next = seen
		me.follow(fmt.Sprintf("?after=%d", seen), "").until("n19", check)
	})
}

func TestStreamPages(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	for i := range 300 {
		h.says(fmt.Sprint("c", i), "hello")
	}
	var page struct {
		Events []event
		Last   int64
		Reset  bool
	}
	me.do("GET", "/events", nil).want(http.StatusOK).into(&page)
	if len(page.Events) != 0 || page.Last != 300 {
		t.Fatalf("%d events, last %d", len(page.Events), page.Last)
	}
	seen := int64(0)
	for seen < 300 {
		me.do("GET", fmt.Sprintf("/events?after=%d", seen), nil).want(http.StatusOK).into(&page)
		for _, e := range page.Events {
			if seen++; e.N != seen {
				t.Fatalf("event %d after %d", e.N, seen-1)
			}
		}
		if page.Last != seen {
			t.Fatalf("last %d after %d", page.Last, seen)
		}
	}
	me.do("GET", "/events?after=300", nil).want(http.StatusOK).has(`"events":[]`, `"last":300`)
	me.do("GET", "/events?after=301", nil).want(http.StatusOK).has(`"reset":true`, `"last":300`, `"events":[]`)
	me.with("Last-Event-ID", "x").do("GET", "/events", nil).fails(http.StatusUnprocessableEntity, "invalid")
	h.clock.move(time.Hour)
	h.must(h.store.PruneEvents(t.Context(), h.db.Now()))
	me.do("GET", "/events?after=290", nil).want(http.StatusOK).has(`"n":291`)
	h.restart()
	me.do("GET", "/events?after=5", nil).has(`"reset":true`, `"last":300`)
	me.follow("?after=5", "").until("reset", func(e event) bool { return e.Kind == "reset" && e.N == 300 })
}

func TestStreamShowsOnlyTheReadersTeams(t *testing.T) {
	h := open(t)
	ours, theirs := h.teams()
	agent, owner := h.as(handoff.AgentRole).follow("?after=0", ""), h.as(handoff.Owner).follow("?after=0", "")
	h.says("theirs", "another secret")
	h.says("ours", "our own")
	owner.until("the other team's", says("another secret"))
	agent.until("our own", func(e event) bool {
		if e.ConversationID == theirs.ID && (e.Conversation != nil || e.Message != nil) {
			t.Fatalf("another team's event: %+v", e)
		}
		return e.ConversationID == ours.ID && says("our own")(e)
	})
}

func TestStreamTellsWhenAConversationGoesToAnotherTeam(t *testing.T) {
	h := open(t)
	ours, theirs := h.teams()
	agent := h.as(handoff.AgentRole).follow("", "")
	h.says("ours", "seen")
	agent.until("our own", says("seen"))
	h.tx(func(tx *db.Tx) error {
		_, err := h.desk.Transfer(t.Context(), tx, ours.ID, h.people[handoff.Owner], handoff.Target{TeamID: theirs.TeamID}, "a secret note")
		return err
	})
	gone := agent.until("gone", func(e event) bool { return e.Kind == "gone" })
	if gone.ConversationID != ours.ID || gone.Conversation != nil || gone.Message != nil || gone.N == 0 {
		t.Fatalf("%+v", gone)
	}
	h.says("ours", "not for you")
	own := h.says("new", "for anybody")
	agent.until("the next", func(e event) bool {
		if e.ConversationID == ours.ID {
			t.Fatalf("still told of it: %+v", e)
		}
		return e.ConversationID == own.ID
	})
}

func TestStreamEndsWithTheSession(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	live := me.follow("", "")
	h.as(handoff.Owner).do("PATCH", fmt.Sprintf("/users/%d", h.people[handoff.AgentRole].ID), map[string]any{"active": false}).want(http.StatusOK)
	late := time.After(patience)
	for {
		select {
		case _, open := <-live.events:
			if !open {
				return
			}
		case <-late:
			t.Fatal("the stream of a deactivated person goes on")
		}
	}
}

func TestHints(t *testing.T) {
	h := open(t)
	_, theirs := h.teams()
	me, lead := h.as(handoff.AgentRole), h.as(handoff.Owner)
	others := lead.follow("", "")
	others.until("the reader's own presence", func(e event) bool { return e.AgentID == h.people[handoff.Owner].ID && e.Presence == "online" })
	mine := me.follow("", "")
	others.until("presence", func(e event) bool {
		return e.Kind == "presence" && e.AgentID == h.people[handoff.AgentRole].ID && e.Presence == "online"
	})
	c := h.queued("x", "human")
	path := fmt.Sprintf("/conversations/%d", c.ID)
	me.do("POST", path+"/claim", nil).want(http.StatusOK)
	customer := h.options.Live.Subscribe("address:" + fmt.Sprint(h.inbox.ID) + ":x")
	defer customer.Close()
	me.do("POST", path+"/typing", map[string]any{"note": true}).want(http.StatusNoContent)
	me.do("POST", path+"/typing", map[string]any{"note": false}).want(http.StatusNoContent)
	others.until("typing", func(e event) bool { return e.Kind == "typing" && e.ConversationID == c.ID && e.Name == "agent" })
	if got := string(<-customer.Hints()); got != `{"kind":"typing","from":"agent"}` {
		t.Fatalf("the customer is told %s", got)
	}
	select {
	case again := <-customer.Hints():
		t.Fatalf("a note's typing is told to the customer: %s", again)
	default:
	}
	lead.do("POST", fmt.Sprintf("/conversations/%d/typing", theirs.ID), map[string]any{"note": true}).want(http.StatusNoContent)
	lead.do("POST", path+"/typing", map[string]any{"note": true}).want(http.StatusNoContent)
	mine.until("the owner's typing", func(e event) bool {
		if e.Kind == "typing" && (e.ConversationID == theirs.ID || e.Name == "agent") {
			t.Fatalf("%+v is not for this reader", e)
		}
		return e.Kind == "typing" && e.Name == "owner"
	})
}

func TestStreamOverWebSocket(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, h.url+"/api/v1/events?after=0", &websocket.DialOptions{HTTPHeader: me.header})
	h.must(err)
	defer func() { _ = conn.CloseNow() }()
	h.says("a", "over the socket")
	for {
		_, text, err := conn.Read(ctx)
		h.must(err)
		var e event
		h.must(json.Unmarshal(text, &e))
		if says("over the socket")(e) {
			return
		}
	}
}

func TestStreamOutlivesItsMemory(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	h.says("a", "the first")
	h.tx(func(tx *db.Tx) error {
		for n := range 5000 {
			if _, err := tx.Exec(t.Context(), "INSERT INTO events (n, at, kind, conversation_id, seq) VALUES (?, ?, 'conversation', 1, 0)", n+2, db.Millis(tx.Now)); err != nil {
				return err
			}
		}
		return nil
	})
	h.options.Live.Pulse("events")
	h.says("a", "the last")
	next := int64(0)
	me.follow("?after=0", "").until("the last", func(e event) bool {
		if e.N == 0 {
			return false
		}
		if next++; e.N != next {
			t.Fatalf("event %d after %d", e.N, next-1)
		}
		return says("the last")(e)
	})
}
