package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// call runs the program as the command line would.
func call(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestArticleImportAndExport(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	file := writeFile(t, "a.jsonl", smallKB+"{broken\n")
	code, out, errs := call("article", "import", file, "--data", data)
	if code != 1 || !strings.Contains(out, "line 1: added invoice\n") || !strings.Contains(out, "line 4: refused  (line: not a JSON") ||
		!strings.HasSuffix(out, "3 added, 0 changed, 0 unchanged, 1 refused\n") || !strings.Contains(errs, "1 of 4 articles were refused") {
		t.Errorf("import: %d\n%s%s", code, out, errs)
	}
	for _, name := range []string{"out.csv", "out.xlsx", "out.zip", "out.jsonl"} {
		path := filepath.Join(dir, name)
		if code, out, errs := call("article", "export", path, "--data", data); code != 0 || !strings.Contains(out, "3 articles written") {
			t.Errorf("export: %d %s%s", code, out, errs)
		}
		code, out, errs := call("article", "import", path, "--data", data, "--json")
		var report struct{ Unchanged int }
		if err := json.Unmarshal([]byte(out), &report); code != 0 || err != nil || report.Unchanged != 3 {
			t.Errorf("back again: %d %s%s", code, out, errs)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 4 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestKnowledgeImportUndone(t *testing.T) {
	data := t.TempDir()
	file := writeFile(t, "a.csv", "x,Frage,Antwort\n1,How?,So.\n")
	if code, out, errs := call("knowledge", "import", file, "--column", "question=2", "--column", "answer=3", "--draft", "--data", data); code != 0 || !strings.Contains(out, "1 added") || !strings.Contains(errs, "undo 1") {
		t.Fatalf("%d %s%s", code, out, errs)
	}
	if code, out, errs := call("knowledge", "undo", "1", "--data", data); code != 0 || !strings.Contains(out, "undone; 0 articles are left") {
		t.Errorf("%d %s%s", code, out, errs)
	}
	if code, out, errs := call("knowledge", "export", filepath.Join(data, "t.xlsx"), "--source", "en", "--target", "zh", "--data", data); code != 0 || !strings.Contains(out, "0 articles") {
		t.Errorf("%d %s%s", code, out, errs)
	}
}

func TestArticleRefusesWhatItCannotRead(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"article", "import", "x.xls", "--data", data}, 2, "CSV"},
		{[]string{"knowledge", "export", "x.xlf", "--data", data}, 1, "languages"}, {[]string{"article", "undo", "9", "--data", data}, 1, "cannot be undone"},
		{[]string{"article", "export", "x.pdf", "--data", data}, 2, ".docx"},
		{[]string{"article", "import", "/nowhere/x.csv", "--data", data}, 1, "/nowhere/x.csv"},
		{[]string{"article", "export", "/nowhere/x.csv", "--data", data}, 1, "/nowhere"},
		{[]string{"article", "import", "--data", data}, 2, "<file>"},
	} {
		if code, out, errs := call(c.args...); code != c.code || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: %d %q %q", c.args, code, out, errs)
		}
	}
}

func TestDemoArticlesAnswerTheirOwnQuestions(t *testing.T) {
	t.Parallel()
	data, exported := t.TempDir(), filepath.Join(t.TempDir(), "all.jsonl")
	if code, out, errs := call("article", "import", "demo/articles.jsonl", "--data", data); code != 0 {
		t.Fatalf("%s%s", out, errs)
	}
	if code, _, errs := call("article", "export", exported, "--data", data); code != 0 {
		t.Fatal(errs)
	}
	var kb, queries strings.Builder
	queries.WriteString("text\tfaq_id\n")
	for line := range strings.Lines(readFile(t, exported)) {
		var a struct {
			Key              string
			Question, Answer map[string]string
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		row, _ := json.Marshal(map[string]string{"faq_id": a.Key, "question": a.Question["zh"], "answer": a.Answer["zh"]})
		kb.Write(append(row, '\n'))
		queries.WriteString(a.Question["zh"] + "\t" + a.Key + "\n")
	}
	r, err := measureAnswers(writeFile(t, "kb.jsonl", kb.String()), "", writeFile(t, "q.tsv", queries.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Hit1 < 1 || r.Right < 0.97 || r.Wrong > 0 {
		t.Errorf("%+v", r)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
