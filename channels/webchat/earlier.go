package webchat

import (
	"math"
	"net/http"
	"time"

	"huiyin/conversation"
)

const earlierPage = 20

// pastJSON is one of a visitor's conversations as a line of a list.
type pastJSON struct {
	ID        int64     `json:"id"`
	StartedAt time.Time `json:"started_at"`
	LastAt    time.Time `json:"last_at"`
	Status    string    `json:"status"`
	Preview   string    `json:"preview"`
	Agent     string    `json:"agent,omitempty"`
	Cursor    string    `json:"cursor"`
	CanRate   bool      `json:"can_rate,omitempty"`
	Rating    int       `json:"rating,omitempty"`
}

// listConversations are the visitor's conversations, newest first.
func listConversations(c *call) error {
	before := int64(math.MaxInt64)
	if text := c.r.URL.Query().Get("before"); text != "" {
		id, err := parseID(text)
		if err != nil {
			return badRequest("bad_cursor", "位置不正确。", "before must be the id of a conversation.")
		}
		before = id
	}
	identity, err := c.identity(c.ctx())
	if err != nil {
		return err
	}
	var found []*conversation.Conversation
	if identity != 0 {
		if found, err = c.Conversations.OfIdentity(c.ctx(), c.Conversations.DB, identity, before, earlierPage+1); err != nil {
			return err
		}
	}
	more := len(found) > earlierPage
	if more {
		found = found[:earlierPage]
	}
	shown, err := c.showPast(found)
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, map[string]any{"conversations": shown, "more": more})
}

func (c *call) showPast(found []*conversation.Conversation) ([]pastJSON, error) {
	ids := make([]int64, len(found))
	for i, f := range found {
		ids[i] = f.ID
	}
	ratings, err := c.Conversations.Ratings(c.ctx(), c.Conversations.DB, ids)
	if err != nil {
		return nil, err
	}
	wanted := kind().Value(c.inbox, "rating") == "true"
	shown := make([]pastJSON, 0, len(found))
	for _, f := range found {
		p := pastJSON{ID: f.ID, StartedAt: f.CreatedAt, LastAt: f.LastMessageAt, Status: pastStatus(f), Preview: f.Preview,
			Cursor: cursor{f.ID, f.LastSeq}.String(), Rating: currentScore(f, ratings[f.ID]), CanRate: wanted && f.Rateable(ratings[f.ID], c.Now())}
		if author := c.author(c.ctx(), c.inbox.ID, f.AgentID); author != nil {
			p.Agent = author.Name
		}
		shown = append(shown, p)
	}
	return shown, nil
}

// pastStatus is the status in the words of the state.
func pastStatus(c *conversation.Conversation) string {
	switch {
	case c.Status == conversation.Resolved:
		return "resolved"
	case c.Status == conversation.Pending:
		return "bot"
	case c.AgentID == 0:
		return "queued"
	}
	return "agent"
}
