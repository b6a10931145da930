package knowledge

import (
	"math"
	"slices"
	"testing"

	"huiyin/nlu"
)

// corpusOf makes a corpus of published articles, each a question with similar ones and an answer.
func corpusOf(articles ...Content) *corpus {
	c := newCorpus()
	for i, content := range articles {
		id := int64(i + 1)
		c.put(id, &entry{id: id, key: content.Title(), status: Published, live: c.variant(id, 1, content)})
	}
	c.weigh()
	return c
}

func chinese(question, answer string, similar ...string) Content {
	return Content{Question: map[string]string{"zh": question}, Answer: map[string]string{"zh": answer}, Similar: map[string][]string{"zh": similar}}
}

func telecomCorpus() *corpus {
	return corpusOf(
		chinese("怎么开电子发票？", "在「我的账单」里点「开票」。", "发票在哪里开"),
		chinese("100M 宽带多少钱？", "每月 59 元。"),
		chinese("200M 宽带多少钱？", "每月 79 元。"),
		chinese("为什么不能上网？", "先重启光猫。", "上不了网"),
		Content{Question: map[string]string{"en": "How do I reset my password?", "zh": "怎么重置密码？"}, Answer: map[string]string{"en": "Choose Forgot password.", "zh": "点「忘记密码」。"}},
	)
}

func ranking(c *corpus, question string, o Options) []Hit {
	q, list := c.best(nlu.Analyze(question), o, nil)
	return c.hits(q, list, o)
}

func TestIDFFallsWithFrequency(t *testing.T) {
	last := float32(math.Inf(1))
	for _, df := range []float64{0, 1, 10, 50, 100} {
		weight := idf(100, df)
		if weight >= last || weight <= 0 {
			t.Errorf("a term in %v of 100 phrasings weighs %v, after %v", df, weight, last)
		}
		last = weight
	}
}

func TestReplacingAnArticleKeepsTheCountsRight(t *testing.T) {
	c := telecomCorpus()
	phrasings, occurrences := c.phrasings, c.occurrences
	for range 3 {
		c.put(1, &entry{id: 1, live: c.variant(9, 2, chinese("完全不同的问题", "答"))})
		c.put(1, &entry{id: 1, live: c.variant(1, 1, chinese("怎么开电子发票？", "在「我的账单」里点「开票」。", "发票在哪里开"))})
	}
	c.weigh()
	if c.phrasings != phrasings || c.occurrences != occurrences {
		t.Errorf("%d phrasings, %v occurrences; were %d, %v", c.phrasings, c.occurrences, phrasings, occurrences)
	}
}

func TestTermsOfAPhrasingAreRisingAndDistinct(t *testing.T) {
	c := newCorpus()
	p := c.phrasing("en", "the bill of the bill is the bill, 开票开票")
	if !slices.IsSorted(p.terms) || len(slices.Compact(slices.Clone(p.terms))) != len(p.terms) || len(p.terms) == 0 {
		t.Errorf("%v", p.terms)
	}
}

func TestCutTellsTheSortOfATermByItsForm(t *testing.T) {
	seen := map[kind]bool{}
	for _, term := range cut(normalize("How do I cancel 发票 invoice no 7? 票")) {
		if kindOf(term.text) != term.kind {
			t.Errorf("%q is of sort %d, its form says %d", term.text, term.kind, kindOf(term.text))
		}
		seen[term.kind] = true
	}
	if len(seen) != int(kinds) {
		t.Errorf("only the sorts %v", seen)
	}
}

