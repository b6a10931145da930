package knowledge_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/nlu"
)

func TestAnswersGoOnWithoutDatabase(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	x, log := openIndex(t, t.TempDir(), d)
	follow(t, x)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	x.Poke()
	within(t, "the outage is noticed", func() bool { return strings.Contains(log.String(), "cannot be refreshed") })
	for range 5 {
		x.Poke()
		if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got != "invoice" {
			t.Errorf("found %q", got)
		}
	}
	if n := strings.Count(log.String(), "cannot be refreshed"); n != 1 {
		t.Errorf("one outage was logged %d times", n)
	}
}

func TestSearchesAfterClose(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	x, _ := openIndex(t, t.TempDir(), d)
	if err := errors.Join(x.Close(), x.Close(), x.Refresh(context.Background())); err != nil {
		t.Fatal(err)
	}
	if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got != "invoice" {
		t.Errorf("found %q", got)
	}
}

func TestCancelledSearch(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	x, log := openIndex(t, t.TempDir(), d)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := x.Search(ctx, nlu.Analyze("发票"), knowledge.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if log.String() != "" {
		t.Errorf("a cancelled search was taken for damage: %s", log)
	}
}

func TestChangesAfterTheFilesWereCut(t *testing.T) {
	d, folder := openSQLite(t), t.TempDir()
	telecom(t, d)
	x, log := openIndex(t, folder, d)
	damage(t, folder, func(p string) error {
		if strings.HasSuffix(p, ".zap") {
			return os.Truncate(p, 0)
		}
		return nil
	})
	publish(t, d, create(t, d, "alipay", content("能用支付宝交话费吗？", "可以。")))
	a, err := knowledge.ByKey(context.Background(), d, "invoice")
	if err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error {
		_, err := knowledge.Archive(context.Background(), tx, a.ID, a.Version)
		return err
	})
	for range 3 {
		if err := x.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if got := top(ask(t, x, "支付宝交话费", knowledge.Options{})); got != "alipay" {
		t.Errorf("found %q; log %s", got, log)
	}
	if got := top(ask(t, x, "发票在哪里开", knowledge.Options{})); got == "invoice" {
		t.Error("an archived article still answers")
	}
}

func TestHalfBuiltIndexIsBuiltAnew(t *testing.T) {
	d, folder := openSQLite(t), t.TempDir()
	x, _ := openIndex(t, folder, d)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(folder, "articles.bleve")
	if err := os.Remove(filepath.Join(half, "store", "root.bolt")); err != nil {
		t.Fatal(err)
	}
	telecom(t, d)
	x, _ = openIndex(t, folder, d)
	if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got != "invoice" {
		t.Errorf("found %q", got)
	}
}

func TestManyChangesAtOnce(t *testing.T) {
	d, folder := openSQLite(t), t.TempDir()
	x, _ := openIndex(t, folder, d)
	var file strings.Builder
	for i := range 700 {
		file.WriteString(`{"key":"` + string(rune('一'+i)) + `","question":"关于` + string(rune('一'+i)) + string(rune('丁'+i)) + `的问题","answer":"答"}` + "\n")
	}
	importText(t, d, knowledge.JSONL, file.String())
	if err := x.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if articles, _ := x.Size(); articles != 700 {
		t.Errorf("%d articles", articles)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x, log := openIndex(t, folder, d)
	if articles, _ := x.Size(); articles != 700 || log.String() != "" {
		t.Errorf("%d articles after reopening; %s", articles, log)
	}
}
