package knowledge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
)

func TestContentRefusals(t *testing.T) {
	long := strings.Repeat("长", 501)
	many := make([]string, 501)
	for i := range many {
		many[i] = fmt.Sprintf("第 %d 问", i)
	}
	zh := func(s string) map[string]string { return map[string]string{"zh": s} }
	for name, c := range map[string]struct {
		content knowledge.Content
		field   string
	}{
		"no question":       {knowledge.Content{Answer: zh("答")}, "question"},
		"blank question":    {content(" \n ", "答"), "question"},
		"long question":     {content(long, "答"), "question.zh"},
		"long similar":      {content("问", "答", long), "similar.zh"},
		"too many similar":  {content("问", "答", many...), "similar.zh"},
		"long answer":       {content("问", strings.Repeat("答", 20001)), "answer.zh"},
		"broken text":       {content("问\xff", "答"), "question.zh"},
		"control character": {content("问", "答\x00"), "answer.zh"},
		"language":          {knowledge.Content{Question: map[string]string{"中文": "问"}}, "question"},
		"deep category":     {knowledge.Content{Question: zh("问"), Category: "a/b/c/d/e/f/g"}, "category"},
		"long category":     {knowledge.Content{Question: zh("问"), Category: long}, "category"},
		"long tag":          {knowledge.Content{Question: zh("问"), Tags: []string{long}}, "tags"},
		"too many tags":     {knowledge.Content{Question: zh("问"), Tags: many[:31]}, "tags"},
		"similar alone":     {knowledge.Content{Similar: map[string][]string{"zh": {"问"}}}, "question"},
	} {
		_, err := c.content.Clean()
		var invalid *knowledge.Invalid
		if !errors.As(err, &invalid) || invalid.Field != c.field || invalid.Message == "" {
			t.Errorf("%s: %v, want a complaint about %s", name, err, c.field)
		}
	}
}

func TestContentIsTidied(t *testing.T) {
	c := knowledge.Content{Category: "/ 账务 //账单/", Tags: []string{" a ", "", "a"},
		Question: map[string]string{"zh": "怎么  交费？", "en": " "}, Answer: map[string]string{"zh": " 第一行\r\n第二行 "},
		Similar: map[string][]string{"zh": {"怎么 交费?", "如何缴费", "  如何缴费  ", ""}}}
	got, err := c.Clean()
	if err != nil {
		t.Fatal(err)
	}
	if got.Category != "账务/账单" || len(got.Tags) != 1 || got.Question["zh"] != "怎么 交费？" || len(got.Question) != 1 ||
		got.Answer["zh"] != "第一行\n第二行" || len(got.Similar["zh"]) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestTitleAndLanguages(t *testing.T) {
	c := knowledge.Content{Question: map[string]string{"en": "How?", "zh": "怎么？"}, Answer: map[string]string{"fr": "Ainsi."}}
	if got := strings.Join(c.Languages(), " "); got != "zh en fr" || c.Title() != "怎么？" || c.Answers() {
		t.Errorf("languages %s, title %s, answers %v", got, c.Title(), c.Answers())
	}
}

func TestPublishingNeedsAnAnswer(t *testing.T) {
	d := openSQLite(t)
	a := create(t, d, "", content("问", ""))
	err := d.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := knowledge.Publish(context.Background(), tx, a.ID, a.Version)
		return err
	})
	var invalid *knowledge.Invalid
	if !errors.As(err, &invalid) || invalid.Field != "answer" {
		t.Errorf("published without an answer: %v", err)
	}
}

func TestKeyAndNoteRefusals(t *testing.T) {
	d := openSQLite(t)
	for name, n := range map[string]knowledge.NewArticle{
		"long key":     {Key: strings.Repeat("k", 101), Content: content("问", "答")},
		"two lines":    {Key: "a\nb", Content: content("问", "答")},
		"long note":    {Note: strings.Repeat("n", 501), Content: content("问", "答")},
		"null in note": {Note: "\x00", Content: content("问", "答")},
	} {
		err := d.Tx(context.Background(), func(tx *db.Tx) error {
			_, err := knowledge.Create(context.Background(), tx, editor, n)
			return err
		})
		var invalid *knowledge.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
