package knowledge_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// TestWhatIsBegunIsReadByItself begins an index and asks at once: the answer waits for the articles.
func TestWhatIsBegunIsReadByItself(t *testing.T) {
	d := openSQLite(t)
	importText(t, d, knowledge.JSONL, `{"key":"k","question":{"zh":"怎么开发票"},"answer":{"zh":"在应用里开。"}}`+"\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	x := knowledge.Begin(ctx, t.TempDir(), d, slog.New(slog.DiscardHandler))
	hits, err := x.Search(ctx, nlu.Analyze("怎么开发票"), knowledge.Options{})
	if err != nil || len(hits) != 1 {
		t.Fatalf("%+v %v", hits, err)
	}
	if n, _ := x.Size(); n != 1 {
		t.Errorf("%d articles", n)
	}
	if err := x.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}

// TestNothingIsReadOfAClosedDatabase begins an index on a database that cannot be read: who asks waits as long as they want to.
func TestNothingIsReadOfAClosedDatabase(t *testing.T) {
	d := openSQLite(t)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	x := knowledge.Begin(ctx, t.TempDir(), d, slog.New(slog.DiscardHandler))
	impatient, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer leave()
	if _, err := x.Search(impatient, nlu.Analyze("怎么开发票"), knowledge.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if err := x.Learn(impatient); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	cancel()
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}
