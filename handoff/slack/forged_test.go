package slack_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// forged is a request that Slack has not sent, or not so.
type forged struct {
	name   string
	path   string
	body   string
	want   int
	change func(h http.Header, at string, body string) // of what Slack would have sent
	at     time.Duration                               // how old it is
}

func TestForgedAndReplayedRequestsChangeNothing(t *testing.T) {
	o := quick(t, setup{http: true, prefix: "!!"})
	id := o.customer("Wang Li", "my bill is wrong")
	card := o.thread(id)
	event := fmt.Sprintf(`{"type":"event_callback","team_id":"T0HUIYIN","event_id":"EvForged","event":{"type":"message","channel":%q,"user":%q,"text":"!! forged","ts":"1.000001","thread_ts":%q}}`,
		o.channel, o.annaIn, card.TS)
	claim := "payload=" + url.QueryEscape(fmt.Sprintf(`{"type":"block_actions","team":{"id":"T0HUIYIN"},"user":{"id":%q},"channel":{"id":%q},"message":{"ts":%q},"actions":[{"action_id":"claim","value":"%d"}]}`,
		o.annaIn, o.channel, card.TS, id))
	for _, f := range o.forgeries(event, claim) {
		t.Run(f.name, func(t *testing.T) {
			if got := o.bring(f); got != f.want {
				t.Fatalf("answered with %d, want %d", got, f.want)
			}
		})
	}
	o.says("Wang Li", "line of the end")
	o.shows(card.TS, "line of the end")
	if c := o.conversation(id); c.AgentID != 0 || len(o.sent(id)) != 0 || o.noted(id, "forged") {
		t.Fatal("a forged request was heeded:", c.AgentID, o.sent(id))
	}
}

func (o *office) forgeries(event, claim string) []forged {
	set := func(name, value string) func(http.Header, string, string) {
		return func(h http.Header, _, _ string) { h.Set(name, value) }
	}
	const events, actions = "/hooks/slack/events", "/hooks/slack/actions"
	const signature, stamp = "X-Slack-Signature", "X-Slack-Request-Timestamp"
	no := http.StatusUnauthorized
	list := []forged{
		{"a message long ago", events, event, no, nil, 6 * time.Minute},
		{"a message from the future", events, event, no, nil, -6 * time.Minute},
		{"a press long ago", actions, claim, no, nil, 10 * time.Minute},
		{"the signature of another body", events, event, no, func(h http.Header, at, _ string) { h.Set(signature, o.slack.Sign(at, []byte("{}"))) }, 0},
		{"the signature of another time", events, event, no, func(h http.Header, _, body string) { h.Set(signature, o.slack.Sign("1", []byte(body))) }, 0},
		{"half a signature", events, event, no, func(h http.Header, _, _ string) { h.Set(signature, h.Get(signature)[:20]) }, 0},
		{"a longer signature", events, event, no, func(h http.Header, _, _ string) { h.Set(signature, h.Get(signature)+"00") }, 0},
		{"another version", events, event, no, func(h http.Header, _, _ string) {
			h.Set(signature, strings.Replace(h.Get(signature), "v0=", "v1=", 1))
		}, 0},
		{"no version", events, event, no, func(h http.Header, _, _ string) {
			h.Set(signature, strings.TrimPrefix(h.Get(signature), "v0="))
		}, 0},
		{"a body changed on the way", events, event + " ", no, func(h http.Header, at, _ string) { h.Set(signature, o.slack.Sign(at, []byte(event))) }, 0},
		{"another workspace", events, strings.Replace(event, "T0HUIYIN", "T0OTHER", 1), http.StatusOK, nil, 0},
		{"a press from another workspace", actions, strings.Replace(claim, "T0HUIYIN", "T0OTHER", 1), http.StatusOK, nil, 0},
		{"an unknown user", actions, strings.ReplaceAll(claim, o.annaIn, "U404"), http.StatusOK, nil, 0},
		{"another conversation's number", actions, strings.Replace(claim, "%221%22", "%22999%22", 1), http.StatusOK, nil, 0},
		{"a number that is none", actions, strings.Replace(claim, "%221%22", "%22-1%3BDROP%22", 1), http.StatusOK, nil, 0},
		{"an unknown action", actions, strings.Replace(claim, "claim", "erase", 1), http.StatusOK, nil, 0},
		{"an event without an id", events, strings.Replace(event, "EvForged", "", 1), http.StatusOK, nil, 0},
		{"an event of no type", events, strings.Replace(event, "event_callback", "nothing", 1), http.StatusOK, nil, 0},
		{"a message in another thread", events, strings.Replace(strings.Replace(event, "EvForged", "Ev1", 1), `"thread_ts":"`, `"thread_ts":"9`, 1), http.StatusOK, nil, 0},
		{"a message in another channel", events, strings.Replace(strings.Replace(event, "EvForged", "Ev2", 1), o.channel, "C404", 1), http.StatusOK, nil, 0},
		{"a message of a bot", events, strings.Replace(strings.Replace(event, "EvForged", "Ev3", 1), `"text"`, `"bot_id":"B1","text"`, 1), http.StatusOK, nil, 0},
		{"no JSON", events, "{", http.StatusBadRequest, nil, 0},
		{"no form", actions, "payload=%zz", http.StatusBadRequest, nil, 0},
		{"a payload that is no JSON", actions, "payload=%7B", http.StatusOK, nil, 0},
		{"a view without its metadata", actions, "payload=" + url.QueryEscape(fmt.Sprintf(`{"type":"view_submission","team":{"id":"T0HUIYIN"},"user":{"id":%q},"view":{"callback_id":"reply","private_metadata":"x"}}`, o.annaIn)), http.StatusOK, nil, 0},
		{"a view for no conversation", actions, "payload=" + url.QueryEscape(fmt.Sprintf(`{"type":"view_submission","team":{"id":"T0HUIYIN"},"user":{"id":%q},"view":{"id":"V1","callback_id":"reply","private_metadata":"{\"c\":404}","state":{"values":{"text":{"text":{"value":"forged"}}}}}}`, o.annaIn)), http.StatusOK, nil, 0},
		{"a request that is too large", events, `{"x":"` + strings.Repeat("x", 1<<20) + `"}`, http.StatusRequestEntityTooLarge, nil, 0},
	}
	for _, path := range []string{events, actions} {
		body := map[string]string{events: event, actions: claim}[path]
		list = append(list, forged{"no signature " + path, path, body, no, func(h http.Header, _, _ string) { h.Del(signature) }, 0},
			forged{"no time " + path, path, body, no, func(h http.Header, _, _ string) { h.Del(stamp) }, 0},
			forged{"a time in words " + path, path, body, no, set(stamp, "now"), 0},
			forged{"a made-up signature " + path, path, body, no, set(signature, "v0="+strings.Repeat("ab", 32)), 0})
	}
	return list
}

