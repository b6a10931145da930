package admin

import (
	"context"
	"errors"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
)

// ListContactMatches shows contacts that may be the same person, as far as the caller may see them.
func (s *Server) ListContactMatches(ctx context.Context, r api.ListContactMatchesRequestObject) (api.ListContactMatchesResponseObject, error) {
	contact, err := s.seenContact(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	found, err := s.Conversations.Matches(ctx, s.DB, contact.ID)
	if err != nil {
		return nil, err
	}
	shown := api.ListContactMatches200JSONResponse{}
	for _, m := range found {
		view, err := s.viewMatch(ctx, m)
		var hidden *fault
		if errors.As(err, &hidden) {
			continue // another team's
		}
		if err != nil {
			return nil, err
		}
		shown = append(shown, view)
	}
	return shown, nil
}

func (s *Server) viewMatch(ctx context.Context, m conversation.Match) (api.ContactMatch, error) {
	other, err := s.seenContact(ctx, s.DB, m.ContactID)
	if err != nil {
		return api.ContactMatch{}, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return api.ContactMatch{}, err
	}
	shown := api.ContactMatch{Contact: api.Person{Id: other.ID, Name: other.Name}, Evidence: api.ContactEvidence(m.Evidence), Detail: m.Detail, Proven: m.Proven}
	if shown.Identities, err = s.viewIdentities(ctx, table, other.ID); err != nil {
		return shown, err
	}
	shown.LastSeenAt, err = s.lastSeen(ctx, other.ID)
	return shown, err
}

// MergeContacts makes one contact of two that the caller may see.
func (s *Server) MergeContacts(ctx context.Context, r api.MergeContactsRequestObject) (api.MergeContactsResponseObject, error) {
	evidence := conversation.Evidence(r.Body.Evidence)
	who := whoOf(ctx)
	if evidence == conversation.ByHand && !who.actor().Role.Leads() {
		return nil, forbidden("without evidence only a lead may merge; send the customer a code, or ask your lead")
	}
	var contact conversation.Contact
	err := s.write(ctx, func(tx *db.Tx) error {
		into, err := s.seenContact(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		from, err := s.seenContact(ctx, tx, r.Body.ContactId)
		if err != nil {
			return err
		}
		m, err := s.Conversations.MergeContacts(ctx, tx, conversation.Merge{IntoID: into.ID, FromID: from.ID, Evidence: evidence,
			Detail: val(r.Body.Reason), AgentID: who.agent.ID})
		if err != nil {
			return err
		}
		if err := s.note(ctx, tx, "contacts_merged", object("contact", m.IntoID), object("contact", m.FromID)+", "+string(m.Evidence)+": "+m.Detail); err != nil {
			return err
		}
		contact, err = s.Conversations.Contact(ctx, tx, m.IntoID)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewContact(ctx, contact)
	return api.MergeContacts200JSONResponse(shown), err
}

// UndoContactMerge takes a merge back.
func (s *Server) UndoContactMerge(ctx context.Context, r api.UndoContactMergeRequestObject) (api.UndoContactMergeResponseObject, error) {
	var contact conversation.Contact
	err := s.write(ctx, func(tx *db.Tx) error {
		seen, err := s.seenContact(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if err := s.mergeOf(ctx, tx, seen.ID, r.Number); err != nil {
			return err
		}
		m, err := s.Conversations.Unmerge(ctx, tx, r.Number, whoOf(ctx).agent.ID, r.Body.Reason)
		if err != nil {
			return err
		}
		if err := s.note(ctx, tx, "contacts_unmerged", object("contact", m.IntoID), object("contact", m.FromID)+": "+m.UndoneWhy); err != nil {
			return err
		}
		contact, err = s.Conversations.Contact(ctx, tx, seen.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.viewContact(ctx, contact)
	return api.UndoContactMerge200JSONResponse(shown), err
}

// mergeOf refuses a merge that is none of this contact's.
func (s *Server) mergeOf(ctx context.Context, tx *db.Tx, contactID, mergeID int64) error {
	merges, err := s.Conversations.MergesOf(ctx, tx, contactID)
	if err != nil {
		return err
	}
	for _, m := range merges {
		if m.ID == mergeID {
			return nil
		}
	}
	return conversation.ErrNotMerged
}

func (s *Server) viewMerges(ctx context.Context, table *nameTable, contactID int64) ([]api.ContactMerge, error) {
	merges, err := s.Conversations.MergesOf(ctx, s.DB, contactID)
	if err != nil {
		return nil, err
	}
	shown := make([]api.ContactMerge, 0, len(merges))
	ids := make([]int64, len(merges))
	for i, m := range merges {
		ids[i] = m.FromID
	}
	named, err := s.Conversations.Contacts(ctx, s.DB, ids)
	for _, m := range merges {
		shown = append(shown, api.ContactMerge{Id: m.ID, IntoId: m.IntoID, Contact: api.Person{Id: m.FromID, Name: named[m.FromID].Name},
			Evidence: api.ContactEvidence(m.Evidence), Detail: m.Detail, Agent: person(m.AgentID, table.agents[m.AgentID]), At: m.At})
	}
	return shown, err
}
