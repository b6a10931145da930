package gaps

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"huiyin/conversation"
)

// kept is everything that is measured, as text.
func (s *shop) kept() string {
	s.Helper()
	turns, err := readTurns(context.Background(), s.DB, "1 = 1 ORDER BY message_id")
	s.must(err)
	var b strings.Builder
	for _, t := range turns {
		fmt.Fprintf(&b, "%+v\n", t)
	}
	rows, err := s.DB.Query(context.Background(), "SELECT turn_id, conversation_id, question_id, reply_id, agent_id, at, state FROM gap_pairs ORDER BY turn_id")
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		var n [6]int64
		var state string
		s.must(rows.Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &state))
		fmt.Fprintln(&b, n, state)
	}
	s.must(rows.Err())
	return b.String()
}

// However the events are cut into steps, and wherever a node dies between them, the outcome is the same; conversations in which
// customers only write have no part in it.
func TestStepsOfAnySizeGiveTheSame(t *testing.T) {
	onBoth(t, func(s *shop) {
		chance := rand.New(rand.NewPCG(7, 8))
		var all []*customer
		for range 40 {
			if len(all) < 6 || chance.IntN(4) == 0 {
				all = append(all, s.customer(chance.IntN(2)).asks("开发票"))
			}
			c := all[chance.IntN(len(all))]
			switch chance.IntN(8) {
			case 0:
				c.bot("ask", 0, 0)
			case 1:
				c.bot("answer", 1, 1)
			case 2:
				c.bot("handoff", 0, 0).agent("请在订单页面点击开票按钮，谢谢", false)
			case 3:
				c.resolved()
			default:
				c.asks("还有").asks("在吗")
			}
			s.Store = &Store{DB: s.DB, Conversations: &conversation.Store{DB: s.DB}, Zone: s.Zone, Log: slog.New(slog.DiscardHandler), page: []int{1, 2, 3, 0}[chance.IntN(4)]}
			for range chance.IntN(5) {
				_, err := s.step(context.Background())
				s.must(err)
			}
		}
		s.catchUp()
		step, days := s.kept(), s.counted()
		if step == "" || !strings.Contains(step, "open") {
			s.Fatal("nothing to compare:", step)
		}
		s.must(s.Rebuild(context.Background()))
		s.catchUp()
		if again := s.kept(); again != step || !maps.Equal(days, s.counted()) {
			s.Errorf("in steps:\n%s\nanew:\n%s", step, again)
		}
	})
}

// A conversation in which nothing was decided is not read because its customer writes.
func TestWordsAloneConcernNobody(t *testing.T) {
	onBoth(t, func(s *shop) {
		quiet, asked := s.customer(0).asks("你好"), s.customer(0).asks("自提").bot("ask", 0, 0)
		old := s.customer(1).asks("在吗")
		s.catchUp()
		quiet.asks("在吗")
		asked.asks("有人吗")
		fresh := s.customer(1).asks("你好")
		ctx := context.Background()
		_, last, err := s.Conversations.EventRange(ctx, s.DB)
		s.must(err)
		done, err := s.Conversations.Doings(ctx, last-3, last, 100, 100)
		s.must(err)
		for name, c := range map[string]struct {
			measured int64
			want     []int64
		}{
			"all of them are measured but the new one": {old.id, []int64{asked.id}},
			"none is": {0, []int64{quiet.id, asked.id}},
		} {
			got, err := s.concerned(ctx, done, c.measured)
			s.must(err)
			found := map[int64]bool{}
			for _, id := range got {
				found[id] = true
			}
			if len(got) != len(c.want) || !found[c.want[0]] || !found[c.want[len(c.want)-1]] || found[fresh.id] {
				s.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	})
}
