package hub_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"huiyin/db"
	"huiyin/handoff"
	"huiyin/hub"
)

func TestSeveralMessagesInARowAreOneTurn(t *testing.T) {
	onBoth(t, func(h *house) {
		h.asks("li", "你好")
		h.asks("li", "网速太慢")
		h.start()
		h.gets("li: 请重启光猫。")
		h.eventually("one answer", func() bool { return len(h.messages(1)) == 3 })
	})
}

func TestTwoQuestionsInARowAreBothAnswered(t *testing.T) {
	onBoth(t, func(h *house) {
		h.asks("li", "网速太慢")
		h.asks("li", "在吗")
		h.asks("li", "开票")
		h.asks("li", "网速太慢")
		h.asks("ann", "slow")
		h.asks("ann", "internet")
		h.start()
		h.gets("li: 请重启光猫。")
		h.gets("li: 在 App 里开。")
		h.gets("ann: Restart the modem.")
		h.eventually("each once", func() bool { return len(h.messages(1)) == 6 && len(h.messages(2)) == 3 })
		if answers := h.messages(1)[4:]; answers[0].Text != "请重启光猫。" || answers[1].Text != "在 App 里开。" {
			h.t.Fatalf("%+v", answers)
		}
	})
}

func TestFilesAloneAreAcknowledged(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.asks("li", "")
		h.gets("li: 文件已经收到")
	})
}

// Many customers who ask the same two things in either order make turns that touch the same articles and counters.
func TestCrossingTurnsDoNotWaitForEachOther(t *testing.T) {
	onBoth(t, func(h *house) {
		const customers = 60
		for n := range customers {
			first, second := "网速太慢", "怎么开发票"
			if n%2 == 1 {
				first, second = second, first
			}
			h.asks(fmt.Sprint("c", n), first)
			h.asks(fmt.Sprint("c", n), second)
		}
		h.start()
		for n := range customers {
			h.gets(fmt.Sprintf("c%d: 请重启光猫。", n))
			h.gets(fmt.Sprintf("c%d: 在 App 里开。", n))
		}
		if h.DB.Dialect() == db.Postgres {
			var deadlocks int
			row := h.DB.QueryRow(context.Background(), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
			if err := row.Scan(&deadlocks); err != nil || deadlocks > 0 {
				h.t.Fatalf("%d deadlocks, %v", deadlocks, err)
			}
		}
	})
}

func TestOfMoreThanATurnHoldsTheNewestCount(t *testing.T) {
	onBoth(t, func(h *house) {
		for i := range 11 {
			h.asks("li", fmt.Sprint("噢噢噢", i))
		}
		h.asks("li", "转人工")
		h.start()
		h.eventually("handed over", func() bool { return h.conversation(1).Queueing() })
	})
}

// What was settled before is no part of the next turn, else one "a human please" would be heard again and again.
func TestAWishThatWasSettledIsNotHeardAgain(t *testing.T) {
	for name, settle := range map[string]func(ctx context.Context, h *house, tx *db.Tx) error{
		"resolved": func(ctx context.Context, h *house, tx *db.Tx) error {
			_, err := h.Desk.Resolve(ctx, tx, 1, h.agent)
			return err
		},
		"given back to the bot": func(ctx context.Context, h *house, tx *db.Tx) error {
			_, err := h.Desk.Release(ctx, tx, 1, h.agent, handoff.ToBot)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(h *house) {
				h.start()
				h.asks("li", "转人工")
				h.eventually("queued", func() bool { return h.conversation(1).Queueing() })
				h.claims(1)
				h.desk(func(ctx context.Context, tx *db.Tx) error { return settle(ctx, h, tx) })
				h.asks("li", "网速太慢")
				h.gets("li: 请重启光猫。")
			})
		})
	}
}

func TestAHumanAfterAnAnswerThatDidNotHelp(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		ctx := context.Background()
		h.asks("li", "网速太慢")
		h.gets("li: 请重启光猫。")
		if err := h.Customer().Verdict(ctx, h.inbox, "li", 1, 2, false); err != nil {
			h.t.Fatal(err)
		}
		h.gets("li: 抱歉没能帮到您")
		h.asks("li", "1") // the first button
		h.eventually("queued", func() bool { return h.conversation(1).HandoffReason == "unhelpful" })
	})
}

func TestAProviderThatHangsHoldsNobodyElseUp(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
	release := make(chan struct{})
	h.wire.hang = func(address string) {
		if address == "slow" {
			<-release
		}
	}
	h.start()
	h.asks("slow", "网速太慢")
	h.asks("li", "网速太慢")
	h.gets("li: 请重启光猫。")
	h.asks("li", "怎么开发票")
	h.gets("li: 在 App 里开。")
	close(release)
	h.gets("slow: 请重启光猫。")
}

// A further turn of a trial leans on what was said before.
func TestTryGoesOn(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
	ctx := context.Background()
	first, err := h.Try(ctx, "怎么开发票", hub.Asker{})
	if err != nil || first.Decision.Act != hub.ActAnswer {
		t.Fatal(first, err)
	}
	why, err := json.Marshal(first.Explanation)
	if err != nil {
		t.Fatal(err)
	}
	alone, errAlone := h.Try(ctx, "那丢了呢", hub.Asker{})
	after, errAfter := h.Try(ctx, "那丢了呢", hub.Asker{After: string(why)})
	if errAlone != nil || errAfter != nil || alone.Explanation.Context != nil || after.Explanation.Context == nil {
		t.Errorf("%+v, then %+v", alone.Explanation, after.Explanation)
	}
}

func TestTryStoresNothing(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
	for text, want := range map[string]hub.Act{"网速太慢": hub.ActAnswer, "谢谢": hub.ActSmalltalk, "转人工": hub.ActHandoff, "月亮为什么是绿色的": hub.ActAsk} {
		tried, err := h.Try(context.Background(), text, hub.Asker{})
		if err != nil || tried.Decision.Act != want || (tried.Text == "") != (want == hub.ActHandoff) {
			t.Errorf("%s: %+v, %v", text, tried.Decision, err)
		}
	}
}
