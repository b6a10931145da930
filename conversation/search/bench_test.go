package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/conversation/search"
	"huiyin/db"
	"huiyin/db/pgtest"
)

// matters are what the customers of the benchmark write about.
func matters() []string {
	return strings.Fields(`宽带又断了什么时候修好 我想开发票抬头要改 套餐怎么退订 话费怎么多扣了 流量不够用可以加油包吗 师傅几点上门 路由器指示灯红色 合同到期能不能续
 你好 谢谢 请问人工客服在吗 订单显示已发货但是没收到 退款什么时候到账 密码忘了登录不上 实名认证失败 号码携转需要什么材料 国际漫游怎么开通 营业厅周末开门吗
 invoice-is-wrong please-cancel-my-plan where-is-my-order the-internet-is-slow-again thank-you-very-much refund-not-received router-light-is-red`)
}

// fill stores many messages past the roads, as fast as the database takes them.
func (h *house) fill(messages, perThread int) {
	h.t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	words := matters()
	threads := messages / perThread
	for at := 0; at < threads; at += 500 {
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			for i := at; i < min(threads, at+500); i++ {
				if err := h.fillThread(ctx, tx, i, perThread, r, words); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (h *house) fillThread(ctx context.Context, tx *db.Tx, i, n int, r *rand.Rand, words []string) error {
	now := db.Millis(h.at.Add(time.Duration(i) * time.Minute))
	contact, err := tx.Insert(ctx, "INSERT INTO contacts (name, phone, created_at, updated_at) VALUES (?, ?, ?, ?)", "客户"+strconv.Itoa(i), fmt.Sprintf("138%08d", i), now, now)
	if err != nil {
		return err
	}
	identity, err := tx.Insert(ctx, "INSERT INTO identities (inbox_id, address, contact_id, created_at) VALUES (?, ?, ?, ?)", h.inbox.ID, "v"+strconv.Itoa(i), contact, now)
	if err != nil {
		return err
	}
	status := []string{"open", "pending", "resolved", "resolved", "resolved"}[r.IntN(5)]
	c, err := tx.Insert(ctx, `INSERT INTO conversations (inbox_id, contact_id, identity_id, status, team_id, agent_id, last_seq, last_message_at, created_at, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, h.inbox.ID, contact, identity, status, r.IntN(11), r.IntN(50), n, now, now, now)
	if err != nil {
		return err
	}
	for seq := 1; seq <= n; seq++ {
		sender := []string{"contact", "bot", "agent"}[seq%3]
		text := words[r.IntN(len(words))] + "，" + strings.ReplaceAll(words[r.IntN(len(words))], "-", " ")
		if r.IntN(10) == 0 {
			text += fmt.Sprintf(" HY%08d", r.IntN(1e8))
		}
		if _, err := tx.Exec(ctx, "INSERT INTO messages (conversation_id, seq, inbox_id, sender, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
			c, seq, h.inbox.ID, sender, text, now+int64(seq)*1000); err != nil {
			return err
		}
	}
	return nil
}

// asked are searches of all sorts: common and rare, long and by their first letter, narrowed and not.
func (h *house) asked() []search.Filter {
	mine := conversation.Scope{AgentID: 7, TeamIDs: []int64{3, 4}}
	var list []search.Filter
	for _, query := range []string{"宽带", "发票 抬头", "好", "i", "in", "invoice", "order", "退款什么时候", "HY1234", "4711", "套餐 router", "谢谢", "不存在的词", "please cancel"} {
		for _, q := range []search.Filter{{Scope: all}, {Scope: mine}, {Scope: mine, Status: conversation.Open}, {Scope: all, Sender: conversation.FromAgent, TeamID: 5},
			{Scope: all, From: h.at.Add(1000 * time.Minute), To: h.at.Add(3000 * time.Minute)}, {Scope: all, AgentID: 12, Files: true}} {
			q.Query, q.Limit = query, 20
			list = append(list, q)
		}
	}
	return list
}

// BenchmarkFind searches 300 000 messages and tells how long the slowest hundredth of the searches takes.
//
//	HUIYIN_BENCH_MESSAGES=1000000 go test ./conversation/search -bench Find -benchtime 3000x -run -
func BenchmarkFind(b *testing.B) {
	messages, err := strconv.Atoi(os.Getenv("HUIYIN_BENCH_MESSAGES"))
	if err != nil {
		messages = 300_000
	}
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			url := b.TempDir() + "/huiyin.db"
			if name == "postgres" {
				url = pgtest.URL(b)
			}
			h := open(b, url)
			h.fill(messages, 10)
			began := time.Now()
			h.settle()
			built := time.Since(began)
			h.measure(b)
			b.ReportMetric(built.Seconds(), "build-s")
		})
	}
}

func (h *house) measure(b *testing.B) {
	asked := h.asked()
	took := make([]time.Duration, 0, b.N)
	for _, q := range asked {
		h.found(q)
	}
	each := make([]time.Duration, len(asked))
	before := processorTime(b)
	b.ResetTimer()
	for i := range b.N {
		q := asked[i%len(asked)]
		began := time.Now()
		h.found(q)
		d := time.Since(began)
		took = append(took, d)
		if was := each[i%len(asked)]; was == 0 || d < was {
			each[i%len(asked)] = d
		}
	}
	b.StopTimer()
	b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/1000/float64(b.N), "cpu-µs/search")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	for range min(5, b.N/len(asked)) {
		worst := slices.Index(each, slices.Max(each))
		b.Logf("%v at best: %+v", each[worst], asked[worst])
		each[worst] = 0
	}
	if info, err := os.Stat(h.folder + "/messages.sqlite"); err == nil {
		b.ReportMetric(float64(info.Size())/(1<<20), "index-MiB")
	}
}
