package knowledge_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

func whole() knowledge.Content {
	return knowledge.Content{Category: "账单", Tags: []string{"a", "b"}, Question: map[string]string{"zh": "怎么开发票？", "en": "Invoice?"},
		Similar: map[string][]string{"zh": {"开票", "发票"}}, Answer: map[string]string{"zh": "第一段\n\n第二段\n\n第三段", "en": "One"},
		Variants: []knowledge.Variant{{Channel: "sms", Answer: map[string]string{"zh": "短"}}}}
}

func TestMerge(t *testing.T) {
	type change = func(*knowledge.Content)
	answer := func(text string) change { return func(c *knowledge.Content) { c.Answer["zh"] = text } }
	for _, row := range []struct {
		name         string
		mine, theirs change
		want         change // nil: a clash
		clash        []string
	}{
		{"nobody", func(*knowledge.Content) {}, func(*knowledge.Content) {}, func(*knowledge.Content) {}, nil},
		{"only they", func(*knowledge.Content) {}, answer("新"), answer("新"), nil},
		{"only I", answer("新"), func(*knowledge.Content) {}, answer("新"), nil},
		{"the same", answer("新"), answer("新"), answer("新"), nil},
		{"two fields", answer("新"), func(c *knowledge.Content) { c.Question["en"] = "Bill?" },
			func(c *knowledge.Content) { c.Answer["zh"], c.Question["en"] = "新", "Bill?" }, nil},
		{"two paragraphs", answer("第一段改\n\n第二段\n\n第三段"), answer("第一段\n\n第二段\n\n第三段\n再加一行"), answer("第一段改\n\n第二段\n\n第三段\n再加一行"), nil},
		{"a paragraph more and one less", answer("第一段\n\n新的\n\n第二段\n\n第三段"), answer("第一段\n\n第二段\n"), answer("第一段\n\n新的\n\n第二段\n"), nil},
		{"the same paragraph", answer("甲\n\n第二段\n\n第三段"), answer("乙\n\n第二段\n\n第三段"), nil, []string{"answer.zh"}},
		{"one line each, side by side", func(c *knowledge.Content) { c.Question["en"] = "x" }, func(c *knowledge.Content) { c.Question["en"] = "y" }, nil, []string{"question.en"}},
		{"tags", func(c *knowledge.Content) { c.Tags = []string{"a", "b", "mine"} }, func(c *knowledge.Content) { c.Tags = []string{"b", "theirs"} },
			func(c *knowledge.Content) { c.Tags = []string{"b", "mine", "theirs"} }, nil},
		{"phrasings", func(c *knowledge.Content) { c.Similar["zh"] = []string{"开票"} }, func(c *knowledge.Content) { c.Similar["zh"] = []string{"开票", "发票", "开个票"} },
			func(c *knowledge.Content) { c.Similar["zh"] = []string{"开票", "开个票"} }, nil},
		{"another language each", func(c *knowledge.Content) { c.Answer["fr"] = "Un" }, func(c *knowledge.Content) { c.Answer["de"] = "Eins" },
			func(c *knowledge.Content) { c.Answer["fr"], c.Answer["de"] = "Un", "Eins" }, nil},
		{"taken away and changed", func(c *knowledge.Content) { delete(c.Answer, "en") }, func(c *knowledge.Content) { c.Answer["en"] = "Two" }, nil, []string{"answer.en"}},
		{"the end and the audience", func(c *knowledge.Content) { c.ValidUntil = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC) }, func(c *knowledge.Content) { c.Audience = knowledge.Internal },
			func(c *knowledge.Content) {
				c.ValidUntil, c.Audience = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), knowledge.Internal
			}, nil},
		{"two categories", func(c *knowledge.Content) { c.Category = "x" }, func(c *knowledge.Content) { c.Category = "y" }, nil, []string{"category"}},
		{"variants", func(c *knowledge.Content) { c.Variants = nil }, func(c *knowledge.Content) { c.Variants[0].Tier = "vip" }, nil, []string{"variants"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			mine, theirs := whole(), whole()
			row.mine(&mine)
			row.theirs(&theirs)
			merged, clashes, err := knowledge.Merge(whole(), mine, theirs)
			if err != nil || !slices.Equal(clashes, row.clash) {
				t.Fatalf("clashes %q, want %q (%v)", clashes, row.clash, err)
			}
			if row.want == nil {
				return
			}
			want := whole()
			row.want(&want)
			if !reflect.DeepEqual(merged, want) {
				t.Errorf("merged %+v\nwant   %+v", merged, want)
			}
		})
	}
}

func FuzzMergeKeepsBoth(f *testing.F) {
	f.Add("a\nb\nc", "a\nB\nc", "a\nb\nc\nd")
	f.Add("", "x", "")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		of := func(text string) knowledge.Content { return knowledge.Content{Answer: map[string]string{"zh": text}} }
		one, clashes, err := knowledge.Merge(of(base), of(mine), of(theirs))
		two, others, err2 := knowledge.Merge(of(base), of(theirs), of(mine))
		if err := errors.Join(err, err2); err != nil || len(clashes) != len(others) {
			t.Fatalf("%v: %q and %q", err, clashes, others)
		}
		if len(clashes) == 0 && one.Answer["zh"] != two.Answer["zh"] {
			t.Fatalf("who saves first decides: %q or %q", one.Answer["zh"], two.Answer["zh"])
		}
	})
}

func TestSaveOver(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { saveOver(t, openSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { saveOver(t, openPostgres(t)) })
}

func saveOver(t *testing.T, d *db.DB) {
	a := create(t, d, "", whole())
	saving := func(e knowledge.Edit) doing {
		return func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
			return knowledge.SaveOver(ctx, tx, reviewer, a.ID, e)
		}
	}
	theirs := whole()
	theirs.Answer["en"] = "Theirs"
	must(t, d, a.ID, writing(theirs))
	mine := whole()
	mine.Tags = []string{"a", "b", "c"}
	merged := must(t, d, a.ID, saving(knowledge.Edit{Version: a.Version, Content: mine}))
	if merged.Revisions != 3 || merged.Content.Answer["en"] != "Theirs" || len(merged.Content.Tags) != 3 {
		t.Fatalf("%+v", merged)
	}
	mine.Answer["en"] = "Mine"
	var clash *knowledge.Clash
	_, err := does(d, a.ID, saving(knowledge.Edit{Version: a.Version, Content: mine}))
	if !errors.As(err, &clash) || !slices.Equal(clash.Fields, []string{"answer.en"}) || !errors.Is(err, knowledge.ErrConflict) {
		t.Fatalf("%v", err)
	}
	live := must(t, d, a.ID, publishing)
	mine = live.Content
	mine.Answer = map[string]string{"zh": "只改状态的人没有动文字", "en": "Theirs"}
	if saved := must(t, d, a.ID, saving(knowledge.Edit{Version: live.Version - 1, Content: mine})); saved.Revisions != 4 {
		t.Fatalf("only its state had changed: %+v", saved)
	}
	if _, err := does(d, a.ID, saving(knowledge.Edit{Version: 0, Content: mine})); !errors.Is(err, knowledge.ErrConflict) {
		t.Fatalf("a version before all texts: %v", err)
	}
	must(t, d, a.ID, func(ctx context.Context, tx *db.Tx, a knowledge.Article) (knowledge.Article, error) {
		return knowledge.Archive(ctx, tx, a.ID, a.Version)
	})
	if _, err := does(d, a.ID, saving(knowledge.Edit{Version: live.Version, Content: mine})); !errors.Is(err, knowledge.ErrConflict) {
		t.Fatalf("archived meanwhile: %v", err)
	}
}
