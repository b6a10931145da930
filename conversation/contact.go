package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"huiyin/db"
)

// Contact is a person, reached by one or more identities.
type Contact struct {
	ID                           int64
	Name, Phone, Email, Language string
	Note                         string
	Attributes                   map[string]string
	ManagerID                    int64 // the agent who looks after the customer; 0: nobody in particular
	CreatedAt, UpdatedAt         time.Time
}

// attributeTier is the attribute of a contact that says how the customer is to be treated.
const attributeTier = "tier"

// Tier is how the customer is to be treated, such as "gold"; empty like everybody.
func (c Contact) Tier() string { return strings.TrimSpace(c.Attributes[attributeTier]) }

// Identity is an address of a contact on an inbox.
type Identity struct {
	ID, InboxID, ContactID, ConversationID int64
	Address                                string
	Verified                               bool
}

// sender finds or makes the identity and the contact behind an address, and locks the identity.
func (s *Store) sender(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (i Identity, err error) {
	i = Identity{InboxID: inbox.ID, Address: in.Address, Verified: in.Profile.proven()}
	row := tx.QueryRow(ctx, "SELECT id, contact_id, conversation_id FROM identities WHERE inbox_id = ? AND address = ?"+tx.ForUpdate(), inbox.ID, in.Address)
	err = row.Scan(&i.ID, &i.ContactID, &i.ConversationID)
	if err == nil {
		return i, nil
	}
	if !db.NoRows(err) {
		return i, fmt.Errorf("find identity: %w", err)
	}
	p := in.Profile
	attributes, err := encodeAttributes(p.Attributes)
	if err != nil {
		return i, err
	}
	i.ContactID, err = tx.Insert(ctx, "INSERT INTO contacts (name, phone, email, language, attributes, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		p.Name, p.Phone, p.Email, p.Language, attributes, db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return i, fmt.Errorf("make contact: %w", err)
	}
	i.ID, err = tx.Insert(ctx, "INSERT INTO identities (inbox_id, address, contact_id, verified, created_at) VALUES (?, ?, ?, ?, ?)",
		inbox.ID, in.Address, i.ContactID, truth(p.proven()), db.Millis(tx.Now))
	if err != nil {
		return i, fmt.Errorf("make identity: %w", err)
	}
	return i, nil
}

// Learn takes over what a channel newly knows of the sender: only fields that are set, and a verified name
// or address over an unverified one.
func (s *Store) Learn(ctx context.Context, inboxID int64, address string, p Profile) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		var identity, id int64
		row := tx.QueryRow(ctx, "SELECT id, contact_id FROM identities WHERE inbox_id = ? AND address = ?", inboxID, address)
		if err := row.Scan(&identity, &id); err != nil {
			if db.NoRows(err) {
				return nil
			}
			return err
		}
		contact, err := s.Contact(ctx, tx, id)
		if err != nil {
			return err
		}
		contact.learn(p)
		if p.proven() {
			if _, err := tx.Exec(ctx, "UPDATE identities SET verified = 1 WHERE id = ?", identity); err != nil {
				return err
			}
		}
		return s.SaveContact(ctx, tx, contact)
	})
}

func (c *Contact) learn(p Profile) {
	for _, f := range []struct {
		to   *string
		from string
	}{{&c.Name, p.Name}, {&c.Phone, p.Phone}, {&c.Email, p.Email}, {&c.Language, p.Language}} {
		if f.from != "" && (*f.to == "" || p.Verified) {
			*f.to = f.from
		}
	}
	for k, v := range p.Attributes {
		if c.Attributes == nil {
			c.Attributes = map[string]string{}
		}
		c.Attributes[k] = v
	}
}

// Contact reads one contact.
func (s *Store) Contact(ctx context.Context, from db.Querier, id int64) (Contact, error) {
	found, err := s.Contacts(ctx, from, []int64{id})
	if err != nil {
		return Contact{}, err
	}
	if c, ok := found[id]; ok {
		return c, nil
	}
	return Contact{}, fmt.Errorf("contact %d: %w", id, ErrNotFound)
}

