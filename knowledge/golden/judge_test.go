package golden_test

import (
	"fmt"
	"testing"

	"huiyin/knowledge/golden"
)

func TestJudge(t *testing.T) {
	offer := []golden.Candidate{{Article: 1}, {Article: 2}}
	article, none, human := golden.Wanted{Expect: golden.ExpectArticle, Article: 1}, golden.Wanted{Expect: golden.ExpectNone}, golden.Wanted{Expect: golden.ExpectHandoff}
	for name, c := range map[string]struct {
		wanted golden.Wanted
		act    golden.Decided
		want   golden.Outcome
	}{
		"the right article":              {article, golden.Decided{Act: "answer", Article: 1}, golden.Right},
		"another article":                {article, golden.Decided{Act: "answer", Article: 2}, golden.Wrong},
		"offered":                        {article, golden.Decided{Act: "clarify", Offers: offer}, golden.Offered},
		"others offered":                 {article, golden.Decided{Act: "clarify", Offers: offer[1:]}, golden.Unanswered},
		"likely, and asked back":         {article, golden.Decided{Act: "ask", Offers: offer}, golden.Unanswered},
		"handed over":                    {article, golden.Decided{Act: "handoff"}, golden.Unanswered},
		"not answered, as it should be":  {none, golden.Decided{Act: "ask"}, golden.Right},
		"offered where nothing is known": {none, golden.Decided{Act: "clarify", Offers: offer}, golden.Right},
		"answered where nothing is":      {none, golden.Decided{Act: "answer", Article: 1}, golden.Wrong},
		"a human, as it should be":       {human, golden.Decided{Act: "handoff"}, golden.Right},
		"no human":                       {human, golden.Decided{Act: "ask"}, golden.Unanswered},
		"answered instead of a human":    {human, golden.Decided{Act: "answer", Article: 1}, golden.Wrong},
	} {
		if got := c.wanted.Judge(c.act); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestCompare(t *testing.T) {
	answer := func(article, revision int64) golden.Decided {
		return golden.Decided{Act: "answer", Article: article, Revision: revision}
	}
	act := func(a string) golden.Decided { return golden.Decided{Act: a} }
	for name, c := range map[string]struct {
		before, after golden.Decided
		want          golden.Kind
	}{
		"as it was":           {answer(1, 1), answer(1, 1), golden.Same},
		"new text":            {answer(1, 1), answer(1, 2), golden.NewText},
		"another article":     {answer(1, 1), answer(2, 1), golden.Different},
		"no more":             {answer(1, 1), act("clarify"), golden.Lost},
		"to a human":          {answer(1, 1), act("handoff"), golden.Lost},
		"newly":               {act("ask"), answer(1, 1), golden.Gained},
		"offered no more":     {act("clarify"), act("ask"), golden.Worse},
		"to a human at once":  {act("ask"), act("handoff"), golden.Worse},
		"offered":             {act("ask"), act("clarify"), golden.Better},
		"small talk":          {act("smalltalk"), answer(1, 1), golden.Different},
		"asked back as ever":  {act("ask"), act("ask"), golden.Same},
		"offered as ever":     {act("clarify"), act("clarify"), golden.Same},
		"small talk to asked": {act("smalltalk"), act("ask"), golden.Lost},
	} {
		if got := golden.Compare(c.before, c.after); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestRed(t *testing.T) {
	for name, c := range map[string]struct {
		counts map[golden.Kind]int
		want   bool
	}{
		"nothing":             {nil, false},
		"broken":              {map[golden.Kind]int{golden.Broken: 1, golden.Gained: 100}, true},
		"more lost":           {map[golden.Kind]int{golden.Lost: 3, golden.Gained: 2}, true},
		"as many lost":        {map[golden.Kind]int{golden.Lost: 2, golden.Gained: 2}, false},
		"another text":        {map[golden.Kind]int{golden.NewText: 200}, false},
		"differently":         {map[golden.Kind]int{golden.Different: 2, golden.Worse: 1}, false},
		"mended and one lost": {map[golden.Kind]int{golden.Mended: 1, golden.Lost: 1}, true},
	} {
		f := golden.Foresight{Counts: c.counts}
		if got := f.Red(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestForesightListsTheGravestFirst(t *testing.T) {
	var f golden.Foresight
	answer, ask, human := golden.Decided{Act: "answer", Article: 1}, golden.Decided{Act: "ask"}, golden.Decided{Act: "handoff"}
	for i := range golden.Listed + 10 {
		f.AddReal(golden.Asked{Question: fmt.Sprint("q", i)}, 1+i%3, ask, answer, nil)
	}
	f.AddReal(golden.Asked{Question: "lost"}, 4, answer, human, []golden.Source{{ConversationID: 1, Seq: 2}})
	q := golden.Question{ID: 9, Asked: golden.Asked{Question: "golden"}, Wanted: golden.Wanted{Expect: golden.ExpectNone}, Source: golden.Source{ConversationID: 5, Seq: 1}}
	f.AddGolden(q, ask, answer)
	f.AddGolden(q, answer, ask)
	f.AddGolden(golden.Question{Wanted: golden.Wanted{Expect: golden.ExpectHandoff}}, ask, answer)
	f.AddGolden(q, ask, ask)
	f.Sort()
	if f.Golden != 4 || f.Passed != 2 || f.WouldPass != 2 || f.Differences[0].Kind != golden.Broken || f.Differences[0].Spots[0].ConversationID != 5 {
		t.Errorf("%+v", f.Differences[0])
	}
	if f.Differences[1].Kind != golden.Lost || f.Differences[2].Kind != golden.Different || f.Differences[3].Kind != golden.Gained || f.Differences[3].Count != 3 {
		t.Errorf("%+v", f.Differences[1:4])
	}
	if f.Before.Answered != 4 || f.After.Handed != 4 || f.LeftOut != 14 || len(f.Differences) != golden.Listed || f.Counts[golden.Mended] != 1 {
		t.Errorf("%+v then %+v, %d left out, %v", f.Before, f.After, f.LeftOut, f.Counts)
	}
}

func TestBatch(t *testing.T) {
	var r golden.BatchResult
	r.Add(golden.BatchRow{Wanted: &golden.Wanted{Expect: golden.ExpectNone}}, golden.Decided{Act: "answer", Article: 3})
	r.Add(golden.BatchRow{}, golden.Decided{Act: "clarify"})
	if r.Count[golden.Wrong] != 1 || r.Answers[1].Outcome != golden.NotRun || r.Acts.Answered != 1 || r.Acts.Offered != 1 {
		t.Errorf("%+v", r)
	}
}
