package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

const articleKB = `{"key":"open","question":{"zh":"怎么开发票 <b>","en":"Invoices"},"answer":{"zh":"在 **App** 里开。<script>alert(1)</script>","en":"In the app."},"status":"published"}
{"key":"secret","question":{"zh":"内部价"},"answer":{"zh":"八折封顶"},"status":"published","audience":"internal"}
{"key":"over","question":{"zh":"国庆活动"},"answer":{"zh":"满百减十"},"status":"published","valid_until":"2020-10-08T00:00:00Z"}
{"key":"soon","question":{"zh":"春节活动"},"answer":{"zh":"满百减二十"},"status":"published","valid_from":"2120-02-01T00:00:00Z"}
{"key":"draft","question":{"zh":"草稿"},"answer":{"zh":"还没写完"},"status":"draft"}
`

// Only what is for customers, now, has a page: whoever counts up the numbers finds nothing else.
func TestArticlePages(t *testing.T) {
	s := newServer(t, "")
	s.call("article", "import", writeFile(t, "a.jsonl", articleKB))
	get := func(path, language string) (int, string, http.Header) {
		r, err := http.NewRequest(http.MethodGet, s.url()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", language)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body), answer.Header
	}
	code, body, header := get("/a/1", "zh-CN")
	if code != http.StatusOK || !strings.Contains(body, "<strong>App</strong>") || !strings.Contains(body, "怎么开发票 &lt;b&gt;") || strings.Contains(body, "<script") ||
		!strings.Contains(header.Get("Content-Security-Policy"), "default-src") {
		t.Errorf("%d %s", code, body)
	}
	if _, body, _ := get("/a/1", "en-GB"); !strings.Contains(body, "In the app.") || !strings.Contains(body, `lang="en"`) {
		t.Error(body)
	}
	for _, path := range []string{"/a/2", "/a/3", "/a/4", "/a/5", "/a/6", "/a/0", "/a/-1", "/a/x", "/a/1x", "/a/99999999999999999999", "/files/", "/files/ABCDEFGHIJKLMNOPQRSTUVWXYZ/a.png"} {
		if code, body, _ := get(path, "zh"); code != http.StatusNotFound || strings.Contains(body, "满百") || strings.Contains(body, "八折") || strings.Contains(body, "草稿") {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
}
