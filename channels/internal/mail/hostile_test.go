package mail

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hostile are bodies of HTML that try to run or to load something. The same are shown in a browser by
// e2e/mail-hostile.test.ts.
func hostile(t testing.TB) []string {
	t.Helper()
	f, err := os.Open("testdata/hostile.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var all []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var one string
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

func htmlMail(body string) string {
	return "From: a@evil.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
}

func TestHostileHTML(t *testing.T) {
	all := hostile(t)
	if len(all) < 400 {
		t.Errorf("%d bodies", len(all))
	}
	for _, body := range all {
		p, err := Parse(strings.NewReader(htmlMail(body)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range []string{p.HTML, p.QuotedHTML} {
			if bad := danger(out); bad != "" {
				t.Errorf("%s of %q in %q", bad, body, out)
			}
		}
	}
}

// allowed are the attributes that may be left.
var allowed = strings.Fields("href title target rel src data-src data-cid alt width height border cellpadding cellspacing colspan rowspan start size hspace vspace align valign dir type bgcolor color face style")

// danger names what in cleaned HTML could do something, read by the standard's own rules; "" when nothing can.
func danger(out string) string {
	root, err := html.Parse(strings.NewReader(out))
	if err != nil {
		return "cannot be parsed"
	}
	var bad string
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			bad = "a comment"
		}
		if n.Type != html.ElementNode || slices.Contains([]string{"html", "head", "body"}, n.Data) {
			continue
		}
		if !kept[n.DataAtom] || n.Namespace != "" {
			bad = "element " + n.Data
		}
		for _, a := range n.Attr {
			if !slices.Contains(allowed, a.Key) {
				bad = "attribute " + a.Key
			}
			if found := dangerous(n.Data, a); found != "" {
				bad = found
			}
		}
	}
	return bad
}

// dangerous judges the value of an attribute.
func dangerous(element string, a html.Attribute) string {
	value := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
	switch a.Key {
	case "href":
		for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
			if strings.HasPrefix(value, scheme) {
				return ""
			}
		}
		return "address " + a.Val
	case "src":
		if !strings.HasPrefix(value, "data:image/") || strings.Contains(value, "svg") {
			return "source " + a.Val
		}
	case "data-src":
		if element != "img" || !strings.HasPrefix(value, "http") {
			return "picture " + a.Val
		}
	case "style":
		for _, word := range []string{"url", "expression", "@", "position:", "\\", "/*", "behavior", "binding", "var(", "image", "{", "transform", "animation", "-9999"} {
			if strings.Contains(value, word) {
				return "style " + a.Val
			}
		}
	}
	return ""
}

func TestCleanedHTML(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain", "<p>你好</p>", "<p>你好</p>"},
		{"type and boxes stay", `<td style="color:#f00;FONT-SIZE:12px;position:fixed">x</td>`, `<td style="color:#f00;font-size:12px">x</td>`},
		{"shorthand background with a colour", `<p style="background:#eee">x</p>`, `<p style="background-color:#eee">x</p>`},
		{"a picture that came along", `<p>x<img src="cid:image001.png@01D" width="20" onload="x()"></p>`, `<p>x<img data-cid="image001.png@01D" alt="" width="20"></p>`},
		{"a picture from elsewhere", `<p>x<img src="https://a.example/b.png" alt="b"></p>`, `<p>x<img data-src="https://a.example/b.png" alt="b"></p>`},
		{"a picture that only counts", `<p>x<img src="https://a.example/b.png" width=1 height=1></p>`, `<p>x</p>`},
		{"a picture hidden to count", `<p>x<img src="https://a.example/b.png" style="display:none"></p>`, `<p>x</p>`},
		{"a link", `<a href="https://a.example/x?y=1&z=2">here</a>`, `<a href="https://a.example/x?y=1&amp;z=2" title="https://a.example/x?y=1&amp;z=2" target="_blank" rel="noopener noreferrer nofollow">here</a>`},
		{"a link that lies", `<a href="https://evil.example/">www.bank.example</a>`, `<a href="https://evil.example/" title="https://evil.example/" target="_blank" rel="noopener noreferrer nofollow">www.bank.example [evil.example]</a>`},
		{"a link within its organisation", `<a href="https://track.bank.example/x">bank.example</a>`, `<a href="https://track.bank.example/x" title="https://track.bank.example/x" target="_blank" rel="noopener noreferrer nofollow">bank.example</a>`},
		{"Outlook's paragraphs", `<p class=MsoNormal>a<o:p>&nbsp;</o:p></p>`, "<p>a\u00a0</p>"},
		{"unclosed", `<div><b>a<p>b`, `<div><b>a<p>b</p></b></div>`},
		{"cells without ends", `<table><tr><td>a<td>b<tr><td>c</table>d`, `<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d`},
		{"text after a picture of another language", `<svg><text>a</text></svg><p>b</p>`, `<p>b</p>`},
		{"text after a picture that never ends", `<svg><text>a<p>b</p>`, `<p>b</p>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if p := read(t, htmlMail(test.in)); p.HTML != test.want {
				t.Errorf("%s\nwant %s", p.HTML, test.want)
			}
		})
	}
}

func TestPicturesAreCounted(t *testing.T) {
	p := read(t, htmlMail(`<p>a<img src="https://a.example/1.png"><img src="//a.example/2.png" width="1"><table background="https://a.example/3.png"><tr><td>b</table><blockquote type=cite><img src="http://a.example/4"></blockquote>`))
	if p.RemoteImages != 3 || p.Trackers != 1 {
		t.Errorf("%d pictures, %d trackers", p.RemoteImages, p.Trackers)
	}
}

func TestHiddenWordsAreNotRead(t *testing.T) {
	p := read(t, htmlMail(`<p>see</p><div style="display:none">secret</div><span style="FONT-SIZE: 0px">tiny</span><p hidden>gone</p>`))
	if p.Text != "see" {
		t.Errorf("text %q", p.Text)
	}
}

func FuzzCleanHTML(f *testing.F) {
	for _, body := range hostile(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		p := parse([]byte(htmlMail(body)), Limits{}.orDefaults())
		for _, out := range []string{p.HTML, p.QuotedHTML} {
			if bad := danger(out); bad != "" {
				t.Errorf("%s in %q", bad, out)
			}
		}
	})
}
