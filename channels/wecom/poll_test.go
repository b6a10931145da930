package wecom

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// page is an answer of sync_msg with entries of the customer's.
func page(next string, more int, entries ...string) string {
	return fmt.Sprintf(`{"errcode":0,"errmsg":"ok","next_cursor":"%s","has_more":%d,"msg_list":[%s]}`, next, more, strings.Join(entries, ","))
}

// entry is a message as sync_msg brings it; content is its own part.
func entry(id string, origin int, kind, content string) string {
	return fmt.Sprintf(`{"msgid":"%s","open_kfid":"%s","external_userid":"%s","send_time":1799999990,"origin":%d,"servicer_userid":"Zhangsan","msgtype":"%s","%s":%s}`,
		id, testAccount, testPerson, origin, kind, kind, content)
}

func poll(t *testing.T, f *fake, at channels.Pull, more ...string) channels.Pulled {
	t.Helper()
	got, err := newAdapter().Poll(t.Context(), inboxAt(f.URL, more...), at)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestPollAsks(t *testing.T) {
	f := newFake(t, map[string][]string{"kf/sync_msg": {page("next1", 1)}})
	got := poll(t, f, channels.Pull{Cursor: "before", Hint: "bell"})
	if got.Cursor != "next1" || !got.More || len(got.Messages) != 0 {
		t.Errorf("%+v", got)
	}
	want := map[string]any{"cursor": "before", "token": "bell", "limit": 1000.0, "voice_format": 0.0, "open_kfid": testAccount}
	if asked := f.asked("kf/sync_msg"); len(asked) != 1 || !maps.Equal(asked[0].body, want) {
		t.Errorf("asked %v", asked)
	}
	poll(t, f, channels.Pull{})
	if asked := f.asked("kf/sync_msg")[1].text; strings.Contains(asked, "cursor") || strings.Contains(asked, `"token"`) {
		t.Errorf("the first time of all: %s", asked)
	}
}

func TestHasMoreAloneEnds(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		more   bool
		cursor string
	}{
		"an empty page with more":      {page("c2", 1), true, "c2"},
		"a full page, and the last":    {page("c2", 0, entry("m1", 3, "text", `{"content":"hi"}`)), false, "c2"},
		"no cursor: stay where we are": {page("", 0), false, "c1"},
	} {
		f := newFake(t, map[string][]string{"kf/sync_msg": {c.answer}})
		if got := poll(t, f, channels.Pull{Cursor: "c1"}); got.More != c.more || got.Cursor != c.cursor {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestABellThatIsOverIsLeftOut(t *testing.T) {
	f := newFake(t, map[string][]string{"kf/sync_msg": {`{"errcode":95007,"errmsg":"invalid msg token"}`, page("c2", 0)}})
	if got := poll(t, f, channels.Pull{Cursor: "c1", Hint: "old"}); got.Cursor != "c2" {
		t.Errorf("%+v", got)
	}
	if asked := f.asked("kf/sync_msg"); len(asked) != 2 || asked[1].body["token"] != nil || asked[1].body["cursor"] != "c1" {
		t.Errorf("asked %v", asked)
	}
}

func TestPollFailures(t *testing.T) {
	for name, c := range map[string]struct{ answer, words string }{
		"too often":     {`{"errcode":45009,"errmsg":"api freq out of limit"}`, "call limit"},
		"wrong account": {`{"errcode":95000,"errmsg":"invalid open_kfid"}`, "open_kfid"},
		"not allowed":   {`{"errcode":48002,"errmsg":"api forbidden"}`, "may not use"},
		"wrong address": {`{"errcode":60020,"errmsg":"not allow to access from your ip"}`, "trusted IPs"},
		"HTML":          {`<html>sign in</html>`, "cannot be read"},
		"half":          {`{"errcode":0,"next_cursor":"x","msg_li`, "cannot be read"},
		"a long cursor": {page(strings.Repeat("x", 65), 0), "cursor"},
		"unknown":       {`{"errcode":12345,"errmsg":"?"}`, "12345"},
	} {
		f := newFake(t, map[string][]string{"kf/sync_msg": {c.answer}})
		if _, err := newAdapter().Poll(t.Context(), inboxAt(f.URL), channels.Pull{Cursor: "c1"}); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := newFake(t, nil)
	f.Close()
	_, err := newAdapter().Poll(t.Context(), inboxAt(f.URL), channels.Pull{})
	if err == nil || strings.Contains(err.Error(), testSecret) || !strings.Contains(err.Error(), "could not be reached") {
		t.Errorf("down: %v", err)
	}
}

func TestPollRenewsItsToken(t *testing.T) {
	f := newFake(t, map[string][]string{"kf/sync_msg": {`{"errcode":42001,"errmsg":"access_token expired"}`, page("c2", 0)}})
	if got := poll(t, f, channels.Pull{}); got.Cursor != "c2" || f.tokens != 2 {
		t.Errorf("%+v after %d tokens", got, f.tokens)
	}
	f = newFake(t, map[string][]string{"gettoken": {`{"errcode":40001,"errmsg":"invalid credential"}`}})
	if _, err := newAdapter().Poll(t.Context(), inboxAt(f.URL), channels.Pull{}); err == nil || !strings.Contains(err.Error(), "corp id and secret") {
		t.Errorf("a wrong secret: %v", err)
	}
	f = newFake(t, map[string][]string{"gettoken": {`{"errcode":0,"errmsg":"ok"}`}})
	if _, err := newAdapter().Poll(t.Context(), inboxAt(f.URL), channels.Pull{}); !errors.Is(err, weixin.ErrGarbled) {
		t.Errorf("no token: %v", err)
	}
}

func TestMessages(t *testing.T) {
	for name, c := range map[string]struct {
		entry, text, choice, media string
	}{
		"text":         {entry("m", 3, "text", `{"content":"你好 <b>"}`), "你好 <b>", "", ""},
		"menu":         {entry("m", 3, "text", `{"content":"转人工","menu_id":"human"}`), "转人工", "human", ""},
		"menu, long":   {entry("m", 3, "text", `{"content":"How?","menu_id":"-"}`), "How?", "", ""},
		"image":        {entry("m", 3, "image", `{"media_id":"MI"}`), "", "", "image MI "},
		"voice":        {entry("m", 3, "voice", `{"media_id":"MV"}`), "", "", "voice MV audio/amr"},
		"video":        {entry("m", 3, "video", `{"media_id":"MD"}`), "", "", "video MD video/mp4"},
		"file":         {entry("m", 3, "file", `{"media_id":"MF"}`), "", "", "file MF "},
		"no media":     {entry("m", 3, "image", `{}`), "[image]", "", ""},
		"location":     {entry("m", 3, "location", `{"latitude":23.106021,"longitude":113.320117,"name":"广州塔","address":"海珠区"}`), "[位置] 广州塔\n海珠区\n23.106021,113.320117", "", ""},
		"link":         {entry("m", 3, "link", `{"title":"T","desc":"D","url":"https://x.cn","pic_url":"P"}`), "[链接] T\nD\nhttps://x.cn", "", ""},
		"card":         {entry("m", 3, "business_card", `{"userid":"lisi"}`), "[名片] lisi", "", ""},
		"mini program": {entry("m", 3, "miniprogram", `{"title":"购","appid":"wx1","pagepath":"/pages/a"}`), "[小程序] 购\nwx1/pages/a", "", ""},
		"msgmenu":      {entry("m", 3, "msgmenu", `{"head_content":"满意吗","list":[],"tail_content":"谢谢"}`), "满意吗\n谢谢", "", ""},
		"product":      {entry("m", 3, "channels_shop_product", `{"product_id":"1","title":"鞋","sales_price":"99","shop_nickname":"店"}`), "[商品] 鞋\n99\n店", "", ""},
		"order":        {entry("m", 3, "channels_shop_order", `{"order_id":"42","product_titles":"鞋","price_wording":"¥99","state":"待发货","shop_nickname":"店"}`), "[订单] 42\n鞋\n¥99\n待发货\n店", "", ""},
		"merged":       {entry("m", 3, "merged_msg", `{"title":"群聊的聊天记录","item":[]}`), "[聊天记录] 群聊的聊天记录", "", ""},
		"channels":     {entry("m", 3, "channels", `{"sub_type":1,"nickname":"号","title":"视频"}`), "[视频号] 号\n视频", "", ""},
		"meeting":      {entry("m", 3, "meeting", `{}`), "[会议]", "", ""},
		"schedule":     {entry("m", 3, "schedule", `{}`), "[日程]", "", ""},
		"note":         {entry("m", 3, "note", `{}`), "[笔记]", "", ""},
		"unknown":      {entry("m", 3, "hologram", `{"x":1}`), "[hologram]", "", ""},
		"wrong types":  {entry("m", 3, "text", `{"content":{"a":1}}`), "[unknown]", "", ""},
		"an empty one": {entry("m", 3, "text", `{"content":""}`), "[text]", "", ""},
	} {
		f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, c.entry)}})
		got := poll(t, f, channels.Pull{})
		if len(got.Messages) != 1 {
			t.Errorf("%s: %d messages", name, len(got.Messages))
			continue
		}
		m, media := got.Messages[0], ""
		for _, file := range m.Media {
			media += file.Kind + " " + file.Ref + " " + file.Type
		}
		if m.Text != c.text || m.Choice != c.choice || media != c.media || m.SourceID != "m" || m.Address != testPerson || m.SentAt.Unix() != 1799999990 {
			t.Errorf("%s: %+v", name, m)
		}
		if m.Grant == nil || *m.Grant != (conversation.Grant{Name: "message", Sends: 5, For: 48 * time.Hour}) {
			t.Errorf("%s: grant %+v", name, m.Grant)
		}
	}
}

