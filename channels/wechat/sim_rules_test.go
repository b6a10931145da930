package wechat

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/simulator"
	"huiyin/conversation"
)

// TestSimulatedBudget: after the last allowed message, and after the window, WeChat refuses, and the adapter says that
// nothing more may be sent.
func TestSimulatedBudget(t *testing.T) {
	s := newShop(t, simulator.OfficialAccount, simulator.Safe)
	p := s.account.Phone("小王")
	var refused *channels.SendError
	if err := s.says(p, markdown("x")); !errors.As(err, &refused) || refused.Retry {
		t.Errorf("to one who does not follow: %v", err)
	}
	in := s.does(p, simulator.Act{Do: "follow"})
	for range in.Grant.Sends {
		if err := s.says(p, markdown("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.says(p, markdown("x")); !errors.As(err, &refused) || !refused.Shut {
		t.Errorf("beyond the menu's allowance: %v", err)
	}
	in = s.does(p, simulator.Act{Do: "text", Text: "x"})
	for range in.Grant.Sends {
		if err := s.says(p, markdown("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.says(p, markdown("x")); !errors.As(err, &refused) || !refused.Shut || !strings.Contains(refused.Reason, "45047") {
		t.Errorf("beyond the message's allowance: %v", err)
	}
}

func TestSimulatedNotices(t *testing.T) {
	s := newShop(t, simulator.OfficialAccount, simulator.Safe, keyTemplate, "T1", keyPage, "https://x.example")
	p := s.account.Phone("小王")
	s.does(p, simulator.Act{Do: "follow"})
	out := outgoing(markdown("**工单** 已处理"))
	out.Address = p.OpenID()
	got, err := s.adapter.(channels.Notifier).Notify(t.Context(), s.inbox, out)
	if err != nil || got.ProviderID == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	if line := shown(p); line.How != "notice" || line.Rows[0][1] != "工单 已处理" || line.URL != "https://x.example" {
		t.Errorf("%+v", line)
	}
	arrived := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.receipts) == 1 && s.receipts[0] == conversation.Receipt{ProviderID: got.ProviderID, State: conversation.Delivered}
	}
	for end := time.Now().Add(5 * time.Second); !arrived(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no receipt: %+v", s.receipts)
		}
	}
	mini := newShop(t, simulator.MiniProgram, simulator.Safe, keyTemplate, "T1")
	p = mini.account.Phone("小李")
	out.Address = p.OpenID()
	var refused *channels.SendError
	if _, err := mini.adapter.(channels.Notifier).Notify(t.Context(), mini.inbox, out); !errors.As(err, &refused) || !strings.Contains(refused.Reason, "subscribed") {
		t.Errorf("without consent: %v", err)
	}
	if in := mini.does(p, simulator.Act{Do: "allow", Key: "T1"}); in.Activity != "notices_changed" || in.Data["accepted"] != "T1" {
		t.Errorf("%+v", in)
	}
	if _, err := mini.adapter.(channels.Notifier).Notify(t.Context(), mini.inbox, out); err != nil || shown(p).How != "notice" {
		t.Errorf("with consent: %+v, %v", shown(p), err)
	}
}

func TestSimulatedMenuAndCodes(t *testing.T) {
	s := newShop(t, simulator.OfficialAccount, simulator.Safe)
	a := s.adapter.(Official)
	p := s.account.Phone("小王")
	s.does(p, simulator.Act{Do: "follow"})
	menu := []channels.MenuItem{{Label: "退款", Ask: "怎么退款？"}, {Label: "更多", Items: []channels.MenuItem{{Label: "官网", URL: "https://x.example"}}}}
	if got, err := a.Menu(t.Context(), s.inbox); err != nil || got != nil {
		t.Errorf("before: %+v, %v", got, err)
	}
	if err := a.PublishMenu(t.Context(), s.inbox, menu); err != nil || len(s.account.Menu()) != 2 {
		t.Fatalf("%+v, %v", s.account.Menu(), err)
	}
	if in := s.does(p, simulator.Act{Do: "click", Key: "ask:怎么退款？"}); in.Text != "怎么退款？" || in.Grant.Name != "menu" {
		t.Errorf("%+v", in)
	}
	if in := s.does(p, simulator.Act{Do: "view", URL: "https://x.example"}); in.Activity != "menu_viewed" || in.Grant != nil {
		t.Errorf("%+v", in)
	}
	if err := a.PublishMenu(t.Context(), s.inbox, nil); err != nil || len(s.account.Menu()) != 0 {
		t.Errorf("taken away: %v", err)
	}
	code, err := a.Code(t.Context(), s.inbox, "门店 7", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(code.Picture)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "image/") {
		t.Errorf("%s: %s", code.Picture, response.Header.Get("Content-Type"))
	}
}

// TestSimulatedFaults: a provider that loses tokens goes unnoticed; one that breaks loses no message and doubles none.
func TestSimulatedFaults(t *testing.T) {
	s := newShop(t, simulator.OfficialAccount, simulator.Safe)
	p := s.account.Phone("小王")
	s.does(p, simulator.Act{Do: "follow"})
	s.does(p, simulator.Act{Do: "text", Text: "x"})
	for name, lose := range map[string]func(){"expired": s.account.ExpireTokens, "revoked": s.account.RevokeTokens} {
		lose()
		if err := s.says(p, markdown(name)); err != nil || shown(p).Text != name {
			t.Errorf("%s token: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		fault            simulator.Fault
		retry, uncertain bool
	}{
		"busy":          {simulator.Fault{Do: "code", Code: -1}, true, false},
		"limited":       {simulator.Fault{Do: "code", Code: 45009}, true, false},
		"HTML":          {simulator.Fault{Do: "html"}, false, true},
		"half":          {simulator.Fault{Do: "half"}, false, true},
		"cut off after": {simulator.Fault{Do: "cut"}, false, true},
		"overloaded":    {simulator.Fault{Do: "status", Code: 503}, true, false},
		"slow":          {simulator.Fault{Do: "slow", Wait: 2 * time.Second}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			s.does(p, simulator.Act{Do: "text", Text: "x"})
			c.fault.Times, c.fault.Path = 1, "custom/send"
			s.account.Break(c.fault)
			defer s.account.Mend()
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			out := outgoing(markdown("once: " + name))
			out.Address = p.OpenID()
			_, err := s.adapter.Send(ctx, s.inbox, out)
			var got *channels.SendError
			if !errors.As(err, &got) || got.Retry != c.retry || got.Uncertain != c.uncertain {
				t.Fatalf("%+v", err)
			}
			if !got.Retry {
				return
			}
			if _, err := s.adapter.Send(t.Context(), s.inbox, out); err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, said := range p.Said() {
				if said == out.Message.Text {
					n++
				}
			}
			if n != 1 {
				t.Errorf("shown %d times", n)
			}
		})
	}
}

func TestSimulatedProfile(t *testing.T) {
	s := newShop(t, simulator.OfficialAccount, simulator.Safe)
	p := s.account.Phone("小王")
	p.Call("小王", "en")
	s.does(p, simulator.Act{Do: "follow", Scene: "shop-1"})
	got, err := s.adapter.(channels.Profiler).Profile(t.Context(), s.inbox, p.OpenID())
	if err != nil || got.Attributes["unionid"] != p.UnionID() || got.Attributes["followed_by"] != "qr_code" || got.Language != "en" || got.Name != "" {
		t.Errorf("%+v, %v", got, err)
	}
	s.does(p, simulator.Act{Do: "unfollow"})
	if got, err := s.adapter.(channels.Profiler).Profile(t.Context(), s.inbox, p.OpenID()); err != nil || len(got.Attributes) != 0 {
		t.Errorf("of one who left: %+v, %v", got, err)
	}
}
