package wechat

import (
	"reflect"
	"testing"
	"time"

	"huiyin/conversation"
)

func event(name, fields string) string {
	return message("event", "<Event><![CDATA["+name+"]]></Event>"+fields)
}

func TestEvents(t *testing.T) {
	follow := &conversation.Grant{Name: "follow", Sends: 3, For: time.Minute}
	scan := &conversation.Grant{Name: "scan", Sends: 3, For: time.Minute}
	menu := &conversation.Grant{Name: "menu", Sends: 3, For: time.Minute}
	type want struct {
		text, activity string
		data           map[string]string
		grant          *conversation.Grant
		say            string
		leaves         bool
	}
	for name, c := range map[string]struct {
		push string
		want want
	}{
		"followed":              {event("subscribe", "<EventKey></EventKey>"), want{activity: "subscribed", grant: follow, say: "欢迎"}},
		"followed from a code":  {event("subscribe", "<EventKey>qrscene_shop-12</EventKey><Ticket>T</Ticket>"), want{activity: "subscribed", data: map[string]string{"scene": "shop-12"}, grant: follow, say: "欢迎"}},
		"left":                  {event("unsubscribe", ""), want{activity: "unsubscribed", leaves: true}},
		"scanned":               {event("SCAN", "<EventKey>shop-12</EventKey><Ticket>T</Ticket>"), want{activity: "scanned", data: map[string]string{"scene": "shop-12"}, grant: scan}},
		"asked by the menu":     {event("CLICK", "<EventKey>ask:怎么退款？</EventKey>"), want{text: "怎么退款？", grant: menu}},
		"asked a keyword":       {event("CLICK", "<EventKey>ask:价格</EventKey>"), want{text: "价格", grant: menu, say: "九元"}},
		"pressed another's key": {event("CLICK", "<EventKey>V1001</EventKey>"), want{activity: "menu_clicked", data: map[string]string{"key": "V1001"}, grant: menu}},
		"pressed a keyword":     {event("CLICK", "<EventKey>价格</EventKey>"), want{activity: "menu_clicked", data: map[string]string{"key": "价格"}, grant: menu, say: "九元"}},
		"opened a page":         {event("VIEW", "<EventKey>https://x.example/</EventKey><MenuId>1</MenuId>"), want{activity: "menu_viewed", data: map[string]string{"url": "https://x.example/"}}},
		"opened a Mini Program": {event("view_miniprogram", "<EventKey>pages/a</EventKey><MenuId>1</MenuId>"), want{activity: "menu_viewed", data: map[string]string{"page": "pages/a"}}},
		"read a code":           {event("scancode_waitmsg", "<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>R</ScanResult></ScanCodeInfo>"), want{activity: "code_read", data: map[string]string{"key": "k", "result": "R"}, grant: menu}},
		"is somewhere":          {event("LOCATION", "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>119.3</Precision>"), want{activity: "located", data: map[string]string{"latitude": "23.1", "longitude": "113.3", "precision": "119.3"}}},
		"entered":               {event("user_enter_tempsession", "<SessionFrom>a</SessionFrom>"), want{activity: "entered", data: map[string]string{"from": "a"}, say: "欢迎"}},
		"accepted notices": {event("subscribe_msg_popup_event", "<SubscribeMsgPopupEvent><List><TemplateId>A</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List><List><TemplateId>B</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgPopupEvent>"),
			want{activity: "notices_changed", data: map[string]string{"accepted": "A", "refused": "B"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := take(t, New(testOptions()), inbox(keyGreeting, "欢迎", keyKeywords, "价格=九元"), c.push)
			if len(got.Messages) != 1 || len(got.Receipts) != 0 {
				t.Fatalf("%+v", got)
			}
			m := got.Messages[0]
			if have := (want{m.Text, m.Activity, m.Data, m.Grant, m.Say, m.Leaves}); !reflect.DeepEqual(have, c.want) {
				t.Errorf("%+v, want %+v", have, c.want)
			}
		})
	}
}

func TestEventsThatNobodyWaitsFor(t *testing.T) {
	for _, name := range []string{"MASSSENDJOBFINISH", "user_get_card", "tomorrow"} {
		if got := take(t, New(testOptions()), inbox(), event(name, "")); len(got.Messages)+len(got.Receipts) != 0 || string(got.Ack.Body) != "success" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestReceipts(t *testing.T) {
	list := func(code, status string) string {
		return "<SubscribeMsgSentEvent><List><TemplateId>A</TemplateId><MsgID>9</MsgID><ErrorCode>" + code + "</ErrorCode><ErrorStatus>" + status + "</ErrorStatus></List></SubscribeMsgSentEvent>"
	}
	for name, c := range map[string]struct {
		push  string
		state conversation.Delivery
		words string
	}{
		"template arrived":  {event("TEMPLATESENDJOBFINISH", "<MsgID>9</MsgID><Status>success</Status>"), conversation.Delivered, ""},
		"template blocked":  {event("TEMPLATESENDJOBFINISH", "<MsgID>9</MsgID><Status>failed:user block</Status>"), conversation.Failed, "the customer does not accept notices of this account"},
		"template failed":   {event("TEMPLATESENDJOBFINISH", "<MsgID>9</MsgID><Status>failed: system failed</Status>"), conversation.Failed, "WeChat could not deliver the notice"},
		"subscribe arrived": {event("subscribe_msg_sent_event", list("0", "success")), conversation.Delivered, ""},
		"subscribe refused": {event("subscribe_msg_sent_event", list("43101", "user refuse")), conversation.Failed, "WeChat could not deliver the notice: user refuse"},
	} {
		got := take(t, New(testOptions()), inbox(), c.push)
		if want := (conversation.Receipt{ProviderID: "9", State: c.state, Reason: c.words}); len(got.Messages) != 0 || len(got.Receipts) != 1 || got.Receipts[0] != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestNamesOfEvents: a repeat has the same name, every other event another one, also in the same second.
func TestNamesOfEvents(t *testing.T) {
	source := func(push string) string { return take(t, New(testOptions()), inbox(), push).Messages[0].SourceID }
	first := event("SCAN", "<EventKey>a</EventKey><Ticket>T</Ticket>")
	if once, again := source(first), source(first); once != again {
		t.Errorf("a repeat of %s is %s", once, again)
	}
	seen := map[string]string{source(first): "first"}
	for name, push := range map[string]string{"another key": event("SCAN", "<EventKey>b</EventKey><Ticket>T</Ticket>"), "another event": event("CLICK", "<EventKey>a</EventKey><Ticket>T</Ticket>"),
		"another content": event("SCAN", "<EventKey>a</EventKey><Ticket>U</Ticket>"), "a message": textPush("a")} {
		id := source(push)
		if seen[id] != "" {
			t.Errorf("%s has the name of %s", name, seen[id])
		}
		seen[id] = name
	}
}

func TestQuotasAreSettings(t *testing.T) {
	in := inbox(keyQuotas, "message=20/48h\nmenu = 0 / 2m")
	if g := take(t, New(testOptions()), in, textPush("a")).Messages[0].Grant; g == nil || *g != (conversation.Grant{Name: "message", Sends: 20, For: 48 * time.Hour}) {
		t.Errorf("%+v", g)
	}
	if g := take(t, New(testOptions()), in, event("CLICK", "<EventKey>k</EventKey>")).Messages[0].Grant; g == nil || *g != (conversation.Grant{Name: "menu", For: 2 * time.Minute}) {
		t.Errorf("%+v", g)
	}
	if g := take(t, New(testOptions()), in, event("subscribe", "")).Messages[0].Grant; g != nil {
		t.Errorf("an occasion without a line opens %+v", g)
	}
}