func TestWhatIsLeftOut(t *testing.T) {
	entries := []string{`null`, `"x"`, `[]`, `{}`, `{"msgtype":"text","msgid":"a"}`, strings.Replace(entry("m", 3, "text", `{"content":"x"}`), testAccount, "wkOther", 1)}
	f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, append(entries, entry("m9", 3, "text", `{"content":"last"}`))...)}})
	if got := poll(t, f, channels.Pull{}); len(got.Messages) != 1 || got.Messages[0].Text != "last" {
		t.Errorf("%+v", got.Messages)
	}
}

func TestAMessageWithoutAnIDHasOne(t *testing.T) {
	f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, entry("", 3, "text", `{"content":"x"}`), entry("", 3, "text", `{"content":"y"}`))}})
	first, again := poll(t, f, channels.Pull{}), poll(t, f, channels.Pull{})
	if a, b := first.Messages[0].SourceID, first.Messages[1].SourceID; a == "" || a == b || a != again.Messages[0].SourceID {
		t.Errorf("%q and %q, then %q", a, b, again.Messages[0].SourceID)
	}
}

func TestAColleagueInTheApp(t *testing.T) {
	f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, entry("m1", 5, "text", `{"content":"我来"}`), entry("m2", 5, "image", `{"media_id":"M"}`))}})
	for i, want := range []string{"我来", "[image]"} {
		m := poll(t, f, channels.Pull{}).Messages[i]
		if m.Activity != ActivityColleague || m.Text != "" || m.Data["by"] != "Zhangsan" || m.Data["text"] != want || m.Grant != nil || len(m.Media) > 0 {
			t.Errorf("%+v", m)
		}
	}
}

