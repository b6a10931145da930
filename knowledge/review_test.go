package knowledge_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

var reviewer = knowledge.Author{ID: 8, Name: "Mo"}

func TestReview(t *testing.T) {
	for name, check := range map[string]func(*testing.T, *db.DB){
		"asked, returned, mended, approved, published": reviewRoad, "who may not approve": approvalRefused, "four eyes": fourEyes,
		"comments": commentsStay, "what a review is refused": reviewRefused, "rules": rulesAreSaved, "the queue": reviewQueue, "two editors are told": visitors, "moving is not writing": movedWhileReviewed,
	} {
		t.Run(name+" sqlite", func(t *testing.T) { check(t, openSQLite(t)) })
		t.Run(name+" postgres", func(t *testing.T) { check(t, openPostgres(t)) })
	}
}

// does runs one step on the newest version of an article.
func does(d *db.DB, id int64, step func(context.Context, *db.Tx, knowledge.Article) (knowledge.Article, error)) (a knowledge.Article, err error) {
	ctx := context.Background()
	err = d.Tx(ctx, func(tx *db.Tx) error {
		current, err := knowledge.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		a, err = step(ctx, tx, current)
		return err
	})
	return a, err
}

func must(t *testing.T, d *db.DB, id int64, step func(context.Context, *db.Tx, knowledge.Article) (knowledge.Article, error)) knowledge.Article {
	t.Helper()
	a, err := does(d, id, step)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

type doing = func(context.Context, *db.Tx, knowledge.Article) (knowledge.Article, error)

func asking(of int64, words string) doing {
	return func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.AskReview(ctx, tx, editor, a.ID, a.Version, of, words)
	}
}

func returning(words string) doing {
	return func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.ReturnReview(ctx, tx, reviewer, a.ID, a.Version, words)
	}
}

func approving(by knowledge.Author) doing {
	return func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.ApproveReview(ctx, tx, by, a.ID, a.Version, "good")
	}
}

func publishing(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
	return knowledge.Publish(ctx, tx, a.ID, a.Version)
}

func writing(c knowledge.Content) doing {
	return func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.SaveDraft(ctx, tx, editor, a.ID, a.Version, c, "")
	}
}

func reviewRoad(t *testing.T, d *db.DB) {
	ctx := context.Background()
	a := create(t, d, "", content("怎么开发票？", "在我的里开。"))
	if a = must(t, d, a.ID, asking(8, "看一下")); a.Review != knowledge.Asked || a.Reviewer != 8 {
		t.Fatalf("asked: %+v", a)
	}
	if a = must(t, d, a.ID, returning("写清楚步骤")); a.Review != knowledge.Returned || a.Reviewer != 0 {
		t.Fatalf("returned: %+v", a)
	}
	r, found, err := knowledge.ReviewOf(ctx, d, a.ID)
	if err != nil || !found || r.Words != "写清楚步骤" || r.AskedBy != editor || r.DecidedBy != reviewer || r.AskedWords != "看一下" || r.Revision != a.DraftRevision {
		t.Fatalf("%+v, %v", r, err)
	}
	if a = must(t, d, a.ID, writing(content("怎么开发票？", "先登录，再在我的里开。"))); a.Review != knowledge.Returned {
		t.Fatalf("mended, not sent yet: %+v", a)
	}
	must(t, d, a.ID, asking(0, ""))
	if a = must(t, d, a.ID, approving(reviewer)); a.Review != knowledge.Approved {
		t.Fatalf("approved: %+v", a)
	}
	if a = must(t, d, a.ID, publishing); a.Status != knowledge.Published || a.Review != knowledge.NoReview {
		t.Fatalf("published: %+v", a)
	}
	if a = must(t, d, a.ID, writing(content("怎么开发票？", "新的一版"))); a.Status != knowledge.Published || !a.Unpublished() {
		t.Fatalf("the old one stays: %+v", a)
	}
	must(t, d, a.ID, asking(0, ""))
	must(t, d, a.ID, approving(reviewer))
	if a = must(t, d, a.ID, writing(content("怎么开发票？", "又改了"))); a.Review != knowledge.NoReview {
		t.Fatalf("an edit drops the approval: %+v", a)
	}
}

func approvalRefused(t *testing.T, d *db.DB) {
	a := create(t, d, "", content("问", "答"))
	for name, by := range map[string]knowledge.Author{"who wrote it": editor, "nobody in particular": {Name: "key robot"}} {
		if _, err := does(d, a.ID, approving(by)); !errors.Is(err, knowledge.ErrOwnWork) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := does(d, a.ID, func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.ApproveReview(ctx, tx, reviewer, a.ID, a.Version-1, "")
	})
	if !errors.Is(err, knowledge.ErrConflict) {
		t.Errorf("an older text than the newest: %v", err)
	}
	if a = must(t, d, a.ID, approving(reviewer)); a.Review != knowledge.Approved {
		t.Errorf("unasked: %+v", a)
	}
}

