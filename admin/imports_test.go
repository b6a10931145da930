package admin_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/handoff"
	"huiyin/knowledge/sheet"
)

type articleImport struct {
	ID                               int64
	State, Problem                   string
	Added, Changed, Refused, Kept, N int
}

// workbook is a file whose headers no program knows.
func workbook(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := sheet.NewWriter(sheet.XLSX, &out, "FAQ")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// ended waits until an import is no longer under way.
func ended(t *testing.T, who *caller, id int64) articleImport {
	t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		var i articleImport
		who.do("GET", fmt.Sprintf("/knowledge/imports/%d", id), nil).want(http.StatusOK).into(&i)
		if i.State != "running" && i.State != "undoing" && i.State != "failing" {
			return i
		}
	}
	t.Fatal("the import does not end")
	return articleImport{}
}

func TestImportInTheBackground(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		file := workbook(t, []string{"Nr", "Was fragt man", "Was sagt man"}, []string{"a", "Where is my bill?", "In the app."}, []string{"b", "", "No question"})
		editor.upload("/knowledge/imports/look", "kb.xlsx", file).want(http.StatusOK).has(`"sheets":["FAQ"]`, `"guess":{}`, "Where is my bill?")
		editor.upload("/knowledge/imports", "kb.xlsx", file).fails(http.StatusUnprocessableEntity, "invalid").has("first line")
		const columns = "columns=key%3D0;question%3D1;answer%3D2"
		var i articleImport
		editor.upload("/knowledge/imports?dry_run=true&"+strings.ReplaceAll(columns, ";", "%3B"), "kb.xlsx", file).want(http.StatusAccepted).into(&i)
		if i = ended(t, editor, i.ID); i.State != "checked" || i.Added != 1 || i.Refused != 1 {
			t.Fatalf("%+v", i)
		}
		editor.do("GET", fmt.Sprintf("/knowledge/imports/%d/rows?outcome=refused", i.ID), nil).want(http.StatusOK).has(`"line":3`, "write the question")
		editor.do("GET", "/articles", nil).has(`"total":0`)
		editor.upload("/knowledge/imports/look", "kb.xlsx", file).want(http.StatusOK).has(`"guess":{"answer":2,"key":0,"question":1}`)
		editor.upload("/knowledge/imports?publish=true&"+strings.ReplaceAll(columns, ";", "%3B"), "kb.xlsx", file).want(http.StatusAccepted).into(&i)
		if i = ended(t, editor, i.ID); i.State != "done" || i.Added != 1 {
			t.Fatalf("%+v", i)
		}
		editor.do("GET", "/articles?status=published", nil).has(`"total":1`)
		editor.do("GET", fmt.Sprintf("/knowledge/imports/%d/report", i.ID), nil).want(http.StatusOK).has("Where is my bill?,added")
		editor.do("GET", "/knowledge/imports", nil).want(http.StatusOK).has("kb.xlsx", `"by":"`)
		editor.do("POST", fmt.Sprintf("/knowledge/imports/%d/undo", i.ID), map[string]any{}).want(http.StatusAccepted).has("undoing")
		if i = ended(t, editor, i.ID); i.State != "undone" || i.Kept != 0 {
			t.Fatalf("%+v", i)
		}
		editor.do("GET", "/articles", nil).has(`"total":0`)
		editor.do("POST", fmt.Sprintf("/knowledge/imports/%d/undo", i.ID), map[string]any{}).fails(http.StatusConflict, "import_state")
		h.as(handoff.Owner).do("GET", "/audit", nil).has("articles_imported", "import_undone")
	})
}

func TestImportsAreRefused(t *testing.T) {
	h := open(t)
	editor := h.as(handoff.Editor)
	for _, c := range []struct{ path, name, file, says string }{
		{"/knowledge/imports", "a.pdf", "%PDF", ".docx"}, {"/knowledge/imports", "a.xlsx", "text", "first line"}, {"/knowledge/imports/look", "a.docx", "text", "damaged"},
		{"/knowledge/imports?columns=x", "a.csv", "question\n", "columns"}, {"/knowledge/imports?columns=x%3D1", "a.csv", "question\n", "columns"}, {"/knowledge/imports?heading=9", "a.md", "x", "heading"},
	} {
		editor.upload(c.path, c.name, []byte(c.file)).fails(http.StatusUnprocessableEntity, "invalid").has(c.says)
	}
	for _, path := range []string{"/knowledge/imports/99", "/knowledge/imports/99/report"} {
		editor.do("GET", path, nil).fails(http.StatusNotFound, "not_found")
	}
	editor.do("POST", "/knowledge/imports/99/undo", map[string]any{}).fails(http.StatusNotFound, "not_found")
}

func TestExportsForTranslation(t *testing.T) {
	h := open(t)
	editor := h.as(handoff.Editor)
	editor.upload("/articles/import?publish=true", "kb.jsonl", []byte(`{"key":"a","category":"x","question":{"zh":"甲"},"answer":{"zh":"乙"}}`)).want(http.StatusOK)
	editor.do("GET", "/articles/export?format=xliff&source=zh&target=en", nil).want(http.StatusOK).has(`target-language="en"`, "<source>甲</source>")
	editor.do("GET", "/articles/export?format=csv&source=zh&target=en", nil).want(http.StatusOK).has("source zh,target en")
	editor.do("GET", "/articles/export?format=csv&category=y", nil).want(http.StatusOK)
	for _, query := range []string{"format=xliff", "format=markdown&source=zh&target=en", "format=csv&source=zh&target=zh"} {
		editor.do("GET", "/articles/export?"+query, nil).fails(http.StatusUnprocessableEntity, "invalid")
	}
	editor.do("GET", "/articles/export?format=markdown", nil).want(http.StatusOK).has("PK")
}

func TestImportedPictures(t *testing.T) {
	h := open(t)
	editor := h.as(handoff.Editor)
	var picture, archive bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&archive)
	for name, data := range map[string][]byte{"kb/a.md": []byte("# How do I open it?\n![So](img/so.png) ![No](img/no.png) ![Far](https://e.example/x.png)"), "kb/b.html": []byte(`<h1>And close?</h1><p>Pull.</p><img src="img/so.png">`),
		"kb/img/so.png": picture.Bytes(), "kb/img/no.png": []byte("<script>alert(1)</script>")} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var i articleImport
	editor.upload("/knowledge/imports?publish=true", "kb.zip", archive.Bytes()).want(http.StatusAccepted).into(&i)
	if i = ended(t, editor, i.ID); i.State != "done" || i.Added != 2 {
		t.Fatalf("%+v", i)
	}
	editor.do("GET", fmt.Sprintf("/knowledge/imports/%d/rows", i.ID), nil).has("not taken along: img/no.png, https://e.example/x.png")
	editor.do("GET", "/articles/export?format=jsonl", nil).has("![So](/files/", "/so.png) ![No](img/no.png)", `Pull.\n\n![](/files/`)
}
