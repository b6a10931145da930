package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
)

// ListContactNotes shows what colleagues wrote down about a contact.
func (s *Server) ListContactNotes(ctx context.Context, r api.ListContactNotesRequestObject) (api.ListContactNotesResponseObject, error) {
	contact, err := s.seenContact(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	found, err := s.Conversations.Notes(ctx, s.DB, contact.ID)
	if err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListContactNotes200JSONResponse, 0, len(found))
	for _, n := range found {
		shown = append(shown, viewNote(table, n))
	}
	return shown, nil
}

func viewNote(table *nameTable, n conversation.Note) api.ContactNote {
	shown := api.ContactNote{Id: n.ID, Text: n.Text, Agent: person(n.AgentID, table.agents[n.AgentID]), CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt,
		UpdatedBy: person(n.UpdatedBy, table.agents[n.UpdatedBy]), Versions: []api.ContactNoteVersion{}}
	for _, v := range n.Versions {
		shown.Versions = append(shown.Versions, api.ContactNoteVersion{Text: v.Text, Agent: person(v.AgentID, table.agents[v.AgentID]), At: v.At})
	}
	return shown
}

// AddContactNote keeps a note on a contact.
func (s *Server) AddContactNote(ctx context.Context, r api.AddContactNoteRequestObject) (api.AddContactNoteResponseObject, error) {
	var note conversation.Note
	err := s.write(ctx, func(tx *db.Tx) error {
		contact, err := s.takenContact(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		home, err := s.noteHome(ctx, tx, contact.ID, r.Body.ConversationId)
		if err != nil {
			return err
		}
		note, err = s.Conversations.AddNote(ctx, tx, home, whoOf(ctx).agent.ID, r.Body.Text)
		return err
	})
	if err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	return api.AddContactNote201JSONResponse(viewNote(table, note)), err
}

// noteHome is the contact that a note belongs to: of merged ones that behind the conversation in which it is written.
func (s *Server) noteHome(ctx context.Context, tx *db.Tx, contactID int64, conversationID *int64) (int64, error) {
	if conversationID == nil {
		return contactID, nil
	}
	c, err := s.taken(ctx, tx, *conversationID)
	if err != nil {
		return 0, err
	}
	if c.ContactID != contactID {
		return 0, invalid("conversation_id", "this conversation is with somebody else")
	}
	i, err := s.Conversations.Identity(ctx, tx, c.IdentityID)
	return i.HomeID, err
}

// ChangeContactNote gives a note another text; what it said before is kept.
func (s *Server) ChangeContactNote(ctx context.Context, r api.ChangeContactNoteRequestObject) (api.ChangeContactNoteResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		contact, err := s.takenContact(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		return s.Conversations.ChangeNote(ctx, tx, contact.ID, r.Number, whoOf(ctx).agent.ID, r.Body.Text)
	})
	return api.ChangeContactNote204Response{}, err
}

// RemoveContactNote takes a note away.
func (s *Server) RemoveContactNote(ctx context.Context, r api.RemoveContactNoteRequestObject) (api.RemoveContactNoteResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		contact, err := s.takenContact(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if err := s.Conversations.RemoveNote(ctx, tx, contact.ID, r.Number, whoOf(ctx).agent.ID); err != nil {
			return err
		}
		return s.note(ctx, tx, "contact_note_removed", object("contact", contact.ID), object("note", r.Number))
	})
	return api.RemoveContactNote204Response{}, err
}
