package letter

import (
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// maxQuoted bounds the history below a letter, in bytes; a thread would grow without end.
const maxQuoted = 32 << 10

// quote puts the mail that is answered below, as mail programs do, so that they fold it.
func (l Letter) quote(b *body, w words) {
	m := *l.Answers
	who, at := l.Name, m.CreatedAt
	if m.Content.Mail != nil && len(m.Content.Mail.From) > 0 {
		who = m.Content.Mail.From[0].Address
		if l.Name != "" {
			who = l.Name + " <" + who + ">"
		}
		if !m.Content.Mail.SentAt.IsZero() {
			at = m.Content.Mail.SentAt
		}
	}
	text, rich := strings.TrimSpace(m.Text), m.HTML
	if rich == "" || len(rich) > maxQuoted {
		rich = "<p>" + breaks(text) + "</p>"
	}
	if mail := m.Content.Mail; mail != nil && mail.Quoted != "" && len(text)+len(mail.Quoted) <= maxQuoted {
		text += "\n\n" + strings.TrimSpace(mail.Quoted)
		if mail.QuotedHTML != "" && len(rich)+len(mail.QuotedHTML) <= maxQuoted {
			rich += mail.QuotedHTML
		}
	}
	if text == "" || len(text) > maxQuoted {
		return
	}
	head := w.wrote(who, at)
	b.below = Body{
		Text: head + "\n\n> " + strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\n> "),
		HTML: `<div class="gmail_quote"><div dir="ltr" class="gmail_attr">` + breaks(head) + `<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">` +
			channels.SanitizeHTML(rich) + "</blockquote></div>",
	}
}

// Person is how a mail's writer calls themselves; "" when they do not, or only repeat their address.
func Person(m *conversation.Message) string {
	if m == nil || m.Content.Mail == nil || len(m.Content.Mail.From) == 0 {
		return ""
	}
	name := strings.Join(strings.Fields(m.Content.Mail.From[0].Name), " ")
	if strings.Contains(name, "@") || len([]rune(name)) > maxName {
		return ""
	}
	return name
}

// maxName is the longest name that a letter greets with, in characters.
const maxName = 40

const (
	atZh = "2006年1月2日 15:04"
	atEn = "Mon, Jan 2, 2006 at 15:04"
)

func (w words) wrote(who string, at time.Time) string {
	if w.language == "en" {
		return "On " + at.Format(atEn) + ", " + who + " wrote:"
	}
	return who + " 于" + at.Format(atZh) + "写道："
}
