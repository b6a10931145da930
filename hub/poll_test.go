package hub_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
)

func (m *meter) gets(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range n {
		m.box = append(m.box, message(fmt.Sprint("box", len(m.box)), fmt.Sprint("c", i%3), "网速太慢"))
	}
}

func (m *meter) asked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.polls
}

func (h *house) stored() (n int) {
	h.t.Helper()
	if err := h.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM messages WHERE sender = 'contact'").Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) ring() {
	h.t.Helper()
	if w := h.post(`{"Ring":"token"}`); w.Code != 200 {
		h.t.Fatal(w.Code, w.Body)
	}
}

func TestPollingBringsEverythingOnce(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.meter.gets(30)
		h.start()
		h.eventually("all stored", func() bool { return h.stored() == 30 })
		before := h.meter.asked()
		h.meter.gets(5)
		h.ring()
		h.eventually("all rung for", func() bool { return h.stored() == 35 })
		h.meter.mu.Lock()
		h.meter.box = append(h.meter.box, h.meter.box[3], message("new", "c1", "怎么开发票"))
		h.meter.mu.Unlock()
		h.ring()
		h.eventually("a repeat adds nothing and stops nothing", func() bool { return h.stored() == 36 })
		if asked := h.meter.asked() - before; asked > 12 {
			h.t.Fatalf("asked %d times", asked)
		}
	})
}

// The word that a message failed is stored with the cursor that passed it, so that no crash loses it.
func TestReceiptsComeWithThePoll(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(false, nil)
		h.start()
		h.writes(message("1", "li", "你好"))
		h.placeTold()
		told := h.messages(1)
		h.meter.mu.Lock()
		h.meter.box = append(h.meter.box, message("box", "ann", "在吗"))
		h.meter.word = []conversation.Receipt{{ProviderID: told[len(told)-1].ProviderID, State: conversation.Failed, Reason: "blocked"}, {MessageID: 999, State: conversation.Failed}}
		h.meter.mu.Unlock()
		h.ring()
		h.eventually("failed", func() bool { return strings.HasSuffix(h.states(1), "=failed") })
		h.eventually("stored", func() bool { return h.stored() == 2 })
	})
}

// An inbox whose provider does not answer holds no other inbox up.
func TestASlowProviderHoldsNoOtherInboxUp(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	h.metered(true, nil)
	slow := h.inbox
	h.metered(true, nil)
	release := make(chan struct{})
	h.meter.stall = func(inbox conversation.Inbox) {
		if inbox.ID == slow.ID {
			<-release
		}
	}
	h.meter.gets(3)
	h.start()
	h.eventually("the other's are stored", func() bool { return h.stored() == 3 })
	close(release)
}

func TestAPollThatFailsIsTriedAgainFromTheSameCursor(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.meter.deaf = errors.New("the provider is down")
		h.meter.gets(2)
		h.start()
		h.eventually("asked", func() bool { return h.meter.asked() > 0 })
		h.meter.mu.Lock()
		h.meter.deaf = nil
		h.meter.mu.Unlock()
		h.ring()
		h.eventually("all stored", func() bool { return h.stored() == 2 })
	})
}

// The hint of a ring goes with every page that it leads to, and with none after them.
func TestTheHintOfARingGoesWithAllItsPages(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.start()
		h.eventually("asked by itself", func() bool { return h.meter.asked() == 1 })
		h.meter.gets(3)
		h.ring()
		h.eventually("all rung for", func() bool { return h.stored() == 3 })
		h.ring()
		h.eventually("asked again", func() bool { return h.meter.asked() >= 5 })
		h.meter.mu.Lock()
		defer h.meter.mu.Unlock()
		if got := fmt.Sprintf("%q", h.meter.hints); got != `["" "token" "token" "token" "token"]` {
			h.t.Fatal(got)
		}
	})
}

