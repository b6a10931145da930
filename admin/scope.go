package admin

import (
	"context"

	"huiyin/conversation"
	"huiyin/db"
)

// seen reads a conversation for the caller. What is out of their scope is not found, so that nobody learns of it.
func (s *Server) seen(ctx context.Context, from db.Querier, id int64) (*conversation.Conversation, error) {
	c, err := s.Conversations.Get(ctx, from, id)
	if err != nil {
		return nil, err
	}
	return c, mustSee(ctx, c)
}

// taken is seen for a change in this transaction.
func (s *Server) taken(ctx context.Context, tx *db.Tx, id int64) (*conversation.Conversation, error) {
	c, err := s.Conversations.Load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return c, mustSee(ctx, c)
}

func mustSee(ctx context.Context, c *conversation.Conversation) error {
	if whoOf(ctx).scope().Sees(c) {
		return nil
	}
	return notFound()
}

// seenContact reads a contact for the caller; one that was merged stands for itself no more, so the one that stands for it is
// read. A contact of whose conversations they may see none is not found.
func (s *Server) seenContact(ctx context.Context, from db.Querier, id int64) (conversation.Contact, error) {
	root, err := s.Conversations.Root(ctx, from, id)
	if err != nil {
		return conversation.Contact{}, err
	}
	scope := whoOf(ctx).scope()
	if !scope.All {
		list, err := s.Conversations.OfContact(ctx, from, root, scope, 0, 1)
		if err != nil {
			return conversation.Contact{}, err
		}
		if len(list) == 0 {
			return conversation.Contact{}, notFound()
		}
	}
	return s.Conversations.Contact(ctx, from, root)
}

// takenContact is seenContact for a change in this transaction.
func (s *Server) takenContact(ctx context.Context, tx *db.Tx, id int64) (conversation.Contact, error) {
	seen, err := s.seenContact(ctx, tx, id)
	if err != nil {
		return conversation.Contact{}, err
	}
	return s.Conversations.LoadContact(ctx, tx, seen.ID)
}

// seenAttachment reads an attachment for the caller: one of a conversation they may see, or a loose one of their own.
func (s *Server) seenAttachment(ctx context.Context, key string) (conversation.Attachment, error) {
	a, err := s.Conversations.AttachmentByKey(ctx, s.DB, key)
	if err != nil {
		return conversation.Attachment{}, err
	}
	if a.ConversationID == 0 {
		if a.Owner != whoOf(ctx).id() {
			return conversation.Attachment{}, notFound()
		}
		return a, nil
	}
	if !servesDesk(whoOf(ctx)) {
		return conversation.Attachment{}, notFound()
	}
	_, err = s.seen(ctx, s.DB, a.ConversationID)
	return a, err
}

// servesDesk tells whether the caller works on conversations at all.
func servesDesk(p *principal) bool { return p.key != nil || p.agent.Role.Serves() }
