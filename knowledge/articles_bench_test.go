package knowledge_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
	"huiyin/nlu"
)

const manyArticles = 100_000

// BenchmarkArticlesAPI measures what the lists, the search and the opening of articles ask of the database among 100 000
// articles, and reports the 99th percentile of each in milliseconds.
func BenchmarkArticlesAPI(b *testing.B) {
	for name, open := range map[string]func() *db.DB{
		"sqlite": func() *db.DB { return openSQLite(b) }, "postgres": func() *db.DB { return openAt(b, pgtest.URL(b)) }} {
		b.Run(name, func(b *testing.B) {
			d := open()
			fillArticles(b, d)
			for _, ask := range articleQuestions() {
				b.Run(ask.name, func(b *testing.B) {
					if err := ask.do(d, 0); err != nil { // so that a node's first search is no part of the others
						b.Fatal(err)
					}
					var took []time.Duration
					for i := 0; b.Loop(); i++ {
						began := time.Now()
						if err := ask.do(d, i); err != nil {
							b.Fatal(err)
						}
						took = append(took, time.Since(began))
					}
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
				})
			}
		})
	}
}

type articleQuestion struct {
	name string
	do   func(d *db.DB, i int) error
}

func articleQuestions() []articleQuestion {
	finders := map[*db.DB]*knowledge.Finder{}
	list := func(filter func(i int) knowledge.Filter) func(*db.DB, int) error {
		return func(d *db.DB, i int) error {
			f := filter(i)
			f.Limit = 50
			if finders[d] == nil { // the first search loads the texts, once in a node's life
				finders[d] = &knowledge.Finder{}
				if _, _, err := finders[d].List(context.Background(), d, knowledge.Filter{Text: "编号"}); err != nil {
					return err
				}
			}
			_, _, err := finders[d].List(context.Background(), d, f)
			return err
		}
	}
	return []articleQuestion{
		{"first-search", func(d *db.DB, _ int) error {
			_, _, err := new(knowledge.Finder).List(context.Background(), d, knowledge.Filter{Text: "编号"})
			return err
		}},
		{"list", list(func(int) knowledge.Filter { return knowledge.Filter{} })},
		{"list-published", list(func(int) knowledge.Filter { return knowledge.Filter{Status: knowledge.Published} })},
		{"list-category", list(func(i int) knowledge.Filter { return knowledge.Filter{Category: fmt.Sprintf("分类%d", i%40)} })},
		{"list-to-review", list(func(int) knowledge.Filter { return knowledge.Filter{Review: knowledge.Asked, Reviewer: 7} })},
		{"search", list(func(i int) knowledge.Filter { return knowledge.Filter{Text: fmt.Sprintf("编号 %d", i%manyArticles)} })},
		{"search-common", list(func(int) knowledge.Filter { return knowledge.Filter{Text: "发票"} })},
		{"open", func(d *db.DB, i int) error {
			_, err := knowledge.Get(context.Background(), d, int64(i*7919%manyArticles)+1)
			return err
		}},
	}
}

// fillArticles writes the rows at once; the ways to write them one by one are measured elsewhere.
func fillArticles(b *testing.B, d *db.DB) {
	b.Helper()
	const batch = 1000
	for from := 0; from < manyArticles; from += batch {
		var rows, revisions strings.Builder
		var args, more []any
		for i := from; i < from+batch; i++ {
			c := content(benchQuestion(3*i), fmt.Sprintf("第一步，打开应用；第二步，确认。编号 %d。", i), benchQuestion(3*i+1), benchQuestion(3*i+2))
			c.Category = fmt.Sprintf("分类%d/小类%d", i%40, i%7)
			text, err := json.Marshal(c)
			if err != nil {
				b.Fatal(err)
			}
			search := nlu.Normalize(c.Category + "\n" + c.Question["zh"] + "\n" + strings.Join(c.Similar["zh"], "\n") + "\n" + c.Answer["zh"])
			review := ""
			if i%1000 == 0 {
				review = "asked"
			}
			rows.WriteString(",(?,?,?,?,?,?,?,1,?,?,?)")
			args = append(args, i+1, "published", c.Category, c.Title(), search, i+1, i+1, int64(i), int64(i), review)
			revisions.WriteString(",(?,?,1,?,?)")
			more = append(more, i+1, i+1, int64(i), string(text))
		}
		write(b, d, func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "INSERT INTO articles (id, status, category, title, search_text, draft_revision_id, published_revision_id, revisions, created_at, updated_at, review) VALUES "+rows.String()[1:], args...)
			if err == nil {
				_, err = tx.Exec(context.Background(), "INSERT INTO article_revisions (id, article_id, number, at, content) VALUES "+revisions.String()[1:], more...)
			}
			return err
		})
	}
	if d.Dialect() == db.Postgres { // it does so by itself in a while
		write(b, d, func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "ANALYZE articles")
			return err
		})
	}
}
