package wechat

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

func TestMenuGoesOutAndComesBack(t *testing.T) {
	p := newPlatform(t)
	in, a := inbox(keyBase, p.URL), New(testOptions())
	menu := []channels.MenuItem{
		{Label: "怎么退款", Ask: "怎么退款？"},
		{Label: "更多", Items: []channels.MenuItem{{Label: "官网", URL: "https://x.example/?a=1&b=2"},
			{Label: "小程序", URL: "https://x.example", App: channels.MiniApp{ID: "wx1", Page: "pages/a"}}}},
	}
	if err := a.PublishMenu(t.Context(), in, menu); err != nil {
		t.Fatal(err)
	}
	sent := p.heard("/cgi-bin/menu/create")[0]
	if body := string(sent.body); !strings.Contains(body, `"key":"ask:怎么退款？"`) || !strings.Contains(body, `"url":"https://x.example/?a=1&b=2"`) || strings.Contains(body, `\u`) {
		t.Errorf("%s", body)
	}
	p.on("/cgi-bin/menu/get", say(`{"menu":`+string(sent.body)+`}`))
	if got, err := a.Menu(t.Context(), in); err != nil || !reflect.DeepEqual(got, menu) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestMenuOfOthers(t *testing.T) {
	p := newPlatform(t)
	in, a := inbox(keyBase, p.URL), New(testOptions())
	p.on("/cgi-bin/menu/get", say(`{"menu":{"button":[{"type":"click","name":"歌曲","key":"V1001","sub_button":[]},{"type":"scancode_push","name":"扫码","key":"k"}]}}`))
	got, err := a.Menu(t.Context(), in)
	if want := []channels.MenuItem{{Label: "歌曲", Ask: "V1001"}, {Label: "扫码"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	p.on("/cgi-bin/menu/get", say(`{"errcode":46003,"errmsg":"menu no exist"}`))
	if got, err := a.Menu(t.Context(), in); err != nil || got != nil {
		t.Errorf("no menu: %+v, %v", got, err)
	}
	if err := a.PublishMenu(t.Context(), in, nil); err != nil || len(p.heard("/cgi-bin/menu/delete")) != 1 {
		t.Errorf("taken away: %v", err)
	}
	p.on("/cgi-bin/menu/create", say(`{"errcode":48001,"errmsg":"api unauthorized"}`))
	if err := a.PublishMenu(t.Context(), in, []channels.MenuItem{{Label: "a", Ask: "b"}}); err == nil || !strings.Contains(err.Error(), "verified") {
		t.Errorf("not authorised: %v", err)
	}
}

func TestMenusThatWeChatDoesNotTake(t *testing.T) {
	ask := func(label string) channels.MenuItem { return channels.MenuItem{Label: label, Ask: "x"} }
	six := []channels.MenuItem{ask("1"), ask("2"), ask("3"), ask("4"), ask("5"), ask("6")}
	p := newPlatform(t)
	for name, menu := range map[string][]channels.MenuItem{
		"four entries":       {ask("1"), ask("2"), ask("3"), ask("4")},
		"six below":          {{Label: "a", Items: six}},
		"three floors":       {{Label: "a", Items: []channels.MenuItem{{Label: "b", Items: six[:1]}}}},
		"no label":           {ask(" ")},
		"no label above":     {{Items: six[:1]}},
		"a long label":       {ask("六个汉字太长")},
		"a long label below": {{Label: "a", Items: []channels.MenuItem{ask(strings.Repeat("长", 21))}}},
		"nothing to do":      {{Label: "a"}},
		"a long question":    {{Label: "a", Ask: strings.Repeat("长", 42)}},
		"an address of ours": {{Label: "a", URL: "/help"}},
		"a script":           {{Label: "a", URL: "javascript:alert(1)"}},
		"an app alone":       {{Label: "a", App: channels.MiniApp{ID: "wx1", Page: "p"}}},
	} {
		var field *conversation.FieldError
		if err := New(testOptions()).PublishMenu(t.Context(), inbox(keyBase, p.URL), menu); !errors.As(err, &field) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(p.told) != 0 {
		t.Errorf("%d requests", len(p.told))
	}
}

func TestCodes(t *testing.T) {
	p := newPlatform(t)
	in, a := inbox(keyBase, p.URL), New(testOptions())
	p.on("/cgi-bin/qrcode/create", say(`{"ticket":"gQ/8=+","expire_seconds":3600,"url":"http://weixin.qq.com/q/kZ"}`))
	code, err := a.Code(t.Context(), in, "门店-12", time.Hour)
	if err != nil || code.Content != "http://weixin.qq.com/q/kZ" || code.Picture != p.URL+"/cgi-bin/showqrcode?ticket="+url.QueryEscape("gQ/8=+") || !code.Until.Equal(testNow.Add(time.Hour)) {
		t.Errorf("%+v, %v", code, err)
	}
	if body := string(p.heard("/cgi-bin/qrcode/create")[0].body); !strings.Contains(body, `"QR_STR_SCENE"`) || !strings.Contains(body, `"expire_seconds":3600`) || !strings.Contains(body, `"scene_str":"门店-12"`) {
		t.Errorf("%s", body)
	}
	if code, err = a.Code(t.Context(), in, "x", 0); err != nil || !code.Until.IsZero() || !strings.Contains(string(p.heard("/cgi-bin/qrcode/create")[1].body), "QR_LIMIT_STR_SCENE") {
		t.Errorf("for good: %+v, %v", code, err)
	}
	var field *conversation.FieldError
	for _, c := range []struct {
		scene   string
		lasting time.Duration
	}{{"", time.Hour}, {strings.Repeat("x", 65), 0}, {"x", 31 * 24 * time.Hour}, {"x", time.Second}, {"x", -1}} {
		if _, err := a.Code(t.Context(), in, c.scene, c.lasting); !errors.As(err, &field) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if (account{base: defaultBase}).pictures() != "https://mp.weixin.qq.com" {
		t.Error("where WeChat draws codes")
	}
}

func TestCheck(t *testing.T) {
	p := newPlatform(t)
	in := inbox(keyBase, p.URL)
	p.on("/cgi-bin/getcallbackip", say(`{"ip_list":["127.0.0.1"]}`))
	for _, a := range []channels.Checker{New(testOptions()), NewMini(testOptions())} {
		if err := a.Check(t.Context(), in); err != nil {
			t.Error(err)
		}
	}
	for answer, words := range map[string]string{
		`{"errcode":40164,"errmsg":"invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"}`: "add 203.0.113.9 to the IP whitelist",
		`{"errcode":40125,"errmsg":"invalid appsecret"}`:                                                "AppSecret is wrong",
		`{"errcode":40013,"errmsg":"invalid appid"}`:                                                    "AppID is wrong",
		`{"errcode":40243}`: "frozen",
		`{"errcode":99}`:    "errcode 99",
		`<html>`:            "could not be reached",
	} {
		p.on("/cgi-bin/stable_token", say(answer))
		if err := New(testOptions()).Check(t.Context(), in); err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "secret\"") {
			t.Errorf("%s: %v", answer, err)
		}
	}
	if err := New(testOptions()).Check(t.Context(), inbox(keyAES, "")); err == nil || !strings.Contains(err.Error(), "aes_key") {
		t.Errorf("without a key: %v", err)
	}
}
