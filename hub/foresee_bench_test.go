package hub_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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

// replayHouse is a hub over a base, with so many questions in its conversations, each with an explanation as it is stored.
func replayHouse(b *testing.B, articles io.Reader, questions int, text func(i int) string) *hub.Hub {
	b.Helper()
	ctx, log := context.Background(), slog.New(slog.DiscardHandler)
	d, err := db.Open(ctx, filepath.Join(b.TempDir(), "bench.db"), db.Options{})
	must(b, err)
	must(b, d.Migrate(ctx, conversation.Migrations(), knowledge.Migrations(), golden.Migrations(), handoff.Migrations()))
	_, err = knowledge.Import(ctx, d, knowledge.Author{Name: "bench"}, knowledge.JSONL, articles)
	must(b, err)
	index, err := knowledge.Open(ctx, b.TempDir(), d, log)
	must(b, err)
	vault, err := channels.NewVault(bytes.Repeat([]byte("k"), 32))
	must(b, err)
	store, bus := &conversation.Store{DB: d}, live.NewHub(nil)
	h := hub.New(hub.Options{DB: d, Conversations: store, Knowledge: index, Desk: handoff.New(d, store, bus), Live: bus, Log: log, Vault: vault, Files: conversation.Files{Folder: b.TempDir()}}, []channels.Adapter{&wire{}})
	must(b, index.Learn(ctx))
	var inbox conversation.Inbox
	must(b, d.Tx(ctx, func(tx *db.Tx) (err error) {
		inbox, err = store.CreateInbox(ctx, tx, conversation.Inbox{Kind: "wire", Name: "Wire"})
		return err
	}))
	recorded, err := h.Accept(ctx, inbox, channels.Received{Messages: []conversation.Incoming{{SourceID: "1", Address: "visitor", Text: text(0)}}})
	must(b, err)
	must(b, d.Tx(ctx, func(tx *db.Tx) error { return pastTurns(ctx, tx, h, recorded[0].Conversation, questions, text) }))
	b.Cleanup(func() { _ = index.Close(); _ = d.Close() })
	return h
}

// pastTurns writes the bot's messages with their explanations.
func pastTurns(ctx context.Context, tx *db.Tx, h *hub.Hub, c *conversation.Conversation, questions int, text func(i int) string) error {
	sample, err := h.Try(ctx, text(0), hub.Asker{Channel: "wire"})
	if err != nil {
		return err
	}
	for i := range questions {
		e := sample.Explanation
		e.Asked, e.Question, e.Channel, e.HumanAvailable = text(i), text(i), "wire", true
		e.Decision = hub.ExplainedDecision{Act: hub.ActAsk}
		why, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO messages (conversation_id, inbox_id, seq, sender, content, explanation, created_at)
 VALUES (?, ?, ?, 'bot', '{}', ?, 1)`, c.ID, c.InboxID, 1000+i, string(why)); err != nil {
			return err
		}
	}
	return nil
}

// demoBase are the demo's articles and as many questions as are wanted: their phrasings with words around them.
func demoBase(b *testing.B) (io.Reader, func(i int) string) {
	b.Helper()
	text, err := os.ReadFile(filepath.Join("..", "cmd", "huiyin", "demo", "articles.jsonl"))
	must(b, err)
	var asked []string
	lines := bufio.NewScanner(strings.NewReader(string(text)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var a struct {
			Question map[string]string   `json:"question"`
			Similar  map[string][]string `json:"similar"`
		}
		must(b, json.Unmarshal(lines.Bytes(), &a))
		for l, q := range a.Question {
			asked = append(append(asked, q), a.Similar[l]...)
		}
	}
	around := []string{"%s", "你好，%s", "请问%s？", "%s 谢谢", "我想知道%s", "%s，急", "那个，%s啊", "%s怎么弄", "老师，%s", "麻烦问下 %s"}
	return strings.NewReader(string(text)), func(i int) string { return fmt.Sprintf(around[i/len(asked)%len(around)], asked[i%len(asked)]) }
}

// BenchmarkReplay replays the publication of an article on 10 000 questions of customers, as it is done the first time and the next
// time, with reading them and learning the changed knowledge; run it with -benchtime 1x.
func BenchmarkReplay(b *testing.B) {
	for _, base := range []string{"demo", "phrasings=10000"} {
		b.Run(base, func(b *testing.B) {
			articles, text := demoBase(b)
			if base != "demo" {
				articles, text = strings.NewReader(askableArticles(10_000)), func(i int) string { return "请问" + askedAbout(i*31%10_000) + "？" }
			}
			h := replayHouse(b, articles, 10_000, text)
			ctx := context.Background()
			var a knowledge.Article
			must(b, h.DB.Tx(ctx, func(tx *db.Tx) (err error) {
				if a, err = knowledge.Get(ctx, tx, 5); err != nil {
					return err
				}
				a.Content.Similar["zh"] = append(a.Content.Similar["zh"], "怎么才能修好冰激凌机")
				a, err = knowledge.SaveDraft(ctx, tx, knowledge.Author{Name: "bench"}, a.ID, a.Version, a.Content, "")
				return err
			}))
			running, cancel := context.WithCancel(ctx)
			done := make(chan struct{})
			go func() { defer close(done); h.Run(running) }()
			defer func() { cancel(); <-done }()
			time.Sleep(time.Second)
			must(b, h.Knowledge.Learn(ctx))
			var took, worked []float64
			for b.Loop() {
				for range 2 {
					before := processorTime(b)
					took = append(took, replayOnce(b, h, a.ID).Seconds())
					worked = append(worked, processorTime(b)-before)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(took[0], "first-s")
			b.ReportMetric(took[1], "next-s")
			b.ReportMetric(worked[0], "first-cpu-s")
			b.ReportMetric(worked[1], "next-cpu-s")
		})
	}
}

// processorTime is what this process has worked so far, in seconds of one core.
func processorTime(b *testing.B) float64 {
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

func replayOnce(b *testing.B, h *hub.Hub, article int64) time.Duration {
	b.Helper()
	ctx, began := context.Background(), time.Now()
	var j golden.Job
	must(b, h.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		j, err = golden.Start(ctx, tx, golden.Job{Kind: golden.JobReplay}, golden.Change{Publish: article})
		return err
	}))
	h.RingJobs()
	for j.State == golden.Waiting || j.State == golden.Running {
		time.Sleep(20 * time.Millisecond)
		var err error
		j, err = golden.GetJob(ctx, h.DB, j.ID)
		must(b, err)
	}
	var f golden.Foresight
	must(b, json.Unmarshal([]byte(j.Result), &f))
	if f.Questions != 10_000 {
		b.Fatalf("%+v", f)
	}
	b.Logf("%d questions, %d distinct, answered %d then %d, %v, %d ms", f.Questions, f.Distinct, f.Before.Answered, f.After.Answered, f.Counts, f.Milliseconds)
	return time.Since(began)
}
