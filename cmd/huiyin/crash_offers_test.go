package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
)

func TestCrashUnderOffersOnSQLite(t *testing.T) {
	t.Parallel()
	crashUnderOffers(t, "")
}

func TestCrashUnderOffersOnPostgreSQL(t *testing.T) {
	t.Parallel()
	crashUnderOffers(t, pgtest.URL(t))
}

const offerPassword = "correct horse battery staple"

// crashUnderOffers kills the server at random moments while customers wait and agents are offered them, take them, turn them down
// and stay silent. Afterwards everybody is served: nobody waits for ever, nobody has had two owners at a time, no offer is left.
func crashUnderOffers(t *testing.T, databaseURL string) {
	rounds := crashRounds(t)
	s, inbox, key := furnished(t, databaseURL)
	s.routes(key)
	seed := rand.Uint64()
	noteFault(t, faultRow{Rounds: rounds, Seed: fmt.Sprint(seed)})
	t.Logf("seed %d, %d rounds", seed, rounds)
	const agents, customers = 4, 24
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Minute)
	defer stop()
	var all sync.WaitGroup
	for n := range agents {
		email := fmt.Sprintf("agent%d@example.com", n)
		must(t, callWith(offerPassword, s.on("user", "create", "--email", email, "--name", fmt.Sprint("Agent ", n), "--role", "agent", "--password-stdin")...))
		a := offerAgent{server: s, email: email, moody: rand.New(rand.NewPCG(seed, uint64(n))), mute: map[int64]bool{}, good: n == 0}
		all.Go(func() { a.work(ctx) })
	}
	var waiting sync.WaitGroup
	for n := range customers {
		waiting.Go(func() { s.asksForAPerson(ctx, t, inbox, n) })
	}
	chance := rand.New(rand.NewPCG(seed, 99))
	for range rounds {
		time.Sleep(time.Duration(chance.Int64N(int64(roundTime))))
		s.kill()
		s.start()
	}
	waiting.Wait()
	s.untilAllServed(ctx, t, customers)
	stop()
	all.Wait()
	t.Logf("%s", s.call("ledger", "check"))
}

// routes has the desk offer customers without a team, with room for all of them.
func (s *server) routes(key string) {
	s.Helper()
	api := loadAPI{base: s.url(), key: key, client: loadClient()}
	var now struct {
		Version int64
		Rules   map[string]any
		Usual   map[string]any `json:"usual_team"`
	}
	if err := api.call(context.Background(), http.MethodGet, "/api/v1/routing/settings", key, nil, &now); err != nil {
		s.Fatal(err)
	}
	now.Usual["strategy"], now.Usual["offer_seconds"] = "least_busy", 5
	now.Rules["teams"], now.Rules["capacity"] = map[string]any{"0": now.Usual}, 200
	if err := api.call(context.Background(), http.MethodPut, "/api/v1/routing/settings", key, map[string]any{"version": now.Version, "rules": now.Rules}, nil); err != nil {
		s.Fatal(err)
	}
}

// asksForAPerson is one customer, who repeats what got no answer.
func (s *server) asksForAPerson(ctx context.Context, t *testing.T, inbox int64, n int) {
	api := loadAPI{base: s.url(), client: loadClient()}
	chat, token := fmt.Sprintf("/chat/%d", inbox), ""
	time.Sleep(time.Duration(n) * 100 * time.Millisecond)
	for ; ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		if token == "" {
			var session struct{ Token string }
			if api.call(ctx, http.MethodPost, chat+"/session", "", map[string]any{"language": "zh"}, &session) == nil {
				token = session.Token
			}
			continue
		}
		if api.call(ctx, http.MethodPost, chat+"/messages", token, map[string]any{"text": "转人工", "client_id": fmt.Sprint("person-", n)}, nil) == nil {
			return
		}
	}
	t.Errorf("customer %d was not heard", n)
}

