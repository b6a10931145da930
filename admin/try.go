package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
)

// TryQuestion shows what the bot would do with a question. Nothing is stored.
func (s *Server) TryQuestion(ctx context.Context, r api.TryQuestionRequestObject) (api.TryQuestionResponseObject, error) {
	result, err := s.Try(ctx, TryRequest{Text: r.Body.Text, Language: string(val(r.Body.Language)), Channel: val(r.Body.Channel), Tier: val(r.Body.Tier),
		At: val(r.Body.At), Internal: val(r.Body.Internal), Drafts: val(r.Body.Drafts)})
	if err != nil {
		return nil, err
	}
	shown := api.TryResult{Decision: api.TryResultDecision(result.Decision), Text: opt(result.Text), Hits: viewHits(result.Hits), Explanation: result.Explanation}
	if result.Text != "" {
		shown.Html = opt(channels.RenderMarkdown(result.Text))
	}
	if len(shown.Explanation) == 0 {
		shown.Explanation = api.Explanation("{}")
	}
	return api.TryQuestion200JSONResponse(shown), nil
}

// PreviewMarkdown shows a Markdown text as the customer will see it.
func (s *Server) PreviewMarkdown(_ context.Context, r api.PreviewMarkdownRequestObject) (api.PreviewMarkdownResponseObject, error) {
	return api.PreviewMarkdown200JSONResponse{Html: channels.RenderMarkdown(r.Body.Markdown), Text: channels.PlainText(r.Body.Markdown)}, nil
}

// lookBack is how many of the last messages are searched for the customer's question.
const lookBack = 20

// ListSuggestions shows the articles that may answer what the customer said last.
func (s *Server) ListSuggestions(ctx context.Context, r api.ListSuggestionsRequestObject) (api.ListSuggestionsResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	messages, err := s.Conversations.Messages(ctx, s.DB, c.ID, conversation.Page{Limit: lookBack, Public: true})
	if err != nil {
		return nil, err
	}
	question := ""
	for _, m := range messages {
		if m.Sender == conversation.FromContact && m.Text != "" {
			question = m.Text
		}
	}
	if question == "" {
		return api.ListSuggestions200JSONResponse{}, nil
	}
	contact, err := s.Conversations.Contact(ctx, s.DB, c.ContactID)
	if err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	result, err := s.Try(ctx, TryRequest{Text: question, Language: c.Language, Channel: table.inboxes[c.InboxID].Kind, Tier: contact.Attributes["tier"], Internal: true})
	return api.ListSuggestions200JSONResponse(viewHits(result.Hits)), err
}
