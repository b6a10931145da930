package hub_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

// golden adds a golden question that expects an article; "" expects no answer.
func (h *house) golden(text, key string) golden.Question {
	h.t.Helper()
	var q golden.Question
	h.desk(func(ctx context.Context, tx *db.Tx) (err error) {
		wanted := golden.Wanted{Expect: golden.ExpectNone}
		if key != "" {
			a, err := knowledge.ByKey(ctx, tx, key)
			if err != nil {
				return err
			}
			wanted = golden.Wanted{Expect: golden.ExpectArticle, Article: a.ID}
		}
		q, err = golden.Add(ctx, tx, golden.Question{Asked: golden.Asked{Question: text}, Wanted: wanted})
		return err
	})
	return q
}

func (h *house) article(key string) knowledge.Article {
	h.t.Helper()
	a, err := knowledge.ByKey(context.Background(), h.DB, key)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// begins starts a job without anybody working on it yet.
func (h *house) begins(kind golden.JobKind, asked any) golden.Job {
	h.t.Helper()
	var j golden.Job
	h.desk(func(ctx context.Context, tx *db.Tx) (err error) {
		j, err = golden.Start(ctx, tx, golden.Job{Kind: kind, Subject: "test"}, asked)
		return err
	})
	return j
}

// ends waits for the end of a job.
func (h *house) ends(id int64) golden.Job {
	h.t.Helper()
	var j golden.Job
	h.RingJobs()
	h.eventually("the job ends", func() bool {
		var err error
		if j, err = golden.GetJob(context.Background(), h.DB, id); err != nil {
			h.t.Fatal(err)
		}
		return j.State != golden.Waiting && j.State != golden.Running
	})
	return j
}

func (h *house) foresees(change golden.Change) golden.Foresight {
	h.t.Helper()
	j := h.ends(h.begins(golden.JobReplay, change).ID)
	var f golden.Foresight
	if err := json.Unmarshal([]byte(j.Result), &f); err != nil || j.State != golden.Done {
		h.t.Fatalf("%+v: %v", j, err)
	}
	if j.Red != f.Red() || j.Done != j.Total {
		h.t.Errorf("%+v, red %v", j, f.Red())
	}
	return f
}

func TestForesight(t *testing.T) {
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "h.db"), "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			h := build(t, url)
			h.start()
			for i, text := range []string{"宽带网速很慢怎么办", "宽带网速很慢怎么办", "怎么开发票", "今天月亮圆不圆"} {
				from := string(rune('a' + i))
				h.asks(from, text)
				h.eventually("an answer", func() bool { return strings.Count(h.wire.all(), "to="+from) > 0 || len(h.explained()) > i })
			}
			slow, lost := h.golden("宽带网速很慢怎么办", "slow"), h.golden("今天月亮圆不圆", "")

			f := h.foresees(golden.Change{Unpublish: h.article("slow").ID})
			if f.Golden != 2 || f.Passed != 2 || f.WouldPass != 1 || f.Questions != 4 || f.Distinct != 3 || !f.Red() {
				t.Errorf("%+v", f)
			}
			if d := f.Differences[0]; d.Kind != golden.Broken || d.GoldenID != slow.ID || d.Before.Title == "" || d.After.Act == "answer" {
				t.Errorf("%+v", d)
			}
			if d := f.Differences[1]; d.Kind != golden.Lost || d.Count != 2 || len(d.Spots) != 2 || d.Asked.Question != "宽带网速很慢怎么办" || d.Asked.Channel != "wire" {
				t.Errorf("%+v", d)
			}
			if f.Before.Answered != 3 || f.After.Answered != 1 {
				t.Errorf("%+v then %+v", f.Before, f.After)
			}

			moon := h.saves("slow", func(c *knowledge.Content) { c.Similar["zh"] = append(c.Similar["zh"], "今天月亮圆不圆") })
			f = h.foresees(golden.Change{Publish: moon.ID})
			if f.Counts[golden.Broken] != 1 || f.Counts[golden.Gained] != 1 || f.Counts[golden.NewText] != 3 || f.Differences[0].GoldenID != lost.ID || f.Differences[0].After.Number != 2 {
				t.Errorf("%+v", f)
			}

			none := golden.Change{Settings: `{"wrong_in_100": 0.01, "offering": "seldom"}`}
			if f = h.foresees(none); f.Questions != 4 || f.After.Answered > f.Before.Answered {
				t.Errorf("%+v", f)
			}
			groups := [][]string{{"月亮", "发票"}}
			if f = h.foresees(golden.Change{Synonyms: &groups}); f.Golden != 2 {
				t.Errorf("%+v", f)
			}
			if j := h.ends(h.begins(golden.JobReplay, golden.Change{Publish: 999}).ID); j.State != golden.Failed || j.Problem != "the article is gone" {
				t.Errorf("%+v", j)
			}
		})
	}
}

