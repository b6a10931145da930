package hub_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db/pgtest"
	"huiyin/hub"
	"huiyin/knowledge"
)

// shop is a small knowledge base with articles that differ in a word or two.
const shop = `{"key":"invoice-person","question":{"zh":"个人怎么开发票","en":"How do individuals get an invoice?"},"similar":{"zh":["个人开票"],"en":["invoice for individuals"]},"answer":{"zh":"个人发票在订单页开。","en":"Individuals: on the order page."},"status":"published"}
{"key":"invoice-company","question":{"zh":"企业怎么开发票","en":"How do companies get an invoice?"},"similar":{"zh":["公司怎么开发票","企业开票"],"en":["invoice for companies"]},"answer":{"zh":"企业发票请联系客户经理。","en":"Companies: ask your account manager."},"status":"published"}
{"key":"move","question":{"zh":"怎么办理宽带移机","en":"How do I move my broadband?"},"similar":{"zh":["宽带移机怎么办"],"en":["move broadband to a new address"]},"answer":{"zh":"在营业厅办理移机。","en":"Visit a shop to move it."},"status":"published"}
{"key":"move-cost","question":{"zh":"宽带移机多少钱","en":"How much does it cost to move broadband?"},"similar":{"zh":["移机费用是多少"],"en":["broadband moving cost"]},"answer":{"zh":"移机费 100 元。","en":"Moving costs 100 CNY."},"status":"published"}
{"key":"hours","question":{"zh":"营业厅几点开门","en":"What are your opening hours?"},"similar":{"zh":["营业时间"],"en":["when do you open"]},"answer":{"zh":"工作日 9 点到 18 点，周末 10 点到 17 点。","en":"Weekdays 9 to 18, weekends 10 to 17."},"status":"published"}
{"key":"landline","question":{"zh":"怎么办理固定电话","en":"How do I get a landline?"},"similar":{"zh":["固定电话办理"],"en":["order a landline"]},"answer":{"zh":"固定电话在网上办理。","en":"Order the landline online."},"status":"published"}
{"key":"refund","question":{"zh":"怎么申请退款","en":"How do I get a refund?"},"similar":{"zh":["退款"],"en":["refund please"]},"answer":{"zh":"在订单页申请退款。","en":"Refunds are on the order page."},"status":"published"}`

// learns adds articles and waits until they are found.
func (h *house) learns(articles string) {
	h.t.Helper()
	ctx := context.Background()
	if _, err := knowledge.Import(ctx, h.DB, knowledge.Author{Name: "test"}, knowledge.JSONL, strings.NewReader(articles)); err != nil {
		h.t.Fatal(err)
	}
	h.Knowledge.Poke()
	want := 3 + strings.Count(articles, "\n") + 1
	h.eventually("read", func() bool { n, _ := h.Knowledge.Size(); return n >= want })
	if err := h.Knowledge.Learn(ctx); err != nil { // else what is answered depends on how far that is
		h.t.Fatal(err)
	}
}

// last is the explanation of the newest message of the bot.
func (h *house) last(id int64) (m conversation.Message, e hub.Explanation) {
	h.t.Helper()
	for _, m = range slices.Backward(h.messages(id)) {
		if m.Sender == conversation.FromBot && m.Explanation != "" {
			if err := json.Unmarshal([]byte(m.Explanation), &e); err != nil {
				h.t.Fatal(err)
			}
			return m, e
		}
	}
	h.t.Fatal("the bot said nothing")
	return m, e
}

