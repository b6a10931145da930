package mail

import (
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// wire is how a text travels.
type wire struct {
	name, charset, label, transfer string
	encode                         encoding.Encoding
}

var wires = []wire{
	{"utf-8 base64", "utf-8", "utf-8", "base64", nil},
	{"gbk quoted-printable", "gbk", "GBK", "quoted-printable", simplifiedchinese.GBK},
	{"gb18030 base64", "gb18030", "gb18030", "base64", simplifiedchinese.GB18030},
	{"gb2312 8bit", "gbk", "gb2312", "8bit", simplifiedchinese.GBK},
	{"utf-8 labelled gb2312", "utf-8", "gb2312", "base64", nil},
	{"gbk labelled utf-8", "gbk", "utf-8", "base64", simplifiedchinese.GBK},
	{"gbk without a label", "gbk", "", "quoted-printable", simplifiedchinese.GBK},
}

// part writes one text part.
func (w wire) part(t *testing.T, kind, text string) string {
	t.Helper()
	if w.encode != nil {
		out, err := encoding.ReplaceUnsupported(w.encode.NewEncoder()).String(text)
		if err != nil {
			t.Fatal(err)
		}
		text = out
	}
	head := "Content-Type: " + kind
	if w.label != "" {
		head += `; charset="` + w.label + `"`
	}
	head += "\r\nContent-Transfer-Encoding: " + w.transfer + "\r\n\r\n"
	text = strings.ReplaceAll(text, "\n", "\r\n")
	switch w.transfer {
	case "base64":
		return head + base64.StdEncoding.EncodeToString([]byte(text))
	case "quoted-printable":
		var out strings.Builder
		q := quotedprintable.NewWriter(&out)
		_, _ = q.Write([]byte(text))
		_ = q.Close()
		return head + out.String()
	}
	return head + text
}

const corpusHead = "From: =?utf-8?B?546L5bCP5piO?= <wang@example.cn>\r\nTo: help@example.com\r\nSubject: Re: hello\r\nDate: Sat, 21 Nov 2026 11:00:00 +0800\r\nMessage-ID: <2@example.cn>\r\nIn-Reply-To: <1@example.com>\r\nMIME-Version: 1.0\r\n"

// mail writes an answer of a client.
func (c client) mail(t *testing.T, w wire, text string) string {
	t.Helper()
	plain, html := c.fill(text)
	switch {
	case html == "":
		return corpusHead + w.part(t, "text/plain", plain)
	case plain == "":
		return corpusHead + w.part(t, "text/html", html)
	}
	return corpusHead + "Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\nThis is a multi-part message.\r\n--b1\r\n" +
		w.part(t, "text/plain", plain) + "\r\n--b1\r\n" + w.part(t, "text/html", html) + "\r\n--b1--\r\n"
}

func TestClients(t *testing.T) {
	texts := []string{"订单还没有收到，麻烦帮我查一下物流，谢谢！", "Thanks, but the parcel has not arrived yet. Where is it?"}
	mails := 0
	for _, c := range append(append([]client(nil), zhClients...), enClients...) {
		for i, text := range texts {
			for _, w := range wires {
				mails++
				t.Run(fmt.Sprint(c.name, "/", w.name, "/", i), func(t *testing.T) {
					p, err := Parse(strings.NewReader(c.mail(t, w, text)), Limits{})
					if err != nil {
						t.Fatal(err)
					}
					checkClient(t, c, p, text)
				})
			}
		}
	}
	if mails < 200 {
		t.Errorf("%d mails", mails)
	}
}

// checkClient holds an answer of a client against what was written.
func checkClient(t *testing.T, c client, p Parsed, text string) {
	t.Helper()
	if p.Text != text && (c.signature != "-" || !strings.HasPrefix(p.Text, text) || len(p.Text) > len(text)+60) {
		t.Errorf("text %q, want %q", p.Text, text)
	}
	if !strings.Contains(p.Quoted, old) {
		t.Errorf("quoted %q", p.Quoted)
	}
	if c.signature != "-" && p.Signature != c.signature {
		t.Errorf("signature %q, want %q", p.Signature, c.signature)
	}
	if c.html != "" && (!strings.Contains(p.HTML, text) || strings.Contains(p.HTML, old) || !strings.Contains(p.QuotedHTML, old)) {
		t.Errorf("html %q, quoted %q", p.HTML, p.QuotedHTML)
	}
	if p.From[0].Name != "王小明" || p.InReplyTo != "1@example.com" || p.Automatic != "" || len(p.Problems) > 0 {
		t.Errorf("head %+v", p.Mail)
	}
}
