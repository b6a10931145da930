package conversation

import (
	"context"
	"fmt"
	"maps"

	"huiyin/db"
)

// A merge changes no contact's own row: it hangs one contact below another, and what is shown of the upper one is its own
// fields and, where those are empty, those of the contacts below. So taking a merge back finds everything as it was.

// merged is how a contact that others were merged into was read: its own fields, and what was shown of it.
type merged struct{ own, shown Contact }

// with fills what the contact does not know itself from the contacts merged into it, the oldest first.
func (c Contact) with(parts []Contact) Contact {
	if len(parts) == 0 {
		return c
	}
	own := c
	own.Attributes = maps.Clone(c.Attributes)
	c.Attributes = maps.Clone(c.Attributes)
	if c.Attributes == nil {
		c.Attributes = map[string]string{}
	}
	for _, p := range parts {
		c.fill(p)
	}
	shown := c
	shown.Attributes = maps.Clone(c.Attributes)
	c.merged = &merged{own, shown}
	return c
}

func (c *Contact) fill(p Contact) {
	if c.Name == "" {
		c.Name = p.Name
	}
	if c.Phone == "" {
		c.Phone, c.PhoneVerified = p.Phone, p.PhoneVerified
	}
	if c.Email == "" {
		c.Email, c.EmailVerified = p.Email, p.EmailVerified
	}
	if c.Language == "" {
		c.Language = p.Language
	}
	if c.ManagerID == 0 {
		c.ManagerID = p.ManagerID
	}
	for key, value := range p.Attributes {
		if _, has := c.Attributes[key]; !has {
			c.Attributes[key] = value
		}
	}
}

// own is the contact with its own fields only: what was changed since it was read, and else what they were.
func (c Contact) own() (Contact, error) {
	if c.merged == nil {
		return c, nil
	}
	own, shown := c.merged.own, c.merged.shown
	for _, f := range []struct {
		name            string
		now, was, shown *string
	}{{"name", &c.Name, &own.Name, &shown.Name}, {"phone", &c.Phone, &own.Phone, &shown.Phone},
		{"email", &c.Email, &own.Email, &shown.Email}, {"language", &c.Language, &own.Language, &shown.Language}} {
		if *f.now == *f.shown {
			*f.now = *f.was
		} else if *f.now == "" && *f.was == "" {
			return c, inherited(f.name)
		}
	}
	if c.ManagerID == shown.ManagerID {
		c.ManagerID = own.ManagerID
	} else if c.ManagerID == 0 && own.ManagerID == 0 {
		return c, inherited("manager_id")
	}
	c.PhoneVerified = c.PhoneVerified && c.Phone != ""
	c.EmailVerified = c.EmailVerified && c.Email != ""
	attributes := maps.Clone(own.Attributes)
	if attributes == nil {
		attributes = map[string]string{}
	}
	for key, value := range c.Attributes {
		if value != shown.Attributes[key] {
			attributes[key] = value
		}
	}
	for key := range shown.Attributes {
		if _, kept := c.Attributes[key]; kept {
			continue
		}
		if _, mine := own.Attributes[key]; !mine {
			return c, inherited("attributes")
		}
		delete(attributes, key)
	}
	c.Attributes = attributes
	return c, nil
}

func inherited(field string) error {
	return &FieldError{field, "this came with a customer who was merged into this one; write another value, or take the merge back"}
}

// Root is the contact that stands for a contact: itself, or the one it was merged into.
func (s *Store) Root(ctx context.Context, from db.Querier, id int64) (int64, error) {
	var root int64
	err := from.QueryRow(ctx, "SELECT root_id FROM contacts WHERE id = ?", id).Scan(&root)
	if db.NoRows(err) {
		return 0, fmt.Errorf("contact %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return 0, fmt.Errorf("read contact: %w", err)
	}
	if root == 0 {
		root = id
	}
	return root, nil
}

// group are a contact and those that were merged into it, by any number of steps.
func (s *Store) group(ctx context.Context, from db.Querier, root int64) ([]int64, error) {
	below, err := s.ids(ctx, from, "SELECT id FROM contacts WHERE root_id = ? AND root_id <> 0 ORDER BY id", root)
	return append([]int64{root}, below...), err
}