func eyes(t *testing.T, d *db.DB, on bool) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		r, err := knowledge.ReadRules(context.Background(), tx)
		if err != nil {
			return err
		}
		r.FourEyes = on
		_, err = knowledge.SaveRules(context.Background(), tx, r)
		return err
	})
}

func fourEyes(t *testing.T, d *db.DB) {
	a := create(t, d, "", content("问", "答"))
	eyes(t, d, true)
	if _, err := does(d, a.ID, publishing); !errors.Is(err, knowledge.ErrNotApproved) {
		t.Fatalf("published without approval: %v", err)
	}
	must(t, d, a.ID, approving(reviewer))
	must(t, d, a.ID, writing(content("问", "答，改过")))
	if _, err := does(d, a.ID, publishing); !errors.Is(err, knowledge.ErrNotApproved) {
		t.Fatalf("published after an edit: %v", err)
	}
	must(t, d, a.ID, approving(reviewer))
	must(t, d, a.ID, publishing)
	if a = must(t, d, a.ID, publishing); a.Status != knowledge.Published {
		t.Fatal("publishing again what is live")
	}
	must(t, d, a.ID, func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.Unpublish(ctx, tx, a.ID, a.Version)
	})
	must(t, d, a.ID, publishing)
	must(t, d, a.ID, writing(content("问", "第三版")))
	eyes(t, d, false)
	must(t, d, a.ID, publishing)
}

func commentsStay(t *testing.T, d *db.DB) {
	ctx := context.Background()
	a := create(t, d, "", content("问", "答"))
	var c knowledge.Comment
	write(t, d, func(tx *db.Tx) (err error) {
		c, err = knowledge.AddComment(ctx, tx, reviewer, a.ID, "answer.zh", " 太短 ")
		return err
	})
	a = must(t, d, a.ID, writing(content("问", "长一点的答案")))
	list, err := knowledge.Comments(ctx, d, a.ID)
	if err != nil || len(list) != 1 || list[0].Number != 1 || list[0].Text != "太短" || list[0].Place != "answer.zh" || !list[0].ResolvedAt.IsZero() {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, step := range []struct {
		resolved bool
		open     int
	}{{true, 0}, {false, 1}, {true, 0}} {
		write(t, d, func(tx *db.Tx) error { return knowledge.ResolveComment(ctx, tx, editor, a.ID, c.ID, step.resolved) })
		if n, err := knowledge.OpenComments(ctx, d, a.ID); err != nil || n != step.open {
			t.Fatalf("resolved %v: %d open, %v", step.resolved, n, err)
		}
	}
	err = d.Tx(ctx, func(tx *db.Tx) error { return knowledge.ResolveComment(ctx, tx, editor, a.ID+1, c.ID, true) })
	if !errors.Is(err, knowledge.ErrNotFound) {
		t.Errorf("a comment of another article: %v", err)
	}
}

func reviewRefused(t *testing.T, d *db.DB) {
	ctx := context.Background()
	draft, live := create(t, d, "", content("问", "答")), publish(t, d, create(t, d, "", content("问二", "答二")))
	bare := create(t, d, "", knowledge.Content{Question: map[string]string{"zh": "没有答案"}})
	gone := create(t, d, "", content("问三", "答三"))
	must(t, d, gone.ID, func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.Archive(ctx, tx, a.ID, a.Version)
	})
	for name, row := range map[string]struct {
		id    int64
		do    doing
		field string
	}{
		"what is live":            {live.ID, asking(0, ""), "status"},
		"no answer":               {bare.ID, asking(0, ""), "answer"},
		"an archived one":         {gone.ID, asking(0, ""), "status"},
		"asking oneself":          {draft.ID, asking(editor.ID, ""), "reviewer"},
		"returned without a word": {draft.ID, returning("  "), "words"},
		"taken back, never asked": {draft.ID, func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
			return knowledge.WithdrawReview(ctx, tx, a.ID, a.Version)
		}, "version"},
		"an empty comment": {draft.ID, func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
			_, err := knowledge.AddComment(ctx, tx, editor, a.ID, "", " ")
			return a, err
		}, "text"},
	} {
		var invalid *knowledge.Invalid
		if _, err := does(d, row.id, row.do); !errors.As(err, &invalid) || invalid.Field != row.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, d, draft.ID, asking(0, ""))
	a := must(t, d, draft.ID, func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.WithdrawReview(ctx, tx, a.ID, a.Version)
	})
	if r, _, err := knowledge.ReviewOf(ctx, d, a.ID); err != nil || a.Review != knowledge.NoReview || r.State == knowledge.Asked {
		t.Errorf("taken back: %+v %+v %v", a, r, err)
	}
}

