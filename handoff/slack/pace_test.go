package slack

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"huiyin/handoff/mirror"
)

// What Slack, or a gateway before it, asks to be left alone for is waited for, whatever is said meanwhile.
func TestSlackIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		status        int
		after         string
		wait, resting time.Duration
		problem       string
	}{
		"too many":                {429, "90", 90 * time.Second, 90 * time.Second, ""},
		"overloaded":              {503, "600", 10 * time.Minute, 10 * time.Minute, "Slack cannot be reached: status 503"},
		"overloaded until then":   {503, "Sun, 22 Nov 2026 10:02:00 GMT", 2 * time.Minute, 2 * time.Minute, "Slack cannot be reached: status 503"},
		"overloaded, no how long": {503, "", 0, 0, ""},
		"a bad gateway":           {502, "600", 0, 0, ""},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if c.after != "" {
				w.Header().Set("Retry-After", c.after)
			}
			w.WriteHeader(c.status)
		}))
		b := &Board{pace: newPace(func() time.Time { return now })}
		client := slack.New("t", slack.OptionAPIURL(server.URL+"/"), slack.OptionHTTPClient(&http.Client{Transport: courteous{http.DefaultTransport, b.pace.now}}))
		_, _, err := client.PostMessageContext(t.Context(), "C1", slack.MsgOptionText("hi", false))
		server.Close()
		failed := b.failed(t.Context(), "C1", err)
		var later *mirror.Later
		if got := errors.As(failed, &later); got != (c.wait > 0) || got && (later.After != c.wait || later.Problem != c.problem || later.Asked != (c.problem != "")) {
			t.Errorf("%s: %+v", name, failed)
		}
		if got := b.pace.reserve("C1", postEach, postBurst); got > 0 != (c.resting > 0) || c.resting > 0 && got != c.resting {
			t.Errorf("%s: rests %v, want %v", name, got, c.resting)
		}
		if !unreachable(failed) && c.wait == 0 {
			t.Errorf("%s: %v is not taken for Slack being away", name, failed)
		}
	}
}
