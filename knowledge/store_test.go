package knowledge_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
)

var editor = knowledge.Author{ID: 7, Name: "Lin"}

func openSQLite(t testing.TB) *db.DB { return openAt(t, filepath.Join(t.TempDir(), "k.db")) }

func openAt(t testing.TB, url string) *db.DB {
	t.Helper()
	clock := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	now := func() time.Time { // moves on with each look, so that the order of writes shows in the times
		mu.Lock()
		defer mu.Unlock()
		clock = clock.Add(time.Millisecond)
		return clock
	}
	d, err := db.Open(context.Background(), url, db.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background(), knowledge.Migrations()); err != nil {
		t.Fatal(err)
	}
	return d
}

func content(question, answer string, similar ...string) knowledge.Content {
	return knowledge.Content{Question: map[string]string{"zh": question}, Answer: map[string]string{"zh": answer}, Similar: map[string][]string{"zh": similar}}
}

func write(t testing.TB, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Tx(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func create(t testing.TB, d *db.DB, key string, c knowledge.Content) (a knowledge.Article) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		a, err = knowledge.Create(context.Background(), tx, editor, knowledge.NewArticle{Key: key, Content: c})
		return err
	})
	return a
}

func publish(t testing.TB, d *db.DB, a knowledge.Article) knowledge.Article {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		a, err = knowledge.Publish(context.Background(), tx, a.ID, a.Version)
		return err
	})
	return a
}

func save(d *db.DB, a knowledge.Article, c knowledge.Content) (knowledge.Article, error) {
	var saved knowledge.Article
	err := d.Tx(context.Background(), func(tx *db.Tx) (err error) {
		saved, err = knowledge.SaveDraft(context.Background(), tx, editor, a.ID, a.Version, c, "clearer")
		return err
	})
	return saved, err
}

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestStore(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { storeContract(t, func(t *testing.T) *db.DB { return openSQLite(t) }) })
	t.Run("postgres", func(t *testing.T) { storeContract(t, openPostgres) })
}

func openPostgres(t *testing.T) *db.DB { return openAt(t, pgtest.URL(t)) }

// storeContract is what the store does on every database.
func storeContract(t *testing.T, open func(t *testing.T) *db.DB) {
	for name, check := range map[string]func(*testing.T, *db.DB){
		"an article's life": lifeOfAnArticle, "an edit over another's edit": editOverEdit, "key": keyIsUnique, "revisions": revisionsStay,
		"list": listFilters, "pages": listPages, "best first": listBestFirst, "counters": counters, "races": racingEditors, "not found": notFound, "tags": tagsFollowTheDraft, "files": filesComeBack,
		"imports are undone": importsAreUndone, "undo leaves what changed": undoLeavesWhatChanged, "failed imports": failedImportsLeaveNothing, "cut off imports": cutOffImportsAreTakenBack,
		"imports are live at once": importsAreLiveAtOnce, "an undo is gone on with": undoIsGoneOnWith, "overtaken by people": overtakenArticlesAreLeft,
		"translations": translationsComeBack, "columns": columnsAreRemembered,
		"files of answers": filesOfAnswers, "typed text": typedText, "related": relatedArticles, "a check": checkFinds,
		"categories": categoriesMove, "approvals": movesKeepApprovals, "a category's names": categoryNames, "moves that are refused": movesRefused,
	} {
		t.Run(name, func(t *testing.T) { check(t, open(t)) })
	}
}

func lifeOfAnArticle(t *testing.T, d *db.DB) {
	ctx := context.Background()
	a := create(t, d, "k1", content("怎么开发票？", "登录后在「我的订单」里开。", "发票怎么开", "发票怎么开？"))
	if a.Status != knowledge.Draft || a.Title != "怎么开发票？" || a.PublishedRevision != 0 || !a.Unpublished() || a.Revisions != 1 {
		t.Fatalf("new article: %+v", a)
	}
	if got := a.Content.Similar["zh"]; len(got) != 1 {
		t.Errorf("similar questions that say the same were kept: %q", got)
	}
	a = publish(t, d, a)
	if a.Status != knowledge.Published || a.Unpublished() {
		t.Fatalf("published: %+v", a)
	}
	edited, err := save(d, a, content("怎么开发票？", "新答案"))
	if err != nil || !edited.Unpublished() || edited.PublishedRevision != a.PublishedRevision || edited.Status != knowledge.Published {
		t.Fatalf("draft beside the published one: %+v, %v", edited, err)
	}
	for _, step := range []struct {
		name string
		do   func(context.Context, *db.Tx, int64, int64) (knowledge.Article, error)
		want knowledge.Status
	}{{"archive", knowledge.Archive, knowledge.Archived}, {"bring back", knowledge.Unpublish, knowledge.Draft}, {"publish", knowledge.Publish, knowledge.Published}} {
		write(t, d, func(tx *db.Tx) (err error) {
			edited, err = step.do(ctx, tx, edited.ID, edited.Version)
			return err
		})
		if edited.Status != step.want || (edited.PublishedRevision != 0) != (step.want == knowledge.Published) {
			t.Errorf("%s: %+v", step.name, edited)
		}
	}
}

