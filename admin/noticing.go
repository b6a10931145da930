package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// Further kinds of notices, made from what happens in conversations.
const (
	NoticeAssigned  = "assigned"   // a colleague gave the person a conversation
	NoticeJoined    = "joined"     // they were asked to answer beside the owner
	NoticeWhisper   = "whisper"    // a lead whispers
	NoticeSLA       = "sla"        // a promised time is nearly up, or is
	NoticeReturned  = "returned"   // a conversation came back: it was taken from them, or its snooze is over
	NoticeBadRating = "bad_rating" // a customer was not content
)

// noticeKinds are all kinds, in the order in which settings show them.
func noticeKinds() []string {
	return []string{NoticeMention, NoticeWhisper, NoticeAssigned, NoticeJoined, NoticeSLA, NoticeReturned, NoticeBadRating,
		NoticeReviewAsked, NoticeReviewReturned, NoticeReviewApproved, NoticeArticleComment, NoticeArticleDue, NoticeArticleTimer, NoticeGoldenBroke}
}

const (
	noticeEvery = time.Second
	noticePage  = 1024
)

// makeNotices turns what happens in conversations into notices, once on however many nodes, until ctx ends.
func (s *Server) makeNotices(ctx context.Context) {
	ticker := time.NewTicker(noticeEvery)
	defer ticker.Stop()
	for {
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = s.notices(ctx); err != nil && ctx.Err() == nil {
				s.Log.Warn("notices could not be made; trying again", "error", err)
			}
		}
		if err := s.mailNotices(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("notices could not be sent by mail; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// notices makes the notices of a page of events, and notes in the same transaction that they are made.
func (s *Server) notices(ctx context.Context) (more bool, err error) {
	var was int64
	err = s.DB.QueryRow(ctx, "SELECT event FROM notice_state WHERE id = 1").Scan(&was)
	fresh := db.NoRows(err)
	if err != nil && !fresh {
		return false, fmt.Errorf("read notice state: %w", err)
	}
	first, last, err := s.Conversations.EventRange(ctx, s.DB)
	if err != nil || last == was && !fresh {
		return false, err
	}
	if fresh || was+1 < first || was > last { // nobody is told of what is long past
		return false, s.noticedTo(ctx, was, last, fresh, nil)
	}
	events, err := s.Conversations.Passed(ctx, was, last, noticePage)
	if err != nil || len(events) == 0 {
		return false, err
	}
	made, err := s.noticesOf(ctx, events)
	if err != nil {
		return false, err
	}
	return len(events) == noticePage, s.noticedTo(ctx, was, events[len(events)-1].N, false, made)
}

func (s *Server) noticedTo(ctx context.Context, was, now int64, fresh bool, made []Notice) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		var n int64
		var err error
		if fresh {
			n, err = tx.Exec(ctx, "INSERT INTO notice_state (id, event) VALUES (1, ?) ON CONFLICT DO NOTHING", now)
		} else {
			n, err = tx.Exec(ctx, "UPDATE notice_state SET event = ? WHERE id = 1 AND event = ?", now, was)
		}
		if err != nil {
			return fmt.Errorf("note notices: %w", err)
		}
		if n == 0 {
			return nil // another node has made them
		}
		for _, one := range made {
			if err := s.Notify(ctx, tx, one); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Server) noticesOf(ctx context.Context, events []conversation.Passed) ([]Notice, error) {
	var spots []conversation.Spot
	var ids []int64
	for _, e := range events {
		if !e.Line {
			continue
		}
		spots = append(spots, conversation.Spot{ConversationID: e.ConversationID, Seq: e.Seq})
		if !slices.Contains(ids, e.ConversationID) {
			ids = append(ids, e.ConversationID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	messages, err := s.Conversations.MessagesOf(ctx, s.DB, spots)
	if err != nil {
		return nil, err
	}
	found, err := s.Conversations.GetAll(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	everybody, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	var made []Notice
	for _, spot := range spots {
		m, c := messages[spot], found[spot.ConversationID]
		if c == nil {
			continue
		}
		kind, to := concerns(m, c, everybody)
		for _, a := range everybody {
			if slices.Contains(to, a.ID) && a.ID != m.AgentID && a.Active && a.Role.Serves() && handoff.Scope(a).Sees(c) {
				made = append(made, Notice{AgentID: a.ID, Kind: kind, ConversationID: c.ID, Seq: m.Seq})
			}
		}
	}
	return made, nil
}

// concerns is whom a line concerns, and as what; kind is empty when it is nobody.
func concerns(m conversation.Message, c *conversation.Conversation, everybody []handoff.Agent) (kind string, to []int64) {
	data := m.Content.ActivityData
	by, about := agentIn(data["agent_id"]), agentIn(data["to_agent_id"])
	switch {
	case m.Content.Whisper:
		return NoticeWhisper, []int64{c.AgentID}
	case m.Content.Activity == "transferred" && about != by:
		return NoticeAssigned, []int64{about}
	case m.Content.Activity == "joined" && about != by:
		return NoticeJoined, []int64{about}
	case m.Content.Activity == "requeued":
		return NoticeReturned, []int64{by}
	case m.Content.Activity == "woken":
		return NoticeReturned, []int64{c.AgentID}
	case m.Content.Activity == "sla_warned" || m.Content.Activity == "sla_breached" || m.Content.Activity == "sla_escalated":
		if c.AgentID != 0 && m.Content.Activity == "sla_warned" {
			return NoticeSLA, []int64{c.AgentID}
		}
		return NoticeSLA, append(leadsOf(c.TeamID, everybody), c.AgentID)
	case m.Content.Activity == "rated" && data["low"] == "true":
		return NoticeBadRating, append(leadsOf(c.TeamID, everybody), c.AgentID)
	default:
		return "", nil
	}
}

func agentIn(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// leadsOf are the leads of a team; of no team, all leads. Where there is none, the owners and administrators.
func leadsOf(teamID int64, everybody []handoff.Agent) []int64 {
	var list []int64
	for _, a := range everybody {
		if a.Role == handoff.Lead && (teamID == 0 || slices.Contains(a.TeamIDs, teamID)) {
			list = append(list, a.ID)
		}
	}
	if len(list) > 0 {
		return list
	}
	for _, a := range everybody {
		if a.Role == handoff.Owner || a.Role == handoff.Administrator {
			list = append(list, a.ID)
		}
	}
	return list
}
