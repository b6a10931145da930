package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"huiyin/knowledge/document"
	"huiyin/knowledge/unpack"
)

// shown writes sections in short: "path > heading: text [pictures]".
func shown(sections []document.Section) string {
	var list []string
	for _, s := range sections {
		text := strings.Join(append(s.Path, s.Heading), " > ") + ": " + s.Text
		if len(s.Pictures) > 0 {
			text += fmt.Sprint(" ", s.Pictures)
		}
		list = append(list, text)
	}
	return strings.Join(list, "\n---\n")
}

func TestHTML(t *testing.T) {
	for _, c := range []struct {
		name, page, want string
		level            int
	}{
		{"headings", `<h1>退款</h1><p>概述</p><h2>怎么退？</h2><p>在订单页<br>点退款。</p><h3>细节</h3><p>三天</p><h2>多久？</h2><p>三天</p><h1>发票</h1><h2>怎么开？</h2>x`,
			"退款: 概述\n---\n退款 > 怎么退？: 在订单页  \n点退款。\n\n**细节**\n\n三天\n---\n退款 > 多久？: 三天\n---\n发票 > 怎么开？: x", 2},
		{"the first level only", `<h1>A</h1><h2>B</h2><p>b</p><h1>C</h1>`, "A: **B**\n\nb\n---\nC: ", 1},
		{"three levels", `<h1>A</h1><h2>B</h2><h3>C</h3>c<h3>D</h3><h2>E</h2>e`, "A > B > C: c\n---\nA > B > D: \n---\nA > E: e", 3},
		{"marks", `<h1>Q</h1><p>one <b>bold <i>both</i></b>, <em>two</em> <code>x*y</code> 2*3 _a_ [b] &lt;c&gt;</p>`, "Q: one **bold** ***both***, *two* `x*y` 2\\*3 \\_a\\_ \\[b\\] \\<c>", 2},
		{"links", `<h1>Q</h1><p><a href="https://e.example/a (b)">here <b>now</b></a> <a href="javascript:alert(1)">bad</a> <a href="/rel">rel</a></p>`, "Q: [here now](https://e.example/a%20%28b%29) bad rel", 2},
		{"lists", `<h1>Q</h1><ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul><ol><li>e</li></ol>`, "Q: - a\n   - b\n- c\n\n  d\n1. e", 2},
		{"tables", `<h1>Q</h1><table><tr><th>Plan</th><th>Price</th></tr><tr><td>A</td><td>9 <b>元</b></td></tr><tr><td></td><td>8</td></tr></table><table><tr><td>x</td><td>y</td></tr></table>`, "Q: - Plan: A; Price: 9 元\n- Price: 8\n- x; y", 2},
		{"quotes and code", `<h1>Q</h1><blockquote>q</blockquote><pre>a &lt; b` + "\n```" + `</pre>`, "Q: > q\n\n````\na < b\n```\n````", 2},
		{"nothing runs", `<h1>Q<script>x</script></h1><script>alert(1)</script><style>p{}</style><p onclick="x">t</p><iframe src=x>f</iframe><p hidden>h</p><p style="display: none">n</p><svg><script>1</script></svg><form><input value=v><button>go</button></form>`, "Q: t", 2},
		{"pictures", `<h1>Q</h1><p>x<img src="a/b.png" alt="alt"><img src="data:image/png;base64,AAAA"></p>`, "Q: x [a/b.png embedded picture 3]", 2},
		{"before the first heading", `<p>hello</p><h1>Q</h1>a`, ": hello\n---\nQ: a", 2},
		{"what looks like Markdown", `<h1>Q</h1><p># no</p><p>1. no</p><p>- no</p>`, "Q: \\# no\n\n1\\. no\n\n\\- no", 2},
		{"nothing", ``, "", 2},
	} {
		got, err := document.HTML(strings.NewReader(c.page), c.level)
		if err != nil || shown(got) != c.want {
			t.Errorf("%s: %v\n%q\nwant\n%q", c.name, err, shown(got), c.want)
		}
	}
}

func TestHTMLDeep(t *testing.T) {
	page := "<h1>Q</h1>" + strings.Repeat("<div>", 100_000) + "x"
	_, err := document.HTML(strings.NewReader(page), 2)
	var refused *unpack.Refused
	if err != nil && !errors.As(err, &refused) {
		t.Error(err)
	}
}

func TestMarkdown(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		level            int
	}{
		{"headings", "# 退款\n\n## 怎么**退**？ ##\n- a\n- b\n\n### 细节\nx\n## 多久？\n三天\n", "退款 > 怎么退？: - a\n- b\n\n### 细节\nx\n---\n退款 > 多久？: 三天", 2},
		{"underlined", "Refunds\n=======\nHow?\n---\nSo.\n\nnot a title\n\n---\n", "Refunds > How?: So.\n\nnot a title\n\n---", 2},
		{"fences", "# Q\n```\n# no\n```\n~~~\n# no\n~~~\n#no\n", "Q: ```\n# no\n```\n~~~\n# no\n~~~\n#no", 2},
		{"pictures", "# Q\n![a](img/a.png \"t\") ![b](<b.png>)", "Q: ![a](img/a.png \"t\") ![b](<b.png>) [img/a.png b.png]", 2},
		{"links in headings", "# See [here](http://x) `code` \\*", "See here code *: ", 2},
		{"no heading", "text", ": text", 2},
	} {
		if got := shown(document.Markdown(c.text, c.level)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFront(t *testing.T) {
	for _, c := range []struct{ text, front, body string }{
		{"---\na: 1\n---\nbody\n---\n", "a: 1", "body\n---\n"}, {"---\r\na: 1\r\n---\r\nx", "a: 1", "x"}, {"body", "", "body"}, {"---\nnever closed", "", "---\nnever closed"},
		{"---\na: 1\n---", "a: 1", ""}, {"---\n---\nx", "", "x"}, {"", "", ""},
	} {
		if front, body := document.Front(c.text); front != c.front || body != c.body {
			t.Errorf("%q: %q, %q", c.text, front, body)
		}
	}
}

func FuzzHTML(f *testing.F) {
	f.Add(`<h1>a</h1><ul><li>b<table><tr><td>c</table></ul><a href="javascript:x">d</a>`)
	f.Fuzz(func(t *testing.T, page string) {
		sections, err := document.HTML(strings.NewReader(page), 2)
		var refused *unpack.Refused
		if err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
		for _, s := range sections {
			if strings.Contains(strings.ToLower(s.Text), "](javascript:") {
				t.Fatalf("a link that runs: %q", s.Text)
			}
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	f.Add("---\na: b\n---\n# A\n```\n# B\n```\nC\n===\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, body := document.Front(text)
		document.Markdown(body, 3)
	})
}
