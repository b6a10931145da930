package wechat

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
)

const customSend = "/cgi-bin/message/custom/send"

// outgoing is a message of an agent's with files whose bytes are their names.
func outgoing(m conversation.Message) channels.Outgoing {
	return channels.Outgoing{ID: 9, Address: testOpenID, Message: m, Open: func(a conversation.Attachment) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(a.Name)), nil
	}}
}

func markdown(text string, choices ...conversation.Choice) conversation.Message {
	return conversation.Message{Text: text, Content: conversation.Content{Markdown: true, Choices: choices}}
}

func TestSendText(t *testing.T) {
	link := "[价目](https://x.example/?a=1&b=2)"
	for name, c := range map[string]struct {
		m              conversation.Message
		official, mini string
	}{
		"words":             {conversation.Message{Text: "1 < 2 & “你好” 😀"}, "1 < 2 & “你好” 😀", "1 < 2 & “你好” 😀"},
		"markup of words":   {conversation.Message{Text: "**not** Markdown"}, "**not** Markdown", "**not** Markdown"},
		"Markdown":          {markdown("# 退款\n\n**先** 找订单：\n\n- 一\n- 二"), "退款\n\n先 找订单：\n\n- 一\n- 二", "退款\n\n先 找订单：\n\n- 一\n- 二"},
		"link":              {markdown("见 " + link + "。"), `见 <a href="https://x.example/?a=1&b=2">价目</a>。`, "见 价目 (https://x.example/?a=1&b=2)。"},
		"bare link":         {markdown("https://x.example"), "https://x.example", "https://x.example"},
		"link inside only":  {markdown("[help](/help/1)"), "help", "help (/help/1)"},
		"mail":              {markdown("[us](mailto:us@x.example)"), "us (us@x.example)", "us (us@x.example)"},
		"script":            {markdown("a <script>alert(1)</script> b"), "a alert(1) b", "a alert(1) b"},
		"control and lines": {conversation.Message{Text: "a\u2028b\x01c\u0000"}, "a\nbc", "a\nbc"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			in := inbox(keyBase, p.URL)
			for want, a := range map[string]channels.Adapter{"o" + c.official: New(testOptions()), "m" + c.mini: NewMini(testOptions())} {
				if _, err := a.Send(t.Context(), in, outgoing(c.m)); err != nil {
					t.Fatal(err)
				}
				all := p.heard(customSend)
				last := all[len(all)-1]
				wanted := map[string]any{"touser": testOpenID, "msgtype": "text", "text": map[string]any{"content": want[1:]}}
				if got := last.custom(); !reflect.DeepEqual(got, wanted) {
					t.Errorf("%v", got)
				}
				if raw := string(last.body); strings.Contains(raw, `\u`) {
					t.Errorf("escaped: %s", raw)
				}
			}
		})
	}
}

func TestLongTexts(t *testing.T) {
	p := newPlatform(t)
	long := strings.Repeat("这是一句很长的话，需要分成几条发。", 150) // 7650 bytes
	if _, err := New(testOptions()).Send(t.Context(), inbox(keyBase, p.URL), outgoing(conversation.Message{Text: long})); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, m := range p.heard(customSend) {
		content := m.custom()["text"].(map[string]any)["content"].(string)
		if len(content) > 2000 {
			t.Errorf("%d bytes", len(content))
		}
		got.WriteString(content)
	}
	if got.String() != long || len(p.heard(customSend)) != 4 {
		t.Errorf("%d parts; the same: %v", len(p.heard(customSend)), got.String() == long)
	}
	if cost := New(testOptions()).Cost(inbox(), conversation.Message{Text: long}); cost != 4 {
		t.Errorf("cost %d", cost)
	}
}

