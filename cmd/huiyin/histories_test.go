package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels/simulator"
)

// Two nodes on PostgreSQL and Redis, and one on SQLite. Customers write under ids, agents claim, release and transfer, and replies go
// out to a cloud that carries texts, all at once and over HTTP, while nodes are killed; whatever they were told must fit the models.
func TestFaultsInHistories(t *testing.T) {
	t.Parallel()
	t.Run("one node on SQLite", func(t *testing.T) {
		t.Parallel()
		s, _, _ := furnished(t, "")
		histories(t, s)
	})
	t.Run("two nodes on PostgreSQL", func(t *testing.T) {
		t.Parallel()
		c := startCluster(t)
		histories(t, c.nodes[:]...)
	})
}

// recorder does what customers and agents do, and keeps what they were told.
type recorder struct {
	*testing.T
	nodes   []*server
	account *simulator.Account
	web     int64 // inboxes, both without a bot
	texts   int64
	agents  []recordedAgent
	clients loadAPI
	seed    uint64

	log, owners, sends history
}

type recordedAgent struct {
	id   int64
	http *http.Client
}

func histories(t *testing.T, nodes ...*server) {
	rounds := crashRounds(t)
	r := &recorder{T: t, nodes: nodes, clients: loadAPI{client: loadClient()}, seed: rand.Uint64()}
	for _, h := range []*history{&r.log, &r.owners, &r.sends} {
		h.began = time.Now()
	}
	r.web = decode[shownInbox](t, callWith("", nodes[0].on("inbox", "create", "--kind", "webchat", "--name", "Web 2", "--no-bot", "--json")...)).ID
	r.cloud()
	for n := range 3 {
		r.agents = append(r.agents, r.hire(n))
	}
	t.Logf("seed %d, %d rounds", r.seed, rounds)
	chance := rand.New(rand.NewPCG(r.seed, 0))
	for n := range rounds {
		r.round(n, chance)
	}
	stuck := r.settle()
	unknown := r.log.check(t, "log", logStep) + r.owners.check(t, "owner", ownerStep) + r.sends.check(t, "send", sendStep)
	if stuck > 0 {
		t.Errorf("%d replies are still queued", stuck)
	}
	noteFault(t, faultRow{Rounds: rounds, Seed: fmt.Sprint(r.seed), Accepted: len(r.log.ops) + len(r.owners.ops) + len(r.sends.ops), Stuck: stuck,
		Note: fmt.Sprintf("accepted counts operations; %d of them ended unknown to who did them; linearizable unless it failed", unknown)})
	t.Logf("%s", nodes[0].call("ledger", "check"))
}

var replyID = regexp.MustCompile(`reply-\d+-\d+-\d+`)

// cloud is a cloud that carries texts, with a door at which each reply that comes is noted.
func (r *recorder) cloud() {
	sim := simulator.New(simulator.Options{})
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		request.Body = io.NopCloser(bytes.NewReader(body))
		words, _ := url.QueryUnescape(request.URL.RawQuery + " " + string(body))
		call := time.Now()
		sim.ServeHTTP(w, request)
		if id := replyID.FindString(words); id != "" {
			r.sends.note(99, call, deed{thing: id, what: "arrive"}, told{})
		}
	}))
	r.Cleanup(door.Close)
	c, set := cloudInbox(simulator.Aliyun, door.URL)
	args := []string{"inbox", "create", "--kind", string(c.Kind), "--name", "Texts", "--no-bot", "--json"}
	for _, s := range set {
		args = append(args, "--set", s)
	}
	r.texts = decode[shownInbox](r.T, callWith("", r.nodes[0].on(args...)...)).ID
	c.Repeats = slices.Repeat([]time.Duration{100 * time.Millisecond}, 600)
	for _, n := range r.nodes {
		c.Callbacks = append(c.Callbacks, fmt.Sprintf("%s/hooks/%d?secret=%s", n.url(), r.texts, textSecret))
	}
	var err error
	if r.account, err = sim.Add(c); err != nil {
		r.Fatal(err)
	}
}

// hire makes an agent and signs them in.
func (r *recorder) hire(n int) recordedAgent {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.Fatal(err)
	}
	a := recordedAgent{http: &http.Client{Jar: jar, Timeout: 10 * time.Second}}
	email := fmt.Sprintf("agent%d@example.com", n)
	must(r.T, callWith(offerPassword, r.nodes[0].on("user", "create", "--email", email, "--name", fmt.Sprint("Agent ", n), "--role", "agent", "--password-stdin")...))
	if err := a.calls(r.nodes[0], http.MethodPost, "/session", map[string]string{"email": email, "password": offerPassword}, nil); err != nil {
		r.Fatal(err)
	}
	var me struct{ User struct{ ID int64 } }
	var flat struct{ ID int64 }
	if err := errors.Join(a.calls(r.nodes[0], http.MethodGet, "/me", nil, &me), a.calls(r.nodes[0], http.MethodGet, "/me", nil, &flat)); err != nil {
		r.Fatal(err)
	}
	if a.id = max(me.User.ID, flat.ID); a.id == 0 {
		r.Fatal("who am I?")
	}
	return a
}

