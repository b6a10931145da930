package conversation

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"huiyin/db"
)

// Adopt hands the running conversation of one address on an inbox over to another: somebody who wrote without a name
// turns out to be a person whom the site knows. The caller has proof of both. The conversation, and what was said in
// it of the person, goes to the known contact; nothing of theirs ever goes the other way. It stays where it is when
// it is long over, when the first address is itself proven, or when the known person has a conversation that is newer
// or goes on: places have one order, and one conversation of a customer goes on at a time.
func (s *Store) Adopt(ctx context.Context, inbox Inbox, from, to string, p Profile) (moved bool, err error) {
	for range recordTries {
		err = s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
			moved, err = s.adopt(ctx, tx, inbox, from, Incoming{Address: to, Profile: p})
			return err
		})
		if !db.IsUnique(err) {
			break
		}
	}
	if err != nil {
		return false, fmt.Errorf("hand conversation over: %w", err)
	}
	return moved, nil
}

func (s *Store) adopt(ctx context.Context, tx *db.Tx, inbox Inbox, from string, to Incoming) (bool, error) {
	old, err := s.lockIdentity(ctx, tx, inbox.ID, from)
	if errors.Is(err, ErrNotFound) || err == nil && (old.Verified || old.ConversationID == 0 || from == to.Address) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	c, err := s.Load(ctx, tx, old.ConversationID)
	if err != nil || c.over(tx.Now) {
		return false, err
	}
	next, err := s.sender(ctx, tx, inbox, to)
	if err != nil {
		return false, err
	}
	if next.ConversationID != 0 {
		own, err := s.Load(ctx, tx, next.ConversationID)
		if err != nil || own.ID > c.ID || own.Status != Resolved {
			return false, err
		}
	}
	return true, s.hand(ctx, tx, c, old, next)
}

func (s *Store) lockIdentity(ctx context.Context, tx *db.Tx, inboxID int64, address string) (Identity, error) {
	found, err := s.queryIdentities(ctx, tx, "inbox_id = ? AND address = ?"+tx.ForUpdate(), inboxID, address)
	if err != nil {
		return Identity{}, err
	}
	if len(found) == 0 {
		return Identity{}, fmt.Errorf("identity: %w", ErrNotFound)
	}
	return found[0], nil
}

// hand moves the conversation from one identity to another and tells the agents.
func (s *Store) hand(ctx context.Context, tx *db.Tx, c *Conversation, old, next Identity) error {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"UPDATE conversations SET identity_id = ?, contact_id = ? WHERE id = ?", []any{next.ID, next.ContactID, c.ID}},
		{"UPDATE identities SET conversation_id = ? WHERE id = ?", []any{c.ID, next.ID}},
		{"UPDATE identities SET conversation_id = (SELECT COALESCE(MAX(c.id), 0) FROM conversations c WHERE c.identity_id = identities.id) WHERE id = ?",
			[]any{old.ID}},
	} {
		if _, err := tx.Exec(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	c.IdentityID, c.ContactID = next.ID, next.ContactID
	if err := s.inherit(ctx, tx, old, next.ContactID); err != nil {
		return err
	}
	_, err := s.Activity(ctx, tx, c, "identified", nil, "")
	return err
}

// inherit gives the known contact what is known of the nameless one where it has nothing itself, and forgets the
// nameless one when nothing is left of it.
func (s *Store) inherit(ctx context.Context, tx *db.Tx, old Identity, contactID int64) error {
	was, err := s.Contact(ctx, tx, old.ContactID)
	if err != nil {
		return err
	}
	known, err := s.LoadContact(ctx, tx, contactID)
	if err != nil {
		return err
	}
	attributes := maps.Clone(known.Attributes)
	known.learn(Profile{Name: was.Name, Phone: was.Phone, Email: was.Email, Language: was.Language, Attributes: was.Attributes})
	if len(attributes) > 0 {
		maps.Copy(known.Attributes, attributes)
	}
	if known.ManagerID == 0 {
		known.ManagerID = was.ManagerID
	}
	if err := s.SaveContact(ctx, tx, known); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE contact_notes SET contact_id = ? WHERE contact_id = ?", contactID, old.ContactID); err != nil {
		return err
	}
	return forget(ctx, tx, old)
}

// forget takes an identity away that has no conversation left, and its contact when that has no other.
func forget(ctx context.Context, tx *db.Tx, i Identity) error {
	if _, err := tx.Exec(ctx, "DELETE FROM identities WHERE id = ? AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.identity_id = identities.id)"+
		" AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.identity_id = identities.id)", i.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM contacts WHERE id = ? AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.contact_id = contacts.id)
 AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.contact_id = contacts.id)
 AND NOT EXISTS (SELECT 1 FROM contact_merges m WHERE m.into_id = contacts.id OR m.from_id = contacts.id)`, i.ContactID)
	return err
}

// BySource finds a message of an inbox by its source id; ErrNotFound when there is none.
func (s *Store) BySource(ctx context.Context, from db.Querier, inboxID int64, sourceID string) (Message, error) {
	return s.bySource(ctx, from, inboxID, sourceID)
}
