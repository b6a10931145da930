package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/channels/simulator"
	"huiyin/live/freeport"
)

// demoShows is what a visitor's phones show.
func demoShows(t *testing.T, s *server) (shot simulator.Snapshot) {
	t.Helper()
	r, err := http.Get(s.url() + "/simulator/stream?visitor=guest")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	line, err := bufio.NewReader(r.Body).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &shot); err != nil {
		t.Fatal(err)
	}
	return shot
}

func demoAsks(t *testing.T, s *server, app, what, body string) {
	t.Helper()
	r, err := http.Post(s.url()+"/simulator/accounts/"+app+"/"+what+"?visitor=guest", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if r.StatusCode != http.StatusAccepted {
		t.Fatalf("%s %s: %d", app, body, r.StatusCode)
	}
}

// answered waits until a phone's last line is the account's.
func answered(t *testing.T, s *server, app string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		for _, a := range demoShows(t, s).Accounts {
			if n := len(a.Screen); a.AppID == app && n > 0 && a.Screen[n-1].From == simulator.Business && a.Screen[n-1].How != "event" {
				return
			}
		}
	}
	t.Fatalf("%s: not answered: %+v", app, demoShows(t, s))
}

// The demo's phones are answered, in each mode of encryption, and again when the server has moved to another port.
func TestTheDemosPhonesAreAnswered(t *testing.T) {
	t.Parallel()
	s := newServer(t, "", "--demo")
	talk := func() {
		t.Helper()
		for _, p := range demoPhones() {
			if enter := map[simulator.Kind]string{simulator.OfficialAccount: "follow", simulator.Aliyun: ""}; enter[p.kind] != "" {
				demoAsks(t, s, p.fixedID, "act", `{"do":"`+enter[p.kind]+`"}`)
			} else if p.sign == "" {
				demoAsks(t, s, p.fixedID, "act", `{"do":"enter"}`)
			}
			demoAsks(t, s, p.fixedID, "act", `{"do":"text","text":"怎么开电子发票？"}`)
			answered(t, s, p.fixedID)
		}
	}
	talk()
	for _, mode := range []string{"plain", "compatible"} {
		demoAsks(t, s, demoPhones()[0].fixedID, "control", `{"do":"mode","mode":"`+mode+`"}`)
		time.Sleep(1100 * time.Millisecond) // settings are kept for a second
		demoAsks(t, s, demoPhones()[0].fixedID, "act", `{"do":"text","text":"怎么开电子发票？"}`)
		answered(t, s, demoPhones()[0].fixedID)
	}
	before := s.call("inbox", "list", "--json")
	s.kill()
	s.address = freeport.Address(t)
	s.start()
	after := s.call("inbox", "list", "--json")
	if strings.Count(before, `"kind"`) != strings.Count(after, `"kind"`) || !strings.Contains(after, s.address+"/simulator/api") {
		t.Errorf("the inboxes were not moved:\n%s", after)
	}
	if a := demoShows(t, s).Accounts[0]; a.Mode != simulator.Compatible {
		t.Errorf("the mode was not kept: %s", a.Mode)
	}
	talk()
}

// Without --demo there are no phones.
func TestThereAreNoPhonesWithoutTheDemo(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	for _, path := range []string{"/simulator", "/simulator/", "/simulator/stream?visitor=a", "/simulator/api/cgi-bin/token"} {
		r, err := http.Get(s.url() + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}
