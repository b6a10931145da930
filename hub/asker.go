package hub

import (
	"context"
	"time"

	"huiyin/conversation"
	"huiyin/knowledge"
)

// Asker is who asks, where and when, as far as the answer depends on it.
type Asker struct {
	Channel  string    // kind of the inbox
	Tier     string    // of the contact
	Language string    // of the conversation; what is asked in another language is answered in that
	At       time.Time // zero: now
	Internal bool      // an agent asks, and may be shown internal articles
	Page     string    // of ours that the customer writes from, where the channel tells
	Drafts   bool      // with newer content that is not published: for editors only
	After    string    // the explanation of what the bot said before, when this is a further turn of a trial
}

// asker is who the customer of a conversation is.
func (h *Hub) asker(ctx context.Context, c *conversation.Conversation) (Asker, error) {
	a := Asker{Language: c.Language}
	inbox, err := h.inboxes.row(ctx, h, h.DB, c.InboxID)
	if err != nil {
		return a, err
	}
	contact, err := h.Conversations.Contact(ctx, h.DB, c.ContactID)
	if err != nil {
		return a, err
	}
	a.Channel, a.Tier, a.Page = inbox.Kind, contact.Tier(), contact.Attributes["page_url"]
	return a, nil
}

// options are how the asker's questions are searched.
func (a Asker) options(language string) knowledge.Options {
	if language == "" {
		language = a.Language
	}
	return knowledge.Options{Language: language, Limit: maxHits, IncludeDrafts: a.Drafts, Internal: a.Internal, Channel: a.Channel, Tier: a.Tier, At: a.At}
}
