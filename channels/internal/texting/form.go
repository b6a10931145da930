// Package texting is what all channels of short messages share: how an answer becomes a text, what a text costs, what
// "STOP" means, when and how fast texts may go out. It speaks no provider's language.
package texting

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"huiyin/channels"
	"huiyin/channels/internal/gsm"
	"huiyin/conversation"
)

// Form is how an inbox writes its texts.
type Form struct {
	Sign     string // the signature, as it stands in front: "【星桥】"
	Parts    int    // how many parts a text of the bot may take; 0: any number
	Article  func(id int64) string
	Language string // of the words around: "zh" or "en"
	Base     string // where this server is reached, for links and pictures that lie with it
}

// Body is the text of a message as the customer gets it. Choices are numbered, because they are answered by their number;
// an answer of the bot that is too long ends with where it goes on.
func (f Form) Body(m conversation.Message) string {
	words := m.Text
	if m.Content.Markdown {
		words = channels.PlainTextWith(words, channels.WholeLinks(f.Base, channels.LinkWords))
	}
	words = strings.TrimSpace(words)
	tail := numbered(m.Content.Choices)
	if m.Sender != conversation.FromAgent && f.Parts > 0 {
		words = f.shorten(words, tail, m)
	}
	return f.Sign + strings.TrimSpace(words+tail)
}

func numbered(choices []conversation.Choice) string {
	var b strings.Builder
	for i, c := range choices {
		fmt.Fprintf(&b, "\n%d. %s", i+1, c.Label)
	}
	return b.String()
}

// shorten cuts words at the end of a sentence so that the text fits its parts, and tells where the rest is.
func (f Form) shorten(words, tail string, m conversation.Message) string {
	if f.fits(words + tail) {
		return words
	}
	more := "…"
	if m.Content.ArticleID != 0 && f.Article != nil {
		if address := f.Article(m.Content.ArticleID); address != "" {
			more = "…\n" + f.whole() + address
		}
	}
	low, high := 0, len(words) // bytes that fit, bytes that do not
	for high-low > 1 {
		middle := (low + high) / 2
		for middle > low && !utf8.RuneStart(words[middle]) {
			middle--
		}
		if middle == low {
			break
		}
		if f.fits(words[:middle] + more + tail) {
			low = middle
		} else {
			high = middle
		}
	}
	return strings.TrimRight(words[:sentence(words[:low])], " \n、，,;；:：") + more
}

func (f Form) whole() string {
	if f.Language == "en" {
		return "Read on: "
	}
	return "全文："
}

func (f Form) fits(text string) bool {
	parts, _, _ := gsm.Count(f.Sign + text)
	return parts <= f.Parts
}

// sentence is where the last sentence, line or word of a text ends, unless that would lose more than half of it.
func sentence(text string) int {
	for _, ends := range []string{"。！？!?\n", ".；;，,", " "} {
		if i := strings.LastIndexAny(text, ends); i >= len(text)/2 {
			_, size := utf8.DecodeRuneInString(text[i:])
			return i + size
		}
	}
	return len(text)
}