// Contacts reads several contacts by id.
func (s *Store) Contacts(ctx context.Context, from db.Querier, ids []int64) (map[int64]Contact, error) {
	found := make(map[int64]Contact, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, "SELECT id, name, phone, email, language, note, attributes, manager_id, created_at, updated_at FROM contacts WHERE id IN ("+
		list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Contact
		var attributes string
		var created, updated int64
		if err := rows.Scan(&c.ID, &c.Name, &c.Phone, &c.Email, &c.Language, &c.Note, &attributes, &c.ManagerID, &created, &updated); err != nil {
			return nil, fmt.Errorf("read contacts: %w", err)
		}
		if err := json.Unmarshal([]byte(attributes), &c.Attributes); err != nil {
			return nil, fmt.Errorf("contact %d: attributes: %w", c.ID, err)
		}
		c.CreatedAt, c.UpdatedAt = db.Time(created), db.Time(updated)
		found[c.ID] = c
	}
	return found, rows.Err()
}

// SaveContact writes a contact's fields and lets the consoles know through its conversations.
func (s *Store) SaveContact(ctx context.Context, tx *db.Tx, c Contact) error {
	attributes, err := encodeAttributes(c.Attributes)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE contacts SET name = ?, phone = ?, email = ?, language = ?, note = ?, attributes = ?,"+
		" manager_id = ?, updated_at = ? WHERE id = ?",
		strings.TrimSpace(c.Name), strings.TrimSpace(c.Phone), strings.TrimSpace(c.Email), c.Language, c.Note, attributes, c.ManagerID, db.Millis(tx.Now), c.ID)
	if err != nil {
		return fmt.Errorf("save contact %d: %w", c.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("contact %d: %w", c.ID, ErrNotFound)
	}
	return s.noteContact(ctx, tx, c.ID)
}

func (s *Store) noteContact(ctx context.Context, tx *db.Tx, contactID int64) error {
	rows, err := tx.Query(ctx, "SELECT conversation_id FROM identities WHERE contact_id = ? AND conversation_id <> 0", contactID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		s.note(ctx, tx, Event{Kind: EventConversation, ConversationID: id})
	}
	return rows.Err()
}

// Identities reads the addresses of a contact.
func (s *Store) Identities(ctx context.Context, from db.Querier, contactID int64) ([]Identity, error) {
	return s.queryIdentities(ctx, from, "contact_id = ? ORDER BY id", contactID)
}

// Identity reads the identity behind a conversation.
func (s *Store) Identity(ctx context.Context, from db.Querier, id int64) (Identity, error) {
	found, err := s.queryIdentities(ctx, from, "id = ?", id)
	if err != nil {
		return Identity{}, err
	}
	if len(found) == 0 {
		return Identity{}, fmt.Errorf("identity %d: %w", id, ErrNotFound)
	}
	return found[0], nil
}

// IdentityAt reads the identity with an address on an inbox; ErrNotFound when it has never written.
func (s *Store) IdentityAt(ctx context.Context, from db.Querier, inboxID int64, address string) (Identity, error) {
	found, err := s.queryIdentities(ctx, from, "inbox_id = ? AND address = ?", inboxID, address)
	if err != nil {
		return Identity{}, err
	}
	if len(found) == 0 {
		return Identity{}, fmt.Errorf("identity: %w", ErrNotFound)
	}
	return found[0], nil
}

func (s *Store) queryIdentities(ctx context.Context, from db.Querier, where string, args ...any) ([]Identity, error) {
	rows, err := from.Query(ctx, "SELECT id, inbox_id, contact_id, conversation_id, address, verified FROM identities WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read identities: %w", err)
	}
	defer rows.Close()
	var found []Identity
	for rows.Next() {
		var i Identity
		if err := rows.Scan(&i.ID, &i.InboxID, &i.ContactID, &i.ConversationID, &i.Address, &i.Verified); err != nil {
			return nil, fmt.Errorf("read identities: %w", err)
		}
		found = append(found, i)
	}
	return found, rows.Err()
}

func encodeAttributes(a map[string]string) (string, error) {
	if len(a) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("attributes: %w", err)
	}
	return string(text), nil
}

// OtherIdentities are the further identities of the contact of an identity that are known to be theirs, newest first.
func (s *Store) OtherIdentities(ctx context.Context, from db.Querier, identityID int64) ([]Identity, error) {
	return s.queryIdentities(ctx, from, `contact_id = (SELECT contact_id FROM identities WHERE id = ?) AND id <> ? AND verified = 1
 ORDER BY id DESC`, identityID, identityID)
}
