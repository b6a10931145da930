package webchat

import (
	"testing"

	"huiyin/conversation"
)

func TestSampleAndPictures(t *testing.T) {
	a := New(Options{Base: "https://help.example"})
	m := conversation.Message{Sender: conversation.FromBot, Text: "![图](/files/K/a.png) [规则](/a/7)", Content: conversation.Content{Markdown: true}}
	if got := a.Sample(conversation.Inbox{}, m).HTML; got != `<p><img src="/files/K/a.png" alt="图"> <a href="/a/7" rel="nofollow noreferrer">规则</a></p>` {
		t.Errorf("sample: %s", got)
	}
	if got := a.showOne(1, m).HTML; got != `<p><img src="https://help.example/files/K/a.png" alt="图"> <a href="https://help.example/a/7" rel="nofollow noreferrer">规则</a></p>` {
		t.Errorf("as another site's page needs it: %s", got)
	}
	m.Content.Markdown = false
	if got := a.Sample(conversation.Inbox{}, m).Texts; len(got) != 1 || got[0] != m.Text {
		t.Errorf("plain: %q", got)
	}
}
