package hub

import (
	"context"
	"errors"
	"hash/fnv"
	"net/mail"
	"strconv"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// surveyLate is how late a question may come: after a longer standstill of all nodes it would only surprise.
const surveyLate = 6 * time.Hour

// The activity lines about ratings.
const (
	activityAsked  = "survey_asked"
	activityThanks = "survey_thanks"
	activityRated  = "rated"
)

// Why a customer is not asked. The words are kept with the conversation.
const (
	leftSample  = "not in the sample"
	leftBot     = "no person was there"
	leftOut     = "the customer has opted out"
	leftMachine = "the last mail was automatic"
	leftRated   = "rated already"
	leftNewer   = "the customer has a newer conversation"
	leftSilent  = "the customer said nothing"
	leftBudget  = "the send budget has no message to spare"
)

// askRatings asks the customers of conversations that ended, once, how it was, where their inbox wants that. A channel with
// pages of its own asks on those.
func (h *Hub) askRatings(ctx context.Context) error {
	rules, err := h.Conversations.SurveyRules(ctx, h.DB)
	if err != nil {
		return err
	}
	for id, rule := range rules {
		if !rule.Enabled {
			continue
		}
		inbox, err := h.Inbox(ctx, id)
		if errors.Is(err, conversation.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if _, onPage := h.adapters[inbox.Kind].(channels.Pages); onPage {
			continue
		}
		if err := h.askRatingsOf(ctx, inbox, rule); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hub) askRatingsOf(ctx context.Context, inbox conversation.Inbox, rule conversation.SurveyRule) error {
	until := h.DB.Now().Add(-time.Duration(rule.DelayMinutes) * time.Minute)
	ids, err := h.Conversations.DueSurveys(ctx, h.DB, inbox.ID, until.Add(-surveyLate), until, timerBatch)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := h.DB.Tx(ctx, func(tx *db.Tx) error {
			c, err := h.Conversations.Load(ctx, tx, id)
			if err != nil || c.Status != conversation.Resolved || c.ResolvedAt.After(until) {
				return err
			}
			return h.askRating(ctx, tx, inbox, rule, c)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (h *Hub) askRating(ctx context.Context, tx *db.Tx, inbox conversation.Inbox, rule conversation.SurveyRule, c *conversation.Conversation) error {
	identity, err := h.Conversations.Identity(ctx, tx, c.IdentityID)
	if err != nil {
		return err
	}
	draft := h.question(rule, c, identity.Address)
	reason, err := h.whyNotAsk(ctx, tx, inbox, rule, c, identity)
	if err == nil && reason == "" {
		reason, err = h.unaffordable(ctx, tx, inbox, identity.ID, draft)
	}
	if err != nil {
		return err
	}
	first, err := h.Conversations.NoteSurvey(ctx, tx, c, rule.Scale, reason)
	if err != nil || !first || reason != "" {
		return err
	}
	_, err = h.Conversations.Reply(ctx, tx, c, draft)
	return err
}

func (h *Hub) whyNotAsk(ctx context.Context, tx *db.Tx, inbox conversation.Inbox, rule conversation.SurveyRule, c *conversation.Conversation, to conversation.Identity) (string, error) {
	switch {
	case c.LastSender == "":
		return leftSilent, nil
	case c.AgentID == 0 && !rule.BotToo:
		return leftBot, nil
	case to.ConversationID != c.ID:
		return leftNewer, nil
	case !sampled(c.ID, rule.Percent):
		return leftSample, nil
	}
	out, err := h.Conversations.OptedOut(ctx, tx, inbox.ID, to.Address)
	if err != nil || !out.IsZero() {
		return leftOut, err
	}
	machine, err := h.Conversations.Machine(ctx, tx, c.ID)
	if err != nil || machine {
		return leftMachine, err
	}
	rated, err := h.Conversations.Ratings(ctx, tx, []int64{c.ID})
	if _, has := rated[c.ID]; err != nil || has {
		return leftRated, err
	}
	return "", nil
}

// sampled draws a conversation by its number, so that every node draws the same.
func sampled(id int64, percent int) bool {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte("survey" + strconv.FormatInt(id, 10))) // never fails
	return int(sum.Sum32()%100) < percent
}

// unaffordable tells whether the send budget has no message for the question beside one for a human.
func (h *Hub) unaffordable(ctx context.Context, tx *db.Tx, inbox conversation.Inbox, identityID int64, d conversation.Draft) (string, error) {
	metered, ok := h.adapters[inbox.Kind].(channels.Metered)
	if !ok {
		return "", nil
	}
	left, err := h.Conversations.Budget(ctx, tx, identityID, tx.Now)
	if err != nil || left.Unlimited || left.Left > metered.Cost(inbox, conversation.Message{Sender: d.Sender, Text: d.Text, Content: d.Content}) {
		return "", err
	}
	return leftBudget, nil
}

// question is what the customer is asked: to press or reply, or by a link.
func (h *Hub) question(rule conversation.SurveyRule, c *conversation.Conversation, address string) conversation.Draft {
	w := surveyWordsFor(c.Language)
	text := rule.QuestionZh
	if w.english {
		text = rule.QuestionEn
	}
	if text == "" {
		text = w.question
	}
	d := conversation.Draft{Sender: conversation.FromSystem, Text: text,
		Content: conversation.Content{Activity: activityAsked, Survey: true}}
	if link := h.ratingLink(rule.Way, c.ID, address); link != "" {
		d.Text += "\n" + w.link + "\n" + link
		return d
	}
	d.Content.Choices = w.choices(rule.Scale)
	return d
}

// ratingLink is the page where the customer answers; "" where they reply instead.
func (h *Hub) ratingLink(way conversation.SurveyWay, conversationID int64, address string) string {
	_, err := mail.ParseAddress(address)
	if h.RatingURL == nil || way == conversation.WayReply || way == conversation.WayAuto && err != nil {
		return ""
	}
	return h.RatingURL(conversationID)
}
