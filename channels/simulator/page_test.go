package simulator

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// board is the page of a shop's simulator.
func board(t *testing.T, s *shop) string {
	t.Helper()
	server := httptest.NewServer(s.sim.Page("/simulator", fstest.MapFS{"index.html": {Data: []byte("<!doctype html>phones")}}))
	t.Cleanup(server.Close)
	t.Cleanup(s.sim.Stop)
	return server.URL + "/simulator"
}

func TestThePageIsServed(t *testing.T) {
	s := official(t, Plain)
	base := board(t, s)
	for path, want := range map[string]int{"/": 200, "/index.html": 200, "/nothing.js": 404, "/stream": 400, "/exchanges?visitor=a%20b": 400, "/api/cgi-bin/menu/get": 200} {
		r, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
		if path == "/" && !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Error("no policy")
		}
	}
}

// post asks the page for something and gives the status.
func ask(t *testing.T, url, kind, body string) int {
	t.Helper()
	r, err := http.Post(url, kind, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, r.Body)
	_ = r.Body.Close()
	return r.StatusCode
}

func TestWhatAVisitorMayAsk(t *testing.T) {
	s := official(t, Safe)
	base := board(t, s)
	app := base + "/accounts/wx5823bf96d3bd56c7"
	for _, c := range []struct {
		label, url, kind, body string
		status                 int
	}{
		{"a form of another site", app + "/act?visitor=li", "text/plain", `{"do":"follow"}`, 400},
		{"nobody", app + "/act", "application/json", `{"do":"follow"}`, 400},
		{"half", app + "/act?visitor=li", "application/json", `{"do":`, 400},
		{"another account", base + "/accounts/wx0/act?visitor=li", "application/json", `{"do":"follow"}`, 404},
		{"before following", app + "/act?visitor=li", "application/json", `{"do":"text","text":"x"}`, 409},
		{"follow", app + "/act?visitor=li", "application/json", `{"do":"follow"}`, 202},
		{"text", app + "/act?visitor=li", "application/json", `{"do":"text","text":"你好"}`, 202},
		{"mode", app + "/control?visitor=li", "application/json", `{"do":"mode","mode":"plain"}`, 202},
		{"unknown mode", app + "/control?visitor=li", "application/json", `{"do":"mode","mode":"dance"}`, 409},
		{"break", app + "/control?visitor=li", "application/json", `{"do":"break","fault":{"do":"slow","path":"/send"}}`, 202},
		{"break again", app + "/control?visitor=li", "application/json", `{"do":"break","fault":{"do":"cut","path":"/send"}}`, 202},
		{"twice", app + "/control?visitor=li", "application/json", `{"do":"twice","on":true}`, 202},
		{"later", app + "/control?visitor=li", "application/json", `{"do":"later","hours":48}`, 202},
		{"repeat", app + "/control?visitor=li", "application/json", `{"do":"repeat"}`, 202},
		{"expire", app + "/control?visitor=li", "application/json", `{"do":"expire"}`, 202},
		{"revoke", app + "/control?visitor=li", "application/json", `{"do":"revoke"}`, 202},
		{"take over where nobody can", app + "/control?visitor=li", "application/json", `{"do":"takeover","text":"li"}`, 409},
		{"unknown", app + "/control?visitor=li", "application/json", `{"do":"dance"}`, 409},
	} {
		if got := ask(t, c.url, c.kind, c.body); got != c.status {
			t.Errorf("%s: %d, want %d", c.label, got, c.status)
		}
	}
	a := s.sim.Look("li").Accounts[0]
	if a.Mode != Plain || !a.Twice || len(a.Faults) != 1 || a.Faults[0] != "cut" || !a.Follows {
		t.Errorf("%+v", a)
	}
	if ask(t, app+"/control?visitor=li", "application/json", `{"do":"mend"}`) != 202 || len(s.sim.Look("li").Accounts[0].Faults) != 0 {
		t.Error("not mended")
	}
}

