package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// Kinds of notices that this package makes.
const (
	NoticeMention = "mention" // a colleague named the person, or their team, in a note
)

// Notice tells a person of something that happened in a conversation or to an article. Who may no longer see the conversation
// is not shown it.
type Notice struct {
	ID, AgentID         int64
	Kind                string
	ConversationID, Seq int64
	ArticleID           int64  // of a notice about an article, which has no conversation
	By                  int64  // who did it
	Words               string // that they said
	At, ReadAt          time.Time
}

// Notify stores a notice and has the person's pages told once this transaction is durable.
func (s *Server) Notify(ctx context.Context, tx *db.Tx, n Notice) error {
	_, err := tx.Insert(ctx, "INSERT INTO notices (agent_id, kind, conversation_id, seq, article_id, by_id, words, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		n.AgentID, n.Kind, n.ConversationID, n.Seq, n.ArticleID, n.By, n.Words, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("notify agent %d: %w", n.AgentID, err)
	}
	text, err := json.Marshal(hint{Kind: "notice", ConversationID: n.ConversationID, To: n.AgentID})
	if err != nil {
		return err
	}
	tx.OnCommit(func() { s.Live.Hint(channels.TopicHints, text) })
	return nil
}

// Notices reads a person's newest notices, of those below an id (0: from the newest).
func (s *Server) Notices(ctx context.Context, from db.Querier, agentID, below int64, limit int) ([]Notice, error) {
	if below == 0 {
		below = 1 << 62
	}
	rows, err := from.Query(ctx, `SELECT id, agent_id, kind, conversation_id, seq, article_id, by_id, words, at, read_at FROM notices
 WHERE agent_id = ? AND id < ? ORDER BY id DESC LIMIT ?`, agentID, below, limit)
	if err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	defer rows.Close()
	var found []Notice
	for rows.Next() {
		var n Notice
		var at, read int64
		if err := rows.Scan(&n.ID, &n.AgentID, &n.Kind, &n.ConversationID, &n.Seq, &n.ArticleID, &n.By, &n.Words, &at, &read); err != nil {
			return nil, fmt.Errorf("read notices: %w", err)
		}
		n.At, n.ReadAt = db.Time(at), db.Time(read)
		found = append(found, n)
	}
	return found, rows.Err()
}

// ReadNotices marks a person's notices up to an id as read.
func (s *Server) ReadNotices(ctx context.Context, tx *db.Tx, agentID, upTo int64) error {
	_, err := tx.Exec(ctx, "UPDATE notices SET read_at = ? WHERE agent_id = ? AND id <= ? AND read_at = 0", db.Millis(tx.Now), agentID, upTo)
	return wrap("read notices", err)
}

// mentioned are the people whom a note names, alone or with their team, who may see the conversation; the writer is
// not told of their own words.
func mentioned(c *conversation.Conversation, writer int64, agentIDs, teamIDs []int64, everybody []handoff.Agent) []int64 {
	named := map[int64]bool{}
	for _, id := range agentIDs {
		named[id] = true
	}
	teams := map[int64]bool{}
	for _, id := range teamIDs {
		teams[id] = true
	}
	var ids []int64
	for _, a := range everybody {
		for _, t := range a.TeamIDs {
			named[a.ID] = named[a.ID] || teams[t]
		}
		if named[a.ID] && a.ID != writer && a.Active && a.Role.Serves() && handoff.Scope(a).Sees(c) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}
