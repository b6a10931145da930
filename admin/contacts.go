package admin

import (
	"context"
	"maps"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
)

// GetContact shows a contact with its addresses.
func (s *Server) GetContact(ctx context.Context, r api.GetContactRequestObject) (api.GetContactResponseObject, error) {
	contact, list, err := s.seenContact(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewContact(ctx, contact, list)
	return api.GetContact200JSONResponse(shown), err
}

// maxAttributes bounds what may be kept of a contact.
const maxAttributes = 50

// PatchContact changes what is known of a contact. An attribute set to nothing is forgotten.
func (s *Server) PatchContact(ctx context.Context, r api.PatchContactRequestObject) (api.PatchContactResponseObject, error) {
	var contact conversation.Contact
	var list []*conversation.Conversation
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if contact, list, err = s.seenContact(ctx, tx, r.Id); err != nil {
			return err
		}
		if err := changeContact(&contact, r.Body); err != nil {
			return err
		}
		if err := s.setManager(ctx, tx, &contact, r.Body.ManagerId); err != nil {
			return err
		}
		if err := s.Conversations.SaveContact(ctx, tx, contact); err != nil {
			return err
		}
		contact, err = s.Conversations.Contact(ctx, tx, r.Id)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewContact(ctx, contact, list)
	return api.PatchContact200JSONResponse(shown), err
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

func changeContact(c *conversation.Contact, p *api.ContactPatch) error {
	c.Name, c.Phone, c.Email, c.Note = or(p.Name, c.Name), or(p.Phone, c.Phone), or(p.Email, c.Email), or(p.Note, c.Note)
	attributes := map[string]string{}
	maps.Copy(attributes, c.Attributes)
	for key, value := range p.Attributes {
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

// ListContactConversations shows those of a contact's conversations that the caller may see.
func (s *Server) ListContactConversations(ctx context.Context, r api.ListContactConversationsRequestObject) (api.ListContactConversationsResponseObject, error) {
	_, list, err := s.seenContact(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewConversations(ctx, list)
	return api.ListContactConversations200JSONResponse(shown), err
}

func (s *Server) viewContact(ctx context.Context, c conversation.Contact, list []*conversation.Conversation) (api.Contact, error) {
	table, err := s.names.table(ctx)
	if err != nil {
		return api.Contact{}, err
	}
	found, err := s.Conversations.Identities(ctx, s.DB, c.ID)
	if err != nil {
		return api.Contact{}, err
	}
	shown := api.Contact{Id: c.ID, Name: c.Name, Phone: opt(c.Phone), Email: opt(c.Email), Language: opt(c.Language), Note: opt(c.Note),
		Manager: person(c.ManagerID, table.agents[c.ManagerID]), Attributes: c.Attributes, Identities: []api.Identity{}, CreatedAt: c.CreatedAt}
	if shown.Attributes == nil {
		shown.Attributes = map[string]string{}
	}
	for _, i := range found {
		inbox := table.inboxes[i.InboxID]
		out, err := s.Conversations.OptedOut(ctx, s.DB, i.InboxID, i.Address)
		if err != nil {
			return api.Contact{}, err
		}
		shown.Identities = append(shown.Identities, api.Identity{OptedOutAt: optTime(out), InboxId: i.InboxID, InboxName: inbox.Name, Channel: inbox.Kind,
			Address: i.Address, Verified: i.Verified})
	}
	for _, conversation := range list {
		if at := conversation.LastMessageAt; shown.LastSeenAt == nil || at.After(*shown.LastSeenAt) {
			shown.LastSeenAt = &at
		}
	}
	return shown, nil
}
