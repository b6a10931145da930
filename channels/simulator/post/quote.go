package post

import (
	"fmt"
	"html"
	"strings"
)

// The programs that a mail may be written with. Each repeats what it answers in a way of its own.
const (
	Gmail   = "gmail"
	Outlook = "outlook"
	Foxmail = "foxmail"
)

// quote is what a program puts below an answer or a mail that is passed on, as text and as HTML.
func quote(d Draft, m Mail) (text, rich string) {
	before := m.HTML
	if before == "" {
		before = "<div>" + lines(m.Text) + "</div>"
	}
	words := m.Text
	if words == "" {
		words = m.Preview
	}
	switch {
	case d.Forward != 0:
		head := headLines(d.English, m)
		title := "---------- 转发的邮件 ----------"
		if d.English {
			title = "---------- Forwarded message ---------"
		}
		return "\n\n" + title + "\n" + head + "\n\n" + words, "<br><br><div>" + title + "<br>" + lines(head) + "</div><br>" + before
	case d.Program == Outlook:
		head := headLines(d.English, m)
		return "\n\n________________________________\n" + head + "\n\n" + words,
			`<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">` + lines(head) + "</div><br>" + before
	case d.Program == Foxmail:
		head := headLines(d.English, m)
		return "\n\n------------------ 原始邮件 ------------------\n" + head + "\n\n" + words,
			`<div><br></div><div style="font-size:12px">------------------ 原始邮件 ------------------</div><div style="background:#efefef;padding:8px">` + lines(head) + "</div><div><br></div>" + before
	default:
		said := attribution(d.English, m)
		return "\n\n" + said + "\n\n> " + strings.ReplaceAll(words, "\n", "\n> "),
			`<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">` + html.EscapeString(said) + `<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">` + before + "</blockquote></div>"
	}
}

// attribution is the line above a quotation.
func attribution(english bool, m Mail) string {
	if english {
		return fmt.Sprintf("On %s, %s <%s> wrote:", m.At.Format("Mon, Jan 2, 2006 at 3:04 PM"), m.From.Name, m.From.Address)
	}
	return fmt.Sprintf("%s <%s> 于%s写道：", m.From.Name, m.From.Address, m.At.Format("2006年1月2日 15:04"))
}

// headLines are the heads of a mail, repeated above its words.
func headLines(english bool, m Mail) string {
	at := m.At.Format("2006-01-02 15:04")
	if english {
		return fmt.Sprintf("From: %s <%s>\nSent: %s\nTo: %s\nSubject: %s", m.From.Name, m.From.Address, at, everybody(m.To), m.Subject)
	}
	return fmt.Sprintf("发件人: %s <%s>\n发送时间: %s\n收件人: %s\n主题: %s", m.From.Name, m.From.Address, at, everybody(m.To), m.Subject)
}

func everybody(all []Person) string {
	words := make([]string, len(all))
	for i, p := range all {
		words[i] = strings.TrimSpace(p.Name + " <" + p.Address + ">")
	}
	return strings.Join(words, "; ")
}
