package hub

import (
	"context"
	"errors"
	"slices"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/nlu"
)

// repeated tells whether the customer has written the same words before; heard has the message itself once.
func repeated(heard []string, text string) bool {
	normal := nlu.Normalize(text)
	if normal == "" {
		return false
	}
	n := 0
	for _, before := range heard {
		if before == normal {
			n++
		}
	}
	return n > 1
}

// applyTrigger does to a loaded conversation what the trigger that took part in a decision wants besides the decision: tags,
// and for who is handed over the team and the priority. The caller saves it.
func (h *Hub) applyTrigger(ctx context.Context, tx *db.Tx, c *conversation.Conversation, d Decision) error {
	t := d.Trigger
	if t == nil {
		return nil
	}
	if missing := slices.DeleteFunc(slices.Clone(t.Tags), func(tag string) bool { return slices.Contains(c.Tags, tag) }); len(missing) > 0 {
		if err := h.Conversations.SetTags(ctx, tx, c, append(slices.Clone(c.Tags), missing...)); err != nil && !isFieldError(err) {
			return err
		}
	}
	if t.Do != TriggerHandoff || d.Act != ActHandoff {
		return nil
	}
	if p, ok := conversation.ParsePriority(t.Priority); ok && p > c.Priority {
		c.Priority = p
	}
	if t.TeamID == 0 || t.TeamID == c.TeamID {
		return nil
	}
	_, err := h.Desk.Team(ctx, tx, t.TeamID)
	switch {
	case errors.Is(err, conversation.ErrNotFound): // the team is gone; whoever had the conversation's inbox gets it
		return nil
	case err != nil:
		return err
	}
	c.TeamID = t.TeamID
	return nil
}

// isFieldError tells whether an input was refused: twenty tags are enough for any conversation.
func isFieldError(err error) bool {
	var field *conversation.FieldError
	return errors.As(err, &field)
}
