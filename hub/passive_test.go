package hub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/handoff"
	"huiyin/hub"
	"huiyin/knowledge"
	"huiyin/live"
)

// patient is how long a provider may wait where a test is not about that: a busy machine answers late.
const patient = 30 * time.Second

// ages makes all messages so much older.
func (h *house) ages(by time.Duration) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE messages SET created_at = created_at - ?", by.Milliseconds())
		return err
	})
}

func (h *house) calls(id, text string) string {
	h.t.Helper()
	w := h.post(fmt.Sprintf(`{"ID":%q,"From":"li","Text":%q}`, id, text))
	if w.Code != http.StatusOK {
		h.t.Errorf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestTheAnswerGoesBackInTheResponse(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.meter.within = patient
		h.start()
		if got := h.calls("1", "网速太慢"); got != "passive: 请重启光猫。" {
			h.t.Fatal(got)
		}
		if got := h.calls("2", "转人工"); !strings.HasPrefix(got, "passive: 现在没有人工客服在线") {
			h.t.Fatal(got)
		}
		if m := h.messages(1)[1]; m.Delivery != conversation.Sent || m.Passive != "1" || h.meter.count() != 0 || h.left().Left != 3 {
			h.t.Fatalf("%+v, %q, %+v", m, h.meter.all(), h.left())
		}
		h.claims(1)
		h.eventually("the claim is settled", func() bool { all := h.messages(1); return all[len(all)-1].Delivery == "" })
		began := time.Now()
		if got := h.calls("3", "在吗"); got != "success" || time.Since(began) > patient/2 {
			h.t.Fatalf("%s after %s: nobody answers for a human", got, time.Since(began))
		}
	})
}

func TestALateAnswerIsSentTheUsualWayAndOnce(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		if got := h.calls("1", "网速太慢"); got != "success" {
			h.t.Fatal(got)
		}
		h.start()
		h.reaches("请重启光猫。=sent")
		if got := h.calls("1", "网速太慢"); got != "success" || h.meter.count() != 1 || len(h.messages(1)) != 2 {
			h.t.Fatalf("%s, %q", got, h.meter.all())
		}
	})
}

// The provider repeats a callback when it did not get the response in time: then it is given again, the same. What comes
// sooner came twice, and is answered once.
func TestARepeatGetsTheSameResponse(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.meter.within = patient
		h.start()
		for _, want := range []string{"passive: 请重启光猫。", "success", "wait", "passive: 请重启光猫。", "passive: 请重启光猫。"} {
			if want == "wait" {
				h.ages(patient)
			} else if got := h.calls("1", "网速太慢"); got != want {
				h.t.Fatal(got)
			}
		}
		if h.meter.count() != 0 || len(h.messages(1)) != 2 {
			h.t.Fatalf("%q, %+v", h.meter.all(), h.messages(1))
		}
	})
}

func TestRepeatsOnSeveralNodesWhileTheFirstIsWorkedOn(t *testing.T) {
	h := build(t, pgtest.URL(t))
	h.metered(true, nil)
	h.meter.within = patient
	second := h.node()
	answers := make([]string, 6)
	var all sync.WaitGroup
	for i := range answers {
		on := []*hub.Hub{h.Hub, second}[i%2]
		all.Go(func() {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"ID":"1","From":"li","Text":"网速太慢"}`))
			w := httptest.NewRecorder()
			on.ServeHook(w, r, fmt.Sprint(h.inbox.ID))
			answers[i] = w.Body.String()
		})
	}
	time.Sleep(50 * time.Millisecond)
	h.start()
	all.Wait()
	if slices.Sort(answers); answers[0] != "passive: 请重启光猫。" || answers[1] != "success" || answers[5] != "success" {
		t.Errorf("%q", answers)
	}
	if h.meter.count() != 0 || len(h.messages(1)) != 2 {
		t.Fatalf("%q, %+v", h.meter.all(), h.messages(1))
	}
}

// node is another hub on the same database; it takes callbacks and does no other work.
func (h *house) node() *hub.Hub {
	h.t.Helper()
	index, err := knowledge.Open(context.Background(), h.t.TempDir(), h.DB, h.Log)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = index.Close() })
	vault, err := channels.NewVault(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		h.t.Fatal(err)
	}
	store, bus := &conversation.Store{DB: h.DB}, live.NewHub(nil)
	return hub.New(hub.Options{DB: h.DB, Conversations: store, Files: h.Files, Knowledge: index, Desk: handoff.New(h.DB, store, bus),
		Live: bus, Vault: vault, Log: h.Log}, []channels.Adapter{h.wire, h.meter, h.ear})
}

// broken is a connection that breaks when it is written to.
type broken struct{ *httptest.ResponseRecorder }

func (b broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestABrokenConnectionLosesNoAnswer(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.start()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"ID":"1","From":"li","Text":"网速太慢"}`))
		h.ServeHook(broken{httptest.NewRecorder()}, r, fmt.Sprint(h.inbox.ID))
		if m := h.messages(1)[1]; m.Delivery != conversation.Queued {
			h.t.Fatalf("%+v", m)
		}
		if got := h.calls("1", "网速太慢"); got != "passive: 请重启光猫。" {
			h.t.Fatalf("the repeat got %s", got)
		}
		h.reaches("请重启光猫。=sent")
		h.dead("1")
		h.reaches("请重启光猫。=uncertain")
		time.Sleep(1500 * time.Millisecond)
		if got := h.calls("1", "网速太慢"); got != "passive: 请重启光猫。" {
			h.t.Fatalf("the repeat after a node's death got %s", got)
		}
		h.reaches("请重启光猫。=sent")
		h.ServeHook(broken{httptest.NewRecorder()}, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"ID":"2","From":"li","Text":"怎么开发票"}`)), fmt.Sprint(h.inbox.ID))
		h.moveOn()
		h.eventually("without a repeat it is sent", func() bool { return h.meter.count() == 1 })
	})
}

// dead makes the response to a callback one that a node died over.
func (h *house) dead(source string) {
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE messages SET delivery = 'queued', due_at = 1, lease_token = 'dead', lease_until = 1 WHERE passive = ?", source)
		return err
	})
}

func TestWhatTheResponseCannotCarryIsSent(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.start()
		h.learns(`{"key":"long","question":{"zh":"套餐的全部条款"},"answer":{"zh":"` + strings.Repeat("条款", 65) + `"},"status":"published"}`)
		if got := h.calls("1", "套餐的全部条款"); got != "success" {
			h.t.Fatal(got)
		}
		h.eventually("sent", func() bool { return h.meter.count() == 1 })
	})
}

func TestOwnWordsOfTheInbox(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.start()
		in := message("1", "li", "")
		in.Activity, in.Data, in.Say = "followed", map[string]string{"scene": "shop-7"}, "欢迎关注！"
		h.writes(in)
		h.reaches("欢迎关注！=sent")
		if m := h.messages(1); len(m) != 2 || m[0].Content.ActivityData["scene"] != "shop-7" || !strings.Contains(m[1].Explanation, `"act":"say"`) {
			h.t.Fatalf("%+v", m)
		}
		h.writes(in)
		keyword := message("2", "li", "菜单")
		keyword.Say = "回复 1 查账单"
		h.writes(keyword)
		h.reaches("欢迎关注！=sent | 回复 1 查账单=sent")
		if c := h.conversation(1); !c.TurnDue.IsZero() || h.meter.count() != 2 {
			h.t.Fatalf("%+v, %q", c, h.meter.all())
		}
	})
}
