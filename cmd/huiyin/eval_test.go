package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	smallKB = `{"faq_id":"invoice","question":"怎么开电子发票？","answer":"在「我的账单」里点「开票」。"}
{"faq_id":"roaming","question":"How do I switch on international roaming?","answer":"Send KTMY to 10099."}
{"faq_id":"puk","question":"PUK 码锁了怎么办？","answer":"凭身份证到营业厅解锁。"}
`
	smallSimilar = "text\tfaq_id\n发票在哪里开\tinvoice\nturn on roaming abroad\troaming\n手机卡被锁了\tpuk\n"
	smallQueries = "text\tfaq_id\n电子发票怎么开\tinvoice\n发票在哪里开呀\tinvoice,puk\nhow to switch on roaming\troaming\n卡被锁了怎么办\tpuk\n转人工\tpuk\n"
	smallReject  = "text\tsource\n明天会下雨吗\tx\nwho won the match\tx\n"
)

func TestEvalAnswers(t *testing.T) {
	var out bytes.Buffer
	c := evalAnswersCmd{KB: writeFile(t, "kb.jsonl", smallKB), Similar: writeFile(t, "s.tsv", smallSimilar), Queries: writeFile(t, "q.tsv", smallQueries),
		Reject: map[string]string{"far": writeFile(t, "r.tsv", smallReject)}, JSON: true}
	if err := c.Run(streams{out: &out}); err != nil {
		t.Fatal(err)
	}
	var r answersResult
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Queries != 5 || r.Hit1 != 0.8 || r.Hit3 != 0.8 || r.MRR != 0.8 || r.Wrong != 0 || r.HandedOff < 0.2 {
		t.Errorf("%+v", r)
	}
	if all := r.Right + r.Wrong + r.ClarifiedRight + r.ClarifiedWrong + r.HandedOff + r.Smalltalk; math.Abs(all-1) > 1e-6 {
		t.Errorf("the shares add up to %v", all)
	}
	if far := r.Reject["far"]; far.Answered != 0 || far.HandedOff != 1 || far.AUROC < 0.8 {
		t.Errorf("far: %+v", far)
	}
	if r.PerSecond <= 0 || r.P99 <= 0 || r.Build <= 0 || r.Bytes <= 0 {
		t.Errorf("nothing measured: %+v", r)
	}
	for _, field := range []string{"hit1", "hit3", "mrr", "right", "wrong", "clarified_right", "clarified_wrong", "handed_off", "auroc", "rej95",
		"answered", "clarified", "ece", "decisions_per_s", "p99_us", "build_s", "bytes"} {
		if !strings.Contains(out.String(), `"`+field+`":`) {
			t.Errorf("the field %s is missing", field)
		}
	}
}

// A base without similar questions may come with an empty list of them, and blank lines are no articles.
func TestEvalAnswersOfABaseWithoutSimilarQuestions(t *testing.T) {
	for name, similar := range map[string]string{"only a header": "text\tfaq_id\n", "empty": ""} {
		articles, err := readArticles(writeFile(t, "kb.jsonl", smallKB+"\n"), writeFile(t, "s.tsv", similar))
		if err != nil || len(articles) != 3 || len(articles[0].similar) != 0 {
			t.Errorf("%s: %+v, %v", name, articles, err)
		}
	}
}

