package hub

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// mayRate tells, from the words alone, whether a message may be a rating, so that the others cost nothing.
func mayRate(m conversation.Incoming) bool {
	if m.Activity != "" || m.Consent != "" || len(m.Attachments)+len(m.Media) > 0 {
		return false
	}
	_, five := readMark(m.Text, m.Choice, conversation.ScaleFive)
	_, two := readMark(m.Text, m.Choice, conversation.ScaleTwo)
	return five || two
}

// recordRating records a message that answers the question how it was. taken is false, and nothing is stored, when nobody
// asked, or no longer.
func (h *Hub) recordRating(ctx context.Context, inbox conversation.Inbox, in conversation.Incoming) (r conversation.Recorded, taken bool, err error) {
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		taken = false
		asked, err := h.Conversations.AskedAt(ctx, tx, inbox.ID, in.Address)
		if err != nil || asked == nil {
			return err
		}
		m, ok := readMark(in.Text, in.Choice, asked.Scale)
		if !ok {
			return nil
		}
		taken = true
		in.Rating = m.score
		if r, err = h.Conversations.RecordTx(ctx, tx, inbox, in); err != nil {
			return err
		}
		rating := conversation.Rating{Score: m.score, Comment: m.comment, Way: string(conversation.WayReply)}
		if err := h.Conversations.Rate(ctx, tx, r.Conversation, rating); err != nil {
			return err
		}
		return h.thank(ctx, tx, inbox, r.Conversation)
	})
	if conversation.IsDuplicate(err) || errors.Is(err, conversation.ErrNotNow) {
		return r, false, nil
	}
	return r, taken, err
}

// thank says thanks where that costs no money: where a reply window stands open.
func (h *Hub) thank(ctx context.Context, tx *db.Tx, inbox conversation.Inbox, c *conversation.Conversation) error {
	if _, metered := h.adapters[inbox.Kind].(channels.Metered); !metered {
		return nil
	}
	_, err := h.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromSystem, Text: surveyWordsFor(c.Language).thanks,
		Content: conversation.Content{Activity: activityThanks, Survey: true}})
	return err
}

// RateByLink stores what a customer says on the page that a link opens. It works once; then it is ErrNotNow.
func (h *Hub) RateByLink(ctx context.Context, conversationID int64, r conversation.Rating) error {
	return h.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := h.Conversations.Load(ctx, tx, conversationID)
		if err != nil {
			return err
		}
		asked, err := h.Conversations.AskedIn(ctx, tx, conversationID)
		if err != nil {
			return err
		}
		if asked == nil {
			return fmt.Errorf("rate conversation %d: %w", conversationID, conversation.ErrNotNow)
		}
		r.Way = string(conversation.WayLink)
		return h.Conversations.Rate(ctx, tx, c, r)
	})
}

// RatingAsked is what the page of a link asks: the scale and the customer's language. ErrNotNow when it is answered, or long over.
func (h *Hub) RatingAsked(ctx context.Context, conversationID int64) (scale conversation.Scale, language string, err error) {
	c, err := h.Conversations.Get(ctx, h.DB, conversationID)
	if err != nil {
		return "", "", err
	}
	asked, err := h.Conversations.AskedIn(ctx, h.DB, conversationID)
	if err != nil {
		return "", c.Language, err
	}
	if asked == nil || !c.Rateable(conversation.Rating{}, h.DB.Now()) {
		return "", c.Language, fmt.Errorf("rate conversation %d: %w", conversationID, conversation.ErrNotNow)
	}
	return asked.Scale, c.Language, nil
}

// settleRatings writes new ratings into their conversations and draws the consequences, by each inbox's rule.
func (h *Hub) settleRatings(ctx context.Context) error {
	ids, err := h.Conversations.Unsettled(ctx, h.DB, timerBatch)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.settleRating(ctx, tx, id) }); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hub) settleRating(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := h.Conversations.Load(ctx, tx, id)
	if err != nil {
		return err
	}
	first, err := h.Conversations.SettleRating(ctx, tx, id)
	if err != nil || !first {
		return err
	}
	found, err := h.Conversations.Ratings(ctx, tx, []int64{id})
	if err != nil {
		return err
	}
	rule, err := h.Conversations.SurveyRule(ctx, tx, c.InboxID)
	if err != nil {
		return err
	}
	rating := found[id]
	low := rating.Score <= rule.LowUpTo && rule.OnLow != conversation.LowNothing
	data := map[string]string{"score": strconv.Itoa(rating.Score)}
	if low {
		data["low"] = "true"
	}
	if _, err := h.Conversations.Activity(ctx, tx, c, activityRated, data, ""); err != nil || !low {
		return err
	}
	switch rule.OnLow {
	case conversation.LowReopen, conversation.LowQueue:
		return h.Desk.TakeUpAgain(ctx, tx, c, rule.OnLow == conversation.LowQueue)
	default:
		return nil
	}
}

// spareSurvey lets a question out only while the send budget has more than it takes, so that it never uses the last message.
// Otherwise it is dropped: later it would only surprise.
func (h *Hub) spareSurvey(ctx context.Context, tx *db.Tx, p conversation.Parcel, cost int) (dropped bool, err error) {
	if !p.Message.Content.Survey {
		return false, nil
	}
	left, err := h.Conversations.Budget(ctx, tx, p.IdentityID, tx.Now)
	if err != nil || left.Unlimited || left.Left > cost {
		return false, err
	}
	return true, h.dropSurvey(ctx, tx, p, leftBudget)
}

func (h *Hub) dropSurvey(ctx context.Context, tx *db.Tx, p conversation.Parcel, reason string) error {
	if err := h.Conversations.MarkUnsent(ctx, tx, p); err != nil {
		return err
	}
	return h.Conversations.DropSurvey(ctx, tx, p.Message.ConversationID, reason)
}
