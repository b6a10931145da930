package wechat

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

func TestCheckOfTheAddress(t *testing.T) {
	for _, mode := range []string{modePlain, modeCompatible, modeSafe} {
		for name, a := range map[string]channels.Webhook{"official": New(testOptions()), "mini": NewMini(testOptions())} {
			l := newLetter("", false)
			l.method, l.query = http.MethodGet, url.Values{"echostr": {"4375120948345356249"}}
			got, err := a.Receive(inbox(keyMode, mode), l.request())
			if err != nil || string(got.Ack.Body) != "4375120948345356249" || len(got.Messages) != 0 {
				t.Errorf("%s, %s: %s, %v", name, mode, got.Ack.Body, err)
			}
			l.token = "other"
			if _, err := a.Receive(inbox(keyMode, mode), l.request()); !errors.Is(err, channels.ErrUnauthorized) {
				t.Errorf("%s, %s, forged: %v", name, mode, err)
			}
		}
	}
}

func TestModes(t *testing.T) {
	sealed, clear := newLetter(textPush("你好"), true), newLetter(textPush("你好"), false)
	both := sealed
	both.compatible = true
	unsigned := sealed
	unsigned.query = url.Values{"signature": nil}
	for name, c := range map[string]struct {
		mode string
		l    letter
		ok   bool
	}{
		"plain, clear":                    {modePlain, clear, true},
		"plain, encrypted":                {modePlain, sealed, false},
		"compatible, both":                {modeCompatible, both, true},
		"compatible, encrypted only":      {modeCompatible, sealed, true},
		"compatible, clear":               {modeCompatible, clear, true},
		"safe, encrypted":                 {modeSafe, sealed, true},
		"safe, with its signature only":   {modeSafe, unsigned, true},
		"safe, clear":                     {modeSafe, clear, false},
		"safe, both: the sealed one wins": {modeSafe, both, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := New(testOptions()).Receive(inbox(keyMode, c.mode), c.l.request())
			if c.ok && (err != nil || len(got.Messages) != 1 || got.Messages[0].Text != "你好" || string(got.Ack.Body) != "success") {
				t.Errorf("%+v, %v", got, err)
			}
			if !c.ok && !errors.Is(err, channels.ErrUnauthorized) {
				t.Errorf("taken: %+v, %v", got, err)
			}
		})
	}
}

// TestClearFieldsAreNotBelieved changes what the signature does not cover.
func TestClearFieldsAreNotBelieved(t *testing.T) {
	l := newLetter(textPush("real"), true)
	r := l.request()
	body := message("text", "<Content>forged</Content><MsgId>1</MsgId><Encrypt>"+l.seal()+"</Encrypt>")
	r.Body = http.NoBody
	forged := l
	forged.sealed, forged.body = false, body
	f := forged.request()
	f.URL.RawQuery = r.URL.RawQuery
	got, err := New(testOptions()).Receive(inbox(keyMode, modeCompatible), f)
	if err != nil || got.Messages[0].Text != "real" {
		t.Errorf("%+v, %v", got, err)
	}
}

func take(t *testing.T, a channels.Webhook, in conversation.Inbox, body string) channels.Received {
	t.Helper()
	l := newLetter(body, true)
	l.json = strings.HasPrefix(body, "{")
	got, err := a.Receive(in, l.request())
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return got
}

func TestMessages(t *testing.T) {
	id := "<MsgId>1</MsgId>"
	for name, c := range map[string]struct {
		push string
		text string
		want []conversation.Media
	}{
		"text":                   {textPush("你好 😀 <b>&amp;"), "你好 😀 <b>&amp;", nil},
		"text that ends a CDATA": {textPush("a]]]]><![CDATA[>b"), "a]]>b", nil},
		"text without CDATA":     {message("text", "<Content>1 &lt; 2 &amp;&#20320;</Content>"+id), "1 < 2 &你", nil},
		"text over lines":        {textPush("a\r\nb\u2028c"), "a\nb\nc", nil},
		"image":                  {message("image", "<PicUrl>http://x.example/p</PicUrl><MediaId>M1</MediaId>"+id), "", []conversation.Media{{Ref: "M1", Kind: "image"}}},
		"voice":                  {message("voice", "<MediaId>M1</MediaId><Format>amr</Format>"+id), "", []conversation.Media{{Ref: "M1", Kind: "voice", Type: "audio/amr"}}},
		"voice with its words":   {message("voice", "<MediaId>M1</MediaId><Format>speex</Format><Recognition>腾讯微信团队</Recognition>"+id), "腾讯微信团队", []conversation.Media{{Ref: "M1", Kind: "voice", Type: "audio/x-speex"}}},
		"video":                  {message("video", "<MediaId>M1</MediaId><ThumbMediaId>T</ThumbMediaId>"+id), "", []conversation.Media{{Ref: "M1", Kind: "video", Type: "video/mp4"}}},
		"short video":            {message("shortvideo", "<MediaId>M1</MediaId><ThumbMediaId>T</ThumbMediaId>"+id), "", []conversation.Media{{Ref: "M1", Kind: "video", Type: "video/mp4"}}},
		"location":               {message("location", "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale><Label>海珠区;艺苑路</Label>"+id), "📍 海珠区;艺苑路\nhttps://apis.map.qq.com/uri/v1/marker?marker=coord%3A23.134521%2C113.358803%3Btitle%3A%E6%B5%B7%E7%8F%A0%E5%8C%BA+%E8%89%BA%E8%8B%91%E8%B7%AF&referer=huiyin", nil},
		"location without name":  {message("location", "<Location_X>1</Location_X><Location_Y>2</Location_Y>"+id), "📍 1,2\nhttps://apis.map.qq.com/uri/v1/marker?marker=coord%3A1%2C2%3Btitle%3A1%2C2&referer=huiyin", nil},
		"link":                   {message("link", "<Title>T</Title><Description>D</Description><Url>https://x.example</Url>"+id), "T\nD\nhttps://x.example", nil},
		"Mini Program card":      {message("miniprogrampage", "<Title>T</Title><AppId>wx1</AppId><PagePath>pages/a?b=c</PagePath><ThumbMediaId>T1</ThumbMediaId>"+id), "T\npages/a?b=c", []conversation.Media{{Ref: "T1", Kind: "image"}}},
		"a type of tomorrow":     {message("hologram", id), "[hologram]", nil},
		"an empty text":          {textPush(""), "[text]", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := take(t, New(testOptions()), inbox(), c.push)
			if len(got.Messages) != 1 {
				t.Fatalf("%d messages", len(got.Messages))
			}
			m := got.Messages[0]
			if m.Text != c.text || !reflect.DeepEqual(m.Media, c.want) {
				t.Errorf("%q %+v", m.Text, m.Media)
			}
			if m.Address != testOpenID || !m.SentAt.Equal(testNow) || !m.Profile.Verified || m.Activity != "" {
				t.Errorf("%+v", m)
			}
			if g := m.Grant; g == nil || *g != (conversation.Grant{Name: "message", Sends: 5, For: 48 * time.Hour}) {
				t.Errorf("grant %+v", g)
			}
		})
	}
}

