package knowledge_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// logText is a log that tests read while it is written.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func openIndex(t testing.TB, folder string, d *db.DB) (*knowledge.Index, *logText) {
	t.Helper()
	log := &logText{}
	x, err := knowledge.Open(context.Background(), folder, d, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x, log
}

func ask(t testing.TB, x *knowledge.Index, question string, o knowledge.Options) []knowledge.Hit {
	t.Helper()
	hits, err := x.Search(context.Background(), nlu.Analyze(question), o)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func top(hits []knowledge.Hit) string {
	if len(hits) == 0 {
		return ""
	}
	return hits[0].Key
}

// telecom fills a small knowledge base.
func telecom(t testing.TB, d *db.DB) {
	t.Helper()
	for key, c := range map[string]knowledge.Content{
		"invoice": {Question: map[string]string{"zh": "怎么开电子发票？", "en": "How do I get an electronic invoice?"},
			Answer: map[string]string{"zh": "在「我的账单」里点「开票」。", "en": "Open My bills and choose Invoice."}, Similar: map[string][]string{"zh": {"发票在哪里开", "能开发票吗"}}},
		"roaming": {Question: map[string]string{"zh": "出国怎么开通国际漫游？", "en": "How do I switch on international roaming?"},
			Answer: map[string]string{"zh": "发送 KTMY 到 10099。", "en": "Send KTMY to 10099."}},
		"puk":   content("PUK 码锁了怎么办？", "凭身份证到营业厅解锁。", "手机卡被锁了"),
		"speed": content("网速为什么变慢了？", "达到套餐流量后会限速。", "上网很慢"),
	} {
		publish(t, d, create(t, d, key, c))
	}
}

func TestSearchFindsTheArticle(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	x, _ := openIndex(t, t.TempDir(), d)
	for question, want := range map[string]string{
		"怎么开电子发票？": "invoice", "你好，请问发票怎么开": "invoice", "發票在哪裡開": "invoice", "how to get an invoice": "invoice",
		"electronc invoce please": "invoice", "国际漫游": "roaming", "how do i turn on roaming abroad": "roaming", "puk被锁": "puk", "上网好慢啊": "speed",
	} {
		if got := top(ask(t, x, question, knowledge.Options{})); got != want {
			t.Errorf("%q found %q, want %q", question, got, want)
		}
	}
	for _, question := range []string{"", "？？？", "😀", "qwxz"} {
		if hits := ask(t, x, question, knowledge.Options{}); len(hits) != 0 {
			t.Errorf("%q found %+v", question, hits)
		}
	}
}

func TestHitSaysWhatItIsMadeOf(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	x, _ := openIndex(t, t.TempDir(), d)
	h := ask(t, x, "能开发票吗？", knowledge.Options{})[0]
	if h.Question != "怎么开电子发票？" || h.Matched != "能开发票吗" || h.Language != "zh" || h.Revision != 1 || h.RevisionID == 0 ||
		h.Answer != "在「我的账单」里点「开票」。" || h.Value("exact") != 1 || len(h.Terms) == 0 || len(h.Why) == 0 {
		t.Errorf("%+v", h)
	}
	if h.Confidence <= 0 || h.Confidence > 1 {
		t.Errorf("confidence %v", h.Confidence)
	}
	for _, c := range []struct{ question, language, want string }{
		{"How do I get an electronic invoice?", "", "en"}, {"How do I get an electronic invoice?", "zh", "zh"},
		{"How do I get an electronic invoice?", "fr", "en"}, {"puk locked", "en", "zh"},
	} {
		if hits := ask(t, x, c.question, knowledge.Options{Language: c.language}); len(hits) == 0 || hits[0].Language != c.want {
			t.Errorf("%q answered in %q: %+v", c.question, c.language, hits)
		}
	}
	if n := len(ask(t, x, "怎么开", knowledge.Options{Limit: 1})); n != 1 {
		t.Errorf("limit 1 gave %d", n)
	}
}

func TestCustomersNeverSeeDrafts(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	create(t, d, "secret", content("内部折扣是多少？", "五折"))
	a, err := knowledge.ByKey(context.Background(), d, "speed")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := save(d, a, content("网速为什么变慢了？", "新的说明", "浏览器白屏")); err != nil {
		t.Fatal(err)
	}
	x, _ := openIndex(t, t.TempDir(), d)
	for question, want := range map[string][2]string{"内部折扣是多少": {"", "secret"}, "浏览器白屏": {"", "speed"}} {
		if got := top(ask(t, x, question, knowledge.Options{})); got == want[1] {
			t.Errorf("a customer's %q found %q", question, got)
		}
		if got := top(ask(t, x, question, knowledge.Options{IncludeDrafts: true})); got != want[1] {
			t.Errorf("an editor's %q found %q, want %q", question, got, want[1])
		}
	}
	if h := ask(t, x, "网速为什么变慢", knowledge.Options{})[0]; h.Answer != "达到套餐流量后会限速。" || h.Revision != 1 {
		t.Errorf("the customer got %+v", h)
	}
	if h := ask(t, x, "网速为什么变慢", knowledge.Options{IncludeDrafts: true})[0]; h.Answer != "新的说明" || h.Revision != 2 {
		t.Errorf("the editor got %+v", h)
	}
}

func follow(t *testing.T, x *knowledge.Index) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); x.Follow(ctx) }()
	t.Cleanup(func() { stop(); <-done })
}