// happened is an event as sync_msg brings it.
func happened(kind, fields string) string {
	return fmt.Sprintf(`{"msgid":"e1","send_time":1799999990,"origin":4,"msgtype":"event","event":{"event_type":"%s","open_kfid":"%s","external_userid":"%s"%s}}`,
		kind, testAccount, testPerson, fields)
}

func TestEvents(t *testing.T) {
	for name, c := range map[string]struct {
		entry, activity string
		data            map[string]string
	}{
		"entered":             {happened("enter_session", `,"scene":"123","wechat_channels":{"nickname":"号","scene":1}`), ActivityEntered, map[string]string{"scene": "123", "channel": "号"}},
		"by our link":         {happened("enter_session", `,"scene":"huiyin","scene_param":"门店 A"`), ActivityEntered, map[string]string{"scene": "门店 A"}},
		"by a link of theirs": {happened("enter_session", `,"scene":"web","scene_param":"a=1"`), ActivityEntered, map[string]string{"scene": "a=1", "code": "web"}},
		"from the pool":       {happened("session_status_change", `,"change_type":1,"new_servicer_userid":"wang","msg_code":"C"`), ActivityTaken, map[string]string{"by": "wang"}},
		"passed on":           {happened("session_status_change", `,"change_type":2,"old_servicer_userid":"wang","new_servicer_userid":"li"`), ActivityTransferred, map[string]string{"from": "wang", "by": "li"}},
		"ended":               {happened("session_status_change", `,"change_type":3,"old_servicer_userid":"li","msg_code":"C"`), ActivityEnded, map[string]string{"by": "li"}},
		"taken up again":      {happened("session_status_change", `,"change_type":4,"new_servicer_userid":"li"`), ActivityResumed, map[string]string{"by": "li"}},
		"recalled":            {happened("user_recall_msg", `,"recall_msgid":"m7"`), ActivityRecalled, map[string]string{"message": "m7"}},
		"recalled by them":    {happened("servicer_recall_msg", `,"recall_msgid":"m8","servicer_userid":"li"`), ActivityRecalled, map[string]string{"message": "m8", "by": "li"}},
		"refused":             {happened("reject_customer_msg_switch_change", `,"servicer_userid":"li","reject_switch":1`), ActivityRejecting, map[string]string{"by": "li", "on": "true"}},
	} {
		f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, c.entry)}})
		got := poll(t, f, channels.Pull{})
		if len(got.Messages) != 1 {
			t.Errorf("%s: %d lines", name, len(got.Messages))
			continue
		}
		m := got.Messages[0]
		if m.Activity != c.activity || !maps.Equal(m.Data, c.data) || m.Text != "" || m.Address != testPerson || m.SourceID != "e1" || m.Grant != nil || m.Say != "" {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestEventsOfNobody(t *testing.T) {
	f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, happened("something_new", ""), happened("session_status_change", `,"change_type":9`),
		strings.Replace(happened("enter_session", ""), testAccount, "wkOther", 1), strings.Replace(happened("enter_session", ""), testPerson, "", 1),
		`{"msgid":"e2","origin":4,"msgtype":"event","event":{"event_type":"servicer_status_change","servicer_userid":"li","status":1,"open_kfid":"`+testAccount+`"}}`,
		`{"msgid":"e3","origin":4,"msgtype":"event","event":{"event_type":"msg_send_fail"}}`)}})
	if got := poll(t, f, channels.Pull{}); len(got.Messages)+len(got.Receipts) != 0 {
		t.Errorf("%+v", got.Received)
	}
}

