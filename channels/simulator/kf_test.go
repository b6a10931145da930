package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// ring is the token of the last bell.
func (s *shop) ring(t *testing.T) string {
	t.Helper()
	calls := s.calls()
	root, err := readXML([]byte(calls[len(calls)-1].body))
	if err != nil {
		t.Fatal(err)
	}
	inner, err := s.account.seal.open(root.get("Encrypt"))
	if err != nil {
		t.Fatal(err)
	}
	if root, err = readXML(inner); err != nil || root.get("Event") != "kf_msg_or_event" || root.get("OpenKfId") != "wkDesk" {
		t.Fatalf("%s", inner)
	}
	return root.get("Token")
}

// sync gets a page, with the last bell's token.
func (s *shop) sync(t *testing.T, cursor string, limit int) (list []map[string]any, next string, more bool) {
	t.Helper()
	a := s.wants("/cgi-bin/kf/sync_msg", fmt.Sprintf(`{"cursor":%q,"token":%q,"limit":%d,"open_kfid":"wkDesk"}`, cursor, s.ring(t), limit), 0)
	for _, m := range a["msg_list"].([]any) {
		list = append(list, m.(map[string]any))
	}
	return list, a["next_cursor"].(string), a["has_more"].(json.Number) == "1"
}

func TestSyncFromACursor(t *testing.T) {
	s := kf(t)
	p := s.account.Phone("wang")
	s.do(p, Act{Do: "enter", Scene: "web"})
	for n := range 5 {
		s.do(p, Act{Do: "text", Text: fmt.Sprint("message ", n)})
	}
	all, end, more := s.sync(t, "", 0)
	if len(all) != 6 || more || all[0]["event"].(map[string]any)["scene"] != "web" || all[5]["text"].(map[string]any)["content"] != "message 4" {
		t.Fatalf("%v", all)
	}
	if m := all[1]; m["external_userid"] != p.OpenID() || m["origin"].(json.Number) != "3" || len(m["msgid"].(string)) <= 31 {
		t.Errorf("%v", m)
	}
	page, cursor, more := s.sync(t, "", 4)
	if len(page) != 4 || !more {
		t.Errorf("%d, %v", len(page), more)
	}
	page, cursor, more = s.sync(t, cursor, 4)
	if len(page) != 2 || more || cursor != end {
		t.Errorf("%d, %v, %s", len(page), more, cursor)
	}
	s.account.EmptyPages(1)
	if page, next, more := s.sync(t, cursor, 4); len(page) != 0 || !more || next != cursor {
		t.Errorf("an empty page says that there is more: %d, %v", len(page), more)
	}
	s.sim.Later(73 * time.Hour)
	s.token = ""
	s.do(p, Act{Do: "text", Text: "new"})
	if page, _, _ := s.sync(t, "", 0); len(page) != 1 {
		t.Errorf("of three days only: %d", len(page))
	}
}

// A provider that begins anew goes on counting: a cursor from before skips nothing.
func TestACursorOutlivesARestart(t *testing.T) {
	before := kf(t)
	for range 20 {
		before.do(before.account.Phone("wang"), Act{Do: "text", Text: "before"})
	}
	_, cursor, _ := before.sync(t, "", 0)
	after := kf(t)
	after.do(after.account.Phone("wang"), Act{Do: "text", Text: "after"})
	if list, _, _ := after.sync(t, cursor, 0); len(list) != 1 {
		t.Errorf("%v", list)
	}
}

func TestSyncIsGuarded(t *testing.T) {
	s := kf(t)
	p := s.account.Phone("wang")
	s.do(p, Act{Do: "text", Text: "hello"})
	const path = "/cgi-bin/kf/sync_msg"
	s.wants(path, `{"open_kfid":"wkOther"}`, 95000)
	s.wants(path, `{"open_kfid":"wkDesk","token":"ENCx"}`, 95007)
	s.wants(path, `{"open_kfid":"wkDesk","cursor":"x"}`, 40058)
	s.wants(path, `{"open_kfid":"wkDesk","limit":1001}`, 40058)
	s.wants(path, `{`, 40058)
	for range kfUnringed - 2 {
		s.wants(path, `{"open_kfid":"wkDesk"}`, 0)
	}
	s.wants(path, `{"open_kfid":"wkDesk"}`, 45009)
	ring := s.ring(t)
	s.wants(path, `{"open_kfid":"wkDesk","token":"`+ring+`"}`, 0)
	s.sim.Later(11 * time.Minute)
	s.wants(path, `{"open_kfid":"wkDesk","token":"`+ring+`"}`, 95007)
	s.wants(path, `{"open_kfid":"wkDesk"}`, 0)
}

