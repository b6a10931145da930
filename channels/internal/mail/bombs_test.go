package mail

import (
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// bomb is a mail made to cost more than it weighs.
type bomb struct{ name, mail string }

func bombs() []bomb {
	head := "From: a@evil.example\r\nTo: help@example.com\r\n"
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	text := func(kind, body string) string {
		return head + "Content-Type: " + kind + "; charset=utf-8\r\n\r\n" + body
	}
	page := func(body string) string { return text("text/html", body) }
	multi := func(body string) string {
		return head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body
	}
	list := []bomb{
		{"50 000 references", head + "References: " + many("<0123456789@a.example> ", 50_000) + "\r\n\r\nx"},
		{"references folded one a line", head + "References:" + many("\r\n <0123456789@a.example>", 50_000) + "\r\n\r\nx"},
		{"one reference of a megabyte", head + "References: <" + many("a", 1<<20) + "@b>\r\n\r\nx"},
		{"a subject of two megabytes", head + "Subject: " + many("长", 700_000) + "\r\n\r\nx"},
		{"a subject of encoded words", head + "Subject:" + many("\r\n =?utf-8?B?5L2g5aW9?=", 50_000) + "\r\n\r\nx"},
		{"encoded words that never end", head + "Subject: " + many("=?utf-8?B?", 100_000) + "\r\n\r\nx"},
		{"100 000 fields", head + many("X-A: b\r\n", 100_000) + "\r\nx"},
		{"a header without an end", head + many("X-A: b\r\n c\r\n", 300_000)},
		{"folded without an end", head + "X-A: b" + many("\r\n c", 500_000) + "\r\n\r\nx"},
		{"a field name of a megabyte", head + many("X", 1<<20) + ": y\r\n\r\nx"},
		{"50 000 receivers", "From: a@b.example\r\nTo: " + many("Ann <ann@a.example>, ", 50_000) + "\r\n\r\nx"},
		{"comments in comments", "From: " + many("(", 200_000) + "a@b.example\r\n\r\nx"},
		{"quotes that never end", "From: " + many("\"a", 100_000) + "\r\n\r\nx"},
		{"groups in groups", "From: a@b.example\r\nTo: " + many("g:", 100_000) + "\r\n\r\nx"},
		{"angles", "From: " + many("<", 200_000) + "\r\n\r\nx"},
		{"100 000 parameters", head + "Content-Type: text/plain" + many("; a=b", 30_000) + "\r\n\r\nx"},
		{"parameters in pieces", head + "Content-Type: text/plain" + pieces(10_000) + "\r\n\r\nx"},
		{"pieces of every name", head + "Content-Type: text/plain" + many("; a*0*=utf-8''%41; a*1*=%42", 5_000) + "\r\n\r\nx"},
		{"50 000 parts", multi(many("--b\r\n\r\nx\r\n", 50_000) + "--b--\r\n")},
		{"50 000 files", multi(many("--b\r\nContent-Type: image/png\r\n\r\nx\r\n", 50_000))},
		{"empty parts", multi(many("--b\r\n", 200_000))},
		{"boundaries that are none", multi("--b\r\n\r\n" + many("--bb\r\n", 200_000))},
		{"almost boundaries", multi("--b\r\n\r\n" + many("\r\n--", 400_000))},
		{"5 000 deep", nest(5_000, "multipart/mixed")},
		{"5 000 alternatives deep", nest(5_000, "multipart/alternative")},
		{"200 deep with the same boundary", head + many("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 200) + "\r\nx"},
		{"mails in mails", many("Content-Type: message/rfc822\r\n\r\n", 20_000) + head + "\r\nx"},
		{"coded mails in mails", coded(6)},
		{"quoted mails in mails", multi(many("--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n"+many("y ", 50)+"\r\n", 5_000))},
		{"signed in signed", signedDeep(3_000)},
		{"4 MB of text", text("text/plain", many("一二三四五六七八九十\r\n", 130_000))},
		{"4 MB on one line", text("text/plain", many("a", 4<<20))},
		{"lines of >", text("text/plain", many("> x\r\n", 300_000))},
		{"a line of >", text("text/plain", many(">", 2<<20))},
		{"alternating history", text("text/plain", many("> x\r\ny\r\n", 100_000))},
		{"attributions", text("text/plain", many("On Mon, 1 Jan 2026, a@b.example wrote:\r\n\r\n", 20_000))},
		{"attributions that never end", text("text/plain", many("On a@b.example 10:10\r\n", 50_000))},
		{"labels", text("text/plain", many("From: a\r\n", 80_000))},
		{"almost labels", text("text/plain", many("From: a\r\nx\r\nx\r\n", 50_000))},
		{"drawn lines", text("text/plain", many("----------\r\n", 80_000))},
		{"drawn lines with blanks", text("text/plain", many("----------\r\n\r\n\r\n\r\n", 40_000))},
		{"blank lines", text("text/plain", "a"+many("\r\n", 1_000_000)+"b")},
		{"begin lines", text("text/plain", many("begin 644 a\n#86)C\nend\n", 30_000))},
		{"begin lines without an end", text("text/plain", many("begin 644 a\n", 80_000))},
		{"flowed", text("text/plain; format=flowed", many("a \r\n", 250_000))},
		{"armour", text("text/plain", many("-----BEGIN PGP SIGNED MESSAGE-----\n", 20_000))},
		{"deep elements", page(many("<div>", 100_000) + "x")},
		{"deep tables", page(many("<table><tr><td>", 50_000) + "x")},
		{"formatting that others would repeat", page(formatting(400) + many("<p>x", 50_000))},
		{"links in links", page(many("<a href=https://a.example>", 50_000) + "x")},
		{"blockquotes", page(many("<blockquote type=cite>", 50_000) + "x")},
		{"attributes", page("<p " + many("a=b ", 200_000) + ">x")},
		{"a style of a megabyte", page("<p style=\"" + many("color:red;", 100_000) + "\">x")},
		{"styles", page(many("<p style='color:red'>x", 40_000))},
		{"pictures", page(many("<img src=https://a.example/x>", 40_000))},
		{"list items", page("<ol>" + many("<li>x", 100_000))},
		{"ends without beginnings", page(many("</p>", 250_000))},
		{"ends of another element", page(many("<b>", 100) + many("</i>", 200_000))},
		{"less-than signs", page(many("<", 1<<20))},
		{"entities", page(many("&lt;&#x4e00;", 80_000))},
		{"comments", page(many("<!--", 250_000))},
		{"one embedded picture", page("<img src=\"data:image/png;base64," + many("A", 1<<20) + "\">")},
		{"empty elements", page(many("<div><span></span></div>", 40_000))},
		{"a calendar", text("text/calendar", "BEGIN:VEVENT\r\n"+many("SUMMARY:x\r\n y\r\n", 100_000))},
		{"a report of 100 000 receivers", head + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + many("Final-Recipient: rfc822;a@b.example\r\nAction: failed\r\n\r\n", 100_000)},
		{"a winmail.dat of empty files", head + "Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(emptyFiles(100_000))},
		{"a winmail.dat that lies of its length", head + "Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22\x01\x00\x01\x0c\x80\x02\x00\xff\xff\xff\x7fabc"},
		{"an archive", multi("--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + many("UEsDBBQ=", 200_000))},
		{"a signed content that lies of its length", head + "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n0\x84\xff\xff\xff\xff\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80" + many("\x24\x80", 100_000)},
	}
	return list
}

func pieces(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "; name*%d=aaaaaaaaaa", i)
	}
	return out.String()
}

func nest(n int, kind string) string {
	var out strings.Builder
	out.WriteString("From: a@evil.example\r\n")
	for i := range n {
		fmt.Fprintf(&out, "Content-Type: %s; boundary=b%d\r\n\r\n--b%d\r\n", kind, i, i)
	}
	return out.String() + "\r\nx"
}

func signedDeep(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "Content-Type: multipart/signed; protocol=x; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	return out.String() + "\r\nx"
}

// coded packs a mail in base64 in a mail, again and again.
func coded(n int) string {
	mail := "Subject: x\r\n\r\n" + strings.Repeat("deep ", 2000)
	for range n {
		mail = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(mail))
	}
	return mail
}

func formatting(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "<font size=%d color=#%06d>", i%7, i)
	}
	return out.String()
}

func emptyFiles(n int) []byte {
	p := newPacker()
	for range n {
		p.attribute(2, attRenderData, nil)
		p.attribute(2, attTitle, []byte("a"))
	}
	return p.out.Bytes()
}

func TestBombs(t *testing.T) {
	all := bombs()
	if len(all) < 60 {
		t.Errorf("%d bombs", len(all))
	}
	for _, b := range all {
		t.Run(b.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p, err := Parse(strings.NewReader(b.mail), Limits{})
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 64<<20+uint64(len(b.mail))*20 {
				t.Errorf("%d MB are allocated for %d KB", spent>>20, len(b.mail)>>10)
			}
			checkBounds(t, p)
		})
	}
}

// checkBounds holds what was read of a mail against the limits.
func checkBounds(t *testing.T, p Parsed) {
	t.Helper()
	l := Limits{}.orDefaults()
	if len(p.References) > maxReferences || len(p.To) > maxAddresses || len(p.Parts) > l.Parts || len(p.Subject) > 1000 {
		t.Errorf("%d references, %d receivers, %d parts", len(p.References), len(p.To), len(p.Parts))
	}
	if len(p.Text) > l.Text || len(p.Quoted) > 4*l.Text || len(p.HTML) > 2*l.Text {
		t.Errorf("text %d, quoted %d, html %d", len(p.Text), len(p.Quoted), len(p.HTML))
	}
	if p.Bounce != nil && len(p.Bounce.Recipients) > maxRecipients {
		t.Errorf("%d receivers reported", len(p.Bounce.Recipients))
	}
}

func BenchmarkBombs(b *testing.B) {
	for _, bomb := range bombs() {
		b.Run(bomb.name, func(b *testing.B) {
			for b.Loop() {
				_, _ = Parse(strings.NewReader(bomb.mail), Limits{})
			}
		})
	}
}
