package gaps

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/nlu"
)

// Example is one question of a group, as pages may show it.
type Example struct {
	Turn, ConversationID, Seq int64
	InboxID, TeamID           int64
	Text                      string // without the customer's name and numbers
	Language                  string
	Why                       Vain
	Handed                    bool
	At                        time.Time
}

const (
	// maxExample is how much of a question is shown, in characters.
	maxExample = 300
	// hidden stands for what says who somebody is.
	hidden = "***"
	// leastName is how long a name is that is hidden, in characters: shorter ones are words.
	leastName = 2
)

// examples reads the words of some questions in the order given; those whose message is gone, or has no words, are left out.
func (s *Store) examples(ctx context.Context, from db.Querier, turns []turn) ([]Example, error) {
	ids := make([]int64, len(turns))
	for i, t := range turns {
		ids[i] = t.question
	}
	words, err := s.Conversations.WordsOf(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	contacts, err := s.contactsOf(ctx, from, words)
	if err != nil {
		return nil, err
	}
	var list []Example
	for _, t := range turns {
		w := words[t.question]
		text := tidy(partOf(w.Text, t.part), contacts[w.ContactID])
		if text == "" {
			continue
		}
		list = append(list, Example{Turn: t.message, ConversationID: t.conversation, Seq: w.Seq, InboxID: t.inbox, TeamID: t.team, Text: text, Language: t.language,
			Why: t.vain, Handed: t.handed, At: t.at})
	}
	return list, nil
}

func (s *Store) contactsOf(ctx context.Context, from db.Querier, words map[int64]conversation.Words) (map[int64]conversation.Contact, error) {
	var ids []int64
	for _, w := range words {
		if !slices.Contains(ids, w.ContactID) {
			ids = append(ids, w.ContactID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.Conversations.Contacts(ctx, from, ids)
}

// tidy makes one line of a text and hides in it who wrote it, as far as that is known: the name and the addresses of the contact,
// telephone, order and card numbers.
func tidy(text string, c conversation.Contact) string {
	return clip(strings.Join(strings.Fields(hide(text, c)), " "))
}

// WithoutNumbers is a customer's words on one line with what says who somebody is hidden, for those who may not see the conversation.
func WithoutNumbers(text string) string { return tidy(text, conversation.Contact{}) }

// hide is tidy for a text whose lines stay.
func hide(text string, c conversation.Contact) string {
	a := nlu.Analyze(text)
	text = a.Text
	for i := len(a.Entities) - 1; i >= 0; i-- {
		e := a.Entities[i]
		switch e.Kind {
		case nlu.EntityPhone, nlu.EntityEmail, nlu.EntityOrder, nlu.EntityIDCard, nlu.EntityBankCard:
			text = text[:e.Start] + hidden + text[e.End:]
		}
	}
	for _, known := range []string{c.Name, c.Phone, c.Email} {
		if utf8.RuneCountInString(known) >= leastName {
			text = replaceFold(text, known)
		}
	}
	return strings.TrimSpace(nlu.Mask(text))
}

// replaceFold hides a name whether it is written with capitals or not, where it stands for itself.
func replaceFold(text, name string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if end := i + len(name); end <= len(text) && strings.EqualFold(text[i:end], name) && apart(text, i, end) {
			b.WriteString(hidden)
			i = end
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		b.WriteString(text[i : i+size])
		i += size
	}
	return b.String()
}

// apart tells whether a name is no part of a longer word in Latin script.
func apart(text string, start, end int) bool {
	letter := func(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
	return !(start > 0 && letter(text[start-1]) && letter(text[start])) && !(end < len(text) && letter(text[end]) && letter(text[end-1]))
}

func clip(text string) string {
	letters := []rune(text)
	if len(letters) <= maxExample {
		return text
	}
	return string(letters[:maxExample-1]) + "…"
}