// bring sends a request as Slack would, but for what is changed.
func (o *office) bring(f forged) (status int) {
	o.Helper()
	return o.bringTo(o.web.URL, f)
}

func (o *office) bringTo(web string, f forged) (status int) {
	r, err := http.NewRequestWithContext(o.ctx, http.MethodPost, web+f.path, strings.NewReader(f.body))
	if err != nil {
		o.Error(err)
		return 0
	}
	at := strconv.FormatInt(time.Now().Add(-f.at).Unix(), 10)
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", o.slack.Sign(at, []byte(f.body)))
	if f.change != nil {
		f.change(r.Header, at, f.body)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		o.Error(err)
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func TestWhatSlackRepeatsIsHeededOnce(t *testing.T) {
	onBoth(t, setup{http: true, prefix: "!!"}, func(o *office) {
		id := o.customer("Wang Li", "my bill is wrong")
		card := o.thread(id)
		event := fmt.Sprintf(`{"type":"event_callback","team_id":"T0HUIYIN","event_id":"EvTwice","event":{"type":"message","channel":%q,"user":%q,"text":"!! once","ts":"1.000001","thread_ts":%q}}`,
			o.channel, o.annaIn, card.TS)
		submission := "payload=" + url.QueryEscape(fmt.Sprintf(`{"type":"view_submission","team":{"id":"T0HUIYIN"},"user":{"id":%q},"view":{"id":"V77","callback_id":"reply","private_metadata":"{\"c\":%d,\"b\":\"dialog\"}","state":{"values":{"text":{"text":{"value":"by dialog"}}}}}}`,
			o.annaIn, id))
		for range 3 {
			for _, f := range []forged{{path: "/hooks/slack/events", body: event}, {path: "/hooks/slack/actions", body: submission}} {
				if got := o.bring(f); got != http.StatusOK {
					o.Fatal("answered with", got)
				}
			}
		}
		o.until("both replies", func() bool { return len(o.sent(id)) == 2 })
		o.shows(card.TS, "by dialog")
		if got := o.sent(id); len(got) != 2 {
			o.Fatalf("the customer gets %q", got)
		}
	})
}

func TestARequestIsNotTakenWhereItShouldNotCome(t *testing.T) {
	o := quick(t, setup{}) // Socket Mode
	o.serveOnly()
	for _, path := range []string{"/hooks/slack/events", "/hooks/slack/actions"} {
		if got := o.bring(forged{path: path, body: "{}"}); got != http.StatusNotFound {
			t.Errorf("%s answered with %d", path, got)
		}
	}
}