func TestLinksAreNotCut(t *testing.T) {
	text := strings.Repeat("字", 600) + "[" + strings.Repeat("名", 80) + "](https://x.example/" + strings.Repeat("p", 100) + ") 完"
	all, err := New(testOptions()).parts(account{}, markdown(text))
	if err != nil || len(all) != 2 || !strings.HasPrefix(all[1].text, "<a href=") || !strings.HasSuffix(all[1].text, "</a> 完") {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestChoices(t *testing.T) {
	choices := []conversation.Choice{{Label: "查账单", Value: "article:12"}, {Label: "转人工", Value: "human"}, {Label: "别的"}}
	menu := map[string]any{"touser": testOpenID, "msgtype": "msgmenu", "msgmenu": map[string]any{"head_content": "您是想问？", "tail_content": "", "list": []any{
		map[string]any{"id": "article:12", "content": "查账单"}, map[string]any{"id": "human", "content": "转人工"}, map[string]any{"id": "-", "content": "别的"}}}}
	lines := map[string]any{"touser": testOpenID, "msgtype": "text", "text": map[string]any{"content": "您是想问？\n1. 查账单\n2. 转人工\n3. 别的"}}
	p := newPlatform(t)
	in := inbox(keyBase, p.URL)
	send := func(a channels.Adapter) map[string]any {
		if _, err := a.Send(t.Context(), in, outgoing(markdown("您是想问？", choices...))); err != nil {
			t.Fatal(err)
		}
		all := p.heard(customSend)
		return all[len(all)-1].custom()
	}
	if got := send(New(testOptions())); !reflect.DeepEqual(got, menu) {
		t.Errorf("official: %v", got)
	}
	if got := send(NewMini(testOptions())); !reflect.DeepEqual(got, lines) {
		t.Errorf("mini: %v", got)
	}
	p.on(customSend, say(`{"errcode":40200,"errmsg":"invalid account type"}`), say(`{"errcode":0}`))
	if got := send(New(testOptions())); !reflect.DeepEqual(got, lines) {
		t.Errorf("an account without menus: %v", got)
	}
}

func TestFiles(t *testing.T) {
	p := newPlatform(t)
	in := inbox(keyBase, p.URL)
	m := conversation.Message{Text: "见附件", Attachments: []conversation.Attachment{
		{ID: 1, Name: `图"片.png`, Type: "image/png", Size: 10}, {ID: 2, Name: "a.mp3", Type: "audio/mpeg", Size: 10}, {ID: 3, Name: "a.mp4", Type: "video/mp4", Size: 10}}}
	if _, err := New(testOptions()).Send(t.Context(), in, outgoing(m)); err != nil {
		t.Fatal(err)
	}
	var kinds, uploads []string
	for _, c := range p.heard(customSend) {
		kinds = append(kinds, c.custom()["msgtype"].(string))
	}
	for _, u := range p.heard("/cgi-bin/media/upload") {
		uploads = append(uploads, u.query.Get("type"))
	}
	if !reflect.DeepEqual(kinds, []string{"text", "image", "voice", "video"}) || !reflect.DeepEqual(uploads, []string{"image", "voice", "video", "thumb"}) {
		t.Errorf("%v %v", kinds, uploads)
	}
	if body := string(p.heard("/cgi-bin/media/upload")[0].body); !strings.Contains(body, `图"片.png`) || !strings.Contains(body, `filename="file.png"`) {
		t.Errorf("%s", body)
	}
	if cost := New(testOptions()).Cost(in, m); cost != 4 {
		t.Errorf("cost %d", cost)
	}
}

func TestFilesThatWeChatDoesNotTake(t *testing.T) {
	p := newPlatform(t)
	in := inbox(keyBase, p.URL)
	pdf := conversation.Message{Text: "hi", Attachments: []conversation.Attachment{{Name: "a.pdf", Type: "application/pdf", Size: 10}}}
	big := conversation.Message{Attachments: []conversation.Attachment{{Name: "a.png", Type: "image/png", Size: 3 << 20}}}
	film := conversation.Message{Attachments: []conversation.Attachment{{Name: "a.mp4", Type: "video/mp4", Size: 10}}}
	for name, c := range map[string]struct {
		a channels.Adapter
		m conversation.Message
	}{"a document": {New(testOptions()), pdf}, "a large picture": {New(testOptions()), big}, "a video for a Mini Program": {NewMini(testOptions()), film}} {
		var refused *channels.SendError
		if _, err := c.a.Send(t.Context(), in, outgoing(c.m)); !errors.As(err, &refused) || refused.Retry || refused.Uncertain {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(p.heard(customSend)); n != 0 {
		t.Errorf("%d messages were sent before the file was refused", n)
	}
	o := testOptions()
	o.Link = func(_ conversation.Inbox, a conversation.Attachment) string { return "https://hub.example/f/" + a.Name }
	if _, err := New(o).Send(t.Context(), in, outgoing(pdf)); err != nil {
		t.Fatal(err)
	}
	if got := p.heard(customSend)[1].custom()["text"].(map[string]any)["content"]; got != "a.pdf\nhttps://hub.example/f/a.pdf" {
		t.Errorf("%v", got)
	}
}

// TestRetriesRepeatNoPart fails in the middle of a message and goes on from there.
func TestRetriesRepeatNoPart(t *testing.T) {
	p := newPlatform(t)
	in, a := inbox(keyBase, p.URL), New(testOptions())
	m := conversation.Message{Text: "text", Attachments: []conversation.Attachment{{Name: "1", Type: "image/png"}, {Name: "2", Type: "image/png"}}}
	p.on(customSend, say(`{"errcode":0}`), say(`{"errcode":-1,"errmsg":"system error"}`), say(`{"errcode":0}`))
	out := outgoing(m)
	_, err := a.Send(t.Context(), in, out)
	var refused *channels.SendError
	if !errors.As(err, &refused) || refused.Taken != 1 || !refused.Retry {
		t.Fatalf("%+v", err)
	}
	out.Skip = refused.Taken
	if _, err := a.Send(t.Context(), in, out); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, c := range p.heard(customSend) {
		kinds = append(kinds, c.custom()["msgtype"].(string))
	}
	if !reflect.DeepEqual(kinds, []string{"text", "image", "image", "image"}) { // the second is the one that was refused
		t.Errorf("%v", kinds)
	}
}

func TestNoPartGoesThatIsNotPaidFor(t *testing.T) {
	p := newPlatform(t)
	p.on(customSend, say(`{"errcode":0}`))
	out := outgoing(conversation.Message{Text: "text", Attachments: []conversation.Attachment{{Name: "1", Type: "image/png"}, {Name: "2", Type: "image/png"}}})
	out.Skip, out.Paid = 1, 2
	_, err := New(testOptions()).Send(t.Context(), inbox(keyBase, p.URL), out)
	var stopped *channels.SendError
	if !errors.As(err, &stopped) || !stopped.Unpaid || stopped.Taken != 2 || len(p.heard(customSend)) != 1 {
		t.Errorf("%+v after %d", err, len(p.heard(customSend)))
	}
}

func TestNothingToSend(t *testing.T) {
	p := newPlatform(t)
	for name, m := range map[string]conversation.Message{"a note": {Text: "x", Private: true}, "an activity": {Content: conversation.Content{Activity: "claimed"}}} {
		if _, err := New(testOptions()).Send(t.Context(), inbox(keyBase, p.URL), outgoing(m)); err != nil || len(p.told) != 0 {
			t.Errorf("%s: %v, %d requests", name, err, len(p.told))
		}
	}
}