// within waits for a condition; the time is a bound for a hung test, not a measure.
func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestChangesAreFollowed(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	x, _ := openIndex(t, t.TempDir(), d)
	follow(t, x)
	question := "可以用支付宝交话费吗"
	a := publish(t, d, create(t, d, "alipay", content("能用支付宝交话费吗？", "可以。")))
	x.Poke()
	within(t, "the poked change answers", func() bool { return top(ask(t, x, question, knowledge.Options{})) == "alipay" })
	write(t, d, func(tx *db.Tx) error {
		_, err := knowledge.Archive(context.Background(), tx, a.ID, a.Version)
		return err
	})
	within(t, "the archived article is gone without a poke", func() bool { return top(ask(t, x, question, knowledge.Options{})) != "alipay" })
}

func TestReopenedIndexCatchesUp(t *testing.T) {
	d, folder := openSQLite(t), t.TempDir()
	telecom(t, d)
	x, _ := openIndex(t, folder, d)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	publish(t, d, create(t, d, "alipay", content("能用支付宝交话费吗？", "可以。")))
	x, log := openIndex(t, folder, d)
	if got := top(ask(t, x, "支付宝交话费", knowledge.Options{})); got != "alipay" {
		t.Errorf("found %q", got)
	}
	if log.String() != "" {
		t.Errorf("a healthy index was not simply reopened: %s", log)
	}
}

func damage(t *testing.T, folder string, spoil func(path string) error) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		return spoil(path)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDamagedIndexIsBuiltAnew(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"emptied files": func(p string) error { return os.Truncate(p, 0) },
		"cut files":     func(p string) error { return os.Truncate(p, 60) },
		"garbage":       func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte("spoilt "), 3000), 0o600) },
		"segments gone": func(p string) error {
			if strings.HasSuffix(p, ".zap") {
				return os.Remove(p)
			}
			return nil
		},
		"all gone": os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			d, folder := openSQLite(t), t.TempDir()
			telecom(t, d)
			x, _ := openIndex(t, folder, d)
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			damage(t, folder, spoil)
			x, log := openIndex(t, folder, d)
			if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got != "invoice" {
				t.Errorf("found %q", got)
			}
			if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "built anew") {
				t.Errorf("want one line that says so, got: %s", log)
			}
		})
	}
}

func TestIndexOfAnotherDatabaseIsBuiltAnew(t *testing.T) {
	folder := t.TempDir()
	first := openSQLite(t)
	telecom(t, first)
	publish(t, first, create(t, first, "extra", content("多出来的文章", "答")))
	x, _ := openIndex(t, folder, first)
	_ = x.Close()
	other := openSQLite(t)
	publish(t, other, create(t, other, "mine", content("另一个库的文章", "答")))
	x, log := openIndex(t, folder, other)
	if got := top(ask(t, x, "另一个库的文章", knowledge.Options{})); got != "mine" || !strings.Contains(log.String(), "built anew") {
		t.Errorf("found %q; log %s", got, log)
	}
}

