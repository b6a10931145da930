package wechat

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
)

func TestNotices(t *testing.T) {
	const template, subscribe, mini = "/cgi-bin/message/template/send", "/cgi-bin/message/subscribe/bizsend", "/cgi-bin/message/subscribe/send"
	value := func(text string) map[string]any { return map[string]any{"value": text} }
	data := map[string]any{"thing1": value("您的退款已经到账，请在三个工作日内查看"), "time2": value("2027-01-15 16:00")}
	m := markdown("**您的退款** 已经到账，请在三个工作日内查看余额")
	data["thing1"] = value("您的退款 已经到账，请在三个工作日内查…")
	for name, c := range map[string]struct {
		a    channels.Notifier
		path string
		set  []string
		want map[string]any
	}{
		"template": {New(testOptions()), template, []string{keyPage, "https://x.example"}, map[string]any{"touser": testOpenID, "template_id": "T1", "data": data, "url": "https://x.example", "client_msg_id": "huiyin-9"}},
		"notice":   {New(testOptions()), subscribe, []string{keyNotice, noticeSubscribe}, map[string]any{"touser": testOpenID, "template_id": "T1", "data": data, "page": ""}},
		"mini":     {NewMini(testOptions()), mini, []string{keyPage, "pages/chat"}, map[string]any{"touser": testOpenID, "template_id": "T1", "data": data, "page": "pages/chat", "lang": "zh_CN"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			p.on(c.path, say(`{"errcode":0,"errmsg":"ok","msgid":9007199254740993}`))
			in := inbox(append(c.set, keyBase, p.URL, keyTemplate, "T1")...)
			got, err := c.a.Notify(t.Context(), in, outgoing(m))
			if err != nil || got.ProviderID != "9007199254740993" || got.State != conversation.Sent {
				t.Fatalf("%+v, %v", got, err)
			}
			if sent := p.heard(c.path)[0].custom(); !reflect.DeepEqual(sent, c.want) {
				t.Errorf("%v\nwant %v", sent, c.want)
			}
		})
	}
}

func TestNoticesThatDoNotGo(t *testing.T) {
	p := newPlatform(t)
	var got *channels.SendError
	if _, err := New(testOptions()).Notify(t.Context(), inbox(keyBase, p.URL), outgoing(markdown("x"))); !errors.As(err, &got) || got.Retry || len(p.told) != 0 {
		t.Errorf("without a template: %v", err)
	}
	for answer, reason := range map[string]string{`{"errcode":43101}`: "subscribed", `{"errcode":40037}`: "template", `{"errcode":47003}`: "fields"} {
		p.on("/cgi-bin/message/template/send", say(answer))
		if _, err := New(testOptions()).Notify(t.Context(), inbox(keyBase, p.URL, keyTemplate, "T"), outgoing(markdown("x"))); !errors.As(err, &got) || got.Retry || !strings.Contains(got.Reason, reason) {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

func TestFieldsOfNotices(t *testing.T) {
	a := New(testOptions())
	in := inbox(keyData, "thing1=回复：{text}\nphrase2=处理中的状态\ncharacter_string3={time}\nkeyword4={text}\n")
	got := a.noticeFields(in, conversation.Message{Text: "a\n" + strings.Repeat("长", 300)})
	for key, want := range map[string]int{"thing1": 20, "phrase2": 5, "character_string3": 16, "keyword4": 200} {
		value := got[key].(map[string]string)["value"]
		if n := len([]rune(value)); n != want || strings.Contains(value, "\n") {
			t.Errorf("%s: %d characters: %s", key, n, value)
		}
	}
}
