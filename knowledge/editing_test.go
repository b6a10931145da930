package knowledge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

const (
	fileKey   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	noteKey   = "22222222222222222222222222"
	secretKey = "33333333333333333333333333"
)

func filesOfAnswers(t *testing.T, d *db.DB) {
	ctx := context.Background()
	c := content("怎么接线？", "见图 ![图](/files/"+fileKey+"/a.png)。")
	c.Notes = "内部 [表](/files/" + noteKey + ")"
	c.Variants = []knowledge.Variant{{Tier: "vip", Answer: map[string]string{"zh": "[指南](/files/" + secretKey + "/guide.pdf)"}}}
	if got := strings.Join(c.Files(), " "); got != fileKey+" "+secretKey+" "+noteKey {
		t.Errorf("files %s", got)
	}
	a := create(t, d, "", c)
	public := func(key string, want bool, when string) {
		t.Helper()
		if got, err := knowledge.PublicFile(ctx, d, key, time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)); err != nil || got != want {
			t.Errorf("%s, %s: %v, %v", key, when, got, err)
		}
	}
	public(fileKey, false, "of a draft")
	a = publish(t, d, a)
	public(fileKey, true, "published")
	public(secretKey, true, "of a variant")
	public(noteKey, false, "of a note")
	public("none", false, "unknown")
	c.Answer["zh"] = "看这里。"
	a, err := save(d, a, c)
	if err != nil {
		t.Fatal(err)
	}
	public(fileKey, true, "while the draft has it no more")
	a = publish(t, d, a)
	public(fileKey, false, "once nothing shows it")
	c.Audience = knowledge.Internal
	if a, err = save(d, a, c); err != nil {
		t.Fatal(err)
	}
	publish(t, d, a)
	public(secretKey, false, "of an internal article")
}

func typedText(t *testing.T, d *db.DB) {
	ctx := context.Background()
	keep := func(agent, article int64, form string) error {
		return d.Tx(ctx, func(tx *db.Tx) error {
			return knowledge.KeepTyping(ctx, tx, agent, article, knowledge.Typing{Version: 3, Form: form})
		})
	}
	for _, form := range []string{`{"a":1}`, `{"a":2}`} {
		if err := keep(7, 0, form); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := knowledge.KeptTyping(ctx, d, 7, 0); err != nil || kept.Form != `{"a":2}` || kept.Version != 3 || kept.At.IsZero() {
		t.Errorf("%+v, %v", kept, err)
	}
	var refused *knowledge.Invalid
	if err := keep(7, 0, strings.Repeat("x", 900_000)); !errors.As(err, &refused) {
		t.Errorf("too long: %v", err)
	}
	for _, c := range [][2]int64{{8, 0}, {7, 1}} {
		if _, err := knowledge.KeptTyping(ctx, d, c[0], c[1]); !errors.Is(err, knowledge.ErrNotFound) {
			t.Errorf("another's: %v", err)
		}
	}
	write(t, d, func(tx *db.Tx) error { return knowledge.ForgetTyping(ctx, tx, 7, 0) })
	if _, err := knowledge.KeptTyping(ctx, d, 7, 0); !errors.Is(err, knowledge.ErrNotFound) {
		t.Errorf("forgotten: %v", err)
	}
}

func relatedArticles(t *testing.T, d *db.DB) {
	ctx := context.Background()
	shown := publish(t, d, create(t, d, "", content("问一", "答")))
	draft := create(t, d, "", content("问二", "答"))
	hidden := content("问三", "答")
	hidden.Audience = knowledge.Internal
	internal := publish(t, d, create(t, d, "", hidden))
	c := content("问四", "见 [一](/a/"+fmt.Sprint(shown.ID)+") [二](https://help.example/a/"+fmt.Sprint(draft.ID)+`) [九](/a/99 "x")`)
	c.Related = []int64{shown.ID, draft.ID, internal.ID, 99, shown.ID, -1}
	a := create(t, d, "", c)
	if len(a.Content.Related) != 4 {
		t.Errorf("related %v", a.Content.Related)
	}
	known, err := knowledge.Mentioned(ctx, d, a.Content.Related)
	if err != nil || len(known) != 3 || known[draft.ID].Status != knowledge.Draft || known[internal.ID].Audience != knowledge.Internal {
		t.Errorf("for an editor: %+v, %v", known, err)
	}
	if links := a.Content.Links(); fmt.Sprint(links) != fmt.Sprint([]int64{shown.ID, draft.ID, 99}) {
		t.Errorf("links %v", links)
	}
}

func checkFinds(t *testing.T, d *db.DB) {
	other := content("宽带断了怎么办？", "重启光猫。", "网络不通")
	other.ValidUntil = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	publish(t, d, create(t, d, "", other))
	x, _ := openIndex(t, t.TempDir(), d)
	for name, c := range map[string]struct {
		change func(*knowledge.Content)
		want   string
	}{
		"nothing": {func(c *knowledge.Content) {}, ""},
		"the same question": {func(c *knowledge.Content) {
			c.Similar["zh"] = []string{"宽带断了怎么办"}
			c.Answer["zh"] = "重启光猫"
		}, "same_question zh 宽带断了怎么办 1"},
		"another answer":   {func(c *knowledge.Content) { c.Similar["zh"] = []string{"网络不通！"} }, "conflict zh 网络不通！ 1"},
		"another time":     {func(c *knowledge.Content) { c.Similar["zh"], c.ValidFrom = []string{"网络不通"}, other.ValidUntil }, "same_question zh 网络不通 1"},
		"nearly the same":  {func(c *knowledge.Content) { c.Question["zh"] = "请问宽带断了怎么办呢" }, "near_question zh 宽带断了怎么办？ 1"},
		"no English":       {func(c *knowledge.Content) { delete(c.Answer, "en") }, "missing_language en  0"},
		"no other wording": {func(c *knowledge.Content) { c.Similar["en"] = nil }, "no_phrasings en  0"},
		"an unknown name":  {func(c *knowledge.Content) { c.Answer["zh"] += "{{客户名}}{{date}}" }, "unknown_variable zh 客户名 0"},
		"one of a variant": {func(c *knowledge.Content) {
			c.Variants = []knowledge.Variant{{Tier: "vip", Answer: map[string]string{"en": "{{x}}"}}}
		}, "unknown_variable en x 0"},
		"a link to nowhere":  {func(c *knowledge.Content) { c.Answer["en"] = "[see](/a/77)" }, "dead_link  77 77"},
		"a relation to none": {func(c *knowledge.Content) { c.Related = []int64{1, 78} }, "dead_related  78 78"},
		"over":               {func(c *knowledge.Content) { c.ValidUntil = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }, "ended   0"},
	} {
		mine := knowledge.Content{Question: map[string]string{"zh": "发票怎么开", "en": "How do I get an invoice?"}, Answer: map[string]string{"zh": "在我的页面里开。", "en": "On your page."},
			Similar: map[string][]string{"zh": {"开票"}, "en": {"invoice please"}}}
		c.change(&mine)
		found, err := x.Check(context.Background(), d, 5, mine)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%s %s %s %d", f.Kind, f.Language, f.Text, f.Article))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if found, err := x.Check(context.Background(), d, 1, other); err != nil || len(found) != 1 {
		t.Errorf("an article repeats itself: %+v, %v", found, err)
	}
}
