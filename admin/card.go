package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/handoff"
)

const (
	cardLookBack = 100 // messages that a card is made of
	cardEarlier  = 3
	cardLooked   = 8 // earlier conversations that are looked at for the same matter
	cardReplies  = 3
)

// GetHandoffCard shows what an agent who is handed a conversation reads first.
func (s *Server) GetHandoffCard(ctx context.Context, r api.GetHandoffCardRequestObject) (api.GetHandoffCardResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	messages, err := s.Conversations.Messages(ctx, s.DB, c.ID, conversation.Page{Limit: cardLookBack})
	if err != nil {
		return nil, err
	}
	contact, err := s.Conversations.Contact(ctx, s.DB, c.ContactID)
	if err != nil {
		return nil, err
	}
	card := handoff.MakeCard(c, messages)
	shown := viewCard(c, card)
	shown.Tier = opt(contact.Tier())
	if shown.Earlier, err = s.sameMatter(ctx, c, card); err != nil {
		return nil, err
	}
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	said := lastSaid(messages)
	asker := TryRequest{Language: c.Language, Channel: table.inboxes[c.InboxID].Kind, Tier: contact.Tier(), Internal: true}
	hits, err := s.suggest(ctx, asker, said)
	if err != nil {
		return nil, err
	}
	shown.Articles = viewHits(hits)
	canned, err := s.Desk.CannedReplies(ctx, s.DB, s.actor(ctx))
	if err != nil {
		return nil, err
	}
	for _, reply := range handoff.Fitting(canned, said, card.Language, cardReplies) {
		shown.Replies = append(shown.Replies, s.viewCanned(ctx, reply))
	}
	return api.GetHandoffCard200JSONResponse(shown), nil
}

func viewCard(c *conversation.Conversation, card handoff.Card) api.HandoffCard {
	shown := api.HandoffCard{ConversationId: c.ID, Topics: viewTopics(card.Topics), Reason: card.Reason, Rule: opt(card.Rule), Missed: card.Missed,
		Language: opt(card.Language), Since: card.Since, WaitingSince: optTime(c.WaitingSince), Entities: []api.Entity{}, Replies: []api.CannedReply{}}
	if shown.Since.IsZero() {
		shown.Since = c.CreatedAt
	}
	shown.Wants = make([]api.CardWords, 0, len(card.Wants))
	for _, w := range card.Wants {
		shown.Wants = append(shown.Wants, api.CardWords{Seq: w.Seq, Text: w.Text, At: w.At})
	}
	shown.Tried = make([]api.CardAttempt, 0, len(card.Tried))
	for _, a := range card.Tried {
		shown.Tried = append(shown.Tried, api.CardAttempt{Seq: a.Seq, Act: api.CardAttemptAct(a.Act), Asked: a.Asked, Articles: viewTopics(a.Articles),
			Rule: a.Rule, Helpful: a.Helpful, Unhelpful: opt(a.Unhelpful)})
	}
	shown.Moods = make([]api.CardMood, 0, len(card.Moods))
	for _, m := range card.Moods {
		shown.Moods = append(shown.Moods, api.CardMood{Seq: m.Seq, Mood: m.Mood})
	}
	for _, e := range card.Entities {
		shown.Entities = append(shown.Entities, viewEntity(e))
	}
	return shown
}

func viewTopics(topics []handoff.Topic) []api.CardTopic {
	shown := make([]api.CardTopic, 0, len(topics))
	for _, t := range topics {
		shown = append(shown, api.CardTopic{ArticleId: t.ArticleID, Question: t.Question, Confidence: t.Confidence})
	}
	return shown
}

// sameMatter are the customer's earlier conversations, as far as the caller may see them, in which the bot found one of the
// articles that are near now.
func (s *Server) sameMatter(ctx context.Context, c *conversation.Conversation, card handoff.Card) ([]api.Conversation, error) {
	none := []api.Conversation{}
	if len(card.Topics) == 0 {
		return none, nil
	}
	list, err := s.Conversations.OfContact(ctx, s.DB, c.ContactID, whoOf(ctx).scope(), c.ID, cardLooked)
	if err != nil {
		return nil, err
	}
	var same []*conversation.Conversation
	for _, past := range list {
		messages, err := s.Conversations.Messages(ctx, s.DB, past.ID, conversation.Page{Limit: cardLookBack})
		if err != nil {
			return nil, err
		}
		if len(same) < cardEarlier && card.Shares(handoff.MakeCard(past, messages)) {
			same = append(same, past)
		}
	}
	if len(same) == 0 {
		return none, nil
	}
	return s.viewConversations(ctx, same)
}
