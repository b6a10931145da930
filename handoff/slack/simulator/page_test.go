package simulator_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"huiyin/handoff/slack/simulator"
)

func TestTheWindowShowsWhatAPersonSeesAndDoes(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{})
	ann, ben := w.Join("ann", "Ann", ""), w.Join("ben", "Ben", "")
	channel := w.Open("support", ann, ben)
	window := httptest.NewServer(w.Window())
	defer window.Close()
	do := func(body string) int {
		t.Helper()
		answer, err := http.Post(window.URL+"/do", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	if got := do(`{"do":"write","user":"` + ann + `","channel":"` + channel + `","text":"a < b"}`); got != http.StatusOK {
		t.Fatal("writing answered", got)
	}
	if _, err := api.PostEphemeralContext(soon(t), channel, ben, slack.MsgOptionText("for Ben", false)); err != nil {
		t.Fatal(err)
	}
	if look := follow(t, window.URL, ann); len(look.Channels[0].Messages) != 1 || look.Channels[0].Messages[0].Text != "a &lt; b" {
		t.Fatalf("Ann sees %+v", look.Channels[0].Messages)
	}
	if look := follow(t, window.URL, ben); len(look.Channels[0].Messages) != 2 || !look.Channels[0].Messages[1].Whisper {
		t.Fatalf("Ben sees %+v", look.Channels[0].Messages)
	}
	for _, wrong := range []string{`{`, `{"do":"fly"}`, `{"do":"press","channel":"` + channel + `","ts":"1"}`, `{"do":"submit","user":"` + ann + `"}`} {
		if got := do(wrong); got == http.StatusOK {
			t.Errorf("%s went well", wrong)
		}
	}
}

// follow gives what the stream of a person shows first.
func follow(t *testing.T, url, user string) (look simulator.Look) {
	t.Helper()
	r, err := http.NewRequestWithContext(soon(t), http.MethodGet, url+"/stream?user="+user, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	line, err := bufio.NewReader(answer.Body).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &look); err != nil {
		t.Fatal(err)
	}
	return look
}
