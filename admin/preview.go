package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
)

// PreviewMessage tells what a reply becomes with the channel's provider: its parts, its price, why it cannot be sent.
func (s *Server) PreviewMessage(ctx context.Context, r api.PreviewMessageRequestObject) (api.PreviewMessageResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	inbox, err := s.Conversations.Inbox(ctx, s.DB, c.InboxID)
	if err != nil {
		return nil, err
	}
	a, _ := s.adapter(inbox.Kind)
	previewer, ok := a.(channels.Previewer)
	if !ok {
		return api.PreviewMessage200JSONResponse{}, nil
	}
	if inbox, err = s.Vault.Open(inbox); err != nil {
		return nil, err
	}
	p := previewer.Preview(inbox, conversation.Message{ConversationID: c.ID, Sender: conversation.FromAgent, Text: r.Body.Text})
	return api.PreviewMessage200JSONResponse{Known: true, Text: opt(p.Text), Parts: opt(p.Parts), Left: opt(p.Left), Encoding: opt(p.Encoding),
		Template: opt(p.Template), Price: opt(p.Price), Currency: opt(p.Currency), Problem: optWords(p.Problem)}, nil
}

func optWords(w channels.Words) *api.Words {
	if w == (channels.Words{}) {
		return nil
	}
	shown := viewWords(w)
	return &shown
}
