package simulator

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestStableTokens(t *testing.T) {
	s := official(t, Safe)
	get := func(force bool) string {
		t.Helper()
		a := s.raw(http.MethodPost, "/cgi-bin/stable_token", fmt.Sprintf(`{"grant_type":"client_credential","appid":"wx5823bf96d3bd56c7","secret":"a secret","force_refresh":%v}`, force))
		value, _ := a["access_token"].(string)
		return value
	}
	use := func(value string) int64 {
		return errcodeOf(s.raw(http.MethodGet, "/cgi-bin/user/info?openid=nobody&access_token="+value, ""))
	}
	first := get(false)
	if first == "" || get(false) != first || use(first) != 40003 {
		t.Fatal("a normal call gives the same token")
	}
	s.sim.Later(116 * time.Minute)
	second := get(false)
	if second == first || use(first) != 40003 || use(second) != 40003 {
		t.Error("five minutes before the end there are two")
	}
	s.sim.Later(5 * time.Minute)
	if use(first) != 42001 || use(second) != 40003 {
		t.Error("the old one has expired")
	}
	third := get(true)
	if third == second || use(second) != 40001 || get(true) != third {
		t.Error("forced: the old one is dead, and again only after 30 s")
	}
	for range 19 {
		s.sim.Later(31 * time.Second)
		get(true)
	}
	s.sim.Later(31 * time.Second)
	if get(true) != "" {
		t.Error("forced more than 20 times a day")
	}
	s.account.RevokeTokens()
	if use(get(false)) != 40003 {
		t.Error("after a revocation comes a new one")
	}
}

func TestLegacyTokensEndEachOther(t *testing.T) {
	s := official(t, Safe)
	get := func() string {
		a := s.raw(http.MethodGet, "/cgi-bin/token?grant_type=client_credential&appid=wx5823bf96d3bd56c7&secret=a+secret", "")
		return a["access_token"].(string)
	}
	use := func(value string) int64 {
		return errcodeOf(s.raw(http.MethodGet, "/cgi-bin/user/info?openid=nobody&access_token="+value, ""))
	}
	first, stable := get(), s.authorize()
	second := get()
	if first == second || use(first) != 40003 {
		t.Error("the old one lives for five minutes")
	}
	s.sim.Later(6 * time.Minute)
	if use(first) != 42001 || use(second) != 40003 || use(stable) != 40003 {
		t.Error("then it does not, and the stable one is apart")
	}
}

func TestWhoGetsNoToken(t *testing.T) {
	s, k := official(t, Safe), kf(t)
	for label, c := range map[string]struct {
		shop         *shop
		method, path string
		body         string
		code         int64
	}{
		"grant":       {s, http.MethodPost, "/cgi-bin/stable_token", `{"grant_type":"x"}`, 40002},
		"half":        {s, http.MethodPost, "/cgi-bin/stable_token", `{`, 47001},
		"app":         {s, http.MethodPost, "/cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"wx0"}`, 40013},
		"secret":      {s, http.MethodPost, "/cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"wx5823bf96d3bd56c7","secret":"x"}`, 40125},
		"old grant":   {s, http.MethodGet, "/cgi-bin/token?grant_type=x", "", 40002},
		"old secret":  {s, http.MethodGet, "/cgi-bin/token?grant_type=client_credential&appid=wx5823bf96d3bd56c7", "", 40125},
		"corp":        {k, http.MethodGet, "/cgi-bin/gettoken?corpid=ww0", "", 40013},
		"corp secret": {k, http.MethodGet, "/cgi-bin/gettoken?corpid=wx5823bf96d3bd56c7", "", 40001},
		"no token":    {s, http.MethodGet, "/cgi-bin/menu/get", "", 41001},
		"bad token":   {s, http.MethodGet, "/cgi-bin/menu/get?access_token=x", "", 40001},
		"bad kf":      {k, http.MethodPost, "/cgi-bin/kf/sync_msg?access_token=x", "{}", 40014},
		"no such":     {s, http.MethodGet, "/cgi-bin/dance", "", 40066},
	} {
		if answer := c.shop.raw(c.method, c.path, c.body); errcodeOf(answer) != c.code {
			t.Errorf("%s: %v, want %d", label, answer, c.code)
		}
	}
	k.authorize()
	k.account.ExpireTokens()
	k.wants("/cgi-bin/kf/account/list", "", 42001)
	k.account.RevokeTokens()
	k.wants("/cgi-bin/kf/account/list", "", 40014)
	s.authorize()
	s.wants("/cgi-bin/kf/account/list", "", 40014)
}
