package hub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/hub"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
	"huiyin/live"
)

const (
	benchArticles  = 10_000
	benchRounds    = 9
	benchQuestions = 200
	benchWarmUp    = 20
)

// BenchmarkQuestionToAnswer measures from the acceptance of a visitor's question to the bot's stored reply, with
// the hub at work, one question after the other, in rounds; run it with -benchtime 1x.
func BenchmarkQuestionToAnswer(b *testing.B) {
	h := askedHouse(b)
	for b.Loop() {
		h.round(b, 0, benchWarmUp)
		var p50, p99 []float64
		for r := range benchRounds {
			took := h.round(b, benchWarmUp+r*benchQuestions, benchQuestions)
			p50, p99 = append(p50, took[len(took)/2].Seconds()*1000), append(p99, took[len(took)*99/100].Seconds()*1000)
		}
		slices.Sort(p50)
		slices.Sort(p99)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(p50[benchRounds/2], "p50-ms")
		b.ReportMetric(p99[benchRounds/2], "p99-ms")
		b.ReportMetric(p99[0], "p99-min-ms")
		b.ReportMetric(p99[benchRounds-1], "p99-max-ms")
		b.ReportMetric(float64(h.answered)/float64(h.run), "answered")
	}
}

// round asks n questions and tells how long the replies took, the shortest first.
func (h *asked) round(b *testing.B, from, n int) (took []time.Duration) {
	for i := range n {
		took = append(took, h.ask(b, from+i))
	}
	slices.Sort(took)
	return took
}

// asked is a running hub over a large knowledge base, and a bell for each reply of the bot.
type asked struct {
	*hub.Hub
	inbox    conversation.Inbox
	store    *conversation.Store
	mu       sync.Mutex
	waiting  map[int64]chan time.Time
	early    map[int64]time.Time
	answered int
	run      int
}

func askedHouse(b *testing.B) *asked {
	ctx := context.Background()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	d, err := db.Open(ctx, filepath.Join(b.TempDir(), "bench.db"), db.Options{})
	must(b, err)
	must(b, d.Migrate(ctx, conversation.Migrations(), knowledge.Migrations(), golden.Migrations(), handoff.Migrations()))
	_, err = knowledge.Import(ctx, d, knowledge.Author{Name: "bench"}, knowledge.JSONL, manyArticles(b))
	must(b, err)
	index, err := knowledge.Open(ctx, b.TempDir(), d, log)
	must(b, err)
	vault, err := channels.NewVault(bytes.Repeat([]byte("k"), 32))
	must(b, err)
	bus := live.NewHub(nil)
	h := &asked{store: &conversation.Store{DB: d}, waiting: map[int64]chan time.Time{}, early: map[int64]time.Time{}}
	h.Hub = hub.New(hub.Options{DB: d, Conversations: h.store, Files: conversation.Files{Folder: b.TempDir()}, Knowledge: index,
		Desk: handoff.New(d, h.store, bus), Live: bus, Vault: vault, Log: log}, []channels.Adapter{&wire{}})
	changed := h.store.OnChange
	h.store.OnChange = func(e conversation.Event) {
		changed(e)
		if e.Kind == conversation.EventMessage && e.Sender == conversation.FromBot {
			h.said(e.ConversationID, time.Now())
		}
	}
	must(b, d.Tx(ctx, func(tx *db.Tx) (err error) {
		h.inbox, err = h.store.CreateInbox(ctx, tx, conversation.Inbox{Kind: "wire", Name: "Wire", Bot: true})
		return err
	}))
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); h.Run(ctx) }()
	b.Cleanup(func() { cancel(); <-done; _ = index.Close(); _ = d.Close() })
	return h
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// ask lets a new visitor put question i and tells how long the reply took.
func (h *asked) ask(b *testing.B, i int) time.Duration {
	h.run++
	start := time.Now()
	recorded, err := h.Accept(context.Background(), h.inbox, channels.Received{Messages: []conversation.Incoming{{
		SourceID: fmt.Sprint("q", h.run), Address: fmt.Sprint("visitor", h.run), Text: benchQuestion(i)}}})
	must(b, err)
	id := recorded[0].Conversation.ID
	at := h.reply(b, id)
	found, err := h.store.Message(context.Background(), h.store.DB, id, 2)
	must(b, err)
	if found.Content.ArticleID != 0 {
		h.answered++
	}
	return at.Sub(start)
}

// said notes when the bot first spoke in a conversation.
func (h *asked) said(id int64, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if wait := h.waiting[id]; wait != nil {
		delete(h.waiting, id)
		wait <- at
	} else if h.early[id].IsZero() {
		h.early[id] = at
	}
}

