package wecom

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

var created = time.UnixMilli(1_799_999_999_123)

// outgoing is a message of our side; open gives its files as many bytes as they say.
func outgoing(m conversation.Message) channels.Outgoing {
	m.ID, m.CreatedAt = 42, created
	return channels.Outgoing{ID: 42, Address: testPerson, Message: m, Open: func(a conversation.Attachment) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("bytes of " + a.Name)), nil
	}}
}

func send(t *testing.T, f *fake, out channels.Outgoing, more ...string) (channels.Accepted, error) {
	t.Helper()
	return newAdapter().Send(t.Context(), inboxAt(f.URL, more...), out)
}

var ownID = regexp.MustCompile(`^[0-9a-zA-Z_-]{1,32}$`)

func TestSendText(t *testing.T) {
	f := newFake(t, nil)
	got, err := send(t, f, outgoing(conversation.Message{Text: "**您好** <&> [帮助](https://x.cn)", Content: conversation.Content{Markdown: true}}))
	if err != nil {
		t.Fatal(err)
	}
	asked := f.asked("kf/send_msg")
	if len(asked) != 1 || !strings.Contains(asked[0].text, `"text":{"content":"您好 <&> 帮助 (https://x.cn)"}`) {
		t.Fatalf("%v", asked)
	}
	body := asked[0].body
	id, _ := body["msgid"].(string)
	if body["touser"] != testPerson || body["open_kfid"] != testAccount || body["msgtype"] != "text" || !ownID.MatchString(id) || whole(id) != got.ProviderID || got.State != "" {
		t.Errorf("%v gave %+v", body, got)
	}
}

func TestMessageIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, id := range []int64{1, 2, 1 << 62} {
		for _, at := range []time.Time{created, created.Add(time.Millisecond), {}, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)} {
			base := messageID(channels.Outgoing{ID: id, Message: conversation.Message{CreatedAt: at}})
			part := base + separator + "15"
			if !ownID.MatchString(part) || whole(part) != base || seen[base] {
				t.Errorf("%q of %d", part, id)
			}
			seen[base] = true
		}
	}
	for _, id := range []string{"", "x", "-1", "hy", "wk-1", strings.Repeat("a", 40)} {
		if whole(id) != id {
			t.Errorf("%q became %q", id, whole(id))
		}
	}
}

// picture, and others, are files as the hub brings them.
func file(name, kind string, size int64) conversation.Attachment {
	return conversation.Attachment{ID: 1, Name: name, Type: kind, Size: size, SHA256: "x"}
}

