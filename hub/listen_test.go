package hub_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
)

// ear is a channel that is listened to; its provider brings what is put into said.
type ear struct {
	said   chan string
	open   atomic.Int32 // connections
	opened atomic.Int32
}

func (e *ear) Kind() channels.Kind { return channels.Kind{Name: "ear"} }

func (e *ear) Send(context.Context, conversation.Inbox, channels.Outgoing) (channels.Accepted, error) {
	return channels.Accepted{}, nil
}

func (e *ear) Listen(ctx context.Context, _ conversation.Inbox, _ channels.Pull, accept channels.Accept) error {
	e.open.Add(1)
	e.opened.Add(1)
	defer e.open.Add(-1)
	for {
		select {
		case <-ctx.Done():
			return nil
		case text := <-e.said:
			in := conversation.Incoming{SourceID: text, Address: "li", Text: text}
			if strings.HasPrefix(text, "TD") {
				in.Consent, in.Say = conversation.OptOut, "您已退订。"
			}
			if err := accept(ctx, channels.Received{Messages: []conversation.Incoming{in}}); err != nil {
				return err
			}
		}
	}
}

func TestListeningGoesOnWithAnotherNodeAndNewSettings(t *testing.T) {
	h := build(t, pgtest.URL(t))
	e := h.ear
	second := h.node()
	h.desk(func(ctx context.Context, tx *db.Tx) (err error) {
		h.inbox, err = h.Conversations.CreateInbox(ctx, tx, conversation.Inbox{Kind: "ear", Name: "Ear", Bot: true})
		return err
	})
	ctx, die := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); second.Run(ctx) }()
	h.eventually("listened", func() bool { return e.open.Load() == 1 })
	h.start()
	e.said <- "one"
	h.eventually("stored", func() bool { return h.stored() == 1 })
	die()
	<-done
	h.eventually("the other listens", func() bool { return e.open.Load() == 1 && e.opened.Load() == 2 })
	e.said <- "two"
	h.eventually("stored", func() bool { return h.stored() == 2 })
	time.Sleep(5 * time.Millisecond)
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		h.inbox.Name = "New"
		return h.Conversations.SaveInbox(ctx, tx, h.inbox)
	})
	h.eventually("anew with the new settings", func() bool { return e.open.Load() == 1 && e.opened.Load() == 3 })
}

func TestAnOptOutIsConfirmedOnceAndHonoured(t *testing.T) {
	onBoth(t, func(h *house) {
		in := conversation.Incoming{SourceID: "1", Address: "li", Text: "转人工"}
		h.start()
		h.writes(in)
		h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
		h.claims(1)
		out := conversation.Incoming{SourceID: "2", Address: "li", Text: "退订", Consent: conversation.OptOut, Say: "您已退订。"}
		h.writes(conversation.Incoming{SourceID: "0", Address: "li", Text: "好的", Consent: conversation.OptIn, Say: "您已恢复订阅。"})
		h.writes(out)
		h.writes(out)
		again := out
		again.SourceID = "2 again"
		h.writes(again)
		h.gets("li: 您已退订。")
		h.replies(1, "还在吗")
		h.eventually("refused", func() bool { return strings.HasSuffix(h.states(1), "您已退订。=sent | 还在吗=failed") })
		if n := strings.Count(h.wire.all(), "您已"); n != 1 {
			h.t.Fatalf("confirmed %d times", n)
		}
		h.writes(conversation.Incoming{SourceID: "3", Address: "li", Text: "START", Consent: conversation.OptIn})
		h.replies(1, "欢迎回来")
		h.gets("li: 欢迎回来")
	})
}

func TestWhatIsPostponedCountsAsNoAttempt(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	h.metered(true, nil)
	for range 9 {
		h.meter.refuse = append(h.meter.refuse, &channels.SendError{Reason: "quiet hours", Postponed: true, After: time.Millisecond})
	}
	h.writes(message("1", "li", "网速太慢"))
	h.start()
	h.reaches("请重启光猫。=sent")
	if b := h.left(); b.Left != 2 || h.messages(1)[1].Attempts != 1 {
		t.Fatalf("%+v %+v", b, h.messages(1)[1])
	}
}
