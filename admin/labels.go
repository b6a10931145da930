package admin

import (
	"context"
	"slices"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
)

// retag replaces the tags of a loaded conversation and says so in it.
func (s *Server) retag(ctx context.Context, tx *db.Tx, c *conversation.Conversation, tags []string) error {
	before := slices.Clone(c.Tags)
	if err := s.Conversations.SetTags(ctx, tx, c, tags); err != nil {
		return err
	}
	if slices.Equal(before, c.Tags) {
		return nil
	}
	return s.activity(ctx, tx, c, "tagged", map[string]string{
		"added": strings.Join(without(c.Tags, before), ", "), "removed": strings.Join(without(before, c.Tags), ", ")})
}

// reprioritise changes the priority of a loaded conversation and says so in it.
func (s *Server) reprioritise(ctx context.Context, tx *db.Tx, c *conversation.Conversation, word string) error {
	priority, ok := conversation.ParsePriority(word)
	if !ok {
		return invalid("priority", "must be one of low, normal, high, urgent")
	}
	if priority == c.Priority {
		return nil
	}
	c.Priority = priority
	return s.activity(ctx, tx, c, "prioritised", map[string]string{"priority": word})
}

// activity leaves a line that customers do not see in a loaded conversation, with who did it.
func (s *Server) activity(ctx context.Context, tx *db.Tx, c *conversation.Conversation, kind string, data map[string]string) error {
	data["agent"] = whoOf(ctx).name()
	_, err := s.Conversations.Activity(ctx, tx, c, kind, data, "")
	return err
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}