// explained are the stored explanations of what the bot decided.
func (h *house) explained() []string {
	h.t.Helper()
	list, err := h.Conversations.Explained(context.Background(), h.DB, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// saves gives an article other content as a draft.
func (h *house) saves(key string, change func(*knowledge.Content)) knowledge.Article {
	h.t.Helper()
	a := h.article(key)
	change(&a.Content)
	h.desk(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = knowledge.SaveDraft(ctx, tx, knowledge.Author{Name: "test"}, a.ID, a.Version, a.Content, "")
		return err
	})
	return a
}

func TestGoldenRunAndNight(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "h.db"))
	good, bad := h.golden("怎么开发票", "invoice"), h.golden("宽带网速很慢怎么办", "invoice")
	var told []int64
	h.OnGoldenBroke = func(_ context.Context, _ *db.Tx, broke []golden.Question) error {
		for _, q := range broke {
			told = append(told, q.ID)
		}
		return nil
	}
	h.start()
	run := func() golden.RunResult {
		t.Helper()
		var r golden.RunResult
		if err := json.Unmarshal([]byte(h.ends(h.begins(golden.JobRun, golden.RunAsked{}).ID).Result), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := run(); r.Total != 2 || r.Count[golden.Right] != 1 || r.Count[golden.Wrong] != 1 || len(r.Broke) > 0 {
		t.Errorf("%+v", r)
	}
	h.unpublishes("invoice")
	if r := run(); len(r.Broke) != 1 || r.Broke[0] != good.ID || len(told) != 1 || told[0] != good.ID {
		t.Errorf("%+v, told %v", r, told)
	}
	if r := run(); len(r.Broke) > 0 || len(told) != 1 {
		t.Errorf("told again: %+v", r)
	}
	q, err := golden.Get(context.Background(), h.DB, bad.ID)
	if err != nil || q.Outcome != golden.Wrong || q.Decided.Title == "" {
		t.Errorf("%+v %v", q, err)
	}

	h.desk(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE golden_night SET due_at = 1")
		return err
	})
	h.RingJobs()
	h.eventually("a nightly run", func() bool {
		runs, err := golden.Runs(context.Background(), h.DB, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(runs) == 4 && runs[3].Nightly
	})
	night, err := golden.ReadNight(context.Background(), h.DB)
	if err != nil || !night.Next.After(h.DB.Now()) {
		t.Errorf("%+v %v", night, err)
	}
}

func TestBatchAndStop(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "h.db"))
	batch := golden.Batch{Rows: []golden.BatchRow{
		{Asked: golden.Asked{Question: "怎么开发票"}, Wanted: &golden.Wanted{Expect: golden.ExpectArticle, Article: h.article("invoice").ID}},
		{Asked: golden.Asked{Question: "我的发票丢了"}, Wanted: &golden.Wanted{Expect: golden.ExpectNone}}, {Asked: golden.Asked{Question: "转人工"}}}}
	stopped := h.begins(golden.JobBatch, batch)
	j := h.begins(golden.JobBatch, batch) // stops the one before
	dead := h.begins(golden.JobReplay, golden.Change{Settings: "{}"})
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE golden_jobs SET stopped = CASE WHEN id = ? THEN 1 ELSE 0 END, attempts = CASE WHEN id = ? THEN 3 ELSE 0 END", stopped.ID, dead.ID)
		return err
	})
	h.start()
	if got := h.ends(stopped.ID); got.State != golden.Cancelled || got.Result != "" {
		t.Errorf("%+v", got)
	}
	var r golden.BatchResult
	if err := json.Unmarshal([]byte(h.ends(j.ID).Result), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Answers) != 3 || r.Count[golden.Right] < 1 || r.Answers[2].Decided.Act != "handoff" || r.Answers[2].Outcome != "" || r.Acts.Handed != 1 {
		t.Errorf("%+v", r)
	}
	if got := h.ends(dead.ID); got.State != golden.Failed || !strings.Contains(got.Problem, "given up") {
		t.Errorf("a job whose nodes died: %+v", got)
	}
}

// A job of a node that was killed is begun anew by whoever lives, and says so.
func TestJobOfADeadNode(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "h.db"))
	h.golden("怎么开发票", "invoice")
	j := h.begins(golden.JobRun, golden.RunAsked{})
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		leases, err := golden.Queue().Claim(ctx, tx, "dead node", time.Millisecond, 1)
		if err != nil || len(leases) != 1 {
			return err
		}
		_, err = golden.Tell(ctx, tx, leases[0], "asking", 1, 2, tx.Now.Add(time.Millisecond))
		return err
	})
	h.start()
	if got := h.ends(j.ID); got.State != golden.Done || got.Attempts != 2 {
		t.Errorf("%+v", got)
	}
}