func TestTheWelcome(t *testing.T) {
	f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, happened("enter_session", `,"scene":"1","welcome_code":"CODE"`))}})
	m := poll(t, f, channels.Pull{}, keyWelcome, "您好！").Messages[0]
	if m.Say != "您好！" || m.Ticket != "CODE" || m.Grant != nil {
		t.Errorf("%+v", m)
	}
	if m := poll(t, f, channels.Pull{}).Messages[0]; m.Say != "" || m.Ticket != "" || m.Grant != nil {
		t.Errorf("without a welcome: %+v", m)
	}
}

func TestSendingFailedLater(t *testing.T) {
	f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, happened("msg_send_fail", `,"fail_msgid":"hya_b-2","fail_type":4`), happened("msg_send_fail", `,"fail_msgid":"theirs-1","fail_type":10`))}})
	got := poll(t, f, channels.Pull{})
	if len(got.Messages) != 0 || len(got.Receipts) != 2 {
		t.Fatalf("%+v", got.Received)
	}
	if r := got.Receipts[0]; r.ProviderID != "hya_b" || r.State != conversation.Failed || !strings.Contains(r.Reason, "48 hours") {
		t.Errorf("%+v", r)
	}
	if r := got.Receipts[1]; r.ProviderID != "theirs-1" || !strings.Contains(r.Reason, "refuses") {
		t.Errorf("%+v", r)
	}
	seen := map[string]bool{}
	for kind := range 12 {
		seen[failure(kind)] = true
	}
	if len(seen) != 9 {
		t.Errorf("%d reasons", len(seen))
	}
}

