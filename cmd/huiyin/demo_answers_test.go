package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/hub"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// demoIndex is the demo's knowledge, ready to be asked.
func demoIndex(t *testing.T) *knowledge.Index {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(t.TempDir(), "huiyin.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx, knowledge.Migrations()); err != nil {
		t.Fatal(err)
	}
	articles, err := demoFiles.Open("demo/articles.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	report, err := knowledge.Import(ctx, d, knowledge.Author{Name: "test"}, knowledge.JSONL, articles)
	if err != nil || report.Refused > 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	index, err := knowledge.Open(ctx, filepath.Join(t.TempDir(), "index"), d, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = index.Close(); _ = d.Close() })
	return index
}

// readQuestions reads lines of a question and, after a tab, the key of the article that answers it.
func readQuestions(t *testing.T, name string) [][2]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var questions [][2]string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		question, key, _ := strings.Cut(line, "\t")
		questions = append(questions, [2]string{question, key})
	}
	return questions
}

// asked counts what becomes of questions under the shipped policy.
type asked struct{ right, wrong, offered, other int }

func ask(t *testing.T, index *knowledge.Index, questions [][2]string) (a asked) {
	t.Helper()
	for _, q := range questions {
		analysis := nlu.Analyze(q[0])
		hits, err := index.Search(context.Background(), analysis, knowledge.Options{Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		d, _ := hub.Decide(hub.DefaultPolicy(), hub.Turn{Analysis: analysis, Hits: hits, HumanAvailable: true})
		switch {
		case d.Act == hub.ActAnswer && d.Hit.Key == q[1]:
			a.right++
		case d.Act == hub.ActAnswer:
			a.wrong++
			t.Logf("%q is answered with %s", q[0], d.Hit.Key)
		case d.Act == hub.ActClarify && offers(d, q[1]):
			a.offered++
		default:
			a.other++
		}
	}
	return a
}

func offers(d hub.Decision, key string) bool {
	for _, h := range d.Choices {
		if h.Key == key {
			return true
		}
	}
	return false
}

// The bounds are well below what is reached, so that they tell a change that breaks answering, not one that shifts it.
func TestTheDemoAnswersItsCustomers(t *testing.T) {
	t.Parallel()
	index := demoIndex(t)
	golden := readQuestions(t, "golden.tsv")
	if a := ask(t, index, golden); a.wrong*50 > len(golden) || (a.right+a.offered)*3 < 2*len(golden) {
		t.Errorf("of %d ordinary questions: %+v", len(golden), a)
	}
	hard := readQuestions(t, "golden-hard.tsv")
	if a := ask(t, index, hard); a.wrong*20 > len(hard) {
		t.Errorf("of %d hard questions: %+v", len(hard), a)
	}
	foreign := readQuestions(t, "outofscope.tsv")
	if a := ask(t, index, foreign); a.wrong*20 > len(foreign) {
		t.Errorf("of %d questions that nothing answers: %+v", len(foreign), a)
	}
}
