package wecom

import (
	"strings"
	"testing"

	"huiyin/conversation"
)

func TestSample(t *testing.T) {
	a := New(Options{Base: "https://help.example"})
	m := conversation.Message{Sender: conversation.FromBot, Text: "**见** [规则](/a/7) ![图](/files/K/a.png)", Content: conversation.Content{Markdown: true}}
	s := a.Sample(conversation.Inbox{}, m)
	if len(s.Texts) != 1 || s.Texts[0] != "见 规则 (https://help.example/a/7) 图 (https://help.example/files/K/a.png)" || s.Used != len(s.Texts[0]) || s.Limit != maxText {
		t.Errorf("%+v", s)
	}
	m.Text = strings.Repeat("好。", 500)
	if s = a.Sample(conversation.Inbox{}, m); len(s.Texts) != 2 || s.Used != 3000 || a.Cost(conversation.Inbox{}, m) != 2 {
		t.Errorf("%d texts, %d bytes", len(s.Texts), s.Used)
	}
}
