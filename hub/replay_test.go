package hub_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/hub"
	"huiyin/knowledge"
)

// rewrites gives an article another answer and publishes it.
func (h *house) rewrites(key, answer string) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		a, err := knowledge.ByKey(ctx, tx, key)
		if err != nil {
			return err
		}
		a.Content.Answer["zh"] = answer
		if a, err = knowledge.SaveDraft(ctx, tx, knowledge.Author{Name: "test"}, a.ID, a.Version, a.Content, ""); err != nil {
			return err
		}
		_, err = knowledge.Publish(ctx, tx, a.ID, a.Version)
		return err
	})
	if err := h.Knowledge.Refresh(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) unpublishes(key string) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		a, err := knowledge.ByKey(ctx, tx, key)
		if err != nil {
			return err
		}
		_, err = knowledge.Unpublish(ctx, tx, a.ID, a.Version)
		return err
	})
	if err := h.Knowledge.Refresh(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) replays(explained string) hub.Replayed {
	h.t.Helper()
	r, err := h.Replay(context.Background(), explained)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func changed(r hub.Replayed) string {
	var list []string
	for _, c := range r.Changes {
		list = append(list, c.What)
	}
	return strings.Join(list, ",")
}

func TestReplay(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.talks("网速太慢")
		m, _ := h.last(1)
		if r := h.replays(m.Explanation); len(r.Changes) != 0 || r.Text != "请重启光猫。" {
			h.t.Fatalf("nothing changed: %+v, %q", r.Changes, r.Text)
		}
		h.rewrites("slow", "请先重启光猫，再重启路由器。")
		if r := h.replays(m.Explanation); !strings.Contains(changed(r), "revision") || r.Text != "请先重启光猫，再重启路由器。" || r.Now.Decision.Article != r.Then.Decision.Article {
			h.t.Fatalf("a newer revision: %+v, %q", r.Changes, r.Text)
		}
		h.unpublishes("slow")
		if r := h.replays(m.Explanation); !strings.HasPrefix(changed(r), "decision,gone") {
			h.t.Fatalf("unpublished: %+v", r.Changes)
		}
		if got := len(h.messages(1)); got != 2 {
			h.t.Fatalf("a replay wrote something: %d messages", got)
		}
	})
}

func TestReplayOfContextAndButtons(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
	h.start()
	h.learns(shop)
	h.talks("个人怎么开发票？", "那企业的呢？")
	m, _ := h.last(1)
	if r := h.replays(m.Explanation); len(r.Changes) != 0 || r.Text != "企业发票请联系客户经理。" || r.Now.Context == nil {
		t.Fatalf("a follow-up: %+v, %q", r.Changes, r.Text)
	}
	h.desk(func(ctx context.Context, tx *db.Tx) error { return h.offers(ctx, tx, "article:2", "article:3") })
	h.talks("第二个")
	m, _ = h.last(1)
	if r := h.replays(m.Explanation); len(r.Changes) != 0 || r.Text != "可以补开。" {
		t.Fatalf("a choice: %+v, %q", r.Changes, r.Text)
	}
	for _, broken := range []string{"", "{}", "null", "["} {
		if _, err := h.Replay(context.Background(), broken); !errors.Is(err, hub.ErrNotAutomatic) {
			t.Errorf("%q: %v", broken, err)
		}
	}
}

// Settings that are changed elsewhere hold here within a second, and each answer keeps those that it was given under.
func TestWishesAreFollowed(t *testing.T) {
	onBoth(t, func(h *house) {
		wishes := hub.DefaultWishes()
		var stored atomic.Pointer[hub.Wishes]
		stored.Store(&wishes)
		h.Hub.Wishes = func(context.Context) (hub.Wishes, error) { return *stored.Load(), nil }
		h.start()
		h.talks("网速太慢")
		strict := wishes
		strict.Version, strict.HandoffAfter, strict.WrongIn100 = 3, 1, 0.5
		stored.Store(&strict)
		time.Sleep(600 * time.Millisecond)
		h.talks("网速太慢")
		_, e := h.last(1)
		if e.Policy.Version != "settings-3" || e.Policy.Answer <= hub.DefaultPolicy().Answer {
			h.t.Fatalf("%+v", e.Policy)
		}
		m, err := h.Meaning(context.Background(), strict)
		if err != nil || m.LookedAt != 2 || m.Answered != 2 {
			h.t.Fatalf("%+v, %v", m, err)
		}
		if err := h.Knowledge.Learn(context.Background()); err != nil {
			h.t.Fatal(err)
		}
		if m, err = h.Meaning(context.Background(), wishes); err != nil || m.Rehearsed == 0 || m.RehearsedAnswered > m.Rehearsed || m.RehearsedWrong > m.RehearsedAnswered {
			h.t.Fatalf("%+v, %v", m, err)
		}
		if m, err = h.Meaning(context.Background(), wishes); err != nil || m.Policy.Answer != hub.DefaultPolicy().Answer {
			h.t.Fatalf("%+v, %v", m, err)
		}
	})
}
