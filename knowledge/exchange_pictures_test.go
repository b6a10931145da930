package knowledge_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"huiyin/knowledge"
)

func TestImportTakesPicturesAlong(t *testing.T) {
	file := packed(t, "kb/a/q.md", "# Q\n![x](../p%201.png) ![y](<b.png>) ![z](../../../etc/c.png) ![w](bad.png)", "kb/p 1.png", "one", "kb/a/b.png", "two", "kb/a/bad.png", "bad", "kb/h.html", "<h1>H</h1><p>t</p><img src='p 1.png'>")
	var kept []string
	keep := func(name string, data []byte) (string, error) {
		if string(data) == "bad" {
			return "", &knowledge.Invalid{Field: "picture", Message: "no picture"}
		}
		kept = append(kept, name)
		return "/files/" + string(data), nil
	}
	d := openSQLite(t)
	if _, report := importFile(t, d, "kb.zip", file, knowledge.ImportOptions{DryRun: true, Picture: keep}); len(kept) > 0 || !strings.HasSuffix(report.Rows[0].Message, "along: ../../../etc/c.png") {
		t.Errorf("a dry run keeps %v: %+v", kept, report.Rows)
	}
	_, report := importFile(t, d, "kb.zip", file, knowledge.ImportOptions{Picture: keep})
	if got := strings.Join(kept, ","); got != "p 1.png,b.png,p 1.png" || !strings.HasSuffix(report.Rows[0].Message, "along: ../../../etc/c.png, bad.png") || report.Rows[1].Message != "" {
		t.Errorf("%s: %+v", got, report.Rows)
	}
	if got, want := brief(t, d), "a | Q | ![x](/files/one) ![y](/files/two) ![z](../../../etc/c.png) ![w](bad.png)\n | H | t\n\n![](/files/one)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	broken := func(string, []byte) (string, error) { return "", errors.New("the disk is full") }
	if _, _, err := knowledge.ImportFile(context.Background(), d, editor, "kb.zip", strings.NewReader(file), knowledge.ImportOptions{Picture: broken}); err == nil {
		t.Error("a picture that cannot be kept is passed over in silence")
	}
}
