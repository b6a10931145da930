package mail

import (
	"strings"
	"testing"
)

func TestFoldText(t *testing.T) {
	for _, test := range []struct{ name, in, text, quoted, signature string }{
		{"nothing to fold", "宽带断了\n\n请派人来", "宽带断了\n\n请派人来", "", ""},
		{"empty", "", "", "", ""},
		{"interleaved answers stay with what they answer", "> 您的型号？\nX200\n\n> 什么时候买的？\n上周\n", "> 您的型号？\nX200\n\n> 什么时候买的？\n上周", "", ""},
		{"history behind the last of interleaved answers", "你好：\n> 您的型号？\nX200\n> 什么时候买的？\n上周\n> 祝好\n> 客服", "你好：\n> 您的型号？\nX200\n> 什么时候买的？\n上周", "> 祝好\n> 客服", ""},
		{"answer below, with a signature", "On Mon, 1 Jan 2026, Help wrote:\n> old\n\nnew\n-- \nWang", "new", "On Mon, 1 Jan 2026, Help wrote:\n> old", "--\nWang"},
		{"answers announced within the history", "见下面红字\n\n-----原始邮件-----\n发件人: a\n\n型号？ X200", "见下面红字\n\n-----原始邮件-----\n发件人: a\n\n型号？ X200", "", ""},
		{"forwarded without a word", "---------- Forwarded message ---------\nFrom: a <a@example.com>\nDate: x\nSubject: y\n\nhello", "---------- Forwarded message ---------\nFrom: a <a@example.com>\nDate: x\nSubject: y\n\nhello", "", ""},
		{"forwarded with a word", "请看下面的邮件。\n\n---------- Forwarded message ---------\nFrom: a <a@example.com>\n\nhello", "请看下面的邮件。", "---------- Forwarded message ---------\nFrom: a <a@example.com>\n\nhello", ""},
		{"nothing but history", "> a\n> b", "> a\n> b", "", ""},
		{"a sentence that ends like an attribution", "你们在广告里写道：\n终身保修。", "你们在广告里写道：\n终身保修。", "", ""},
		{"a list of labels that is no header", "日期: 11月21日\n主题: 退款\n我要退款", "日期: 11月21日\n主题: 退款\n我要退款", "", ""},
		{"a complaint that quotes an address line", "From: the shop I bought it.\nIt broke.", "From: the shop I bought it.\nIt broke.", "", ""},
		{"attribution broken over three lines", "ok\n\nOn Saturday, November 21, 2026 at 10:15 AM\nA Person With A Very Long Name\n<help@example.com> wrote:\n\n> old", "ok", "On Saturday, November 21, 2026 at 10:15 AM\nA Person With A Very Long Name\n<help@example.com> wrote:\n\n> old", ""},
		{"history in history", "好\n\n> 在 2026/11/21 10:15, a 写道：\n>> 更早\n> 早", "好", "> 在 2026/11/21 10:15, a 写道：\n>> 更早\n> 早", ""},
		{"phone's line alone", "发自我的iPhone", "发自我的iPhone", "", ""},
		{"phone's line in the middle is text", "发自我的iPhone\n这个选项怎么关？", "发自我的iPhone\n这个选项怎么关？", "", ""},
		{"drawn line with a contact", "请回电。\n\n————————\n王小明\n电话：010-12345678", "请回电。", "", "————————\n王小明\n电话：010-12345678"},
		{"drawn line within a text", "第一部分\n-----\n第二部分", "第一部分\n-----\n第二部分", "", ""},
		{"two dashes", "ok\n--\nWang\nShop Ltd", "ok", "", "--\nWang\nShop Ltd"},
		{"bold labels of Gmail's plain text", "ok\n\n*From:* Help <help@example.com>\n*Sent:* Saturday\n*To:* Wang\n*Subject:* Order\n\nold", "ok", "*From:* Help <help@example.com>\n*Sent:* Saturday\n*To:* Wang\n*Subject:* Order\n\nold", ""},
		{"french", "merci\n\nLe sam. 21 nov. 2026 à 10:15, Help <help@example.com> a écrit :\n\n> vieux", "merci", "Le sam. 21 nov. 2026 à 10:15, Help <help@example.com> a écrit :\n\n> vieux", ""},
		{"japanese", "了解です\n\n2026年11月21日(土) 10:15 Help <help@example.com>:\n\n> 古い", "了解です", "2026年11月21日(土) 10:15 Help <help@example.com>:\n\n> 古い", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := foldText(test.in)
			if got.text != test.text || got.quoted != test.quoted || got.signature != test.signature {
				t.Errorf("text %q\nquoted %q\nsignature %q", got.text, got.quoted, got.signature)
			}
		})
	}
}

// TestNothingIsLost: every word of a text stands in one of the three.
func TestNothingIsLost(t *testing.T) {
	for _, c := range append(append([]client(nil), zhClients...), enClients...) {
		plain, html := c.fill("my words")
		for _, lines := range [][]line{textLines(plain), domLines(mustTree(html))} {
			f := cutLines(lines, foldLines(lines))
			kept := strings.Join(strings.Fields(f.text+" "+f.quoted+" "+f.signature), " ")
			for _, l := range lines {
				for word := range strings.FieldsSeq(l.text) {
					if !strings.Contains(kept, word) {
						t.Errorf("%s: %q is lost", c.name, word)
					}
				}
			}
		}
	}
}

func mustTree(s string) *node {
	root, _ := parseHTML(s)
	return root
}

func FuzzFold(f *testing.F) {
	for _, c := range append(append([]client(nil), zhClients...), enClients...) {
		plain, _ := c.fill("new")
		f.Add(plain)
	}
	f.Fuzz(func(t *testing.T, s string) {
		lines := textLines(s)
		folds := foldLines(lines)
		for _, s := range []span{folds.quoted, folds.signature} {
			if s.from < 0 || s.from > s.to || s.to > len(lines) {
				t.Fatalf("span %v of %d lines", s, len(lines))
			}
		}
		got := cutLines(lines, folds)
		if strings.TrimSpace(got.text) == "" && strings.TrimSpace(joinLines(lines, span{0, len(lines)}, nil)) != "" && got.signature == "" {
			t.Errorf("nothing is left of %q", s)
		}
	})
}
