package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/nlu"
)

// Original is a message as it came, before numbers in it were hidden.
type Original struct {
	Text    string `json:"text"`
	HTML    string `json:"html,omitempty"`
	Subject string `json:"subject,omitempty"`
}

// sealedFor is the purpose that originals are sealed for.
const sealedFor = "original message"

// shownEntities is how many entities of a message are kept.
const shownEntities = 20

// guard notes what an arriving message mentions, and hides the numbers of cards, and of telephones when the settings say so,
// before anything of it is stored: in the text, and with it in previews, lists, searches and explanations. The original is
// kept sealed.
func (h *Hub) guard(in *conversation.Incoming) error {
	w, own := h.known()
	text := own.Read(in.Text)
	in.Entities = h.mentions(beginning(own, text, in.Text), w, own)
	original := Original{in.Text, in.HTML, in.Subject}
	in.Text, in.HTML, in.Subject = text.Hide(w.MaskPhones), own.Hide(in.HTML, w.MaskPhones), own.Hide(in.Subject, w.MaskPhones)
	hidden := hideInMail(in, func(text string) string { return own.Hide(text, w.MaskPhones) })
	if !hidden && original == (Original{in.Text, in.HTML, in.Subject}) {
		return nil
	}
	plain, err := json.Marshal(original)
	if err != nil {
		return fmt.Errorf("seal original: %w", err)
	}
	in.Sealed, err = h.Vault.Seal(sealedFor, string(plain))
	return err
}

// maxMentioned is how much of a text is looked at for what it mentions: a mail may be a book.
const maxMentioned = 2 << 10

func beginning(own nlu.Own, whole nlu.Reading, text string) nlu.Reading {
	if len(text) <= maxMentioned {
		return whole
	}
	return own.Read(strings.ToValidUTF8(text[:maxMentioned], ""))
}

// mentions are the entities of a text as people may see them.
func (h *Hub) mentions(text nlu.Reading, w Wishes, own nlu.Own) []conversation.Entity {
	var list []conversation.Entity
	now := h.DB.Now().In(time.Local)
	for _, e := range text.Entities() {
		if e.Kind == nlu.EntityURL || len(list) == shownEntities {
			continue
		}
		shown := conversation.Entity{Kind: string(e.Kind), Text: own.Hide(e.Text, w.MaskPhones), Value: e.Value}
		if shown.Hidden = shown.Text != e.Text; shown.Hidden {
			shown.Value = ""
		}
		if e.Kind == nlu.EntityDate && e.Value == "" {
			shown.Value = nlu.When(e.Text, now)
		}
		list = append(list, shown)
	}
	return list
}

// Original opens a message as it came. Whoever asks must have been found to have the right, and be put on record.
func (h *Hub) Original(ctx context.Context, from db.Querier, messageID int64) (Original, error) {
	sealed, err := h.Conversations.Original(ctx, from, messageID)
	if err != nil {
		return Original{}, err
	}
	text, err := h.Vault.Unseal(sealedFor, sealed)
	if err != nil {
		return Original{}, fmt.Errorf("open original: %w", err)
	}
	var o Original
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return Original{}, fmt.Errorf("open original: %w", err)
	}
	return o, nil
}

// hideInMail hides numbers in what a mail has besides its text.
func hideInMail(in *conversation.Incoming, hide func(string) string) (hidden bool) {
	if in.Mail == nil {
		return false
	}
	mail := *in.Mail
	for _, text := range []*string{&mail.Subject, &mail.Quoted, &mail.QuotedHTML, &mail.Signature} {
		before := *text
		*text = hide(before)
		hidden = hidden || *text != before
	}
	in.Mail = &mail
	return hidden
}
