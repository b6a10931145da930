package letter

import (
	"html"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
)

// recap repeats what was said elsewhere, such as in a chat that its visitor has left.
func (l Letter) recap(b *body, w words) {
	r := l.Message.Content.Recap
	if r == nil {
		return
	}
	if r.Whole {
		b.line(w.record)
	} else {
		b.line(w.left)
	}
	var text, rich strings.Builder
	for _, m := range l.Recap {
		who, said := w.who[m.Sender], strings.TrimSpace(m.Text)
		shown := "<br>" + breaks(said)
		if m.Content.Markdown && m.Sender != conversation.FromContact {
			said, shown = channels.PlainText(said), l.absolute(channels.RenderMarkdown(m.Text))
		}
		for _, f := range m.Attachments {
			said, shown = said+"\n["+f.Name+"]", shown+"<br>["+html.EscapeString(f.Name)+"]"
		}
		head := who + " · " + m.CreatedAt.Format("2006-01-02 15:04")
		text.WriteString(head + "\n" + strings.TrimSpace(said) + "\n\n")
		rich.WriteString(`<div style="margin:0 0 12px"><span style="color:#5b6472;font-size:13px">` + html.EscapeString(head) + "</span>" + shown + "</div>")
	}
	if text.Len() > 0 {
		b.add(text.String(), `<div style="border-left:3px solid #d5dae2;padding-left:12px">`+rich.String()+"</div>")
	}
}

// Subject is that of a letter which begins a thread of mails.
func Subject(m conversation.Message, name string) string {
	w := wordsFor(language(m))
	if r := m.Content.Recap; r != nil && r.Whole {
		return strings.TrimSpace(w.recordOf + " " + name)
	}
	return strings.TrimSpace(w.answerOf + " " + name)
}
