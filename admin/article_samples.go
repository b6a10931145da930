package admin

import (
	"context"
	"slices"
	"strings"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/knowledge"
)

// PreviewAnswer shows an answer as the customers of each kind of inbox get it: every adapter renders it as it would send it.
func (s *Server) PreviewAnswer(ctx context.Context, r api.PreviewAnswerRequestObject) (api.PreviewAnswerResponseObject, error) {
	samples, err := s.samples(ctx, val(r.Body.ArticleId), r.Body.Markdown, r.Body.Language)
	if err != nil {
		return nil, err
	}
	shown := make(api.PreviewAnswer200JSONResponse, 0, len(samples))
	for _, one := range samples {
		shown = append(shown, one.view())
	}
	return shown, nil
}

// sample is an answer in one kind of inbox.
type sample struct {
	channels.Sample
	inbox conversation.Inbox // its id is 0 where there is none of the kind
}

func (s sample) view() api.AnswerSample {
	return api.AnswerSample{Kind: s.inbox.Kind, InUse: s.inbox.ID != 0, Inbox: opt(s.inbox.Name), Texts: words(s.Texts), Html: opt(s.HTML),
		Unit: opt(api.AnswerSampleUnit(s.Unit)), Used: s.Used, Limit: s.Limit, Left: s.Left, Encoding: opt(s.Encoding), Cut: s.Cut}
}

// samples renders an answer for each kind of inbox, those in use first.
func (s *Server) samples(ctx context.Context, article int64, markdown, language string) ([]sample, error) {
	inboxes, err := s.Conversations.Inboxes(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	var list []sample
	for _, a := range s.Adapters {
		sampler, ok := a.(channels.Sampler)
		if !ok {
			continue
		}
		inbox := conversation.Inbox{Kind: a.Kind().Name}
		if i := slices.IndexFunc(inboxes, func(i conversation.Inbox) bool { return i.Kind == inbox.Kind }); i >= 0 {
			inbox = inboxes[i]
		}
		list = append(list, sample{sampler.Sample(inbox, s.sampleMessage(article, markdown, language, inbox)), inbox})
	}
	slices.SortStableFunc(list, func(a, b sample) int { return before(b.inbox.ID != 0, a.inbox.ID != 0) })
	return list, nil
}

func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// sampleMessage is the bot's message with the answer, filled in for a customer who is made up.
func (s *Server) sampleMessage(article int64, markdown, language string, inbox conversation.Inbox) conversation.Message {
	customer := "Ann Smith"
	if strings.HasPrefix(language, "zh") {
		customer = "王丽"
	}
	text := knowledge.Fill(markdown, language, map[string]string{knowledge.VariableCustomer: customer, knowledge.VariableInbox: inbox.Name,
		knowledge.VariableNumber: "1024", knowledge.VariableDate: knowledge.WriteDate(s.DB.Now().Local(), language)})
	return conversation.Message{Sender: conversation.FromBot, Text: text, Content: conversation.Content{Markdown: true, Rateable: true, ArticleID: article}}
}
