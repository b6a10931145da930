package knowledge_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/db/pgtest"
	"huiyin/knowledge"
)

func scoped(change func(c *knowledge.Content)) knowledge.Content {
	c := content("营业厅几点开门", "九点")
	change(&c)
	return c
}

func TestServes(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	before, after := at.Add(-time.Hour), at.Add(time.Hour)
	for _, c := range []struct {
		name    string
		content knowledge.Content
		o       knowledge.Options
		want    bool
	}{
		{"public", knowledge.Content{}, knowledge.Options{At: at}, true},
		{"internal, to a customer", knowledge.Content{Audience: knowledge.Internal}, knowledge.Options{At: at}, false},
		{"internal, to an agent", knowledge.Content{Audience: knowledge.Internal}, knowledge.Options{At: at, Internal: true}, true},
		{"not yet", knowledge.Content{ValidFrom: after}, knowledge.Options{At: at}, false},
		{"just now", knowledge.Content{ValidFrom: at}, knowledge.Options{At: at}, true},
		{"no more", knowledge.Content{ValidUntil: at}, knowledge.Options{At: at}, false},
		{"still", knowledge.Content{ValidFrom: before, ValidUntil: after}, knowledge.Options{At: at}, true},
	} {
		if got := c.content.Serves(c.o); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestAnswerFor(t *testing.T) {
	c := knowledge.Content{Answer: map[string]string{"zh": "基本", "en": "base"}, Variants: []knowledge.Variant{
		{Channel: "email", Answer: map[string]string{"zh": "邮件"}},
		{Tier: "VIP", Answer: map[string]string{"zh": "贵宾"}},
		{Channel: "email", Tier: "VIP", Answer: map[string]string{"zh": "贵宾邮件"}},
	}}
	for _, x := range []struct{ language, channel, tier, want string }{
		{"zh", "webchat", "", "基本"}, {"zh", "email", "", "邮件"}, {"zh", "webchat", "vip", "贵宾"}, {"zh", "email", "VIP", "贵宾邮件"}, {"en", "email", "VIP", "base"}, {"fr", "email", "", ""},
	} {
		if got := c.AnswerFor(x.language, knowledge.Options{Channel: x.channel, Tier: x.tier}); got != x.want {
			t.Errorf("%+v: %q", x, got)
		}
	}
}

func TestScopeIsChecked(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	answer := map[string]string{"zh": "答"}
	for name, change := range map[string]func(c *knowledge.Content){
		"audience":        func(c *knowledge.Content) { c.Audience = "secret" },
		"ends before":     func(c *knowledge.Content) { c.ValidFrom, c.ValidUntil = at, at },
		"year of five":    func(c *knowledge.Content) { c.ValidUntil = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC) },
		"variant for all": func(c *knowledge.Content) { c.Variants = []knowledge.Variant{{Answer: answer}} },
		"twice the same": func(c *knowledge.Content) {
			c.Variants = []knowledge.Variant{{Tier: "vip", Answer: answer}, {Tier: "VIP", Answer: answer}}
		},
		"language": func(c *knowledge.Content) {
			c.Variants = []knowledge.Variant{{Tier: "vip", Answer: map[string]string{"中": "x"}}}
		},
		"too long": func(c *knowledge.Content) {
			c.Variants = []knowledge.Variant{{Tier: strings.Repeat("x", 41), Answer: answer}}
		},
		"too many": func(c *knowledge.Content) { c.Variants = manyVariants(21) },
		"too long an answer": func(c *knowledge.Content) {
			c.Variants = []knowledge.Variant{{Tier: "a", Answer: map[string]string{"zh": strings.Repeat("长", 20001)}}}
		},
	} {
		var invalid *knowledge.Invalid
		if _, err := scoped(change).Clean(); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	clean, err := scoped(func(c *knowledge.Content) {
		c.Audience, c.ValidFrom = "public", at.Add(time.Millisecond)
		c.Variants = []knowledge.Variant{{Tier: " vip ", Answer: map[string]string{"zh": " 答\r\n ", "en": " "}}, {Tier: "b"}}
	}).Clean()
	if err != nil || clean.Audience != knowledge.Public || !clean.ValidFrom.Equal(at) || len(clean.Variants) != 1 || clean.Variants[0].Tier != "vip" ||
		len(clean.Variants[0].Answer) != 1 || clean.Variants[0].Answer["zh"] != "答" {
		t.Errorf("%+v, %v", clean, err)
	}
}

func manyVariants(n int) []knowledge.Variant {
	list := make([]knowledge.Variant, n)
	for i := range list {
		list[i] = knowledge.Variant{Tier: strings.Repeat("t", i+1), Answer: map[string]string{"zh": "x"}}
	}
	return list
}

// What does not serve the asker must not even weigh on how sure the rest is.
func TestSearchLeavesOutWhatDoesNotServe(t *testing.T) {
	for name, url := range map[string]string{"sqlite": t.TempDir() + "/k.db", "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			d := openAt(t, url)
			now := d.Now().UTC()
			create := func(key string, change func(c *knowledge.Content)) {
				write(t, d, func(tx *db.Tx) error {
					a, err := knowledge.Create(context.Background(), tx, editor, knowledge.NewArticle{Key: key, Content: scoped(change)})
					if err == nil {
						_, err = knowledge.Publish(context.Background(), tx, a.ID, a.Version)
					}
					return err
				})
			}
			create("now", func(c *knowledge.Content) {
				c.Variants = []knowledge.Variant{{Channel: "email", Answer: map[string]string{"zh": "邮件里说九点"}}}
			})
			x, _ := openIndex(t, t.TempDir(), d)
			alone := ask(t, x, "营业厅几点开门", knowledge.Options{})
			create("old", func(c *knowledge.Content) { c.ValidUntil = now.Add(-time.Hour) })
			create("next", func(c *knowledge.Content) { c.ValidFrom, c.Answer["zh"] = now.Add(time.Hour), "十点" })
			create("secret", func(c *knowledge.Content) { c.Audience, c.Answer["zh"] = knowledge.Internal, "密" })
			if err := x.Refresh(context.Background()); err != nil {
				t.Fatal(err)
			}
			customers := ask(t, x, "营业厅几点开门", knowledge.Options{})
			if len(customers) != 1 || customers[0].Key != "now" || customers[0].Internal || customers[0].Confidence < 0.9*alone[0].Confidence {
				t.Errorf("a customer: %+v, alone %v", customers, alone[0].Confidence)
			}
			if hits := ask(t, x, "营业厅几点开门", knowledge.Options{Channel: "email"}); hits[0].Answer != "邮件里说九点" {
				t.Errorf("by mail: %+v", hits[0])
			}
			if hits := ask(t, x, "营业厅几点开门", knowledge.Options{Internal: true, At: now.Add(2 * time.Hour)}); len(hits) != 3 {
				t.Errorf("an agent in two hours: %+v", hits)
			}
			if hits := ask(t, x, "营业厅几点开门", knowledge.Options{At: now.Add(-2 * time.Hour)}); len(hits) != 2 {
				t.Errorf("a customer two hours ago: %+v", hits)
			}
		})
	}
}