func TestMenuMessageChoice(t *testing.T) {
	push := message("text", "<Content>查账单</Content><MsgId>1</MsgId><bizmsgmenuid>article:12</bizmsgmenuid>")
	m := take(t, New(testOptions()), inbox(keyKeywords, "查账单=never"), push).Messages[0]
	if m.Text != "查账单" || m.Choice != "article:12" || m.Say != "" || m.Grant == nil || m.Grant.Name != "menu" || m.Grant.Sends != 3 || m.Grant.For != time.Minute {
		t.Errorf("%+v %+v", m, m.Grant)
	}
	m = take(t, New(testOptions()), inbox(), strings.Replace(push, "article:12", noChoice, 1)).Messages[0]
	if m.Choice != "" || m.Grant.Name != "menu" {
		t.Errorf("%+v", m)
	}
}

func TestKeywords(t *testing.T) {
	in := inbox(keyKeywords, "价格=见 [价目](https://x.example)\\n谢谢\nHi = Hello\n")
	for text, want := range map[string]string{"价格": "见 [价目](https://x.example)\n谢谢", " ｈＩ ": "Hello", "价格?": "", "": ""} {
		if got := take(t, New(testOptions()), in, textPush(text)).Messages[0].Say; got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestMiniProgramPushes(t *testing.T) {
	head := `{"ToUserName":"gh_10f6c3c3ac5a","FromUserName":"` + testOpenID + `","CreateTime":1800000000,`
	for name, c := range map[string]struct{ push, text, source string }{
		"text in JSON":        {head + `"MsgType":"text","Content":"this is a \u4f60","MsgId":1234567890123456789}`, "this is a 你", "1234567890123456789"},
		"id as a string":      {head + `"MsgType":"text","Content":"a","MsgId":"77"}`, "a", "77"},
		"text in XML":         {textPush("a"), "a", "6054768590064713728"},
		"card in JSON":        {head + `"MsgType":"miniprogrampage","MsgId":5,"Title":"title","AppId":"appid","PagePath":"path","ThumbUrl":"","ThumbMediaId":""}`, "title\npath", "5"},
		"control characters":  {head + `"MsgType":"text","Content":"a\u0000\u0007b","MsgId":6}`, "ab", "6"},
		"a nested unknown":    {head + `"MsgType":"text","Content":"a","MsgId":7,"X":{"Y":[1,{"Z":null}],"W":true}}`, "a", "7"},
		"halves of surrogate": {head + `"MsgType":"text","Content":"a\ud83d","MsgId":8}`, "a", "8"},
	} {
		t.Run(name, func(t *testing.T) {
			got := take(t, NewMini(testOptions()), inbox(), c.push)
			if m := got.Messages[0]; m.Text != c.text || m.SourceID != c.source {
				t.Errorf("%+v", m)
			}
			if got.Passive != nil {
				t.Error("a Mini Program has no passive reply")
			}
		})
	}
	enter := take(t, NewMini(testOptions()), inbox(keyGreeting, "您好"), head+`"MsgType":"event","Event":"user_enter_tempsession","SessionFrom":"order=7"}`).Messages[0]
	if enter.Activity != "entered" || enter.Data["from"] != "order=7" || enter.Say != "您好" || *enter.Grant != (conversation.Grant{Name: "enter", Sends: 2, For: time.Minute}) {
		t.Errorf("%+v", enter)
	}
}

func TestDataFormat(t *testing.T) {
	json := `{"ToUserName":"a","FromUserName":"b","CreateTime":1,"MsgType":"text","Content":"x","MsgId":1}`
	for name, c := range map[string]struct {
		a            channels.Webhook
		format, push string
		ok           bool
	}{
		"mini, XML only":       {NewMini(testOptions()), formatXML, textPush("x"), true},
		"mini, XML only, JSON": {NewMini(testOptions()), formatXML, json, false},
		"mini, JSON only":      {NewMini(testOptions()), formatJSON, json, true},
		"mini, JSON only, XML": {NewMini(testOptions()), formatJSON, textPush("x"), false},
		"official, JSON":       {New(testOptions()), "", json, false},
	} {
		l := newLetter(c.push, false)
		if _, err := c.a.Receive(inbox(keyMode, modePlain, keyFormat, c.format), l.request()); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