// offerAgent is an agent at a browser that knows nothing of crashes.
type offerAgent struct {
	*server
	email string
	moody *rand.Rand
	mute  map[int64]bool // offers that they do not answer
	good  bool           // takes whatever is offered: who was declined by all waits for minutes, as the settings say
	http  *http.Client
}

func (a *offerAgent) work(ctx context.Context) {
	signedIn := false // a session outlives a crash
	for ; ctx.Err() == nil; time.Sleep(30 * time.Millisecond) {
		if !signedIn {
			signedIn = a.signIn(ctx) == nil
			continue
		}
		_ = a.calls(ctx, http.MethodPatch, "/me", map[string]any{"presence": "online"}, nil)
		var offers []struct{ ID int64 }
		if a.calls(ctx, http.MethodGet, "/offers", nil, &offers) != nil {
			continue
		}
		for _, o := range offers {
			a.answers(ctx, o.ID)
		}
	}
}

// signIn signs in with the cookies of a new browser.
func (a *offerAgent) signIn(ctx context.Context) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	a.http = loadClient()
	a.http.Jar = jar
	return a.calls(ctx, http.MethodPost, "/session", map[string]any{"email": a.email, "password": offerPassword}, nil)
}

// answers takes what is offered, turns it down or stays silent, as the mood is.
func (a *offerAgent) answers(ctx context.Context, id int64) {
	switch n := a.moody.IntN(10); {
	case a.mute[id]:
	case a.good || n < 7:
		_ = a.calls(ctx, http.MethodPost, fmt.Sprintf("/offers/%d/accept", id), nil, nil)
	case n < 9:
		_ = a.calls(ctx, http.MethodPost, fmt.Sprintf("/offers/%d/decline", id), nil, nil)
	default:
		a.mute[id] = true
	}
}

func (a *offerAgent) calls(ctx context.Context, method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, a.url()+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Huiyin", "1")
	response, err := a.http.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusMultipleChoices {
		return errors.New(response.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// untilAllServed waits until each customer has had an owner, and checks that none had two at a time.
func (s *server) untilAllServed(patience context.Context, t *testing.T, customers int) {
	t.Helper()
	ctx := context.Background()
	url := s.db
	if url == "" {
		url = s.data + "/huiyin.db"
	}
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	count := func(query string) (n int) {
		if err := d.QueryRow(ctx, query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const served = "SELECT COUNT(*) FROM conversations WHERE status = 'open' AND agent_id <> 0"
	for count(served) < customers {
		select {
		case <-patience.Done():
			t.Fatalf("%d of %d served, %d wait", count(served), count("SELECT COUNT(*) FROM conversations"), count("SELECT COUNT(*) FROM conversations WHERE queue_order <> 0"))
		case <-time.After(50 * time.Millisecond):
		}
	}
	for _, law := range []struct{ says, query string }{
		{"two owners at a time", `SELECT COUNT(*) FROM assignments a JOIN assignments b ON b.conversation_id = a.conversation_id AND b.id > a.id
 WHERE a.ended_at = 0 OR b.claimed_at < a.ended_at`},
		{"an owner without an assignment", `SELECT COUNT(*) FROM conversations c WHERE c.agent_id <> 0
 AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.conversation_id = c.id AND a.agent_id = c.agent_id AND a.ended_at = 0)`},
		{"an offer of nobody who waits", `SELECT COUNT(*) FROM offers o JOIN conversations c ON c.id = o.conversation_id WHERE o.ended_at = 0 AND c.agent_id <> 0`},
	} {
		if n := count(law.query); n > 0 {
			t.Errorf("%s: %d", law.says, n)
		}
	}
	rows := []string{}
	for _, outcome := range []string{"accepted", "declined", "silent", "withdrawn"} {
		rows = append(rows, fmt.Sprintf("%s %d", outcome, count("SELECT COUNT(*) FROM offers WHERE outcome = '"+outcome+"'")))
	}
	t.Logf("offers: %s", strings.Join(rows, ", "))
}