func TestWhoWrote(t *testing.T) {
	f := newFake(t, map[string][]string{
		"kf/sync_msg":          {page("c", 0, entry("m1", 3, "text", `{"content":"a"}`), entry("m2", 3, "text", `{"content":"b"}`))},
		"kf/customer/batchget": {`{"errcode":0,"customer_list":[{"external_userid":"` + testPerson + `","nickname":"张三","avatar":"http://a","gender":1,"unionid":"U"}]}`},
	})
	a := newAdapter()
	for range 2 {
		got, err := a.Poll(t.Context(), inboxAt(f.URL), channels.Pull{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got.Messages {
			if p := m.Profile; p.Name != "张三" || p.Attributes["avatar"] != "http://a" || p.Attributes["unionid"] != "U" || p.Attributes["gender"] != "male" || p.Verified {
				t.Errorf("%+v", p)
			}
		}
	}
	if n := len(f.asked("kf/customer/batchget")); n != 1 {
		t.Errorf("asked %d times who it is", n)
	}
}

func TestWhoWroteIsNotKnown(t *testing.T) {
	for name, answer := range map[string]string{"refused": `{"errcode":48002,"errmsg":"no"}`, "HTML": "<html>", "unknown": `{"errcode":0,"customer_list":[],"invalid_external_userid":["x"]}`} {
		f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 0, entry("m1", 3, "text", `{"content":"a"}`))}, "kf/customer/batchget": {answer}})
		if got := poll(t, f, channels.Pull{}); len(got.Messages) != 1 || got.Messages[0].Profile.Name != "" {
			t.Errorf("%s: %+v", name, got.Messages)
		}
	}
	var many []string
	for i := range 450 {
		many = append(many, strings.Replace(entry(fmt.Sprint("m", i), 3, "text", `{"content":"a"}`), testPerson, fmt.Sprint("wm", i), 1))
	}
	f := newFake(t, map[string][]string{"kf/sync_msg": {page("c", 1, many...)}})
	if got := poll(t, f, channels.Pull{}); len(got.Messages) != 450 || len(f.asked("kf/customer/batchget")) != 3 {
		t.Errorf("%d messages, asked %d times", len(got.Messages), len(f.asked("kf/customer/batchget")))
	}
}

func FuzzTranslate(f *testing.F) {
	f.Add([]byte(entry("m", 3, "text", `{"content":"x","menu_id":"1"}`)))
	f.Add([]byte(happened("enter_session", `,"scene":"1","welcome_code":"C"`)))
	f.Add([]byte(`{"event":[],"external_userid":"x"}`))
	a := newAdapter()
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got channels.Received
		a.translate(inboxAt("", keyWelcome, "hi"), json.RawMessage(raw), &got)
		for _, m := range got.Messages {
			if m.Address == "" || m.SourceID == "" || (m.Activity == "" && m.Text == "" && len(m.Media) == 0) {
				t.Errorf("%s became %+v", raw, m)
			}
		}
	})
}