func editOverEdit(t *testing.T, d *db.DB) {
	a := create(t, d, "", content("问", "答"))
	if _, err := save(d, a, content("问", "甲的答案")); err != nil {
		t.Fatal(err)
	}
	if _, err := save(d, a, content("问", "乙的答案")); !errors.Is(err, knowledge.ErrConflict) {
		t.Fatalf("the second editor: %v", err)
	}
	now, err := knowledge.Get(context.Background(), d, a.ID)
	if err != nil || now.Content.Answer["zh"] != "甲的答案" {
		t.Fatalf("%+v, %v", now.Content, err)
	}
	again, err := save(d, now, now.Content)
	if err != nil || again.Version != now.Version || again.Revisions != now.Revisions {
		t.Errorf("saving nothing new wrote a revision: %+v, %v", again, err)
	}
	err = d.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := knowledge.Publish(context.Background(), tx, a.ID, a.Version)
		return err
	})
	if !errors.Is(err, knowledge.ErrConflict) {
		t.Errorf("publishing what one has not read: %v", err)
	}
}

func keyIsUnique(t *testing.T, d *db.DB) {
	create(t, d, "same", content("一", "1"))
	var invalid *knowledge.Invalid
	err := d.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := knowledge.Create(context.Background(), tx, editor, knowledge.NewArticle{Key: "same", Content: content("二", "2")})
		return err
	})
	if !errors.As(err, &invalid) || invalid.Field != "key" {
		t.Fatalf("second article under one key: %v", err)
	}
	create(t, d, "", content("三", "3"))
	create(t, d, "", content("四", "4"))
	if a, err := knowledge.ByKey(context.Background(), d, "same"); err != nil || a.Title != "一" {
		t.Errorf("by key: %+v, %v", a, err)
	}
}