func TestEvalIntents(t *testing.T) {
	train := "text\tintent\nwhere is my card\tcard\nmy card has not arrived\tcard\nwhat is my balance\tbalance\nhow much money do I have\tbalance\n"
	test := "text\tintent\nwhere is the card\tcard\nhow much money is left\tbalance\n"
	var out bytes.Buffer
	file := writeFile(t, "test.tsv", test)
	c := evalIntentsCmd{Train: writeFile(t, "t.tsv", train), Valid: file, Test: file, OOS: writeFile(t, "o.tsv", "text\nsing a song\n"), JSON: true}
	if err := c.Run(streams{out: &out}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"accuracy": 1,`, `"hit3": 1,`, `"valid_accuracy": 1,`, `"oos_auroc": 1,`, `"oos_rej95": 1,`, `"train_s":`, `"decisions_per_s":`, `"p99_us":`, `"bytes":`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
}

func TestEvalPrintsALineForEachField(t *testing.T) {
	var out bytes.Buffer
	if err := printResult(&out, false, rejectResult{AUROC: 0.5}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "answered           0\nauroc              0.5\n") {
		t.Errorf("%q", out.String())
	}
}

func TestEvalSaysWhatIsWrongWithAFile(t *testing.T) {
	kb, queries := writeFile(t, "kb.jsonl", smallKB), writeFile(t, "q.tsv", smallQueries)
	for name, c := range map[string]struct {
		cmd  evalAnswersCmd
		want string
	}{
		"no file":        {evalAnswersCmd{KB: "/nowhere/kb.jsonl", Queries: queries}, "/nowhere/kb.jsonl"},
		"broken line":    {evalAnswersCmd{KB: writeFile(t, "bad.jsonl", "{\n"), Queries: queries}, "line 1"},
		"one column":     {evalAnswersCmd{KB: kb, Queries: writeFile(t, "one.tsv", "text\nx\n")}, "line 2 has 1 columns"},
		"only a header":  {evalAnswersCmd{KB: kb, Queries: writeFile(t, "none.tsv", "text\tfaq_id\n")}, "no rows"},
		"unknown id":     {evalAnswersCmd{KB: kb, Similar: writeFile(t, "s.tsv", "text\tfaq_id\nx\tnope\n"), Queries: queries}, `no article "nope"`},
		"refused":        {evalAnswersCmd{KB: writeFile(t, "r.jsonl", `{"faq_id":"a","question":"","answer":"x"}`), Queries: queries}, "article a is refused: question"},
		"missing reject": {evalAnswersCmd{KB: kb, Queries: queries, Reject: map[string]string{"far": "/nowhere/r.tsv"}}, "/nowhere/r.tsv"},
	} {
		if err := c.cmd.Run(streams{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestAUROC(t *testing.T) {
	for name, c := range map[string]struct {
		accept, reject []float64
		area, at95     float64
	}{
		"apart":     {[]float64{0.9, 0.8}, []float64{0.1, 0.2}, 1, 1},
		"reversed":  {[]float64{0.1}, []float64{0.9}, 0, 0},
		"the same":  {[]float64{0.5, 0.5}, []float64{0.5, 0.5}, 0.5, 0},
		"one mixed": {[]float64{0.9, 0.3}, []float64{0.5, 0.1}, 0.75, 0.5},
	} {
		if got := auroc(c.accept, c.reject); got != c.area {
			t.Errorf("%s: area %v, want %v", name, got, c.area)
		}
		if got := rejectedAt95(c.accept, c.reject); got != c.at95 {
			t.Errorf("%s: rejected %v, want %v", name, got, c.at95)
		}
	}
	if !math.IsNaN(auroc(nil, nil)) || !math.IsNaN(rejectedAt95(nil, nil)) || rounded(math.NaN()) != 0 {
		t.Error("nothing measured is not a number, and printed as 0")
	}
}

func TestCalibrationError(t *testing.T) {
	for name, c := range map[string]struct {
		confidence []float64
		right      []bool
		want       float64
	}{
		"perfect":        {[]float64{1, 1, 0, 0}, []bool{true, true, false, false}, 0},
		"always wrong":   {[]float64{1, 1}, []bool{false, false}, 1},
		"half sure":      {[]float64{0.5, 0.5}, []bool{true, false}, 0},
		"too sure":       {[]float64{0.9, 0.9}, []bool{true, false}, 0.4},
		"nothing at all": {nil, nil, 0},
	} {
		if got := calibrationError(c.confidence, c.right); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestSpeed(t *testing.T) {
	timings := make([]time.Duration, 100)
	for i := range timings {
		timings[i] = time.Duration(i+1) * time.Microsecond
	}
	perSecond, p99 := speed(timings)
	if p99 != 100 || math.Abs(perSecond-19801.9802) > 0.001 {
		t.Errorf("%v a second, p99 %v", perSecond, p99)
	}
}
