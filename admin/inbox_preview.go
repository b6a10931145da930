package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
)

// PreviewInbox shows what a channel's pages would be given with settings that are not saved.
func (s *Server) PreviewInbox(ctx context.Context, r api.PreviewInboxRequestObject) (api.PreviewInboxResponseObject, error) {
	inbox := conversation.Inbox{Kind: r.Body.Kind, Bot: true}
	if id := val(r.Body.Id); id != 0 {
		found, err := s.Conversations.Inbox(ctx, s.DB, id)
		if err != nil {
			return nil, err
		}
		inbox = found
	}
	a, ok := s.adapter(inbox.Kind)
	if !ok {
		return nil, invalid("kind", fmt.Sprintf("there is no kind of inbox %q; GET /inbox-kinds lists them", inbox.Kind))
	}
	pages, ok := a.(channels.Showcase)
	if !ok {
		return nil, invalid("kind", "this kind of inbox has no pages to show")
	}
	// Secrets take no part: what is shown holds none.
	changes := maps.Clone(r.Body.Settings)
	for _, setting := range a.Kind().Settings {
		if setting.Secret {
			delete(changes, setting.Key)
		}
	}
	settings, err := a.Kind().Apply(inbox.Settings, changes)
	if err != nil {
		return nil, err
	}
	inbox.Settings = settings
	text, err := json.Marshal(pages.Show(inbox, val(r.Body.Language)))
	if err != nil {
		return nil, fmt.Errorf("preview inbox: %w", err)
	}
	var shown api.PreviewInbox200JSONResponse
	if err := json.Unmarshal(text, &shown); err != nil {
		return nil, fmt.Errorf("preview inbox: %w", err)
	}
	return shown, nil
}

// pageURL is the address of an inbox's page.
func (s *Server) pageURL(i conversation.Inbox) string {
	return fmt.Sprintf("%s/chat/%d", s.PublicURL, i.ID)
}

// online tells whether the customer has a page of ours open on this node; nil where the channel has none.
func (s *Server) online(ctx context.Context, c *conversation.Conversation) *bool {
	inbox, err := s.Conversations.Inbox(ctx, s.DB, c.InboxID)
	if err != nil {
		return nil
	}
	a, _ := s.adapter(inbox.Kind)
	if _, ok := a.(channels.Pages); !ok {
		return nil
	}
	identity, err := s.Conversations.Identity(ctx, s.DB, c.IdentityID)
	if err != nil {
		return nil
	}
	there := s.Live.Anybody(ctx, channels.Topic(c.InboxID, identity.Address))
	return &there
}