const kfSendPath = "/cgi-bin/kf/send_msg"

func TestSendingInWeCom(t *testing.T) {
	s := kf(t)
	p := s.account.Phone("wang")
	s.wants(kfSendPath, say(p, "before"), 95018)
	s.do(p, Act{Do: "text", Text: "hello"})
	file := s.upload("file", "a.txt", "a file of some bytes")
	thumb := s.upload("image", "a.png", "a picture of some bytes")
	own := strings.Replace(say(p, "once"), `"msgtype"`, `"msgid":"huiyin_1","msgtype"`, 1)
	if a := s.wants(kfSendPath, own, 0); a["msgid"] != "huiyin_1" {
		t.Errorf("%v", a)
	}
	s.wants(kfSendPath, own, 0)
	if said := p.Said(); len(said) != 1 {
		t.Errorf("%q", said)
	}
	for label, c := range map[string]struct {
		body string
		code int64
	}{
		"nobody":            {`{"touser":"wmX","open_kfid":"wkDesk","msgtype":"text","text":{"content":"x"}}`, 40096},
		"unknown kind":      {message(p, "news", `{}`), 40008},
		"another account":   {`{"touser":"wmX","open_kfid":"wkX","msgtype":"text"}`, 95000},
		"long id":           {strings.Replace(own, "huiyin_1", strings.Repeat("a", 33), 1), 40058},
		"id of other signs": {strings.Replace(own, "huiyin_1", "a:b", 1), 40058},
		"long text":         {say(p, strings.Repeat("a", 2049)), 45002},
		"escapes are read":  {message(p, "text", `{"content":"\u60a8"}`), 0},
		"file":              {message(p, "file", `{"media_id":"`+file+`"}`), 0},
		"file as voice":     {message(p, "voice", `{"media_id":"`+file+`"}`), 40007},
		"link":              {message(p, "link", `{"title":"t","desc":"d","url":"https://x","thumb_media_id":"`+thumb+`"}`), 0},
		"link of no thumb":  {message(p, "link", `{"title":"t","url":"https://x"}`), 40007},
		"place":             {message(p, "location", `{"name":"x","latitude":1,"longitude":2}`), 0},
		"menu": {message(p, "msgmenu", `{"head_content":"?","list":[{"type":"click","click":{"id":"1","content":"是"}},{"type":"view","view":{"url":"https://x","content":"看"}},`+
			`{"type":"miniprogram","miniprogram":{"appid":"wx","pagepath":"p","content":"m"}},{"type":"text","text":{"content":"t"}}]}`), 0},
		"menu of a dance": {message(p, "msgmenu", `{"list":[{"type":"dance"}]}`), 95009},
		"menu of 51":      {message(p, "msgmenu", `{"list":[`+strings.Repeat(`{"type":"text"},`, 50)+`{"type":"text"}]}`), 95008},
		"menu, no words":  {message(p, "msgmenu", `{"list":[{"type":"text"}]}`), 40058},
		"menu of nothing": {message(p, "msgmenu", `{"list":[]}`), 44004},
	} {
		t.Run(label, func(*testing.T) {
			s.do(p, Act{Do: "text", Text: "again"})
			s.wants(kfSendPath, c.body, c.code)
		})
	}
	s.do(p, Act{Do: "text", Text: "hello"})
	for range 5 {
		s.wants(kfSendPath, say(p, "x"), 0)
	}
	s.wants(kfSendPath, say(p, "sixth"), 95001)
	s.sim.Later(48 * time.Hour)
	s.token = ""
	s.wants(kfSendPath, say(p, "late"), 95002)
}

func TestAMessageThatTheCustomerRefuses(t *testing.T) {
	s := kf(t)
	p := s.follower("wang")
	p.Refuse(1)
	a := s.wants(kfSendPath, say(p, "refused"), 0)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.sim.Await(ctx, func() bool { return len(s.calls()) == 3 }); err != nil {
		t.Fatal(err)
	}
	list, _, _ := s.sync(t, "", 0)
	event := list[len(list)-1]["event"].(map[string]any)
	if len(p.Said()) != 0 || event["event_type"] != "msg_send_fail" || event["fail_msgid"] != a["msgid"] || event["fail_type"].(json.Number) != "10" {
		t.Errorf("%v", event)
	}
}

