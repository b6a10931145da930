package hub

import (
	"context"
	"strconv"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
)

// fill is the answer with the values of this customer and conversation in place of its variables.
func (h *Hub) fill(ctx context.Context, tx *db.Tx, c *conversation.Conversation, t thought) (string, error) {
	if !knowledge.HasVariables(t.answer()) {
		return t.answer(), nil
	}
	contact, err := h.Conversations.Contact(ctx, tx, c.ContactID)
	if err != nil {
		return "", err
	}
	inbox, err := h.inboxes.row(ctx, h, tx, c.InboxID)
	if err != nil {
		return "", err
	}
	language := t.answerLanguage()
	return knowledge.Fill(t.answer(), language, map[string]string{
		knowledge.VariableCustomer: contact.Name, knowledge.VariableInbox: inbox.Name, knowledge.VariableNumber: strconv.FormatInt(c.ID, 10),
		knowledge.VariableDate: knowledge.WriteDate(tx.Now.Local(), language),
	}), nil
}

// filledFor is the answer as anybody may read it.
func (t thought) filledFor(at time.Time) string {
	language := t.answerLanguage()
	return knowledge.Fill(t.answer(), language, map[string]string{knowledge.VariableDate: knowledge.WriteDate(at.Local(), language)})
}

func (t thought) answerLanguage() string {
	if l := t.decision.Hit.Language; l != "" {
		return l
	}
	return t.language
}
