package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/knowledge"
)

// TryQuestion shows what the bot would do with a question. Nothing is stored.
func (s *Server) TryQuestion(ctx context.Context, r api.TryQuestionRequestObject) (api.TryQuestionResponseObject, error) {
	result, err := s.Try(ctx, TryRequest{Text: r.Body.Text, Language: string(val(r.Body.Language)), Channel: val(r.Body.Channel), Tier: val(r.Body.Tier),
		At: val(r.Body.At), Internal: val(r.Body.Internal), Drafts: val(r.Body.Drafts), After: afterOf(r.Body)})
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
	said := lastSaid(messages)
	if len(said) == 0 {
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
	asker := TryRequest{Language: c.Language, Channel: table.inboxes[c.InboxID].Kind, Tier: contact.Tier(), Internal: true}
	hits, err := s.suggest(ctx, asker, said)
	return api.ListSuggestions200JSONResponse(viewHits(hits)), err
}

// suggestFrom is how many of the customer's messages are looked through for a question.
const suggestFrom = 4

// lastSaid is what the customer said, the newest first.
func lastSaid(messages []conversation.Message) []string {
	var said []string
	for _, m := range slices.Backward(messages) {
		if m.Sender == conversation.FromContact && m.Text != "" && len(said) < suggestFrom {
			said = append(said, m.Text)
		}
	}
	return said
}

// suggest finds articles for the newest message that asks for something: "a person, please" and "thanks" are about the question before
// them, on which the agent needs help.
func (s *Server) suggest(ctx context.Context, asker TryRequest, said []string) ([]knowledge.Hit, error) {
	for _, asker.Text = range said {
		result, err := s.Try(ctx, asker)
		if err != nil {
			return nil, err
		}
		var e struct {
			Intent string `json:"intent"`
		}
		if len(result.Explanation) > 0 {
			if err := json.Unmarshal(result.Explanation, &e); err != nil {
				return nil, fmt.Errorf("read explanation: %w", err)
			}
		}
		if e.Intent == "" || e.Intent == "complaint" {
			return result.Hits, nil
		}
	}
	return nil, nil
}

// afterOf is the explanation of the turn before.
func afterOf(in *api.TryInput) string {
	if in.After == nil {
		return ""
	}
	return string(*in.After)
}