func TestWelcomes(t *testing.T) {
	s := kf(t)
	p := s.account.Phone("wang")
	s.do(p, Act{Do: "enter"})
	list, _, _ := s.sync(t, "", 0)
	code, _ := list[0]["event"].(map[string]any)["welcome_code"].(string)
	const path = "/cgi-bin/kf/send_msg_on_event"
	s.wants(path, `{"code":"x","msgtype":"text","text":{"content":"x"}}`, 40029)
	s.wants(path, `{"code":"`+code+`","msgtype":"image"}`, 40008)
	s.wants(path, `{"code":"`+code+`","msgtype":"text","text":{"content":"欢迎"}}`, 0)
	s.wants(path, `{"code":"`+code+`","msgtype":"text","text":{"content":"欢迎"}}`, 40029)
	if said := p.Said(); len(said) != 1 || last(t, p).How != "event" {
		t.Errorf("%q", said)
	}
	s.do(p, Act{Do: "enter"})
	list, _, _ = s.sync(t, "", 0)
	if again := list[1]["event"].(map[string]any)["welcome_code"]; again != nil {
		t.Errorf("welcomed within two days: %v", again)
	}
	s.sim.Later(49 * time.Hour)
	s.token = ""
	s.do(p, Act{Do: "enter"})
	list, _, _ = s.sync(t, "", 0)
	code, _ = list[len(list)-1]["event"].(map[string]any)["welcome_code"].(string)
	s.sim.Later(21 * time.Second)
	s.wants(path, `{"code":"`+code+`","msgtype":"text","text":{"content":"late"}}`, 40029)
}

func TestStates(t *testing.T) {
	for from := fresh; from <= ended; from++ {
		for to := fresh; to <= ended; to++ {
			s := kf(t)
			p := s.follower("wang")
			p.talk.state = from
			body := fmt.Sprintf(`{"open_kfid":"wkDesk","external_userid":%q,"service_state":%d,"servicer_userid":"li"}`, p.OpenID(), to)
			allowed := strings.Contains("01 02 03 04 12 13 14 23 24 33 34", fmt.Sprint(from, to)[:1]+fmt.Sprint(to))
			want := int64(95016)
			if allowed {
				want = 0
			}
			a := s.wants("/cgi-bin/kf/service_state/trans", body, want)
			if _, has := a["msg_code"]; has != (allowed && to != withBot) {
				t.Errorf("%d to %d: %v", from, to, a)
			}
			state := from
			if allowed {
				state = to
			}
			got := s.wants("/cgi-bin/kf/service_state/get", fmt.Sprintf(`{"open_kfid":"wkDesk","external_userid":%q}`, p.OpenID()), 0)
			if got["service_state"].(json.Number).String() != fmt.Sprint(int(state)) {
				t.Errorf("%d to %d: %v", from, to, got)
			}
			if _, servicer := p.State(); allowed && (to == withHuman) != (servicer == "li") {
				t.Errorf("%d to %d: served by %q", from, to, servicer)
			}
		}
	}
	s := kf(t)
	p := s.follower("wang")
	s.wants("/cgi-bin/kf/service_state/trans", fmt.Sprintf(`{"open_kfid":"wkDesk","external_userid":%q,"service_state":3,"servicer_userid":"nobody"}`, p.OpenID()), 95014)
	s.wants("/cgi-bin/kf/service_state/get", `{"open_kfid":"wkDesk","external_userid":"wmX"}`, 40096)
}

