package hub_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// A second question may come at any moment of the first one's turn: before it is read, while the bot thinks, and
// between its thought and its commit.
func TestAQuestionDuringATurnIsAnsweredToo(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		const customers = 120
		var all sync.WaitGroup
		for n := range customers {
			all.Go(func() {
				from := fmt.Sprintf("c%03d", n)
				h.asks(from, "网速太慢")
				time.Sleep(time.Duration(n%40) * 250 * time.Microsecond)
				h.asks(from, "怎么开发票")
			})
		}
		all.Wait()
		for n := range customers {
			h.gets(fmt.Sprintf("c%03d: 在 App 里开。", n))
		}
		_, faults, err := h.Conversations.Ledger(context.Background(), 0)
		if err != nil || len(faults) != 0 {
			h.t.Errorf("%+v %v", faults, err)
		}
	})
}

func TestAVerdictDoesNotSwallowAQuestion(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := context.Background()
		c := h.answered("li", "怎么开发票")
		in := conversation.Incoming{SourceID: "next", Address: "li", Text: "网速太慢"}
		if _, err := h.Conversations.Record(ctx, h.inbox, in); err != nil {
			h.t.Fatal(err)
		}
		if err := h.Customer().Verdict(ctx, h.inbox, "li", c, 2, false); err != nil {
			h.t.Fatal(err)
		}
		h.start()
		h.gets("li: 请重启光猫。")
	})
}

// answered has one question answered by a hub that then stops, and returns the conversation.
func (h *house) answered(from, text string) int64 {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); h.Run(ctx) }()
	h.asks(from, text)
	h.eventually("sent", func() bool {
		messages := h.messages(1)
		return len(messages) == 2 && messages[1].Delivery == conversation.Sent
	})
	cancel()
	<-done
	return 1
}

func TestTurnsWithTheSameArticlesDoNotBlockEachOther(t *testing.T) {
	onBoth(t, func(h *house) {
		questions := []string{"网速太慢", "怎么开发票", "发票丢了怎么补"}
		const customers = 60
		for n := range customers {
			for i := range questions {
				h.asks(fmt.Sprintf("c%02d", n), questions[(n+i*(1+n%2))%len(questions)])
			}
		}
		h.start()
		h.eventually("all answers", func() bool {
			a, _, err := h.Conversations.Ledger(context.Background(), h.inbox.ID)
			return err == nil && a[0].Answered == customers*int64(len(questions)) && a[0].Outbound.Sent == a[0].Answered
		})
		if h.DB.Dialect() != db.Postgres {
			return
		}
		var deadlocks int
		row := h.DB.QueryRow(context.Background(), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
		if err := row.Scan(&deadlocks); err != nil || deadlocks > 0 {
			h.t.Errorf("%d deadlocks, %v", deadlocks, err)
		}
	})
}