func TestFollowUps(t *testing.T) {
	for _, c := range []struct {
		name  string
		says  []string
		gets  string // how the last reply begins
		rule  string // of its context
		reads string
	}{
		{"the same for something else", []string{"个人怎么开发票？", "那企业的呢？"}, "企业发票请联系", "the same for something else", "企业怎么开发票"},
		{"and back again", []string{"个人怎么开发票？", "那企业的呢？", "个人呢"}, "个人发票在订单页开。", "the same for something else", "个人怎么开发票"},
		{"for companies", []string{"How do individuals get an invoice?", "And for companies?"}, "Companies: ask", "the same for something else", ""},
		{"how much", []string{"怎么办理宽带移机", "多少钱？"}, "移机费 100 元。", "more on the same matter", "宽带移机多少钱"},
		{"how much, in English", []string{"How do I move my broadband?", "How much does it cost?"}, "Moving costs 100", "more on the same matter", ""},
		{"the answer speaks of it already", []string{"营业厅几点开门", "周末呢"}, "工作日 9 点", "the same for something else", ""},
		{"in English", []string{"What are your opening hours?", "what about weekends"}, "Weekdays 9", "the same for something else", ""},
		{"nothing is known of it", []string{"营业厅几点开门", "春节呢"}, "", "", ""},
		{"a correction", []string{"怎么办理宽带移机", "不对，我说的是固定电话"}, "固定电话在网上办理。", "a correction", ""},
		{"a correction in English", []string{"How do I move my broadband?", "No, I meant the landline"}, "Order the landline", "a correction", ""},
		{"thanks in between", []string{"个人怎么开发票？", "谢谢", "那企业的呢？"}, "企业发票请联系", "the same for something else", ""},
		{"a whole question is no follow-up", []string{"个人怎么开发票？", "怎么申请退款？"}, "在订单页申请退款。", "", ""},
		{"nothing before it", []string{"多少钱"}, "", "", ""},
		{"a number that stands for nothing", []string{"怎么申请退款？", "第二个"}, "", "", ""},
		{"it did not help", []string{"怎么申请退款？", "没用"}, "", "", ""},
		{"it did not help, in English", []string{"How do I get a refund?", "that didn't help"}, "", "", ""},
		{"no use, and nothing before it", []string{"没用"}, "", "", ""},
		{"Chinese typed by its sound", []string{"qiyekaifapiao"}, "企业发票请联系", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
			h.start()
			h.learns(shop)
			h.talks(c.says...)
			m, e := h.last(1)
			if c.gets == "" {
				if e.Decision.Act == hub.ActAnswer {
					t.Fatalf("answered: %s", m.Text)
				}
				return
			}
			if !strings.HasPrefix(m.Text, c.gets) {
				t.Fatalf("%q, %+v, %+v", m.Text, e.Context, e.Decision)
			}
			if got := e.Context; (got != nil) != (c.rule != "") || got != nil && (got.Rule != c.rule || got.Said == "" || c.reads != "" && got.Read != c.reads) {
				t.Fatalf("%+v", got)
			}
		})
	}
}

// talks says one thing after another, each after the bot's reply to the one before.
func (h *house) talks(says ...string) {
	h.t.Helper()
	for _, text := range says {
		before := len(h.talk())
		h.asks("li", text)
		h.eventually("a reply to "+text, func() bool {
			list := h.talk()
			return len(list) > before+1 && list[len(list)-1].Sender != conversation.FromContact && h.conversation(1).TurnDue.IsZero()
		})
	}
}

// talk are the messages of the first conversation, none before it began.
func (h *house) talk() []conversation.Message {
	list, err := h.Conversations.Messages(context.Background(), h.DB, 1, conversation.Page{Limit: 100})
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func TestContextOnBothDatabases(t *testing.T) {
	for name, url := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "huiyin.db") },
		"postgres": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			h := build(t, url(t))
			h.start()
			h.learns(shop)
			h.talks("个人怎么开发票？", "那企业的呢？", "营业厅几点开门？另外怎么申请退款")
			var said []string
			for _, m := range h.talk() {
				said = append(said, m.Text)
			}
			want := []string{"个人怎么开发票？", "个人发票在订单页开。", "那企业的呢？", "企业发票请联系客户经理。", "营业厅几点开门？另外怎么申请退款",
				"工作日 9 点到 18 点，周末 10 点到 17 点。", "在订单页申请退款。"}
			if !slices.Equal(said, want) {
				t.Fatalf("%q", said)
			}
			if _, e := h.last(1); e.Context == nil || e.Context.Part != 2 || e.Context.Parts != 2 {
				t.Fatalf("%+v", e.Context)
			}
		})
	}
}

func TestSeveralQuestionsInOneMessage(t *testing.T) {
	for _, c := range []struct {
		name, says string
		gets       []string // the beginnings of the replies
	}{
		{"two questions", "怎么申请退款？营业厅几点开门？", []string{"在订单页申请退款。", "工作日 9 点"}},
		{"joined by a word", "怎么申请退款以及营业厅几点开门", []string{"在订单页申请退款。", "工作日 9 点"}},
		{"English", "How do I get a refund and when do you open?", []string{"Refunds are", "Weekdays 9"}},
		{"the same article twice", "怎么申请退款？退款？", []string{"在订单页申请退款。"}},
		{"the second leans on the first", "怎么办理宽带移机？多少钱？", []string{"在营业厅办理移机。", "移机费 100 元。"}},
		{"one stays open", "怎么申请退款？今天月亮为什么是绿色的？", []string{"在订单页申请退款。", "关于“今天月亮为什么是绿色的？”：抱歉"}},
		{"a story and a question", "我上周买了个东西。怎么申请退款？", []string{"在订单页申请退款。"}},
		{"at most three", "怎么申请退款？营业厅几点开门？怎么办理固定电话？企业怎么开发票？", []string{"在订单页", "工作日", "固定电话"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
			h.start()
			h.learns(shop)
			h.talks(c.says)
			replies := h.talk()[1:]
			if len(replies) != len(c.gets) {
				t.Fatalf("%d replies: %+v", len(replies), replies)
			}
			for i, m := range replies {
				if !strings.HasPrefix(m.Text, c.gets[i]) || m.Explanation == "" {
					t.Errorf("reply %d: %q", i+1, m.Text)
				}
			}
		})
	}
}
