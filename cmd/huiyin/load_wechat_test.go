package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"testing"
	"time"
)

func TestLoadWechat(t *testing.T) {
	s, _, key := furnished(t, "")
	for _, args := range []string{"--mode safe", "--mode plain --no-passive", "--mode compatible"} {
		t.Run(args, func(t *testing.T) {
			all := append([]string{"load", "--kind", "wechat", "--url", s.url(), "--key", key, "--customers", "20", "--rate", "40", "--duration", "2s", "--json"}, strings.Fields(args)...)
			report := decode[loadReport](t, callWith("", all...))
			if report.Accepted == 0 || report.Accepted != report.Scheduled || report.Answered != report.Accepted || report.Reply.Count != report.Accepted || len(report.Faults) != 0 {
				t.Errorf("%+v", report)
			}
			if passive := !strings.Contains(args, "no-passive"); passive != (report.Passive > 0) {
				t.Errorf("%d passive answers of %d", report.Passive, report.Answered)
			}
		})
	}
	if list := s.call("inbox", "list"); strings.Contains(list, "Load test") {
		t.Errorf("a temporary inbox is still in service:\n%s", list)
	}
	s.call("ledger", "check")
}

func TestLoadWechatFindsWhatIsLost(t *testing.T) {
	s, _, key := furnished(t, "")
	proxy := httptest.NewServer(&deafHook{to: httputil.NewSingleHostReverseProxy(parse(t, s.url()))})
	t.Cleanup(proxy.Close)
	account := makeWechatAccount("safe", false)
	platform, err := startPlatform(account, "")
	if err != nil {
		t.Fatal(err)
	}
	defer platform.stop()
	plan := loadPlan{base: proxy.URL, key: key, questions: []string{"怎么开电子发票？"}, customers: 4, rate: 10, duration: time.Second, patience: time.Second, seed: 1}
	api := loadAPI{base: s.url(), key: key, client: loadClient()}
	if plan.inbox, err = api.makeInbox(t.Context(), "wechat", account.settings(platform.base)); err != nil {
		t.Fatal(err)
	}
	report, err := plan.runWechat(context.Background(), account, platform)
	if err != nil {
		t.Fatal(err)
	}
	if report.Lost == 0 || report.verdict() == nil || !strings.Contains(report.text(), "FAULT lost: a message of o") {
		t.Errorf("%s", report.text())
	}
}

// deafHook acknowledges every callback and hands none on.
type deafHook struct{ to http.Handler }

func (d *deafHook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/hooks/") {
		_, _ = io.WriteString(w, "success")
		return
	}
	d.to.ServeHTTP(w, r)
}

// TestWechatJudgement judges a customer who sent a and b, acknowledged; "@" in a thread is the bot's.
func TestWechatJudgement(t *testing.T) {
	for name, c := range map[string]struct {
		thread  string
		replies []int
		status  string
		want    string
	}{
		"all well":               {"a@b@", []int{1, 1}, "pending", ""},
		"two answers joined":     {"a@@b@", []int{1, 1}, "pending", ""},
		"a message twice":        {"aa@b@", []int{1, 1}, "pending", "doubled lost"},
		"a message at the end":   {"a@b@b", []int{1, 1}, "pending", "doubled"},
		"the first is not there": {"b@", []int{0, 1}, "pending", "lost unanswered"},
		"the last is not there":  {"a@", []int{1, 0}, "pending", "lost unanswered"},
		"an answer not shown":    {"a@b@", []int{1, 0}, "pending", "lost"},
		"an answer shown twice":  {"a@b@", []int{1, 2}, "pending", "doubled"},
		"no answer":              {"a@b", []int{1, 0}, "pending", "unanswered"},
		"left to a human":        {"a@b", []int{1, 0}, "open", ""},
	} {
		v := &wechatCustomer{openID: "o1"}
		for i, text := range []string{"a", "b"} {
			s := &wechatSending{job: job{text: text}, acked: time.Unix(1, 0), replies: make([]wechatReply, c.replies[i])}
			v.sent = append(v.sent, s)
		}
		thread := storedThread{status: c.status}
		for i, letter := range c.thread {
			m := storedMessage{Seq: int64(i + 1), Sender: "contact", Text: string(letter)}
			if letter == '@' {
				m.Sender = "bot"
			}
			thread.messages = append(thread.messages, m)
		}
		words := ""
		for _, f := range v.judge(thread).faults {
			word, _, _ := strings.Cut(f, ":")
			if !strings.Contains(words, word) {
				words += " " + word
			}
		}
		for _, want := range strings.Fields(c.want) {
			if !strings.Contains(words, want) {
				t.Errorf("%s: %q, want %q", name, words, c.want)
			}
		}
		if c.want == "" && words != "" {
			t.Errorf("%s: %q", name, words)
		}
	}
}

func TestActedWeChatKeepsItsRules(t *testing.T) {
	account := makeWechatAccount("safe", true)
	platform, err := startPlatform(account, "")
	if err != nil {
		t.Fatal(err)
	}
	defer platform.stop()
	r := &wechatRun{account: account}
	v := newWechatCustomer(r, 1)
	v.sent, v.allowed = []*wechatSending{{}}, wechatAllowance
	platform.add(v)
	post := func(query, body string) string {
		response, err := http.Post(platform.base+"/cgi-bin/message/custom/send?access_token="+query, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		got, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	body := `{"touser":"` + v.openID + `","msgtype":"text","text":{"content":"x"}}`
	if got := post("guess", body); !strings.Contains(got, "40001") {
		t.Errorf("a wrong token: %s", got)
	}
	for range wechatAllowance {
		if got := post(loadToken, body); !strings.Contains(got, `"errcode":0`) {
			t.Errorf("%s", got)
		}
	}
	if got := post(loadToken, body); !strings.Contains(got, "45047") || len(platform.faults()) != 1 {
		t.Errorf("beyond the allowance: %s", got)
	}
	if got := post(loadToken, `{"touser":"nobody"}`); !strings.Contains(got, "40003") {
		t.Errorf("a stranger: %s", got)
	}
	if got := post(loadToken, `{`); !strings.Contains(got, "47001") {
		t.Errorf("no JSON: %s", got)
	}
}
