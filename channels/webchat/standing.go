package webchat

import (
	"context"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// stateJSON is where the conversation stands.
type stateJSON struct {
	Status        string      `json:"status"`
	Conversation  int64       `json:"conversation,omitempty"`
	QueuePosition int         `json:"queue_position,omitempty"`
	WaitSeconds   int         `json:"wait_seconds,omitempty"`
	Later         bool        `json:"later,omitempty"`
	Agent         *authorJSON `json:"agent,omitempty"`
	TeamOnline    bool        `json:"team_online"`
	OpensAt       *time.Time  `json:"opens_at,omitempty"` // when people work again, while nobody does
	CanRate       bool        `json:"can_rate,omitempty"`
	Rating        int         `json:"rating,omitempty"`
}

type authorJSON struct {
	Name    string `json:"name"`
	Picture string `json:"picture,omitempty"`
}

// state asks where the visitor's conversation stands.
func (c *call) state(ctx context.Context) (stateJSON, channels.Standing, error) {
	found, err := c.host.Customer().Standing(ctx, c.inbox, c.visitor.Address)
	if err != nil {
		return stateJSON{}, found, err
	}
	s := stateJSON{Status: found.Status, Conversation: found.Conversation, QueuePosition: found.Position, WaitSeconds: int(found.Wait.Seconds()), Later: found.Later,
		TeamOnline: found.AgentsOnline}
	if !found.OpensAt.IsZero() {
		s.OpensAt = &found.OpensAt
	}
	if found.Agent != "" {
		s.Agent = &authorJSON{Name: found.Agent, Picture: c.pictureURL(ctx, c.inbox.ID, found.AgentID)}
	}
	if found.Status != "resolved" || found.Conversation == 0 || kind().Value(c.inbox, "rating") != "true" {
		return s, found, nil
	}
	s.CanRate, s.Rating, err = c.rateable(ctx, found.Conversation)
	return s, found, err
}

func (c *call) rateable(ctx context.Context, id int64) (can bool, score int, err error) {
	at, err := c.Conversations.Get(ctx, c.Conversations.DB, id)
	if err != nil {
		return false, 0, err
	}
	ratings, err := c.Conversations.Ratings(ctx, c.Conversations.DB, []int64{id})
	return at.Rateable(ratings[id], c.Now()), currentScore(at, ratings[id]), err
}

// currentScore is the score given since the conversation ended last.
func currentScore(c *conversation.Conversation, r conversation.Rating) int {
	if r.At.Before(c.ResolvedAt) {
		return 0
	}
	return r.Score
}
