package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"huiyin/db"
)

// Contact is a person, reached by one or more identities.
type Contact struct {
	ID                           int64
	Name, Phone, Email, Language string
	PhoneVerified, EmailVerified bool // known to be theirs
	Attributes                   map[string]string
	ManagerID                    int64 // the agent who looks after the customer; 0: nobody in particular
	Version                      int64
	RootID                       int64 // the contact that it was merged into and that stands for it now; 0: itself
	CreatedAt, UpdatedAt         time.Time

	merged *merged // what of the fields comes from contacts merged into it; nil: nothing
}

// attributeTier is the attribute of a contact that says how the customer is to be treated.
const attributeTier = "tier"

// Tier is how the customer is to be treated, such as "gold"; empty like everybody.
func (c Contact) Tier() string { return strings.TrimSpace(c.Attributes[attributeTier]) }

// Identity is an address of a contact on an inbox.
type Identity struct {
	ID, InboxID, ContactID, ConversationID int64
	HomeID                                 int64 // the contact it belongs to without any merging
	Address                                string
	Verified                               bool
	Person                                 string // the provider's own id of the person, the same on all of its inboxes
}

// sender finds or makes the identity and the contact behind an address, and locks the identity.
func (s *Store) sender(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (i Identity, err error) {
	i = Identity{InboxID: inbox.ID, Address: in.Address, Verified: in.Profile.proven()}
	row := tx.QueryRow(ctx, "SELECT id, contact_id, home_id, conversation_id FROM identities WHERE inbox_id = ? AND address = ?"+tx.ForUpdate(), inbox.ID, in.Address)
	err = row.Scan(&i.ID, &i.ContactID, &i.HomeID, &i.ConversationID)
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
	i.ContactID, err = tx.Insert(ctx, `INSERT INTO contacts (name, phone, email, language, phone_verified, email_verified, attributes, created_at, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.Name, p.Phone, p.Email, p.Language, truth(p.Verified && p.Phone != ""), truth(p.Verified && p.Email != ""),
		attributes, db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return i, fmt.Errorf("make contact: %w", err)
	}
	i.ID, err = tx.Insert(ctx, "INSERT INTO identities (inbox_id, address, contact_id, verified, person, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		inbox.ID, in.Address, i.ContactID, truth(p.proven()), p.Person, db.Millis(tx.Now))
	if err != nil {
		return i, fmt.Errorf("make identity: %w", err)
	}
	return i, nil
}

// Learn takes over what a channel newly knows of the sender: only fields that are set, and a verified name
// or address over an unverified one.
func (s *Store) Learn(ctx context.Context, inboxID int64, address string, p Profile) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		i, err := s.lockIdentity(ctx, tx, inboxID, address)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		contact, err := s.LoadContact(ctx, tx, i.HomeID)
		if err != nil {
			return err
		}
		contact.learn(p)
		if err := s.prove(ctx, tx, i, p); err != nil {
			return err
		}
		return s.SaveContact(ctx, tx, contact)
	})
}

// prove notes what a channel proves of an identity.
func (s *Store) prove(ctx context.Context, tx *db.Tx, i Identity, p Profile) error {
	verified, person := i.Verified || p.proven(), i.Person
	if p.Person != "" {
		person = p.Person
	}
	if verified == i.Verified && person == i.Person {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE identities SET verified = ?, person = ? WHERE id = ?", truth(verified), person, i.ID)
	return wrap("save identity", err)
}

func (c *Contact) learn(p Profile) {
	for _, f := range []struct {
		to    *string
		from  string
		known *bool
	}{{&c.Name, p.Name, nil}, {&c.Phone, p.Phone, &c.PhoneVerified}, {&c.Email, p.Email, &c.EmailVerified}, {&c.Language, p.Language, nil}} {
		if f.from == "" || *f.to != "" && !p.Verified {
			continue
		}
		if *f.to = f.from; f.known != nil {
			*f.known = p.Verified
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

// LoadContact reads a contact for a change in this transaction and locks it.
func (s *Store) LoadContact(ctx context.Context, tx *db.Tx, id int64) (Contact, error) {
	var one int64
	err := tx.QueryRow(ctx, "SELECT id FROM contacts WHERE id = ?"+tx.ForUpdate(), id).Scan(&one)
	if db.NoRows(err) {
		return Contact{}, fmt.Errorf("contact %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return Contact{}, fmt.Errorf("lock contact %d: %w", id, err)
	}
	return s.Contact(ctx, tx, id)
}

const contactColumns = `id, name, phone, email, language, phone_verified, email_verified, attributes, manager_id, version, root_id, created_at, updated_at`

// Contacts reads several contacts by id, each with what those merged into it know where it knows nothing itself.
func (s *Store) Contacts(ctx context.Context, from db.Querier, ids []int64) (map[int64]Contact, error) {
	found := make(map[int64]Contact, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	list, args := idMarks(ids)
	all, err := s.queryContacts(ctx, from, "id IN ("+list+") UNION ALL SELECT "+contactColumns+" FROM contacts WHERE root_id <> 0 AND root_id IN ("+list+
		") AND id NOT IN ("+list+") ORDER BY id", slices.Concat(args, args, args)...)
	if err != nil {
		return nil, err
	}
	byRoot := map[int64][]Contact{}
	for _, c := range all {
		if c.RootID != 0 {
			byRoot[c.RootID] = append(byRoot[c.RootID], c)
		}
	}
	asked := make(map[int64]bool, len(ids))
	for _, id := range ids {
		asked[id] = true
	}
	for _, c := range all {
		if asked[c.ID] {
			found[c.ID] = c.with(byRoot[c.ID])
		}
	}
	return found, nil
}

func (s *Store) queryContacts(ctx context.Context, from db.Querier, where string, args ...any) ([]Contact, error) {
	rows, err := from.Query(ctx, "SELECT "+contactColumns+" FROM contacts WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	defer rows.Close()
	var found []Contact
	for rows.Next() {
		var c Contact
		var attributes string
		var created, updated int64
		if err := rows.Scan(&c.ID, &c.Name, &c.Phone, &c.Email, &c.Language, &c.PhoneVerified, &c.EmailVerified, &attributes, &c.ManagerID, &c.Version,
			&c.RootID, &created, &updated); err != nil {
			return nil, fmt.Errorf("read contacts: %w", err)
		}
		if err := json.Unmarshal([]byte(attributes), &c.Attributes); err != nil {
			return nil, fmt.Errorf("contact %d: attributes: %w", c.ID, err)
		}
		c.CreatedAt, c.UpdatedAt = db.Time(created), db.Time(updated)
		found = append(found, c)
	}
	return found, rows.Err()
}

// ErrStale refuses to save what somebody else has changed since it was read.
var ErrStale = errors.New("it was changed meanwhile")

// SaveContact writes a contact's fields and lets the consoles know through its conversations; ErrStale when it is not the
// version that was read.
func (s *Store) SaveContact(ctx context.Context, tx *db.Tx, c Contact) error {
	c, err := c.own()
	if err != nil {
		return err
	}
	attributes, err := encodeAttributes(c.Attributes)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE contacts SET name = ?, phone = ?, email = ?, language = ?, phone_verified = ?, email_verified = ?, attributes = ?,
 manager_id = ?, updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`, strings.TrimSpace(c.Name), strings.TrimSpace(c.Phone),
		strings.TrimSpace(c.Email), c.Language, truth(c.PhoneVerified), truth(c.EmailVerified), attributes, c.ManagerID, db.Millis(tx.Now), c.ID, c.Version)
	if err != nil {
		return fmt.Errorf("save contact %d: %w", c.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("save contact %d: %w", c.ID, ErrStale)
	}
	root := c.ID
	if c.RootID != 0 {
		root = c.RootID
	}
	return s.noteContact(ctx, tx, root)
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
		s.note(tx, Event{Kind: EventConversation, ConversationID: id})
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
	rows, err := from.Query(ctx, "SELECT id, inbox_id, contact_id, CASE WHEN home_id = 0 THEN contact_id ELSE home_id END, conversation_id, address, verified, person FROM identities WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read identities: %w", err)
	}
	defer rows.Close()
	var found []Identity
	for rows.Next() {
		var i Identity
		if err := rows.Scan(&i.ID, &i.InboxID, &i.ContactID, &i.HomeID, &i.ConversationID, &i.Address, &i.Verified, &i.Person); err != nil {
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