func rulesAreSaved(t *testing.T, d *db.DB) {
	ctx := context.Background()
	save := func(r knowledge.Rules) (saved knowledge.Rules, err error) {
		err = d.Tx(ctx, func(tx *db.Tx) (err error) { saved, err = knowledge.SaveRules(ctx, tx, r); return err })
		return saved, err
	}
	first, err := save(knowledge.Rules{FourEyes: true, ReviewDays: 90})
	if err != nil || first.Version != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := save(knowledge.Rules{}); !errors.Is(err, knowledge.ErrConflict) {
		t.Errorf("saved over another's: %v", err)
	}
	if _, err := save(knowledge.Rules{ReviewDays: -1, Version: 1}); err == nil {
		t.Error("a negative number of days")
	}
	if _, err := save(knowledge.Rules{ReviewDays: 30, Version: 1}); err != nil {
		t.Fatal(err)
	}
	if r, err := knowledge.ReadRules(ctx, d); err != nil || r != (knowledge.Rules{ReviewDays: 30, Version: 2}) {
		t.Errorf("%+v, %v", r, err)
	}
}

func reviewQueue(t *testing.T, d *db.DB) {
	ctx := context.Background()
	for _, of := range []int64{0, 8, 9} {
		must(t, d, create(t, d, "", content("问", "答")).ID, asking(of, ""))
	}
	create(t, d, "", content("没人问", "答"))
	for name, row := range map[string]struct {
		filter knowledge.Filter
		want   int
	}{
		"all": {knowledge.Filter{Review: knowledge.Asked}, 3}, "of one who was asked": {knowledge.Filter{Review: knowledge.Asked, Reviewer: 8}, 2},
		"of one who was not": {knowledge.Filter{Review: knowledge.Asked, Reviewer: 77}, 1}, "approved": {knowledge.Filter{Review: knowledge.Approved}, 0},
	} {
		page, err := knowledge.List(ctx, d, row.filter)
		counts, err2 := knowledge.Count(ctx, d, row.filter)
		if err := errors.Join(err, err2); err != nil || len(page.Articles) != row.want || counts.Total != row.want {
			t.Errorf("%s: %d articles, %d counted, %v", name, len(page.Articles), counts.Total, err)
		}
	}
}

func visitors(t *testing.T, d *db.DB) {
	ctx := context.Background()
	a := create(t, d, "", content("问", "答"))
	visit := func(v knowledge.Visitor) (others []knowledge.Visitor) {
		write(t, d, func(tx *db.Tx) (err error) { others, err = knowledge.Visit(ctx, tx, a.ID, v); return err })
		return others
	}
	lin, mo := knowledge.Visitor{ID: 7, Name: "Lin"}, knowledge.Visitor{ID: 8, Name: "Mo", Writing: true}
	if got := visit(lin); len(got) != 0 {
		t.Errorf("alone: %+v", got)
	}
	if got := visit(mo); len(got) != 1 || got[0] != lin {
		t.Errorf("%+v", got)
	}
	if got := visit(lin); len(got) != 1 || got[0] != mo {
		t.Errorf("%+v", got)
	}
	write(t, d, func(tx *db.Tx) error { return knowledge.Leave(ctx, tx, a.ID, mo.ID) })
	if got := visit(lin); len(got) != 0 {
		t.Errorf("after the other left: %+v", got)
	}
}

func movedWhileReviewed(t *testing.T, d *db.DB) {
	ctx := context.Background()
	c := content("问", "答")
	c.Category = "账单"
	a := create(t, d, "", c)
	moving := func(to string) {
		t.Helper()
		write(t, d, func(tx *db.Tx) error {
			page, err := knowledge.Get(ctx, tx, a.ID)
			if err != nil {
				return err
			}
			_, err = knowledge.MoveCategory(ctx, tx, reviewer, knowledge.CategoryMove{Path: page.Content.Category, To: to})
			return err
		})
	}
	must(t, d, a.ID, asking(8, ""))
	moving("费用")
	if _, err := does(d, a.ID, approving(editor)); !errors.Is(err, knowledge.ErrOwnWork) {
		t.Fatalf("the mover made the writer a second person: %v", err)
	}
	must(t, d, a.ID, approving(reviewer))
	must(t, d, a.ID, planning(knowledge.Plan{Publish: time.Now().AddDate(5, 0, 0)}))
	eyes(t, d, true)
	moving("钱")
	a = must(t, d, a.ID, publishing)
	if a.Status != knowledge.Published || a.Content.Category != "钱" {
		t.Fatalf("the approval did not come along: %+v", a)
	}
}
