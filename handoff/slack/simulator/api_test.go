package simulator_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"huiyin/handoff/slack/simulator"
)

func TestThreadsAreWrittenReadChangedAndDeleted(t *testing.T) {
	w, api := workspace(t, false, simulator.Options{})
	ctx := soon(t)
	channel := w.Open("support")
	_, root, err := api.PostMessageContext(ctx, channel, slack.MsgOptionText("Ann waits", false))
	if err != nil {
		t.Fatal(err)
	}
	_, reply, err := api.PostMessageContext(ctx, channel, slack.MsgOptionText("seen", false), slack.MsgOptionTS(root))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := api.UpdateMessageContext(ctx, channel, root, slack.MsgOptionText("Ann is served", false)); err != nil {
		t.Fatal(err)
	}
	read, _, _, err := api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root})
	if err != nil || len(read) != 2 || read[0].Text != "Ann is served" || read[0].ReplyCount != 1 || read[1].Timestamp != reply {
		t.Fatalf("the thread reads %+v, %v", read, err)
	}
	if _, _, err := api.DeleteMessageContext(ctx, channel, reply); err != nil {
		t.Fatal(err)
	}
	if left := w.Messages(channel, root); len(left) != 1 {
		t.Fatalf("%d messages are left", len(left))
	}
}

func TestCallsAreRefusedAsSlackRefusesThem(t *testing.T) {
	w, api := workspace(t, false, simulator.Options{NoLimit: true})
	ctx := soon(t)
	channel, closed, foreign := w.Open("support"), w.Open("old"), w.Open("board")
	ann := w.Join("ann", "Ann", "ann@example.com")
	w.Archive(closed, ann, true)
	w.Kick(foreign)
	theirs, err := w.Write(ann, foreign, "", "x")
	if err == nil {
		t.Fatal("who is not in a channel wrote to it:", theirs)
	}
	text := slack.MsgOptionText("hello", false)
	section := func(n int) slack.MsgOption {
		return slack.MsgOptionBlocks(slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", strings.Repeat("字", n), false, false), nil, nil))
	}
	for name, test := range map[string]struct {
		channel string
		options []slack.MsgOption
		want    string
	}{
		"no such channel":      {"C404", []slack.MsgOption{text}, "channel_not_found"},
		"an archived channel":  {closed, []slack.MsgOption{text}, "is_archived"},
		"the bot is not in it": {foreign, []slack.MsgOption{text}, "not_in_channel"},
		"nothing said":         {channel, nil, "no_text"},
		"too long":             {channel, []slack.MsgOption{slack.MsgOptionText(strings.Repeat("字", 40001), false)}, "msg_too_long"},
		"no such thread":       {channel, []slack.MsgOption{text, slack.MsgOptionTS("1.000001")}, "thread_not_found"},
		"a section too long":   {channel, []slack.MsgOption{section(3001)}, "invalid_blocks"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := api.PostMessageContext(ctx, test.channel, test.options...); err == nil || err.Error() != test.want {
				t.Fatalf("answered %v, want %s", err, test.want)
			}
		})
	}
	if _, _, err := api.PostMessageContext(ctx, channel, section(3000)); err != nil {
		t.Fatal("a section of 3000 characters:", err)
	}
}

func TestTokensAreChecked(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{})
	ctx := soon(t)
	if who, err := api.AuthTestContext(ctx); err != nil || who.BotID == "" {
		t.Fatalf("%+v, %v", who, err)
	}
	w.Uninstall()
	if _, err := api.AuthTestContext(ctx); err == nil || err.Error() != "account_inactive" {
		t.Fatal("the token of an app that was removed:", err)
	}
	w.Install("xoxb-2")
	if _, err := api.AuthTestContext(ctx); err == nil || err.Error() != "invalid_auth" {
		t.Fatal("the old token after the app came back:", err)
	}
}

func TestPostingFasterThanAllowedIsLimited(t *testing.T) {
	now := time.Now()
	w, api := workspace(t, false, simulator.Options{Now: func() time.Time { return now }})
	ctx := soon(t)
	channel, other := w.Open("support"), w.Open("sales")
	text := slack.MsgOptionText("hello", false)
	var limited *slack.RateLimitedError
	for range 20 {
		if _, _, err := api.PostMessageContext(ctx, channel, text); errors.As(err, &limited) {
			break
		}
	}
	if limited == nil || limited.RetryAfter < time.Second {
		t.Fatalf("20 messages at once: %v", limited)
	}
	if _, _, err := api.PostMessageContext(ctx, other, text); err != nil {
		t.Fatal("another channel has its own limit:", err)
	}
	now = now.Add(limited.RetryAfter)
	if _, _, err := api.PostMessageContext(ctx, channel, text); err != nil {
		t.Fatal("after waiting:", err)
	}
}

func TestFilesGoUpAndComeDown(t *testing.T) {
	w, api := workspace(t, false, simulator.Options{})
	ctx := soon(t)
	ann := w.Join("ann", "Ann", "ann@example.com")
	channel := w.Open("support", ann)
	_, root, err := api.PostMessageContext(ctx, channel, slack.MsgOptionText("card", false))
	if err != nil {
		t.Fatal(err)
	}
	content := []byte("%PDF-1.4 bill")
	up, err := api.UploadFileContext(ctx, slack.UploadFileParameters{Channel: channel, ThreadTimestamp: root, Filename: "bill.pdf", FileSize: len(content), Reader: bytes.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	thread := w.Messages(channel, root)
	if len(thread) != 2 || len(thread[1].Files) != 1 || thread[1].Files[0].ID != up.ID {
		t.Fatalf("the thread holds %+v", thread)
	}
	if _, err := w.Share(ann, channel, root, "photo.png", "look", []byte("\x89PNG")); err != nil {
		t.Fatal(err)
	}
	shared := w.Messages(channel, root)[2].Files[0]
	var got bytes.Buffer
	if err := api.GetFileContext(ctx, shared.URLPrivateDownload, &got); err != nil || got.String() != "\x89PNG" {
		t.Fatalf("downloaded %q, %v", got.String(), err)
	}
	page, err := http.Get(shared.URLPrivate)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	if kind := page.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		t.Fatal("without a token Slack shows its sign-in page, this gave", kind)
	}
}

func TestFaultsHappenBeforeOrAfterTheCall(t *testing.T) {
	w, api := workspace(t, false, simulator.Options{})
	ctx := soon(t)
	channel := w.Open("support")
	for name, test := range map[string]struct {
		fault simulator.Fault
		kept  int
	}{
		"refused":         {simulator.Fault{Method: "chat.postMessage", Do: "status", Status: 503, Times: 1}, 0},
		"cut before":      {simulator.Fault{Method: "chat.postMessage", Do: "drop", Times: 1}, 0},
		"the answer lost": {simulator.Fault{Method: "chat.postMessage", Do: "lost", Times: 1}, 1},
		"half an answer":  {simulator.Fault{Method: "chat.postMessage", Do: "half", Times: 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(w.Messages(channel, ""))
			w.Break(test.fault)
			if _, _, err := api.PostMessageContext(ctx, channel, slack.MsgOptionText("hello", false)); err == nil {
				t.Fatal("the call went well")
			}
			if kept := len(w.Messages(channel, "")) - before; kept != test.kept {
				t.Fatalf("the channel got %d messages, want %d", kept, test.kept)
			}
		})
	}
}
