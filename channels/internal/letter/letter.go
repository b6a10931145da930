// Package letter writes the body of a mail of ours, as text and as HTML: a greeting, what is said, the articles that go with
// it, how to choose, how to reach a person, the signature, and the history below. It knows no mail header and sends nothing.
package letter

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
)

// Letter is a message that goes out as a mail.
type Letter struct {
	Message conversation.Message
	Name    string                 // of who gets it, as they write it themselves; "" when it is not known
	Agent   string                 // of who wrote it, as customers see it
	Answers *conversation.Message  // the mail that it answers; nil: none
	Recap   []conversation.Message // what was said before it elsewhere, and goes along
	// Article is where customers read an article; nil or "": nowhere.
	Article func(id int64) string
	Base    string // where this server is reached, for pictures and links that lie with it
	Style   Style
}

// Style is how an inbox writes its letters.
type Style struct {
	Signature map[string]string // by language; plain text
	Greets    bool              // letters of the bot begin with the customer's name
	Discloses bool              // letters of the bot say that no person wrote them
	Quotes    bool              // what is answered stands below
	Numbers   bool              // receipts tell the number of the conversation
}

// Body is a letter's text, and the same as HTML.
type Body struct{ Text, HTML string }

// Write writes a letter.
func Write(l Letter) Body {
	b := &body{}
	m, w := l.Message, wordsFor(language(l.Message))
	bot := m.Sender != conversation.FromAgent
	if bot && l.Style.Greets {
		b.line(w.greet(l.Name))
	}
	l.recap(b, w)
	l.say(b, w)
	l.choices(b, w)
	l.further(b, w)
	if bot {
		l.close(b, w)
	}
	if l.Message.Content.Recap != nil {
		b.note(w.goOn)
	}
	l.sign(b, w)
	if l.Style.Quotes && l.Answers != nil {
		l.quote(b, w)
	}
	return b.finish()
}

// language is that of the words around: Chinese where the message or what it offers holds Chinese.
func language(m conversation.Message) string {
	text := m.Text
	if m.Sender == conversation.FromAgent && text == "" {
		return "zh"
	}
	for _, r := range text {
		if r >= 0x4E00 && r <= 0x9FFF {
			return "zh"
		}
	}
	return "en"
}

// say writes the message itself. A line that tells of the queue becomes a receipt.
func (l Letter) say(b *body, w words) {
	m := l.Message
	if r := m.Content.Recap; r != nil && r.Whole {
		return
	}
	if m.Content.Activity == "queued" {
		l.receipt(b, w)
		return
	}
	if !m.Content.Markdown {
		b.line(m.Text)
		return
	}
	b.add(channels.PlainTextWith(m.Text, func(words, address string) string { return channels.LinkWords(words, l.whole(address)) }),
		l.absolute(channels.RenderMarkdown(m.Text)))
}

// receipt tells that the matter is with people: its number and what the desk says of the time.
func (l Letter) receipt(b *body, w words) {
	if l.Style.Numbers {
		b.line(w.received(l.Message.ConversationID))
	} else {
		b.line(w.receivedPlain)
	}
	data := l.Message.Content.ActivityData
	if place, err := strconv.Atoi(data["place"]); err == nil && place > 1 && data["staffed"] == "true" {
		b.line(fmt.Sprintf(w.place, place))
	}
	minutes, err := strconv.Atoi(data["wait"])
	switch {
	case err == nil && minutes > 0:
		b.line(w.within(minutes))
	case data["staffed"] == "true":
		b.line(w.soon)
	default:
		b.line(l.Message.Text)
	}
	b.line(w.addMore)
}

// choiceArticle is how the value of a choice names an article.
const choiceArticle = "article:"

// choices lists what the customer may choose, numbered, because a reply names the number; articles can be read at once.
func (l Letter) choices(b *body, w words) {
	all := l.Message.Content.Choices
	if len(all) == 0 {
		return
	}
	var text, rich strings.Builder
	for i, c := range all {
		address := l.address(c)
		text.WriteString(strconv.Itoa(i+1) + ". " + c.Label + "\n")
		if address != "" {
			text.WriteString("   " + address + "\n")
		}
		rich.WriteString("<li>" + anchor(c.Label, address) + "</li>")
	}
	b.add(strings.TrimRight(text.String(), "\n"), "<ol>"+rich.String()+"</ol>")
	b.line(w.choose)
}

// further lists other articles that may help.
func (l Letter) further(b *body, w words) {
	var text, rich strings.Builder
	for _, c := range l.Message.Content.Further {
		address := l.address(c)
		if address == "" {
			continue
		}
		text.WriteString("\n- " + c.Label + "\n  " + address)
		rich.WriteString("<li>" + anchor(c.Label, address) + "</li>")
	}
	if rich.Len() > 0 {
		b.add(w.further+text.String(), "<p>"+html.EscapeString(w.further)+"</p><ul>"+rich.String()+"</ul>")
	}
}

func (l Letter) address(c conversation.Choice) string {
	id, err := strconv.ParseInt(strings.TrimPrefix(c.Value, choiceArticle), 10, 64)
	if err != nil || !strings.HasPrefix(c.Value, choiceArticle) || l.Article == nil {
		return ""
	}
	return l.whole(l.Article(id))
}

func anchor(label, address string) string {
	if address == "" {
		return html.EscapeString(label)
	}
	return `<a href="` + html.EscapeString(address) + `">` + html.EscapeString(label) + "</a>"
}

// close tells what to do when an answer did not help.
func (l Letter) close(b *body, w words) {
	if l.Message.Content.Rateable && len(l.Message.Content.Choices) == 0 {
		b.line(w.helped)
	}
	if l.Style.Discloses && l.Message.Sender == conversation.FromBot {
		b.note(w.disclosed)
	}
}

// sign writes who it is from.
func (l Letter) sign(b *body, w words) {
	lines := strings.TrimSpace(l.Style.Signature[w.language])
	if lines == "" {
		lines = strings.TrimSpace(l.Style.Signature["zh"])
	}
	if l.Message.Sender == conversation.FromAgent && l.Agent != "" {
		lines = strings.TrimSpace(l.Agent + "\n" + lines)
	}
	if lines != "" {
		b.add("-- \n"+lines, `<div style="color:#5b6472">`+breaks(lines)+"</div>")
	}
}

// absolute has the addresses of a rendered text name this server.
func (l Letter) absolute(rich string) string {
	if l.Base == "" {
		return rich
	}
	return strings.NewReplacer(`src="/`, `src="`+html.EscapeString(l.Base)+"/", `href="/`, `href="`+html.EscapeString(l.Base)+"/").Replace(rich)
}

func (l Letter) whole(address string) string {
	if strings.HasPrefix(address, "/") {
		return l.Base + address
	}
	return address
}
