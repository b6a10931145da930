package help

import (
	"strings"
	"time"

	"huiyin/knowledge"
)

// languages are those that the help centre speaks, the first is that of readers who ask for none of them.
func languages() []string { return []string{"zh", "en"} }

func speaks(language string) bool { return language == "zh" || language == "en" }

// book is one article in one language as the lists and the search know it.
type book struct {
	id       int64
	language string
	title    string
	slug     string
	summary  string // the beginning of the answer, in words
	category string
	similar  []string
	tags     []string
	created  time.Time
	updated  time.Time
	from     time.Time
	until    time.Time
	liked    float64 // how often it was read and helped
}

func (b *book) open(at time.Time) bool {
	return !at.Before(b.from) && (b.until.IsZero() || at.Before(b.until))
}

// summaryLength is how many characters of an answer a list shows.
const summaryLength = 140

// books are the languages in which an article may be read, whenever it is valid; nothing for an internal one.
func (c *Centre) books(p knowledge.Live) []*book {
	if p.Content.Audience != knowledge.Public {
		return nil
	}
	var list []*book
	for _, l := range languages() {
		title, answer := p.Content.Question[l], c.answer(p.Content, l)
		if title == "" || answer == "" {
			continue
		}
		list = append(list, &book{id: p.ID, language: l, title: title, slug: slugOf(title), summary: clip(oneLine(unlisted(c.Plain(answer))), summaryLength),
			category: p.Content.Category, similar: p.Content.Similar[l], tags: p.Content.Tags, created: p.Created, updated: p.At,
			from: p.Content.ValidFrom, until: p.Content.ValidUntil, liked: float64(p.Used) + 5*float64(p.Helpful)})
	}
	return list
}

func (c *Centre) answer(content knowledge.Content, language string) string {
	answer := content.AnswerFor(language, knowledge.Options{Channel: c.Channel})
	return knowledge.Fill(answer, language, map[string]string{knowledge.VariableDate: knowledge.WriteDate(c.DB.Now().Local(), language)})
}

// unlisted leaves out the dashes before the entries of a list, which mean nothing where they do not stand below each other.
func unlisted(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimSpace(l), "- ")
	}
	return strings.Join(lines, "\n")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// clip cuts a text to so many characters, and says that it did.
func clip(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimSpace(string(runes[:most])) + "…"
}
