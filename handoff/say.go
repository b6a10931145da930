package handoff

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
)

// Words are what an agent has written in a conversation: a reply, or a private note.
type Words struct {
	Text        string             `json:"text,omitempty"`
	Attachments []int64            `json:"attachments,omitempty"`
	ArticleID   int64              `json:"article_id,omitempty"`
	ClientID    string             `json:"client_id,omitempty"` // the writer's own id for it
	SourceID    string             `json:"source_id,omitempty"` // a repeat with the same one returns the first message
	Private     bool               `json:"private,omitempty"`
	Mail        *conversation.Mail `json:"mail,omitempty"` // how it differs from a plain answer by mail
	Then        []Action           `json:"then,omitempty"` // done in the same transaction, once it is stored
	Seen        int64              `json:"-"`              // the last seq that the writer has seen; 0: not told
}

// NewerError refuses a reply because something was said to the customer that its writer had not seen.
type NewerError struct{ Messages []conversation.Message }

// Error says that there is something newer.
func (e *NewerError) Error() string {
	return fmt.Sprintf("%d newer replies have gone to the customer; read them first", len(e.Messages))
}

// Say stores what an agent wrote in a loaded conversation, in the transaction with the check that they may write it,
// and does what is to be done after it.
func (d *Desk) Say(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, w Words) (conversation.Message, error) {
	may := d.MayReply
	if w.Private {
		may = d.MayNote
	}
	if err := may(ctx, tx, c, agent); err != nil {
		return conversation.Message{}, err
	}
	if err := CheckActions(w.Then); err != nil {
		return conversation.Message{}, err
	}
	if err := d.nothingNewer(ctx, tx, c, agent, w); err != nil {
		return conversation.Message{}, err
	}
	stored, err := d.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: agent.ID,
		Text: strings.TrimSpace(w.Text), Private: w.Private, Attachments: w.Attachments, SourceID: w.SourceID,
		Content: conversation.Content{ClientID: w.ClientID, ArticleID: w.ArticleID, Mail: w.Mail}})
	if err != nil {
		return stored, err
	}
	for _, a := range w.Then {
		if _, err := d.Act(ctx, tx, c.ID, agent, a); err != nil {
			return stored, fmt.Errorf("%s: %w", a.Kind, err)
		}
	}
	return stored, nil
}

// nothingNewer refuses a reply whose writer has not seen what a colleague or the bot has said since. The repeat of one
// that was stored already is none.
func (d *Desk) nothingNewer(ctx context.Context, tx *db.Tx, c *conversation.Conversation, agent Agent, w Words) error {
	if w.Private || w.Seen == 0 || w.Seen >= c.LastSeq {
		return nil
	}
	newer, err := d.Conversations.SaidSince(ctx, tx, c.ID, w.Seen, agent.ID)
	if err != nil || len(newer) == 0 {
		return err
	}
	if w.SourceID != "" {
		_, err := d.Conversations.BySource(ctx, tx, c.InboxID, w.SourceID)
		if err == nil || !errors.Is(err, conversation.ErrNotFound) {
			return err
		}
	}
	return &NewerError{Messages: newer}
}
