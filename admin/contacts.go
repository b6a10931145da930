package admin

import (
	"context"
	"maps"
	"strconv"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
)

// GetContact shows a contact with its addresses.
func (s *Server) GetContact(ctx context.Context, r api.GetContactRequestObject) (api.GetContactResponseObject, error) {
	contact, err := s.seenContact(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewContact(ctx, contact)
	return api.GetContact200JSONResponse(shown), err
}

// maxAttributes bounds what may be kept of a contact.
const maxAttributes = 50

// PatchContact changes what is known of a contact. An attribute set to nothing is forgotten.
func (s *Server) PatchContact(ctx context.Context, r api.PatchContactRequestObject) (api.PatchContactResponseObject, error) {
	var contact conversation.Contact
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if contact, err = s.takenContact(ctx, tx, r.Id); err != nil {
			return err
		}
		if err := sameVersion(r.Body.Version, contact.Version); err != nil {
			return err
		}
		if err := s.changeContact(ctx, tx, &contact, r.Body); err != nil {
			return err
		}
		if err := s.Conversations.SaveContact(ctx, tx, contact); err != nil {
			return err
		}
		contact, err = s.Conversations.Contact(ctx, tx, contact.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewContact(ctx, contact)
	return api.PatchContact200JSONResponse(shown), err
}

// sameVersion refuses a change on top of something that was changed since; without a version there is nothing to compare.
func sameVersion(sent *int64, now int64) error {
	if sent != nil && *sent != now {
		return conversation.ErrStale
	}
	return nil
}

// setManager makes an agent the one who looks after a contact; 0: nobody in particular.
func (s *Server) setManager(ctx context.Context, tx *db.Tx, c *conversation.Contact, id *int64) error {
	if id == nil || *id == c.ManagerID {
		return nil
	}
	if *id != 0 {
		a, err := s.Desk.Agent(ctx, tx, *id)
		if err != nil || !a.Active || !a.Role.Serves() {
			return invalid("manager_id", "this is nobody who takes conversations")
		}
	}
	c.ManagerID = *id
	return nil
}

func (s *Server) changeContact(ctx context.Context, tx *db.Tx, c *conversation.Contact, p *api.ContactPatch) error {
	if phone := or(p.Phone, c.Phone); phone != c.Phone {
		c.Phone, c.PhoneVerified = phone, false
	}
	if email := or(p.Email, c.Email); email != c.Email {
		c.Email, c.EmailVerified = email, false
	}
	c.Name = or(p.Name, c.Name)
	if err := s.checkAttributes(ctx, tx, p.Attributes); err != nil {
		return err
	}
	if err := s.setManager(ctx, tx, c, p.ManagerId); err != nil {
		return err
	}
	return layAttributes(c, p.Attributes)
}

// layAttributes lays changed attributes over those that the contact has.
func layAttributes(c *conversation.Contact, changes map[string]string) error {
	attributes := map[string]string{}
	maps.Copy(attributes, c.Attributes)
	for key, value := range changes {
		attributes[key] = value
		if key == "" || value == "" {
			delete(attributes, key)
		}
	}
	if len(attributes) > maxAttributes {
		return invalid("attributes", "at most 50 attributes can be kept")
	}
	c.Attributes = attributes
	return nil
}

// ListContactConversations shows a page of those of a contact's conversations that the caller may see.
func (s *Server) ListContactConversations(ctx context.Context, r api.ListContactConversationsRequestObject) (api.ListContactConversationsResponseObject, error) {
	below, err := parseIDCursor(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	contact, err := s.seenContact(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	limit := pageSize(r.Params.Limit)
	list, err := s.Conversations.OfContact(ctx, s.DB, contact.ID, whoOf(ctx).scope(), below, limit+1)
	if err != nil {
		return nil, err
	}
	page := api.ConversationPage{}
	if len(list) > limit {
		list = list[:limit]
		page.Next = opt(strconv.FormatInt(list[limit-1].ID, 36))
	}
	page.Items, err = s.viewConversations(ctx, list)
	return api.ListContactConversations200JSONResponse(page), err
}

// viewContact shows a contact with its addresses and merges.
func (s *Server) viewContact(ctx context.Context, c conversation.Contact) (api.Contact, error) {
	table, err := s.names.table(ctx)
	if err != nil {
		return api.Contact{}, err
	}
	shown := api.Contact{Id: c.ID, Version: c.Version, Name: c.Name, Phone: opt(c.Phone), PhoneVerified: opt(c.PhoneVerified), Email: opt(c.Email),
		EmailVerified: opt(c.EmailVerified), Language: opt(c.Language), Manager: person(c.ManagerID, table.agents[c.ManagerID]),
		Attributes: c.Attributes, CreatedAt: c.CreatedAt}
	if shown.Attributes == nil {
		shown.Attributes = map[string]string{}
	}
	if shown.Identities, err = s.viewIdentities(ctx, table, c.ID); err != nil {
		return api.Contact{}, err
	}
	if shown.Merges, err = s.viewMerges(ctx, table, c.ID); err != nil {
		return api.Contact{}, err
	}
	if shown.LastSeenAt, err = s.lastSeen(ctx, c.ID); err != nil {
		return api.Contact{}, err
	}
	defined, _, err := readAttributes(ctx, s.DB)
	shown.Complete, shown.Missing = defined.complete(c)
	return shown, err
}

func (s *Server) viewIdentities(ctx context.Context, table *nameTable, contactID int64) ([]api.Identity, error) {
	found, err := s.Conversations.Identities(ctx, s.DB, contactID)
	if err != nil {
		return nil, err
	}
	shown := make([]api.Identity, 0, len(found))
	for _, i := range found {
		out, err := s.Conversations.OptedOut(ctx, s.DB, i.InboxID, i.Address)
		if err != nil {
			return nil, err
		}
		view := viewIdentity(table, i)
		view.OptedOutAt = optTime(out)
		shown = append(shown, view)
	}
	return shown, nil
}

func viewIdentity(table *nameTable, i conversation.Identity) api.Identity {
	inbox := table.inboxes[i.InboxID]
	view := api.Identity{Id: opt(i.ID), InboxId: i.InboxID, InboxName: inbox.Name, Channel: inbox.Kind, Address: i.Address, Verified: i.Verified}
	if i.HomeID != i.ContactID {
		view.MergedFrom = opt(i.HomeID)
	}
	return view
}

// lastSeen is when the contact was last heard of in what the caller may see.
func (s *Server) lastSeen(ctx context.Context, contactID int64) (*time.Time, error) {
	list, err := s.Conversations.OfContact(ctx, s.DB, contactID, whoOf(ctx).scope(), 0, recentConversations)
	var last time.Time
	for _, c := range list {
		if c.LastMessageAt.After(last) {
			last = c.LastMessageAt
		}
	}
	return optTime(last), err
}

// recentConversations are looked at for when a contact was heard of last.
const recentConversations = 10