// A ring may be for another inbox of the kind: one address serves all accounts of an app.
func TestARingForAnotherInbox(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	h.metered(true, map[string]string{"account": "one"})
	called := h.inbox
	h.metered(true, map[string]string{"account": "two"})
	h.inbox = called
	h.start()
	h.eventually("both asked by themselves", func() bool { return h.meter.asked() == 2 })
	for body, want := range map[string]int{`{"Ring":"t","For":{"account":"two"}}`: 1, `{"Ring":"t","For":{"account":"none"}}`: 0, `{"Ring":"t","For":{}}`: 2} {
		before := h.meter.asked()
		if w := h.post(body); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
		if want > 0 {
			h.eventually(body, func() bool { return h.meter.asked() == before+want })
		} else if time.Sleep(300 * time.Millisecond); h.meter.asked() != before {
			t.Fatal(body, "led to asking")
		}
	}
}

// Two nodes share the inboxes; nothing is stored twice, and one goes on where the other died.
func TestTwoNodesPollTogether(t *testing.T) {
	h := build(t, pgtest.URL(t))
	h.metered(true, nil)
	h.meter.gets(40)
	second := h.node()
	ctx, die := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); second.Run(ctx) }()
	h.start()
	h.eventually("some stored", func() bool { return h.stored() > 3 })
	die()
	<-done
	h.eventually("all stored", func() bool { return h.stored() == 40 })
}

func TestAnArchivedInboxIsNotAskedFor(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	h.metered(true, nil)
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		h.inbox.ArchivedAt = tx.Now
		return h.Conversations.SaveInbox(ctx, tx, h.inbox)
	})
	h.meter.gets(1)
	h.start()
	time.Sleep(1500 * time.Millisecond)
	if h.meter.asked() != 0 {
		t.Fatal("asked")
	}
}

func TestFilesOfTheProviderAreFetched(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.meter.files = map[string]string{"a": "contents", "b": "later"}
		h.start()
		in := message("1", "li", "")
		in.Media = []conversation.Media{{Ref: "a", Kind: "file", Name: "a.txt"}, {Ref: "b", Kind: "image"}, {Ref: "gone", Kind: "voice"}}
		h.writes(in)
		h.eventually("two fetched, one given up", func() bool {
			h.fetchNow()
			m := h.messages(1)[0]
			return len(m.Attachments) == 2 && m.Content.Media[0].Done && m.Content.Media[1].Done && strings.Contains(m.Content.Media[2].Reason, "deleted")
		})
		a := h.messages(1)[0].Attachments[0]
		if a.Name != "a.txt" && a.Name != "b.txt" || a.Size == 0 {
			h.t.Fatalf("%+v", a)
		}
		if c := h.conversation(1); c.Preview == "" {
			h.t.Fatalf("%+v", c)
		}
	})
}

func (h *house) fetchNow() {
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE media SET due_at = 1 WHERE due_at > 1 AND lease_token = ''")
		return err
	})
}

// A node that died over a joined message leaves all of it uncertain, and none of it is sent again.
func TestADeathWhileSendingLeavesAllThatWentTogetherUncertain(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.writes(message("1", "li", "网速太慢"))
		h.writes(message("2", "li", "怎么开发票"))
		h.meter.dies = true
		ctx, die := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); h.Run(ctx) }()
		h.eventually("joined", func() bool { m := h.messages(1); return len(m) == 4 && m[3].JoinedTo == m[2].ID })
		h.desk(func(ctx context.Context, tx *db.Tx) error { // as if another node had it, which says nothing any more
			_, err := tx.Exec(ctx, "UPDATE messages SET lease_token = 'dead', lease_until = 1 WHERE id = ?", h.messages(1)[2].ID)
			return err
		})
		die()
		<-done
		h.meter.dies = false
		h.start()
		h.reaches("请重启光猫。=uncertain | 在 App 里开。=uncertain")
		if h.meter.count() != 0 || h.left().Left != 2 {
			h.t.Fatalf("%q %+v", h.meter.all(), h.left())
		}
	})
}

var _ channels.Poller = (*meter)(nil)
var _ channels.Fetcher = (*meter)(nil)
var _ channels.Notifier = (*meter)(nil)
var _ channels.Metered = (*meter)(nil)
