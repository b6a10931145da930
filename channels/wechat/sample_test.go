package wechat

import (
	"strings"
	"testing"

	"huiyin/conversation"
)

func TestSample(t *testing.T) {
	official, mini := New(Options{Base: "https://help.example"}), NewMini(Options{Base: "https://help.example"})
	answer := func(text string) conversation.Message {
		return conversation.Message{Sender: conversation.FromBot, Text: text, Content: conversation.Content{Markdown: true}}
	}
	links := "**见** [规则](/a/7)、![图](/files/K/a.png)、[站](https://x.example)、[电话](tel:10086) ![](/files/K/b.png)"
	if got := official.Sample(conversation.Inbox{}, answer(links)).Texts; len(got) != 1 ||
		got[0] != `见 <a href="https://help.example/a/7">规则</a>、<a href="https://help.example/files/K/a.png">图</a>、<a href="https://x.example">站</a>、电话 (10086) https://help.example/files/K/b.png` {
		t.Errorf("official: %q", got)
	}
	if got := mini.Sample(conversation.Inbox{}, answer(links)).Texts; len(got) != 1 || strings.Contains(got[0], "<") || !strings.Contains(got[0], "图 (https://help.example/files/K/a.png)") {
		t.Errorf("mini: %q", got)
	}
	for name, c := range map[string]struct {
		text        string
		used, texts int
	}{"short": {"好", 3, 1}, "as long as one text": {strings.Repeat("a", maxText), maxText, 1}, "longer": {strings.Repeat("好。", 500), 3000, 2}, "nothing": {" ", 0, 0}} {
		if s := official.Sample(conversation.Inbox{}, answer(c.text)); s.Used != c.used || len(s.Texts) != c.texts || s.Limit != maxText || s.Unit != "bytes" {
			t.Errorf("%s: used %d of %d in %d texts", name, s.Used, s.Limit, len(s.Texts))
		}
	}
	if n := official.Cost(conversation.Inbox{}, answer(strings.Repeat("好。", 500))); n != 2 {
		t.Errorf("it costs %d", n)
	}
}
