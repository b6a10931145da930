package sms

import (
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
)

func TestSample(t *testing.T) {
	o := Options{Base: "https://help.example", Article: func(int64) string { return "https://help.example/a/7" }}
	settings := map[string]string{"sign_name": "星桥", "bot_parts": "2", "template_limit": "60"}
	for name, c := range map[string]struct {
		adapter  channels.Sampler
		text     string
		begins   string
		parts    int
		cut      bool
		encoding string
	}{
		"one part":            {NewTwilio(o), "**Yes**", "【星桥】Yes", 1, false, "UCS-2"},
		"a picture":           {NewTwilio(o), "![图](/files/K/a.png)", "【星桥】图 (https://help.example/files/K/a.png)", 1, false, "UCS-2"},
		"two parts":           {NewTwilio(o), strings.Repeat("好", 100), "【星桥】好", 2, false, "UCS-2"},
		"more than may be":    {NewTwilio(o), strings.Repeat("好。", 100), "【星桥】好", 2, true, "UCS-2"},
		"in a template":       {NewAliyun(o), "见规则", "【星桥】您好，见规则", 1, false, "UCS-2"},
		"too long for it":     {NewTencent(o), strings.Repeat("好", 70), "【星桥】您好，好", 2, true, "UCS-2"},
		"cut in its variable": {NewAliyun(o), strings.Repeat("好。", 100), "【星桥】您好，好", 3, true, "UCS-2"},
	} {
		delete(settings, "template_text")
		if c.adapter.Kind().Name != "sms_twilio" {
			settings["template_text"] = "您好，{content}"
		}
		s := c.adapter.Sample(conversation.Inbox{Settings: settings}, conversation.Message{Sender: conversation.FromBot, Text: c.text, Content: conversation.Content{Markdown: true, ArticleID: 7}})
		if len(s.Texts) != 1 || !strings.HasPrefix(s.Texts[0], c.begins) || s.Used != c.parts || s.Cut != c.cut || s.Encoding != c.encoding || s.Unit != "parts" {
			t.Errorf("%s: %+v", name, s)
		}
		if c.cut && c.adapter.Kind().Name == "sms_twilio" && !strings.HasSuffix(s.Texts[0], "https://help.example/a/7") {
			t.Errorf("%s leads nowhere: %s", name, s.Texts[0])
		}
	}
}
