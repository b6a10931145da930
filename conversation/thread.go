package conversation

import (
	"context"
	"fmt"
	"slices"

	"huiyin/db"
)

// Thread reads what an identity may see across all its conversations on the inbox, in order, after the given
// place (conversation, seq); a client resumes from the place of the last message it has.
func (s *Store) Thread(ctx context.Context, from db.Querier, identityID, conversationID, seq int64, limit int) ([]Message, error) {
	// One conversation after the other: a join would look at everybody's messages after the place.
	ids, err := s.ids(ctx, from, threadIDs+"AND c.id >= ? ORDER BY c.id LIMIT ?", identityID, conversationID, limit+1)
	if err != nil {
		return nil, err
	}
	return s.thread(ctx, from, ids, Spot{conversationID, seq}, limit)
}

// thread reads what comes after the place in some conversations, given in their order.
func (s *Store) thread(ctx context.Context, from db.Querier, ids []int64, place Spot, limit int) ([]Message, error) {
	var found []Message
	for _, id := range ids {
		after := int64(0)
		if id == place.ConversationID {
			after = place.Seq
		}
		part, err := s.queryMessages(ctx, from, "WHERE m.conversation_id = ? AND m.seq > ? AND m.private = 0 ORDER BY m.seq LIMIT ?", id, after, limit-len(found))
		if err != nil {
			return nil, fmt.Errorf("read thread: %w", err)
		}
		if found = append(found, part...); len(found) == limit {
			break
		}
	}
	return found, nil
}

// threadIDs are an identity's conversations, by the index that the contact's have. Each holds a message at least,
// but for the one at the place, which may be read to its end.
const threadIDs = "SELECT c.id FROM identities i JOIN conversations c ON c.contact_id = i.contact_id AND c.identity_id = i.id WHERE i.id = ? "

// Newest are the last conversations of an identity up to the given one, newest first.
func (s *Store) Newest(ctx context.Context, from db.Querier, identityID, conversationID int64, limit int) ([]int64, error) {
	return s.ids(ctx, from, threadIDs+"AND c.id <= ? ORDER BY c.id DESC LIMIT ?", identityID, conversationID, limit)
}

// ThreadBefore is Thread backwards: the newest limit messages before the given place, still in rising order.
func (s *Store) ThreadBefore(ctx context.Context, from db.Querier, identityID, conversationID, seq int64, limit int) ([]Message, error) {
	ids, err := s.Newest(ctx, from, identityID, conversationID, limit+1)
	if err != nil {
		return nil, err
	}
	var found []Message
	for _, id := range ids {
		where, args := "WHERE m.conversation_id = ? AND m.private = 0", []any{id}
		if id == conversationID {
			where, args = where+" AND m.seq < ?", append(args, seq)
		}
		part, err := s.queryMessages(ctx, from, where+" ORDER BY m.seq DESC LIMIT ?", append(args, limit-len(found))...)
		if err != nil {
			return nil, fmt.Errorf("read thread: %w", err)
		}
		if found = append(found, part...); len(found) == limit {
			break
		}
	}
	slices.Reverse(found)
	return found, nil
}

// OfIdentity reads the conversations of an identity before the given one, newest first.
func (s *Store) OfIdentity(ctx context.Context, from db.Querier, identityID, before int64, limit int) ([]*Conversation, error) {
	ids, err := s.ids(ctx, from, threadIDs+"AND c.id < ? ORDER BY c.id DESC LIMIT ?", identityID, before, limit)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := s.GetAll(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	var list []*Conversation
	for _, id := range ids {
		if c := found[id]; c != nil {
			list = append(list, c)
		}
	}
	return list, nil
}

// AnsweredByPerson tells whether an agent has written to the customer in a conversation.
func (s *Store) AnsweredByPerson(ctx context.Context, from db.Querier, id int64) (bool, error) {
	var one int
	err := from.QueryRow(ctx, "SELECT 1 FROM messages WHERE conversation_id = ? AND sender = 'agent' AND private = 0 LIMIT 1", id).Scan(&one)
	if db.NoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read whether conversation %d was answered: %w", id, err)
	}
	return true, nil
}