func TestTakenOverInTheApp(t *testing.T) {
	s := kf(t)
	p, ctx := s.follower("wang"), context.Background()
	if _, err := p.Speak(ctx, "early"); err == nil {
		t.Error("nobody has taken over yet")
	}
	for _, act := range []func() (Delivery, error){
		func() (Delivery, error) { return p.TakeOver(ctx, "li") },
		func() (Delivery, error) { return p.Speak(ctx, "我来处理") },
		func() (Delivery, error) { return p.End(ctx) },
	} {
		if d, err := act(); err != nil || d.Answer != Success {
			t.Fatalf("%+v, %v", d, err)
		}
	}
	s.wants(kfSendPath, say(p, "ended"), 95018)
	list, _, _ := s.sync(t, "", 0)
	taken, spoke, end := list[2]["event"].(map[string]any), list[3], list[4]["event"].(map[string]any)
	if taken["new_servicer_userid"] != "li" || taken["change_type"].(json.Number) != "1" {
		t.Errorf("%v", taken)
	}
	if spoke["origin"].(json.Number) != "5" || spoke["servicer_userid"] != "li" {
		t.Errorf("%v", spoke)
	}
	if end["change_type"].(json.Number) != "3" || end["msg_code"] == nil {
		t.Errorf("%v", end)
	}
	s.do(p, Act{Do: "text", Text: "another thing"})
	if state, _ := p.State(); state != int(fresh) {
		t.Errorf("state %d", state)
	}
	if _, err := p.TakeOver(ctx, "nobody"); err == nil {
		t.Error("a stranger took over")
	}
}

func TestListsOfWeCom(t *testing.T) {
	s := kf(t)
	p := s.follower("wang")
	p.Call("王", "zh_CN")
	if a := s.wants("/cgi-bin/kf/account/list", "", 0); len(a["account_list"].([]any)) != 1 {
		t.Errorf("%v", a)
	}
	if a := s.wants("/cgi-bin/kf/servicer/list?open_kfid=wkDesk", "", 0); len(a["servicer_list"].([]any)) != 1 {
		t.Errorf("%v", a)
	}
	s.wants("/cgi-bin/kf/servicer/list?open_kfid=x", "", 95000)
	a := s.wants("/cgi-bin/kf/customer/batchget", `{"external_userid_list":["`+p.OpenID()+`","wmX"]}`, 0)
	who := a["customer_list"].([]any)[0].(map[string]any)
	if who["nickname"] != "王" || who["unionid"] != p.UnionID() || a["invalid_external_userid"].([]any)[0] != "wmX" {
		t.Errorf("%v", a)
	}
	s.wants("/cgi-bin/kf/customer/batchget", `{"external_userid_list":[]}`, 40058)
	if a := s.wants("/cgi-bin/kf/add_contact_way", `{"open_kfid":"wkDesk","scene":"web"}`, 0); !strings.Contains(a["url"].(string), "enc_scene") {
		t.Errorf("%v", a)
	}
	s.wants("/cgi-bin/kf/add_contact_way", `{"open_kfid":"wkDesk","scene":"a b"}`, 40058)
}

// Everything that a customer can send is in the queue as it was sent, and menus can be pressed.
func TestWhatCustomersSendInWeCom(t *testing.T) {
	s := kf(t)
	p := s.follower("wang")
	s.wants(kfSendPath, message(p, "msgmenu", `{"head_content":"?","list":[{"type":"click","click":{"id":"y","content":"是"}}]}`), 0)
	menu := last(t, p).N
	for _, c := range []struct {
		act              Act
		kind, key, value string
	}{
		{Act{Do: "choose", Line: menu, Key: "y"}, "text", "menu_id", "y"},
		{Act{Do: "location", Lat: 31.2, Lng: 121.4, Text: "上海"}, "location", "name", "上海"},
		{Act{Do: "link", Title: "t", URL: "https://x"}, "link", "url", "https://x"},
		{Act{Do: "card", Title: "t", App: "wx1", Page: "p", Content: []byte("png")}, "miniprogram", "pagepath", "p"},
	} {
		s.do(p, c.act)
		list, _, _ := s.sync(t, "", 0)
		m := list[len(list)-1]
		if m["msgtype"] != c.kind || m[c.kind].(map[string]any)[c.key] != c.value {
			t.Errorf("%s: %v", c.act.Do, m)
		}
	}
	s.do(p, Act{Do: "file", Name: "a.txt", Content: []byte("a file")})
	list, _, _ := s.sync(t, "", 0)
	id := list[len(list)-1]["file"].(map[string]any)["media_id"].(string)
	if body, _, name := s.get(s.api + "/cgi-bin/media/get?access_token=" + s.authorize() + "&media_id=" + id); body != "a file" || !strings.Contains(name, "a.txt") {
		t.Errorf("%q %q", body, name)
	}
	if _, err := p.Start(Act{Do: "follow"}); err == nil {
		t.Error("nobody follows here")
	}
}