// calls makes a request of the console's; what the server refuses is a *refused.
func (a recordedAgent) calls(to *server, method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, to.url()+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Huiyin", "1")
	response, err := a.http.Do(request)
	if err != nil {
		return &refused{err: err}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return &refused{err: err}
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return refusal(response, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// end says what an error leaves of a deed: it was refused, its end is unknown, or it did not take place.
func (r *recorder) end(d deed, err error) (s told, tookPlace bool) {
	var no *refused
	switch {
	case err == nil:
		return told{}, true
	case !errors.As(err, &no) || no.status == 0 || no.status >= http.StatusInternalServerError:
		return told{unknown: true}, true
	case no.status == http.StatusTooManyRequests:
		return told{}, false
	case no.status != http.StatusConflict && no.status != http.StatusForbidden || d.what == "append":
		r.Errorf("%+v: %v", d, err)
		return told{}, false
	}
	return told{refused: true}, true
}

// round has everybody do something with conversations of their own, and one node killed at some moment of it.
func (r *recorder) round(n int, chance *rand.Rand) {
	victim, wait := r.nodes[chance.IntN(len(r.nodes))], time.Duration(chance.Int64N(int64(400*time.Millisecond)))
	token, chat := r.visits(fmt.Sprintf("first-%d-%d", n, r.seed%1000))
	_, desk := r.visits(fmt.Sprintf("other-%d-%d", n, r.seed%1000))
	texted := r.texter(n)
	var all sync.WaitGroup
	for i := range 3 {
		at := func(what uint64) *rand.Rand {
			return rand.New(rand.NewPCG(r.seed, uint64(n)<<16|uint64(i)<<8|what))
		}
		all.Go(func() { r.write(n, i, chat, token, at(1)) })
		all.Go(func() { r.serve(i, desk, at(2)) })
		if texted != 0 {
			all.Go(func() { r.reply(n, i, texted, at(3)) })
		}
	}
	all.Go(func() { time.Sleep(wait); victim.kill(); victim.start() })
	all.Wait()
}

// insists repeats what may succeed later.
func (r *recorder) insists(what string, do func() error) {
	r.Helper()
	var err error
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err = do(); err == nil {
			return
		}
	}
	r.Fatalf("%s: %v", what, err)
}

func (r *recorder) any(chance *rand.Rand) *server { return r.nodes[chance.IntN(len(r.nodes))] }

func (r *recorder) chat(s *server) loadAPI { return loadAPI{base: s.url(), client: r.clients.client} }

// visits begins a conversation on the web with a first message.
func (r *recorder) visits(id string) (token string, conversation int64) {
	ctx := context.Background()
	var session struct{ Token string }
	var first struct{ Message chatMessage }
	r.insists("a visit", func() error {
		return r.chat(r.nodes[0]).call(ctx, http.MethodPost, fmt.Sprintf("/chat/%d/session", r.web), "", map[string]string{"language": "en"}, &session)
	})
	call := time.Now()
	r.insists("a first message", func() error {
		return r.chat(r.nodes[0]).call(ctx, http.MethodPost, fmt.Sprintf("/chat/%d/messages", r.web), session.Token, map[string]string{"client_id": id, "text": id}, &first)
	})
	r.log.note(0, call, deed{thing: fmt.Sprint(first.Message.Conversation), what: "append", id: id}, told{})
	return session.Token, first.Message.Conversation
}

const deedsEach = 8

// write is one of several windows of a customer's: it writes, repeats itself and reads.
func (r *recorder) write(n, who int, conversation int64, token string, chance *rand.Rand) {
	thing, id := fmt.Sprint(conversation), ""
	for k := range deedsEach {
		time.Sleep(time.Duration(chance.Int64N(int64(60 * time.Millisecond))))
		api, call := r.chat(r.any(chance)), time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if chance.IntN(2) == 0 {
			if id == "" || chance.IntN(4) > 0 {
				id = fmt.Sprintf("write-%d-%d-%d", n, who, k)
			}
			err := api.call(ctx, http.MethodPost, fmt.Sprintf("/chat/%d/messages", r.web), token, map[string]string{"client_id": id, "text": id}, nil)
			if s, ok := r.end(deed{what: "append"}, err); ok {
				r.log.note(who, call, deed{thing: thing, what: "append", id: id}, s)
			}
		} else {
			var page struct{ Messages []chatMessage }
			err := api.call(ctx, http.MethodGet, fmt.Sprintf("/chat/%d/messages?after=%d.0", r.web, conversation), token, nil, &page)
			if err == nil {
				r.log.note(who, call, deed{thing: thing, what: "read"}, told{words: wordsOf(page.Messages)})
			}
		}
		cancel()
	}
}

func wordsOf(all []chatMessage) string {
	var words []string
	for _, m := range all {
		if !m.ours() {
			words = append(words, m.Text)
		}
	}
	return strings.Join(words, " ")
}

// serve is an agent who takes, gives back and hands on, and looks who has it.
func (r *recorder) serve(who int, conversation int64, chance *rand.Rand) {
	me, other := r.agents[who], r.agents[(who+1+chance.IntN(2))%3]
	for range deedsEach {
		time.Sleep(time.Duration(chance.Int64N(int64(60 * time.Millisecond))))
		d := deed{thing: fmt.Sprint(conversation), what: []string{"claim", "release", "transfer", "read"}[chance.IntN(4)], who: me.id, to: other.id}
		path := fmt.Sprintf("/conversations/%d/%s", conversation, d.what)
		body := map[string]map[string]any{"claim": {}, "release": {"to": "queue"}, "transfer": {"agent_id": d.to}}[d.what]
		node, call := r.any(chance), time.Now()
		if d.what == "read" {
			var c struct{ Agent struct{ ID int64 } }
			if me.calls(node, http.MethodGet, fmt.Sprintf("/conversations/%d", conversation), nil, &c) == nil {
				r.owners.note(who, call, d, told{owner: c.Agent.ID})
			}
			continue
		}
		if s, ok := r.end(d, me.calls(node, http.MethodPost, path, body, nil)); ok {
			r.owners.note(who, call, d, s)
		}
	}
}

// texter is the conversation of a customer who texts; 0 where the cloud gave up.
func (r *recorder) texter(n int) (conversation int64) {
	phone := r.account.Phone(fmt.Sprintf("86138%08d", n))
	if d, err := phone.Do(context.Background(), simulator.Act{Do: "text", Text: "您好"}); err != nil || d.Answer != simulator.Success {
		r.Errorf("%+v, %v", d, err)
		return 0
	}
	err := r.nodes[0].where().with(func(ctx context.Context, p *parts) error {
		return p.db.QueryRow(ctx, "SELECT MAX(id) FROM conversations WHERE inbox_id = ?", r.texts).Scan(&conversation)
	})
	if err != nil {
		r.Error(err)
	}
	return conversation
}

// reply answers as the one agent who has the conversation, and looks what became of it.
func (r *recorder) reply(n, who int, conversation int64, chance *rand.Rand) {
	a := r.agents[0]
	path := fmt.Sprintf("/conversations/%d/messages", conversation)
	for k := range deedsEach / 2 {
		id, call := fmt.Sprintf("reply-%d-%d-%d", n, who, k), time.Now()
		d := deed{thing: id, what: "accept"}
		s, ok := r.end(d, a.calls(r.any(chance), http.MethodPost, path, map[string]any{"text": id, "client_id": id}, nil))
		if ok && !s.refused {
			r.sends.note(who, call, d, s)
		} else {
			r.Logf("%s was not accepted", id)
		}
		r.look(who, id, path, r.any(chance))
		time.Sleep(time.Duration(chance.Int64N(int64(60 * time.Millisecond))))
		r.look(who, id, path, r.any(chance))
	}
}

func (r *recorder) look(who int, id, path string, node *server) {
	call := time.Now()
	var all []struct{ Text, Delivery string }
	if r.agents[0].calls(node, http.MethodGet, path+"?limit=100", nil, &all) != nil {
		return
	}
	words := ""
	for _, m := range all {
		if m.Text == id {
			words = m.Delivery
		}
	}
	r.sends.note(who, call, deed{thing: id, what: "read"}, told{words: words})
}

// settle waits until nothing is on its way, and reads each reply once more.
func (r *recorder) settle() (queued int) {
	count := func(ctx context.Context, p *parts) error {
		return p.db.QueryRow(ctx, "SELECT COUNT(*) FROM messages WHERE inbox_id = ? AND delivery = 'queued'", r.texts).Scan(&queued)
	}
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if err := r.nodes[0].where().with(count); err != nil {
			r.Fatal(err)
		}
		if queued == 0 {
			break
		}
	}
	call := time.Now()
	err := r.nodes[0].where().with(func(ctx context.Context, p *parts) error {
		rows, err := p.db.Query(ctx, "SELECT text, delivery FROM messages WHERE inbox_id = ? AND sender = 'agent'", r.texts)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, state string
			if err := rows.Scan(&id, &state); err != nil {
				return err
			}
			r.sends.note(0, call, deed{thing: id, what: "read"}, told{words: state})
		}
		return rows.Err()
	})
	if err != nil {
		r.Fatal(err)
	}
	return queued
}