func TestScopeComesBackFromFiles(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for _, format := range []knowledge.Format{knowledge.CSV, knowledge.JSONL} {
		d := openSQLite(t)
		create(t, d, "a", scoped(func(c *knowledge.Content) {
			c.Question["en"], c.Answer["en"] = "When do you open?", "At nine"
			c.Audience, c.ValidFrom, c.ValidUntil = knowledge.Internal, at, at.Add(time.Hour)
			c.Variants = []knowledge.Variant{{Channel: "email", Tier: "vip", Answer: map[string]string{"zh": "九点\n整"}}}
		}))
		file := export(t, d, format)
		if report := importText(t, d, format, file); report.Unchanged != 1 {
			t.Errorf("%s into the same: %s", format, outcomes(report))
		}
		other := openSQLite(t)
		importText(t, other, format, file)
		if again := export(t, other, format); again != file {
			t.Errorf("%s changed on the way:\n%s\n%s", format, file, again)
		}
	}
	d := openSQLite(t)
	if r := importText(t, d, knowledge.CSV, "问题,答案,对象,失效日期\n甲,答,内部,2027-01-01\n乙,答,谁,\n丙,答,,明天\n丁,答,公开,\n"); r.Added != 2 || r.Refused != 2 {
		t.Errorf("%s %+v", outcomes(r), r.Rows)
	}
}