func TestVariantFor(t *testing.T) {
	live, draft := &variant{revision: 1}, &variant{revision: 2}
	for _, c := range []struct {
		name   string
		entry  entry
		drafts bool
		want   *variant
	}{
		{"published, customer", entry{live: live}, false, live}, {"published, editor", entry{live: live}, true, live},
		{"draft beside, customer", entry{live: live, draft: draft}, false, live}, {"draft beside, editor", entry{live: live, draft: draft}, true, draft},
		{"draft only, customer", entry{draft: draft}, false, nil}, {"draft only, editor", entry{draft: draft}, true, draft},
	} {
		if got := c.entry.variantFor(c.drafts); got != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestClipKeepsCharactersWhole(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{{"发票", 6, "发票"}, {"发票", 5, "发"}, {"发票", 3, "发"}, {"发票", 2, ""}, {"bill", 2, "bi"}, {"", 0, ""}} {
		if got := clip(c.text, c.limit); got != c.want {
			t.Errorf("%q to %d: %q", c.text, c.limit, got)
		}
	}
}

func TestNormalizeIgnoresMarksAround(t *testing.T) {
	for a, b := range map[string]string{"怎么开发票？": "怎么开发票", "「发票」!!": "发票", "ＢＩＬＬ": "bill", "發票": "发票", "?": ""} {
		if normalize(a) != normalize(b) {
			t.Errorf("%q is %q, %q is %q", a, normalize(a), b, normalize(b))
		}
	}
	if normalize("不能上网") == normalize("能上网") {
		t.Error("the meaning was lost")
	}
}

func TestQuestionTellsKnownFromUnknown(t *testing.T) {
	c := telecomCorpus()
	q := c.ask("宽带 zebra", "zh", nil)
	if len(q.unknown) != 1 || q.unknown[0] != "zebra" {
		t.Fatalf("%+v", q)
	}
	known := q.knownWeight()
	if math.Abs(q.weight[kindWord]-known-c.table.unknown) > 1e-6 || c.table.unknown <= known {
		t.Errorf("weight %v of a known word %v and an unknown one %v", q.weight[kindWord], known, c.table.unknown)
	}
}

func TestWordsOfAnswersAloneCountAsUnknown(t *testing.T) {
	c := telecomCorpus()
	q := c.ask("光猫", "zh", nil)
	if len(q.unknown) != 1 || q.knownWeight() != 0 || len(q.terms) == 0 {
		t.Errorf("%+v", q)
	}
	if hits := ranking(c, "光猫怎么重启", Options{}); len(hits) == 0 || hits[0].Key != "为什么不能上网？" {
		t.Errorf("the answer was not looked at: %+v", hits)
	}
}

func TestCandidatesAreBounded(t *testing.T) {
	var articles []Content
	for i := range 100 {
		articles = append(articles, chinese("怎么办理业务"+string(rune('一'+i)), "答"))
	}
	c := corpusOf(articles...)
	q := c.ask("怎么办理业务"+string(rune('一'+7)), "zh", nil)
	s := c.take()
	if list := c.candidates(q, s, Options{}, nil); len(list) != maxCandidates {
		t.Errorf("%d candidates", len(list))
	}
	c.giveBack(s)
	if hits := ranking(c, "怎么办理业务"+string(rune('一'+7)), Options{}); hits[0].ArticleID != 8 {
		t.Errorf("found %+v", hits[0])
	}
	for at := range s.likeness {
		if s.likeness[at] != 0 || s.answer[at] != 0 || s.place[at] != 0 {
			t.Fatalf("the search left traces of article %d", at)
		}
	}
}

func TestRareTermsAreLookedUpFirst(t *testing.T) {
	c := telecomCorpus()
	q := c.ask("100m 宽带多少钱", "zh", nil)
	list := c.table.phrasings.list
	c.table.phrasings.list = append(list, make([]posting, postingsBudget)...)
	last := q.terms[len(q.terms)-1].n
	for n := int(last) + 1; n < len(c.table.phrasings.start); n++ {
		c.table.phrasings.start[n] = uint32(len(c.table.phrasings.list))
	}
	s := &scratch{}
	s.chooseTerms(c.table, q)
	if !s.skip[len(q.terms)-1] || s.skip[0] {
		t.Errorf("left out: %v", s.skip)
	}
}
