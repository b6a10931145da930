package simulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// anyone is an account of a kind with a customer, without a network.
func anyone(f *testing.F, kind Kind) (*Account, *Phone) {
	f.Helper()
	a, err := New(Options{}).Add(Config{Kind: kind, AppID: "wx1", Original: "wkDesk", Token: "t", AESKey: testKey, Servicers: []string{"li"}})
	if err != nil {
		f.Fatal(err)
	}
	return a, a.Phone("li")
}

// Whatever a page asks a phone to do, it does or refuses.
func FuzzAct(f *testing.F) {
	for _, seed := range []string{`{"do":"follow"}`, `{"do":"text","text":"x"}`, `{"do":"image","content":"eA=="}`, `{"do":"choose","line":1,"key":"a"}`,
		`{"do":"click","key":"a"}`, `{"do":"scan","key":"x"}`, `{"do":"location","lat":1e300}`, `{"do":"enter","scene":"]]>"}`} {
		f.Add(seed)
	}
	_, official := anyone(f, OfficialAccount)
	_, mini := anyone(f, MiniProgram)
	_, kf := anyone(f, CustomerService)
	f.Fuzz(func(t *testing.T, body string) {
		var act Act
		if json.Unmarshal([]byte(body), &act) != nil {
			return
		}
		for _, p := range []*Phone{official, mini, kf} {
			before := len(p.Screen())
			if _, err := p.Start(act); err != nil && len(p.Screen()) != before {
				t.Errorf("%s: refused, and yet on the screen", body)
			}
		}
	})
}

// Whatever is sent to the API is answered with JSON, and shown only when it was taken.
func FuzzSend(f *testing.F) {
	for _, seed := range []string{`{"touser":"x"}`, `{"msgtype":"msgmenu","msgmenu":{"list":[{"id":1}]}}`, `{"open_kfid":"wkDesk","msgtype":"msgmenu","msgmenu":{"list":[{}]}}`, `[]`, `"\u0001"`} {
		f.Add("/cgi-bin/message/custom/send", seed)
		f.Add("/cgi-bin/kf/send_msg", seed)
		f.Add("/cgi-bin/menu/create", seed)
	}
	type side struct {
		account *Account
		phone   *Phone
		token   string
	}
	var sides []side
	for _, kind := range []Kind{OfficialAccount, CustomerService} {
		a, p := anyone(f, kind)
		sides = append(sides, side{a, p, a.sim.issue(a).value})
	}
	f.Fuzz(func(t *testing.T, path, body string) {
		if !strings.HasPrefix(path, "/cgi-bin/") || strings.ContainsAny(path, " %?#\x00\n\r") || !json.Valid([]byte(`"`+path+`"`)) {
			return
		}
		for _, s := range sides {
			before := len(s.phone.Screen())
			r := httptest.NewRequest(http.MethodPost, "http://x/", strings.NewReader(strings.ReplaceAll(body, "OPENID", s.phone.openID)))
			r.URL.Path, r.URL.RawQuery = path, "access_token="+s.token
			w := httptest.NewRecorder()
			s.account.sim.ServeHTTP(w, r)
			var word refusal
			if w.Code == http.StatusOK && json.Unmarshal(w.Body.Bytes(), &word) == nil && word.Code != 0 && len(s.phone.Screen()) != before {
				t.Errorf("%s %s: refused with %d, and yet on the screen", path, body, word.Code)
			}
		}
	})
}
