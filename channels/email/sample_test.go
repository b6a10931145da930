package email

import (
	"strings"
	"testing"

	"huiyin/conversation"
)

func TestSample(t *testing.T) {
	a := New(Options{Key: []byte("k"), Base: "https://help.example"})
	s := a.Sample(conversation.Inbox{}, conversation.Message{Sender: conversation.FromBot, Text: "**好** ![图](/files/K/a.png)<script>x</script>",
		Content: conversation.Content{Markdown: true, Rateable: true}})
	for _, want := range []string{"<strong>好</strong>", `<img src="/files/K/a.png" alt="图"`, "没有解决"} {
		if !strings.Contains(s.HTML, want) {
			t.Errorf("%q is not in %s", want, s.HTML)
		}
	}
	if strings.Contains(s.HTML, "script") || strings.Contains(s.HTML, "style=") {
		t.Errorf("not safe to show: %s", s.HTML)
	}
}