func TestDatabaseRestoredUnderARunningIndex(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	x, _ := openIndex(t, t.TempDir(), d)
	ctx := context.Background()
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM knowledge_changes WHERE n > 3")
		if err == nil {
			_, err = tx.Exec(ctx, "UPDATE articles SET status = 'archived' WHERE external_key = 'invoice'")
		}
		return err
	})
	if err := x.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got == "invoice" {
		t.Error("still answers from what the restored database does not have")
	}
}

func TestFolderDeletedUnderARunningIndex(t *testing.T) {
	d, folder := openSQLite(t), t.TempDir()
	telecom(t, d)
	x, log := openIndex(t, folder, d)
	if err := os.RemoveAll(filepath.Join(folder, "articles.bleve")); err != nil {
		t.Fatal(err)
	}
	follow(t, x)
	within(t, "the index is back", func() bool {
		_, err := os.Stat(filepath.Join(folder, "articles.bleve", "index_meta.json"))
		return err == nil && strings.Contains(log.String(), "was deleted")
	})
	if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got != "invoice" {
		t.Errorf("found %q", got)
	}
}

func TestFilesCutUnderARunningIndex(t *testing.T) {
	d, folder := openSQLite(t), t.TempDir()
	telecom(t, d)
	x, _ := openIndex(t, folder, d)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x, log := openIndex(t, folder, d)
	damage(t, folder, func(p string) error {
		if strings.HasSuffix(p, ".zap") {
			return os.Truncate(p, 0)
		}
		return nil
	})
	for range 3 {
		if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got != "invoice" {
			t.Errorf("found %q", got)
		}
	}
	if err := x.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got != "invoice" || strings.Count(log.String(), "built anew") != 1 {
		t.Errorf("found %q; log %s", got, log)
	}
}

func FuzzSearch(f *testing.F) {
	d := openSQLite(f)
	telecom(f, d)
	x, _ := openIndex(f, f.TempDir(), d)
	for _, s := range []string{"怎么开发票", "PUK", "", "\xff\x00", "~<a", strings.Repeat("发票 invoice ", 500)} {
		f.Add(s, "zh", 3)
	}
	f.Fuzz(func(t *testing.T, text, language string, limit int) {
		for _, h := range ask(t, x, text, knowledge.Options{Language: language, Limit: limit, IncludeDrafts: true}) {
			if h.Answer == "" || !(h.Confidence >= 0 && h.Confidence <= 1) {
				t.Errorf("%q: %+v", text, h)
			}
		}
	})
}

func TestSearchWithoutTheDiskPart(t *testing.T) {
	d, folder := openSQLite(t), filepath.Join(t.TempDir(), "file")
	telecom(t, d)
	if err := os.WriteFile(folder, []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	x, log := openIndex(t, folder, d)
	if got := top(ask(t, x, "发票怎么开", knowledge.Options{})); got != "invoice" || !strings.Contains(log.String(), "searching in memory") {
		t.Errorf("found %q; log %s", got, log)
	}
}

func TestTwoProcessesCannotShareAFolder(t *testing.T) {
	d, folder := openSQLite(t), t.TempDir()
	telecom(t, d)
	openIndex(t, folder, d)
	if x, err := knowledge.Open(context.Background(), folder, d, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "folder of its own") {
		t.Errorf("a second user of the folder: %v", err)
		_ = x.Close()
	}
}

func TestSearchesWhileArticlesChange(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	x, _ := openIndex(t, t.TempDir(), d)
	follow(t, x)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					ask(t, x, "发票怎么开", knowledge.Options{IncludeDrafts: true})
				}
			}
		})
	}
	for i := range 30 {
		publish(t, d, create(t, d, fmt.Sprint(i), content(fmt.Sprintf("第 %d 个新问题怎么办", i), "答", "发票")))
		x.Poke()
	}
	close(stop)
	wg.Wait()
	if err := x.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if articles, phrasings := x.Size(); articles != 34 || phrasings < 60 {
		t.Errorf("%d articles, %d phrasings", articles, phrasings)
	}
}