func (h *asked) reply(b *testing.B, id int64) time.Time {
	h.mu.Lock()
	if at := h.early[id]; !at.IsZero() {
		h.mu.Unlock()
		return at
	}
	wait := make(chan time.Time, 1)
	h.waiting[id] = wait
	h.mu.Unlock()
	select {
	case at := <-wait:
		return at
	case <-time.After(10 * time.Second):
		b.Fatalf("no reply in conversation %d", id)
		return time.Time{}
	}
}

type topic struct{ zh, en string }

func topics() (things, parts, wishes []topic) {
	things = []topic{{"宽带", "broadband"}, {"手机卡", "SIM card"}, {"机顶盒", "TV box"}, {"路由器", "router"}, {"国际漫游", "roaming"},
		{"家庭套餐", "family plan"}, {"流量包", "data pack"}, {"短信包", "text bundle"}, {"企业专线", "leased line"}, {"云存储", "cloud storage"},
		{"视频会员", "video membership"}, {"音乐会员", "music membership"}, {"智能音箱", "smart speaker"}, {"摄像头", "camera"}, {"儿童手表", "kids watch"},
		{"副卡", "second card"}, {"靓号", "vanity number"}, {"光猫", "modem"}, {"固定电话", "landline"}, {"呼叫转移", "call forwarding"},
		{"语音信箱", "voicemail"}, {"来电显示", "caller ID"}, {"校园卡", "student card"}, {"老年卡", "senior card"}, {"物联网卡", "IoT card"}}
	parts = []topic{{"账单", "bill"}, {"发票", "invoice"}, {"合同", "contract"}, {"密码", "password"}, {"押金", "deposit"}, {"保修", "warranty"},
		{"优惠券", "voucher"}, {"积分", "points"}, {"有效期", "validity"}, {"安装费", "installation fee"}, {"月租", "monthly fee"}, {"速度", "speed"},
		{"信号", "signal"}, {"型号", "model"}, {"序列号", "serial number"}, {"订单", "order"}, {"地址", "address"}, {"联系人", "contact person"},
		{"提醒", "reminder"}, {"余额", "balance"}}
	wishes = []topic{{"查询", "check"}, {"修改", "change"}, {"取消", "cancel"}, {"下载", "download"}, {"转让", "transfer"}, {"补办", "replace"},
		{"延长", "extend"}, {"暂停", "pause"}, {"恢复", "restore"}, {"退还", "refund"}, {"升级", "upgrade"}, {"投诉", "complain about"},
		{"打印", "print"}, {"设置", "set up"}, {"核对", "verify"}, {"合并", "merge"}, {"拆分", "split"}, {"预约", "book"}, {"缴纳", "pay"}, {"兑换", "redeem"}}
	return things, parts, wishes
}

func wordsOf(i int) (thing, part, wish topic) {
	things, parts, wishes := topics()
	return things[i%25], parts[i/25%20], wishes[i/500%20]
}

// manyArticles are 10 000 articles with a question and two similar ones in each language.
func manyArticles(b *testing.B) io.Reader {
	var file bytes.Buffer
	out := json.NewEncoder(&file)
	for i := range benchArticles {
		t, p, w := wordsOf(i)
		must(b, out.Encode(map[string]any{"key": fmt.Sprint("a", i), "status": "published",
			"question": map[string]string{"zh": "怎么" + w.zh + t.zh + "的" + p.zh, "en": "How do I " + w.en + " the " + p.en + " of my " + t.en + "?"},
			"similar": map[string][]string{"zh": {t.zh + p.zh + "在哪里" + w.zh, "我想" + w.zh + t.zh + p.zh},
				"en": {"Where can I " + w.en + " my " + t.en + " " + p.en, t.en + " " + p.en + ": " + w.en}},
			"answer": map[string]string{"zh": "请在 App 的“" + t.zh + "”页面" + w.zh + p.zh + "。", "en": "Open " + t.en + " in the app and " + w.en + " the " + p.en + "."}}))
	}
	return &file
}

// benchQuestion asks after one of the articles in words of its own.
func benchQuestion(i int) string {
	t, p, w := wordsOf(i * 7919 % benchArticles)
	if i%2 == 0 {
		return strings.Join([]string{"请问", t.zh, "的", p.zh, "怎么", w.zh, "？"}, "")
	}
	return "Hi, how can I " + w.en + " the " + t.en + " " + p.en + " please?"
}