func TestParts(t *testing.T) {
	yes := []conversation.Choice{{Label: "是", Value: "yes"}, {Label: "转人工", Value: "human"}}
	long := strings.Repeat("很长的一句话。", 200) // 4200 bytes
	for name, c := range map[string]struct {
		m    conversation.Message
		want string // a letter for each part
	}{
		"nothing":                    {conversation.Message{}, ""},
		"text":                       {conversation.Message{Text: "hi"}, "t"},
		"long text":                  {conversation.Message{Text: long}, "ttt"},
		"menu":                       {conversation.Message{Text: "哪个？", Content: conversation.Content{Choices: yes}}, "m"},
		"menu without words":         {conversation.Message{Content: conversation.Content{Choices: yes}}, "m"},
		"menu below a long text":     {conversation.Message{Text: long, Content: conversation.Content{Choices: yes}}, "ttm"},
		"menu below 1500 bytes":      {conversation.Message{Text: long[:1500], Content: conversation.Content{Choices: yes}}, "tm"},
		"a file":                     {conversation.Message{Attachments: []conversation.Attachment{file("a.pdf", "application/pdf", 100)}}, "f"},
		"words and files":            {conversation.Message{Text: "hi", Attachments: []conversation.Attachment{file("a.png", "image/png", 100), file("b.amr", "application/octet-stream", 100)}}, "tff"},
		"words, a file and a menu":   {conversation.Message{Text: "hi", Attachments: []conversation.Attachment{file("a.png", "image/png", 100)}, Content: conversation.Content{Choices: yes}}, "fm"},
		"a link with its picture":    {conversation.Message{Text: "[看这里](https://x.cn/a)", Attachments: []conversation.Attachment{file("a.png", "image/png", 100)}}, "c"},
		"a mini program":             {conversation.Message{Text: "[去下单](weapp://wx12/pages/a?x=1)", Attachments: []conversation.Attachment{file("a.jpg", "image/jpeg", 100)}}, "c"},
		"a link and more words":      {conversation.Message{Text: "看 [这里](https://x.cn/a)", Attachments: []conversation.Attachment{file("a.png", "image/png", 100)}}, "tf"},
		"a link without a picture":   {conversation.Message{Text: "[看这里](https://x.cn/a)", Content: conversation.Content{Markdown: true}}, "t"},
		"a link of another scheme":   {conversation.Message{Text: "[看这里](ftp://x.cn/a)", Attachments: []conversation.Attachment{file("a.png", "image/png", 100)}}, "tf"},
		"a mini program, incomplete": {conversation.Message{Text: "[去](weapp://wx12)", Attachments: []conversation.Attachment{file("a.png", "image/png", 100)}}, "tf"},
	} {
		got := ""
		for _, p := range (&Adapter{}).parts(c.m) {
			switch {
			case p.card != nil:
				got += "c"
			case p.file != nil:
				got += "f"
			case len(p.menu) > 0:
				got += "m"
			default:
				got += "t"
			}
			if len(p.text) > maxText || (len(p.menu) > 0 && len(p.text) > maxHead) {
				t.Errorf("%s: a part of %d bytes", name, len(p.text))
			}
		}
		if got != c.want || newAdapter().Cost(inboxAt(""), c.m) != len(c.want) {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}

func TestMenu(t *testing.T) {
	f := newFake(t, nil)
	choices := []conversation.Choice{{Label: "怎么开发票？", Value: "article:12"}, {Label: strings.Repeat("长", 60), Value: strings.Repeat("v", 65)}, {Label: "plain"}}
	for range 9 {
		choices = append(choices, conversation.Choice{Label: "more", Value: "x"})
	}
	if _, err := send(t, f, outgoing(conversation.Message{Text: "您想问：", Content: conversation.Content{Choices: choices}})); err != nil {
		t.Fatal(err)
	}
	menu, _ := f.asked("kf/send_msg")[0].body["msgmenu"].(map[string]any)
	list, _ := menu["list"].([]any)
	if menu["head_content"] != "您想问：" || len(list) != 10 {
		t.Fatalf("%v", menu)
	}
	for i, want := range []string{"article:12 怎么开发票？", "- " + strings.Repeat("长", 41) + "…", "- plain"} {
		click, _ := list[i].(map[string]any)["click"].(map[string]any)
		if got := fmt.Sprint(click["id"], " ", click["content"]); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestFiles(t *testing.T) {
	for name, c := range map[string]struct {
		file conversation.Attachment
		kind string
	}{
		"JPEG": {file("a.jpg", "image/jpeg", 100), "image"}, "PNG": {file("a.png", "image/png", maxImage), "image"}, "large PNG": {file("a.png", "image/png", maxImage+1), "file"},
		"GIF": {file("a.gif", "image/gif", 100), "file"}, "AMR": {file("a.AMR", "application/octet-stream", maxVoice), "voice"}, "large AMR": {file("a.amr", "audio/amr", maxVoice+1), "file"},
		"MP3": {file("a.mp3", "audio/mpeg", 100), "file"}, "MP4": {file("a.mp4", "video/mp4", maxVideo), "video"}, "large MP4": {file("a.mp4", "video/mp4", maxVideo+1), "file"},
		"PDF": {file("a.pdf", "application/pdf", maxFile), "file"}, "type with charset": {file("a.txt", "text/plain; charset=utf-8", 100), "file"},
	} {
		f := newFake(t, nil)
		if _, err := send(t, f, outgoing(conversation.Message{Attachments: []conversation.Attachment{c.file}})); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body := f.asked("kf/send_msg")[0].body
		part, _ := body[c.kind].(map[string]any)
		if body["msgtype"] != c.kind || part["media_id"] != "MEDIA" || !strings.Contains(f.asked("media/upload")[0].text, "bytes of "+c.file.Name) {
			t.Errorf("%s: %v", name, body)
		}
	}
}

func TestFilesThatDoNotGo(t *testing.T) {
	for name, a := range map[string]conversation.Attachment{"too large": file("big.zip", "application/zip", maxFile+1), "too small": file("tiny.txt", "text/plain", 5)} {
		f := newFake(t, nil)
		_, err := send(t, f, outgoing(conversation.Message{Text: "hi", Attachments: []conversation.Attachment{a}}))
		var refused *channels.SendError
		if !errors.As(err, &refused) || refused.Retry || refused.Taken != 0 || !strings.Contains(refused.Reason, a.Name) || len(f.asked("kf/send_msg")) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := newFake(t, nil)
	out := outgoing(conversation.Message{Attachments: []conversation.Attachment{file("a.png", "image/png", 100)}})
	out.Open = nil
	if _, err := send(t, f, out); err == nil {
		t.Error("a file that is not at hand was sent")
	}
	f = newFake(t, map[string][]string{"media/upload": {`{"errcode":0}`}})
	if _, err := send(t, f, outgoing(out.Message)); err == nil || len(f.asked("kf/send_msg")) != 0 {
		t.Errorf("no media id: %v", err)
	}
}

func TestCards(t *testing.T) {
	f := newFake(t, nil)
	picture := []conversation.Attachment{file("a.png", "image/png", 100)}
	for _, text := range []string{"[看这里](https://x.cn/a?b=1&c=2)", "[去下单](weapp://wx12/pages/a?x=1)"} {
		if _, err := send(t, f, outgoing(conversation.Message{Text: text, Attachments: picture})); err != nil {
			t.Fatal(err)
		}
	}
	asked := f.asked("kf/send_msg")
	link, _ := asked[0].body["link"].(map[string]any)
	app, _ := asked[1].body["miniprogram"].(map[string]any)
	if link["title"] != "看这里" || link["url"] != "https://x.cn/a?b=1&c=2" || link["thumb_media_id"] != "MEDIA" {
		t.Errorf("%v", link)
	}
	if app["title"] != "去下单" || app["appid"] != "wx12" || app["pagepath"] != "pages/a?x=1" || app["thumb_media_id"] != "MEDIA" {
		t.Errorf("%v", app)
	}
}

func TestPartsGoOnWhereTheyStopped(t *testing.T) {
	long := outgoing(conversation.Message{Text: strings.Repeat("很长的一句话。", 200)})
	f := newFake(t, map[string][]string{"kf/send_msg": {`{"errcode":0}`, `{"errcode":-1,"errmsg":"system busy"}`, `{"errcode":0}`}})
	_, err := send(t, f, long)
	var refused *channels.SendError
	if !errors.As(err, &refused) || refused.Taken != 1 || !refused.Retry {
		t.Fatalf("%v", err)
	}
	long.Skip = refused.Taken
	if _, err := send(t, f, long); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range f.asked("kf/send_msg") {
		id, _ := c.body["msgid"].(string)
		ids = append(ids, id[strings.LastIndex(id, separator)+1:])
	}
	if !slices.Equal(ids, []string{"0", "1", "1", "2"}) {
		t.Errorf("sent %v", ids)
	}
}

func TestNoPartGoesThatIsNotPaidFor(t *testing.T) {
	long := outgoing(conversation.Message{Text: strings.Repeat("很长的一句话。", 200)})
	long.Skip, long.Paid = 1, 2
	f := newFake(t, map[string][]string{"kf/send_msg": {`{"errcode":0}`}})
	_, err := send(t, f, long)
	var stopped *channels.SendError
	if !errors.As(err, &stopped) || !stopped.Unpaid || stopped.Taken != 2 || len(f.asked("kf/send_msg")) != 1 {
		t.Errorf("%+v after %d", err, len(f.asked("kf/send_msg")))
	}
}

func TestErrorCodes(t *testing.T) {
	type want struct {
		words       string
		retry, shut bool
	}
	for code, w := range map[int]want{
		-1: {"busy", true, false}, 45009: {"limit", true, false}, 45033: {"same time", true, false}, 60020: {"trusted IPs", true, false}, 41001: {"secret", true, false},
		40001: {"secret", true, false}, 42001: {"secret", true, false}, 95001: {"write first", false, true}, 95002: {"48 hours", false, true}, 95013: {"ended", false, true},
		48002: {"may not use", false, false}, 95000: {"open_kfid", false, false}, 95004: {"open_kfid", false, false}, 95017: {"may not use", false, false},
		40096: {"customer", false, false}, 40007: {"file", false, false}, 45002: {"too long", false, false}, 40201: {"closed", false, false}, 40058: {"does not take", false, false}, 99999: {"99999", false, false},
	} {
		f := newFake(t, map[string][]string{"kf/send_msg": {fmt.Sprintf(`{"errcode":%d,"errmsg":"no"}`, code)}})
		_, err := send(t, f, outgoing(conversation.Message{Text: "hi"}))
		var refused *channels.SendError
		if !errors.As(err, &refused) || refused.Retry != w.retry || refused.Shut != w.shut || refused.Uncertain || !strings.Contains(refused.Reason, w.words) {
			t.Errorf("%d: %+v", code, err)
		}
	}
}

func TestRepeats(t *testing.T) {
	for _, words := range []string{"msgid exist", "duplicate msgid", "msgid already used", "msgid 重复"} {
		f := newFake(t, map[string][]string{"kf/send_msg": {`{"errcode":40058,"errmsg":"` + words + `"}`}})
		if _, err := send(t, f, outgoing(conversation.Message{Text: "hi"})); err != nil {
			t.Errorf("%s: %v", words, err)
		}
	}
	for _, words := range []string{"invalid msgid", "content exist risk", ""} {
		f := newFake(t, map[string][]string{"kf/send_msg": {`{"errcode":40058,"errmsg":"` + words + `"}`}})
		if _, err := send(t, f, outgoing(conversation.Message{Text: "hi"})); err == nil {
			t.Errorf("%q was taken for a repeat", words)
		}
	}
}

func TestProviderFaults(t *testing.T) {
	for name, answer := range map[string]string{"HTML": "<html>", "nothing": "", "half": `{"errcode":0,"ms`} {
		f := newFake(t, map[string][]string{"kf/send_msg": {answer}})
		_, err := send(t, f, outgoing(conversation.Message{Text: "hi"}))
		var refused *channels.SendError
		if !errors.As(err, &refused) || !refused.Retry || refused.Uncertain || !strings.Contains(refused.Reason, "cannot be read") {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := newFake(t, nil)
	f.Close()
	_, err := send(t, f, outgoing(conversation.Message{Text: "hi"}))
	var refused *channels.SendError
	if !errors.As(err, &refused) || !refused.Retry || !strings.Contains(refused.Reason, "could not be reached") || strings.Contains(err.Error(), testSecret) {
		t.Errorf("down: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newAdapter().Send(ctx, inboxAt(newFake(t, nil).URL), outgoing(conversation.Message{Text: "hi"})); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Whoever asks to be left alone is, wherever on the road: at the token, the file or the message. Nothing is sent twice for it.
func TestRetryAfterIsHonoured(t *testing.T) {
	picture := []conversation.Attachment{file("a.png", "image/png", 100)}
	for _, status := range []string{"429", "503", "502"} {
		for _, path := range []string{"gettoken", "media/upload", "kf/send_msg"} {
			f := newFake(t, map[string][]string{path: {status + " Retry-After: 700"}})
			_, err := send(t, f, outgoing(conversation.Message{Attachments: picture}))
			var refused *channels.SendError
			if !errors.As(err, &refused) || !refused.Retry || refused.Uncertain || refused.After != 700*time.Second || refused.Reason != "WeCom is busy" {
				t.Errorf("%s at %s: %+v", status, path, err)
			}
		}
		f := newFake(t, map[string][]string{"kf/sync_msg": {status + " Retry-After: 700"}, "media/get": {status + " Retry-After: 700"}})
		if _, err := newAdapter().Poll(t.Context(), inboxAt(f.URL), channels.Pull{}); channels.Wait(err) != 700*time.Second {
			t.Errorf("%s at polling: %v", status, err)
		}
		if _, err := newAdapter().Fetch(t.Context(), inboxAt(f.URL), conversation.Media{Ref: "M"}); channels.Wait(err) != 700*time.Second {
			t.Errorf("%s at a file: %v", status, err)
		}
	}
}

func TestStates(t *testing.T) {
	const shut = `{"errcode":95018,"errmsg":"send msg session status invalid"}`
	state := func(n int, who string) string {
		return fmt.Sprintf(`{"errcode":0,"service_state":%d,"servicer_userid":"%s"}`, n, who)
	}
	for name, c := range map[string]struct {
		state, trans string
		second       string // answer to the second try
		words        string // of the refusal; "" when it goes out
		shut, moved  bool
	}{
		"new":                      {state(0, ""), `{"errcode":0}`, `{"errcode":0}`, "", false, true},
		"new, moved meanwhile":     {state(0, ""), `{"errcode":95016,"errmsg":"x"}`, `{"errcode":0}`, "", false, true},
		"new, moving is refused":   {state(0, ""), `{"errcode":48002,"errmsg":"x"}`, "", "may not use", false, true},
		"the bot's":                {state(1, ""), "", `{"errcode":0}`, "", false, false},
		"the bot's, and still not": {state(1, ""), "", shut, "state", false, false},
		"in the pool":              {state(2, ""), "", "", "queue of the WeCom app", false, false},
		"a colleague's":            {state(3, "zhangsan"), "", "", "handled in the WeCom app by zhangsan", false, false},
		"somebody's":               {state(3, ""), "", "", "by a colleague", false, false},
		"over":                     {state(4, ""), "", "", "ended in WeCom", true, false},
		"not told":                 {`{"errcode":-1,"errmsg":"busy"}`, "", "", "busy", false, false},
	} {
		f := newFake(t, map[string][]string{"kf/send_msg": {shut, c.second}, "kf/service_state/get": {c.state}, "kf/service_state/trans": {c.trans}})
		_, err := send(t, f, outgoing(conversation.Message{Text: "hi"}))
		moves := f.asked("kf/service_state/trans")
		if (len(moves) > 0) != c.moved || (c.moved && moves[0].body["service_state"] != 1.0) {
			t.Errorf("%s: moved %v", name, moves)
		}
		if c.words == "" {
			if err != nil || len(f.asked("kf/send_msg")) != 2 {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var refused *channels.SendError
		if !errors.As(err, &refused) || refused.Shut != c.shut || !strings.Contains(refused.Reason, c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWelcomeGoesUnderItsCode(t *testing.T) {
	f := newFake(t, nil)
	out := outgoing(conversation.Message{Text: "**您好！**", Content: conversation.Content{Markdown: true, Ticket: "CODE"}})
	if cost := newAdapter().Cost(inboxAt(""), out.Message); cost != 0 {
		t.Errorf("a welcome costs %d", cost)
	}
	if _, err := send(t, f, out); err != nil {
		t.Fatal(err)
	}
	if _, err := send(t, f, out, keyMenu, "怎么退货？\n\n  转人工 "); err != nil {
		t.Fatal(err)
	}
	asked := f.asked("kf/send_msg_on_event")
	if len(asked) != 2 || len(f.asked("kf/send_msg")) != 0 || asked[0].body["code"] != "CODE" || !strings.Contains(asked[0].text, `"content":"您好！"`) {
		t.Fatalf("%v", asked)
	}
	if want := `"list":[{"type":"click","click":{"id":"-","content":"怎么退货？"}},{"type":"click","click":{"id":"-","content":"转人工"}}]`; !strings.Contains(asked[1].text, want) {
		t.Errorf("%s", asked[1].text)
	}
	for answer, again := range map[string]bool{`{"errcode":40029,"errmsg":"invalid code"}`: false, `{"errcode":95015,"errmsg":"x"}`: false, `{"errcode":-1,"errmsg":"busy"}`: true} {
		f := newFake(t, map[string][]string{"kf/send_msg_on_event": {answer}})
		_, err := send(t, f, out)
		var refused *channels.SendError
		if !errors.As(err, &refused) || refused.Retry != again || (!again && !strings.Contains(refused.Reason, "20 seconds")) {
			t.Errorf("%s: %v", answer, err)
		}
	}
}