func revisionsStay(t *testing.T, d *db.DB) {
	ctx := context.Background()
	a := create(t, d, "", content("问", "第一版"))
	var err error
	for _, answer := range []string{"第二版", "第三版"} {
		if a, err = save(d, a, content("问", answer)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := knowledge.Revisions(ctx, d, a.ID, 0, 2)
	if err != nil || len(list) != 2 || list[0].Number != 3 || list[1].Number != 2 || list[0].Author != editor || list[0].Note != "clearer" {
		t.Fatalf("newest two: %+v, %v", list, err)
	}
	older, err := knowledge.Revisions(ctx, d, a.ID, 2, 10)
	if err != nil || len(older) != 1 || older[0].Content.Answer["zh"] != "第一版" {
		t.Fatalf("older: %+v, %v", older, err)
	}
	write(t, d, func(tx *db.Tx) (err error) {
		a, err = knowledge.Restore(ctx, tx, editor, a.ID, a.Version, older[0].ID)
		return err
	})
	if a.Content.Answer["zh"] != "第一版" || a.Revisions != 4 {
		t.Errorf("restored: %+v", a)
	}
	other := create(t, d, "", content("别的", "答"))
	err = d.Tx(ctx, func(tx *db.Tx) error {
		_, err := knowledge.Restore(ctx, tx, editor, other.ID, other.Version, older[0].ID)
		return err
	})
	if !errors.Is(err, knowledge.ErrNotFound) {
		t.Errorf("another article's revision: %v", err)
	}
}

func listFilters(t *testing.T, d *db.DB) {
	ctx := context.Background()
	bill := content("账单 100% 正确吗？", "是")
	bill.Category, bill.Tags = " 账务 / 账单 ", []string{"热门", "热门", " 账单 "}
	sim := content("换卡要钱吗？", "不要")
	sim.Category = "账务外"
	publish(t, d, create(t, d, "bill", bill))
	create(t, d, "sim", sim)
	for _, c := range []struct {
		name   string
		filter knowledge.Filter
		want   string
	}{
		{"all, newest change first", knowledge.Filter{}, "sim bill"}, {"status", knowledge.Filter{Status: knowledge.Published}, "bill"},
		{"parent category", knowledge.Filter{Category: "账务"}, "bill"}, {"category", knowledge.Filter{Category: "账务/账单/"}, "bill"},
		{"tag", knowledge.Filter{Tag: "热门"}, "bill"}, {"no such tag", knowledge.Filter{Tag: "冷门"}, ""},
		{"text in the question", knowledge.Filter{Text: "换卡"}, "sim"}, {"text in the answer", knowledge.Filter{Text: "不要"}, "sim"},
		{"two words", knowledge.Filter{Text: "换卡 账单"}, ""}, {"full width", knowledge.Filter{Text: "１００％"}, "bill"},
		{"a wildcard is no wildcard", knowledge.Filter{Text: "1%0"}, ""}, {"by key", knowledge.Filter{Text: "SIM"}, "sim"},
	} {
		page, err := knowledge.List(ctx, d, c.filter)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var keys []string
		for _, a := range page.Articles {
			keys = append(keys, a.Key)
		}
		if got := strings.Join(keys, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	counts, err := knowledge.Count(ctx, d, knowledge.Filter{})
	if err != nil || counts != (knowledge.Counts{Total: 2, Draft: 1, Published: 1}) {
		t.Errorf("counts %+v, %v", counts, err)
	}
	categories, err := knowledge.Categories(ctx, d)
	if err != nil || len(categories) != 3 || categories[1].Path != "账务/账单" || categories[1].Articles != 1 {
		t.Errorf("categories %+v, %v", categories, err)
	}
}

func tagsFollowTheDraft(t *testing.T, d *db.DB) {
	c := content("问", "答")
	c.Tags = []string{"旧"}
	a := create(t, d, "", c)
	c.Tags = []string{"新"}
	if _, err := save(d, a, c); err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]int{"旧": 0, "新": 1} {
		page, err := knowledge.List(context.Background(), d, knowledge.Filter{Tag: tag})
		if err != nil || len(page.Articles) != want {
			t.Errorf("tag %s: %d articles, %v; want %d", tag, len(page.Articles), err, want)
		}
	}
}

func listBestFirst(t *testing.T, d *db.DB) {
	for _, c := range []struct{ key, question, answer string }{
		{"1", "断网了 Broadband 怎么办", "重启"}, {"2", "有补偿吗", "broadband 断网有补偿"}, {"3", "BROADBAND 大面积断网", "等等"}, {"4", "宿舍", "断网 broadband"},
	} {
		create(t, d, c.key, content(c.question, c.answer))
	}
	var keys string
	for f := (knowledge.Filter{Text: "断网 broadband", Limit: 1}); ; {
		page, err := knowledge.List(context.Background(), d, f)
		if err != nil || len(page.Articles) != 1 || len(keys) > 4 {
			t.Fatalf("after %q: %+v, %v", keys, page, err)
		}
		keys += page.Articles[0].Key
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	if keys != "3142" {
		t.Errorf("found %s, want those with the words in the question first", keys)
	}
}

func listPages(t *testing.T, d *db.DB) {
	for i := range 7 {
		create(t, d, fmt.Sprint(i), content(fmt.Sprintf("问题%d", i), "答"))
	}
	var keys []string
	f := knowledge.Filter{Limit: 3}
	for pages := 1; ; pages++ {
		page, err := knowledge.List(context.Background(), d, f)
		if err != nil || pages > 3 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, a := range page.Articles {
			keys = append(keys, a.Key)
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	if got := strings.Join(keys, ""); got != "6543210" {
		t.Errorf("pages gave %s", got)
	}
	var invalid *knowledge.Invalid
	if _, err := knowledge.List(context.Background(), d, knowledge.Filter{Cursor: "x"}); !errors.As(err, &invalid) {
		t.Errorf("a made-up cursor: %v", err)
	}
}

func counters(t *testing.T, d *db.DB) {
	ctx := context.Background()
	a := create(t, d, "", content("问", "答"))
	write(t, d, func(tx *db.Tx) error {
		return errors.Join(knowledge.Used(ctx, tx, a.ID), knowledge.Used(ctx, tx, a.ID), knowledge.Feedback(ctx, tx, a.ID, true), knowledge.Feedback(ctx, tx, a.ID, false))
	})
	now, err := knowledge.Get(ctx, d, a.ID)
	if err != nil || now.Used != 2 || now.Helpful != 1 || now.Unhelpful != 1 || now.Version != a.Version {
		t.Errorf("%+v, %v", now, err)
	}
}

func racingEditors(t *testing.T, d *db.DB) {
	a := create(t, d, "", content("问", "答"))
	var wg sync.WaitGroup
	results := make(chan error, 20)
	for i := range 20 {
		wg.Go(func() {
			_, err := save(d, a, content("问", fmt.Sprintf("答 %d", i)))
			results <- err
		})
	}
	wg.Wait()
	close(results)
	won := 0
	for err := range results {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, knowledge.ErrConflict):
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 20 editors won", won)
	}
	var n, highest int
	if err := d.QueryRow(context.Background(), "SELECT COUNT(*), MAX(n) FROM knowledge_changes").Scan(&n, &highest); err != nil || n != 2 || highest != 2 {
		t.Errorf("change log has %d rows up to %d, %v", n, highest, err)
	}
}

func notFound(t *testing.T, d *db.DB) {
	ctx := context.Background()
	_, get := knowledge.Get(ctx, d, 99)
	_, key := knowledge.ByKey(ctx, d, "nope")
	_, revision := knowledge.GetRevision(ctx, d, 99)
	_, edit := save(d, knowledge.Article{ID: 99}, content("问", "答"))
	feedback := d.Tx(ctx, func(tx *db.Tx) error { return knowledge.Feedback(ctx, tx, 99, true) })
	for i, err := range []error{get, key, revision, edit, feedback} {
		if !errors.Is(err, knowledge.ErrNotFound) {
			t.Errorf("%d: %v", i, err)
		}
	}
}
