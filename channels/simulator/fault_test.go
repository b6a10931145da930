package simulator

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What goes wrong with the provider, whether the message is shown all the same, and how it looks from outside.
func TestFaults(t *testing.T) {
	s := official(t, Plain)
	p := s.follower("li")
	for label, c := range map[string]struct {
		fault Fault
		shown bool
		wants func(status int, body string, err error) bool
	}{
		"busy": {Fault{Do: "code", Code: -1}, false, func(_ int, b string, _ error) bool { return strings.Contains(b, `"errcode":-1`) }},
		"rate": {Fault{Do: "code", Code: 45009, Text: "reach max api daily quota limit"}, false, func(_ int, b string, _ error) bool { return strings.Contains(b, "daily") }},
		"html": {Fault{Do: "html"}, false, func(n int, b string, _ error) bool { return n == 200 && strings.Contains(b, "<html>") }},
		"502":  {Fault{Do: "status", Code: 502}, false, func(n int, _ string, _ error) bool { return n == 502 }},
		"half": {Fault{Do: "half"}, true, func(_ int, b string, err error) bool { return err != nil && strings.HasPrefix(b, `{"err`) }},
		"cut":  {Fault{Do: "cut"}, true, func(_ int, _ string, err error) bool { return err != nil }},
		"drop": {Fault{Do: "drop"}, false, func(_ int, _ string, err error) bool { return err != nil }},
		"slow": {Fault{Do: "slow", Wait: 30 * time.Millisecond}, true, func(n int, b string, _ error) bool { return n == 200 && strings.Contains(b, "ok") }},
	} {
		s.do(p, Act{Do: "text", Text: label})
		before := len(p.Screen())
		c.fault.Path, c.fault.Times = "/custom/send", 1
		s.account.Break(c.fault)
		s.wants("/cgi-bin/menu/get", "", 46003) // another path is not broken
		status, body, err := 0, []byte(nil), error(nil)
		r, err := http.Post(s.api+sendPath+"?access_token="+s.authorize(), "application/json", strings.NewReader(say(p, "hello")))
		if err == nil {
			status = r.StatusCode
			body, err = io.ReadAll(r.Body)
			_ = r.Body.Close()
		}
		if !c.wants(status, string(body), err) {
			t.Errorf("%s: %d %q %v", label, status, body, err)
		}
		if shown := len(p.Screen()) > before; shown != c.shown {
			t.Errorf("%s: shown %v", label, shown)
		}
		s.wants(sendPath, say(p, "mended"), 0)
	}
	s.account.Break(Fault{Do: "code", Code: 45011})
	for range 3 {
		s.wants(sendPath, say(p, "x"), 45011)
	}
	s.account.Mend()
	s.wants(sendPath, say(p, "x"), 0)
}

func TestTheDiary(t *testing.T) {
	s := official(t, Safe)
	p := s.follower("li")
	s.wants(sendPath, say(p, "one"), 0)
	all := s.sim.Exchanges(0)
	if len(all) != 4 {
		t.Fatalf("%d exchanges", len(all))
	}
	push, sent := all[1], all[3]
	if push.Way != "callback" || push.Customer != "li" || !strings.Contains(push.RequestPlain, "你好") || push.Response != "success" || push.Status != 200 {
		t.Errorf("%+v", push)
	}
	if sent.Way != "api" || sent.Customer != "li" || !strings.Contains(sent.Request, "one") || sent.Response != `{"errcode":0,"errmsg":"ok"}` {
		t.Errorf("%+v", sent)
	}
	if rest := s.sim.Exchanges(all[2].N); len(rest) != 1 || rest[0].N != sent.N {
		t.Errorf("%+v", rest)
	}
	for range keptExchanges {
		s.raw(http.MethodGet, "/nothing", "")
	}
	if n := len(s.sim.Exchanges(0)); n != keptExchanges {
		t.Errorf("%d are kept", n)
	}
}
