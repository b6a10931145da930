package simulator

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
)

// event is the last callback that came in, opened.
func (s *shop) event(t *testing.T) *node {
	t.Helper()
	calls := s.calls()
	if len(calls) == 0 {
		t.Fatal("no callback")
	}
	root, err := readXML([]byte(calls[len(calls)-1].body))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestEventsOfAnOfficialAccount(t *testing.T) {
	s := official(t, Plain)
	p := s.account.Phone("li")
	made := s.wants("/cgi-bin/qrcode/create", `{"expire_seconds":60,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"shop-7"}}}`, 0)
	ticket, _ := made["ticket"].(string)
	s.wants("/cgi-bin/menu/create", `{"button":[{"name":"帮助","sub_button":[{"type":"click","name":"断网","key":"BROKEN"},{"type":"view","name":"官网","url":"https://example.com/"}]}]}`, 0)
	for _, c := range []struct {
		act              Act
		event, key, also string
	}{
		{Act{Do: "scan", Key: ticket}, "subscribe", "qrscene_shop-7", ticket},
		{Act{Do: "scan", Key: ticket}, "SCAN", "shop-7", ticket},
		{Act{Do: "click", Key: "BROKEN"}, "CLICK", "BROKEN", ""},
		{Act{Do: "view", URL: "https://example.com/"}, "VIEW", "https://example.com/", ""},
		{Act{Do: "unfollow"}, "unsubscribe", "", ""},
		{Act{Do: "follow"}, "subscribe", "", ""},
	} {
		if d := s.do(p, c.act); d.Answer != Success {
			t.Errorf("%s: %+v", c.event, d)
		}
		e := s.event(t)
		if e.get("MsgType") != "event" || e.get("Event") != c.event || e.get("EventKey") != c.key || e.get("Ticket") != c.also {
			t.Errorf("%s: %v", c.event, s.calls()[len(s.calls())-1].body)
		}
	}
	s.sim.Later(2 * time.Minute)
	for label, act := range map[string]Act{
		"a code that has run out": {Do: "scan", Key: ticket}, "followed already": {Do: "follow"}, "no such entry": {Do: "click", Key: "x"},
		"a page that the menu has not": {Do: "view", URL: "x"}, "a Mini Program's": {Do: "enter"}, "no scene": {Do: "scan"}, "no words": {Do: "text"}, "unknown": {Do: "dance"},
	} {
		if _, err := p.Start(act); !errors.Is(err, ErrImpossible) {
			t.Errorf("%s: %v", label, err)
		}
	}
}

func TestMessagesOfAMiniProgram(t *testing.T) {
	s := mini(t)
	p := s.account.Phone("li")
	s.do(p, Act{Do: "enter", Scene: "from=order"})
	s.do(p, Act{Do: "card", Title: "订单", App: "wx1", Page: "pages/order?id=1", Content: []byte("png")})
	for n, want := range []string{`"SessionFrom":"from=order"`, `"PagePath":"pages/order?id=1"`} {
		h := s.calls()[n]
		if !strings.HasPrefix(h.body, `{"ToUserName":"gh_0123456789ab","Encrypt":"`) {
			t.Errorf("%s", h.body)
		}
		plain := s.sim.Exchanges(0)[n].RequestPlain
		if !strings.Contains(plain, want) || !strings.HasPrefix(plain, `{"ToUserName":"gh_`) {
			t.Errorf("%s", plain)
		}
	}
	s.answers(func(int, hookCall) (int, string) { return 200, s.reply(p, textReply) })
	if d := s.do(p, Act{Do: "text", Text: "x"}); d.Answer != Wrong {
		t.Errorf("a Mini Program takes no passive reply: %+v", d)
	}
	if _, err := p.Start(Act{Do: "voice"}); !errors.Is(err, ErrImpossible) {
		t.Errorf("%v", err)
	}
}

func TestMenus(t *testing.T) {
	s := official(t, Plain)
	const path = "/cgi-bin/menu/create"
	click := `{"type":"click","name":"a","key":"A"}`
	for label, c := range map[string]struct {
		body string
		code int64
	}{
		"none":          {`{"button":[]}`, 40016},
		"four":          {`{"button":[` + strings.Repeat(click+",", 3) + click + `]}`, 40016},
		"six below":     {`{"button":[{"name":"a","sub_button":[` + strings.Repeat(click+",", 5) + click + `]}]}`, 40023},
		"three levels":  {`{"button":[{"name":"a","sub_button":[{"name":"b","sub_button":[` + click + `]}]}]}`, 40022},
		"long name":     {`{"button":[{"type":"click","name":"一二三四五六","key":"A"}]}`, 40018},
		"no name":       {`{"button":[{"type":"click","key":"A"}]}`, 40018},
		"no key":        {`{"button":[{"type":"click","name":"a"}]}`, 40019},
		"no URL":        {`{"button":[{"type":"view","name":"a"}]}`, 40020},
		"unknown":       {`{"button":[{"type":"dance","name":"a"}]}`, 40017},
		"no app":        {`{"button":[{"type":"miniprogram","name":"a","url":"u"}]}`, 40166},
		"long sub name": {`{"button":[{"name":"a","sub_button":[{"type":"click","name":"` + strings.Repeat("a", 61) + `","key":"A"}]}]}`, 40018},
	} {
		if answer := s.call(path, c.body); errcodeOf(answer) != c.code {
			t.Errorf("%s: %v, want %d", label, answer, c.code)
		}
	}
	s.wants("/cgi-bin/menu/get", "", 46003)
	s.wants(path, `{"button":[`+click+`,{"name":"b","sub_button":[`+click+`]}]}`, 0)
	if m := s.account.Menu(); len(m) != 2 || m[1].Sub[0].Key != "A" {
		t.Errorf("%+v", m)
	}
	s.wants("/cgi-bin/menu/get", "", 0)
	if info := s.wants("/cgi-bin/get_current_selfmenu_info", "", 0); info["is_menu_open"].(interface{ String() string }).String() != "1" {
		t.Errorf("%v", info)
	}
	s.wants("/cgi-bin/menu/delete", "", 0)
	s.wants("/cgi-bin/menu/get", "", 46003)
}

func TestCodes(t *testing.T) {
	s := official(t, Plain)
	const path = "/cgi-bin/qrcode/create"
	for label, c := range map[string]struct {
		body string
		code int64
	}{
		"for good":      {`{"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"door"}}}`, 0},
		"a number":      {`{"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":7}}}`, 0},
		"no scene":      {`{"action_name":"QR_STR_SCENE","action_info":{"scene":{}}}`, 40053},
		"long scene":    {`{"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"` + strings.Repeat("a", 65) + `"}}}`, 40053},
		"unknown":       {`{"action_name":"X"}`, 40052},
		"half a number": {`{"action_name":`, 47001},
	} {
		if answer := s.call(path, c.body); errcodeOf(answer) != c.code {
			t.Errorf("%s: %v, want %d", label, answer, c.code)
		}
	}
	made := s.wants(path, `{"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"door"}}}`, 0)
	body, kind, _ := s.get(s.api + "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(made["ticket"].(string)))
	if kind != "image/png" || !strings.HasPrefix(body, "\x89PNG") {
		t.Errorf("%s %.10q", kind, body)
	}
}

func TestWhoTheCustomerIs(t *testing.T) {
	s := official(t, Plain)
	p := s.account.Phone("li")
	p.Call("李", "en")
	if info := s.wants("/cgi-bin/user/info?openid="+p.OpenID(), "", 0); info["unionid"] != nil {
		t.Errorf("who does not follow is not known: %v", info)
	}
	s.do(p, Act{Do: "follow", Scene: "door"})
	info := s.wants("/cgi-bin/user/info?openid="+p.OpenID(), "", 0)
	if info["unionid"] != p.UnionID() || info["language"] != "en" || info["qr_scene_str"] != "door" || info["nickname"] != nil {
		t.Errorf("%v", info)
	}
	if other := mini(t).account.Phone("li"); other.UnionID() != p.UnionID() {
		t.Error("one person, two union ids")
	}
}
