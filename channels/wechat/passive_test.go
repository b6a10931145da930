package wechat

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// answered is a passive reply as WeChat reads it.
type answered struct {
	To      string `xml:"ToUserName"`
	From    string `xml:"FromUserName"`
	Created int64  `xml:"CreateTime"`
	Type    string `xml:"MsgType"`
	Content string `xml:"Content"`
	Sealed  string `xml:"Encrypt"`
	Sign    string `xml:"MsgSignature"`
	At      string `xml:"TimeStamp"`
	Nonce   string `xml:"Nonce"`
}

func reply(t *testing.T, l letter, mode string, m conversation.Message) (answered, bool) {
	t.Helper()
	got, err := New(testOptions()).Receive(inbox(keyMode, mode), l.request())
	if err != nil || got.Passive == nil || got.Passive.Within != 4500*time.Millisecond || got.Passive.Source != got.Messages[0].SourceID {
		t.Fatalf("%+v, %v", got, err)
	}
	ack, ok := got.Passive.Write(m)
	if !ok {
		return answered{}, false
	}
	var a answered
	if err := xml.Unmarshal(ack.Body, &a); err != nil {
		t.Fatalf("%s: %v", ack.Body, err)
	}
	return a, true
}

func TestPassiveReply(t *testing.T) {
	m := markdown("答：]]> <b> [价目](https://x.example)", conversation.Choice{Label: "转 & 人工", Value: "human"})
	want := "答：]]>  <a href=\"https://x.example\">价目</a>\n<a href=\"weixin://bizmsgmenu?msgmenucontent=转 %26 人工&msgmenuid=human\">转 & 人工</a>"
	crypt, err := weixin.NewCrypt(testKey, testApp)
	if err != nil {
		t.Fatal(err)
	}
	for mode, sealed := range map[string]bool{modePlain: false, modeCompatible: true, modeSafe: true} {
		a, ok := reply(t, newLetter(textPush("问"), sealed), mode, m)
		if !ok {
			t.Fatalf("%s: not written", mode)
		}
		if sealed {
			if !weixin.Signed(a.Sign, testToken, a.At, a.Nonce, a.Sealed) || a.At != "1800000000" {
				t.Errorf("%s: the signature does not fit: %+v", mode, a)
			}
			plain, err := crypt.Open(a.Sealed)
			if err != nil {
				t.Fatal(err)
			}
			if err := xml.Unmarshal(plain, &a); err != nil {
				t.Fatal(err)
			}
		}
		if a.To != testOpenID || a.From != "gh_10f6c3c3ac5a" || a.Created != 1800000000 || a.Type != "text" || a.Content != want {
			t.Errorf("%s: %+v", mode, a)
		}
	}
}

func TestWhatAResponseCannotCarry(t *testing.T) {
	l := newLetter(textPush("问"), true)
	for name, m := range map[string]conversation.Message{
		"a long text":  {Text: strings.Repeat("长", 683)},
		"a file":       {Text: "x", Attachments: []conversation.Attachment{{Name: "a"}}},
		"an app":       {Text: "[a](weapp://wx1/pages/a)"},
		"a note":       {Text: "x", Private: true},
		"nothing":      {},
		"many choices": {Text: "x", Content: conversation.Content{Choices: make([]conversation.Choice, 11)}},
	} {
		if _, ok := reply(t, l, modeSafe, m); ok {
			t.Errorf("%s was written", name)
		}
	}
	if _, ok := reply(t, l, modeSafe, conversation.Message{Text: strings.Repeat("长", 682)}); !ok {
		t.Error("the longest text was not written")
	}
}

func TestWhoIsOfferedAPassiveReply(t *testing.T) {
	for name, c := range map[string]struct {
		push     string
		settings []string
		want     bool
	}{
		"a text":                   {textPush("x"), nil, true},
		"a picture":                {message("image", "<MediaId>M</MediaId><MsgId>1</MsgId>"), nil, true},
		"a question of the menu":   {event("CLICK", "<EventKey>ask:x</EventKey>"), nil, true},
		"a follower with greeting": {event("subscribe", ""), []string{keyGreeting, "hi"}, true},
		"a follower without":       {event("subscribe", ""), nil, false},
		"a scan":                   {event("SCAN", "<EventKey>x</EventKey>"), nil, false},
		"one who leaves":           {event("unsubscribe", ""), []string{keyGreeting, "hi"}, false},
		"switched off":             {textPush("x"), []string{keyPassive, "false"}, false},
	} {
		if got := take(t, New(testOptions()), inbox(c.settings...), c.push); (got.Passive != nil) != c.want {
			t.Errorf("%s: %+v", name, got.Passive)
		}
	}
	if got := take(t, New(testOptions()), inbox(keyWait, "1500"), textPush("x")); got.Passive.Within != 1500*time.Millisecond {
		t.Errorf("%s", got.Passive.Within)
	}
}