// Who chooses another mode on the page chooses it for the inbox too.
func TestAModeIsSavedOnTheOtherSide(t *testing.T) {
	s := official(t, Safe)
	var saved []Mode
	s.sim.saved = func(_ context.Context, c Config) error { saved = append(saved, c.Mode); return nil }
	if got := ask(t, board(t, s)+"/accounts/wx5823bf96d3bd56c7/control?visitor=li", "application/json", `{"do":"mode","mode":"compatible"}`); got != 202 {
		t.Fatal(got)
	}
	if len(saved) != 1 || saved[0] != Compatible {
		t.Errorf("%v", saved)
	}
}

// The stream says what the phones show, at once and after each change, and ends with the server.
func TestTheStream(t *testing.T) {
	s := kf(t)
	base := board(t, s)
	r, err := http.Get(base + "/stream?visitor=wang")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	lines.Buffer(nil, 1<<20)
	next := func() (shot Snapshot) {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &shot); err != nil {
					t.Fatal(err)
				}
				return shot
			}
		}
		t.Fatal("the stream has ended")
		return shot
	}
	if shot := next(); len(shot.Accounts) != 1 || len(shot.Accounts[0].Screen) != 0 || shot.Accounts[0].Kind != CustomerService {
		t.Errorf("%+v", shot)
	}
	s.do(s.account.Phone("wang"), Act{Do: "text", Text: "hello"})
	for shot := next(); ; shot = next() {
		if a := shot.Accounts[0]; len(a.Screen) == 1 && a.Screen[0].Text == "hello" && a.Allowances[0].Left == 5 {
			break
		}
	}
	s.sim.Stop()
	s.sim.Stop()
	for lines.Scan() {
		continue
	}
}

// A visitor sees the requests about themself and about nobody.
func TestExchangesOfAVisitor(t *testing.T) {
	s := kf(t)
	base := board(t, s)
	s.do(s.account.Phone("wang"), Act{Do: "text", Text: "hello"})
	s.do(s.account.Phone("li"), Act{Do: "text", Text: "hello"})
	s.authorize()
	r, err := http.Get(base + "/exchanges?visitor=wang")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var all []Exchange
	if err := json.NewDecoder(r.Body).Decode(&all); err != nil || len(all) != 2 || all[0].Customer != "wang" || all[1].Way != "api" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestPeopleInTheWeComAppOnThePage(t *testing.T) {
	s := kf(t)
	control := board(t, s) + "/accounts/wx5823bf96d3bd56c7/control?visitor=wang"
	p := s.follower("wang")
	for _, c := range []struct {
		body   string
		status int
	}{
		{`{"do":"speak","text":"early"}`, 409}, {`{"do":"takeover","text":"li"}`, 202}, {`{"do":"speak","text":"我来了"}`, 202},
		{`{"do":"end"}`, 202}, {`{"do":"refuse"}`, 202}, {`{"do":"mode","mode":"plain"}`, 409},
	} {
		if got := ask(t, control, "application/json", c.body); got != c.status {
			t.Errorf("%s: %d, want %d", c.body, got, c.status)
		}
	}
	if said := p.Said(); len(said) != 1 || said[0] != "我来了" {
		t.Errorf("%q", said)
	}
	if a := s.sim.Look("wang").Accounts[0]; a.State != int(ended) {
		t.Errorf("%+v", a)
	}
}

// A page that is open to everybody fills no memory.
func TestWhatIsKeptIsBounded(t *testing.T) {
	s := official(t, Plain)
	for n := range keptPhones + 10 {
		s.account.Phone(time.Duration(n).String())
	}
	if len(s.account.phones) != keptPhones || len(s.account.open) != keptPhones || len(s.account.order) != keptPhones {
		t.Errorf("%d phones", len(s.account.phones))
	}
	p := s.follower("li")
	for range keptLines {
		p.show(Line{From: System})
	}
	if screen := p.Screen(); len(screen) != keptLines || screen[0].N == 1 {
		t.Errorf("%d lines", len(screen))
	}
	half := make([]byte, keptBytes/2)
	first := s.sim.keep(s.account, "image", Act{Content: half})
	s.sim.keep(s.account, "image", Act{Content: half})
	last := s.sim.keep(s.account, "image", Act{Content: half})
	if s.sim.media[first] != nil || s.sim.media[last] == nil || s.sim.shelved > keptBytes {
		t.Errorf("%d bytes are kept", s.sim.shelved)
	}
}
