package admin

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// mailEvery is how often it is looked whether somebody has to be told by mail.
const mailEvery = 30 * time.Second

// mailNotices tells people by mail of notices that they have not seen for as long as they wish, where an inbox of ours sends
// mail. Each is told at most once, and without a word of the customer's.
func (s *Server) mailNotices(ctx context.Context) error {
	now := s.DB.Now()
	if s.SendNow == nil || now.Before(s.nextMail) {
		return nil
	}
	s.nextMail = now.Add(mailEvery)
	inbox, found, err := s.mailInbox(ctx)
	if err != nil || !found {
		return err
	}
	zone, err := s.Zone(ctx)
	if err != nil {
		return err
	}
	everybody, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return err
	}
	for _, a := range everybody {
		if !a.Active {
			continue
		}
		if err := s.mailNoticesOf(ctx, inbox, a, now.In(zone)); err != nil {
			return err
		}
	}
	return nil
}

// mailInbox is the first inbox that writes from an address of mail.
func (s *Server) mailInbox(ctx context.Context) (conversation.Inbox, bool, error) {
	all, err := s.Conversations.Inboxes(ctx, s.DB)
	if err != nil {
		return conversation.Inbox{}, false, err
	}
	for _, i := range all {
		if _, err := mail.ParseAddress(i.Settings["address"]); err == nil {
			return i, true, nil
		}
	}
	return conversation.Inbox{}, false, nil
}

func (s *Server) mailNoticesOf(ctx context.Context, inbox conversation.Inbox, a handoff.Agent, local time.Time) error {
	w, mailed, err := s.noticeWishesOf(ctx, s.DB, a.ID)
	if err != nil || w.MailMinutes == 0 || w.quiet(local) {
		return err
	}
	list, err := s.unseen(ctx, a.ID, mailed, local.Add(-time.Duration(w.MailMinutes)*time.Minute))
	if err != nil || len(list) == 0 {
		return err
	}
	var told []Notice
	for _, n := range list {
		if w.Kinds[n.Kind].Mail {
			told = append(told, n)
		}
	}
	first, err := s.mailedTo(ctx, a.ID, mailed, list[len(list)-1].ID)
	if err != nil || !first || len(told) == 0 {
		return err
	}
	if err := s.SendNow(ctx, inbox, a.Email, s.digest(a, told)); err != nil {
		s.Log.Warn("a notice did not go out by mail", "agent", a.ID, "error", err)
	}
	return nil
}

// unseen are the notices after one that nobody has looked at since a time, oldest first.
func (s *Server) unseen(ctx context.Context, agentID, after int64, since time.Time) ([]Notice, error) {
	rows, err := s.DB.Query(ctx, "SELECT id, kind, conversation_id, article_id FROM notices WHERE agent_id = ? AND id > ? AND read_at = 0 AND at <= ? ORDER BY id LIMIT ?",
		agentID, after, db.Millis(since), noticePage)
	if err != nil {
		return nil, fmt.Errorf("read unseen notices: %w", err)
	}
	defer rows.Close()
	var list []Notice
	for rows.Next() {
		n := Notice{AgentID: agentID}
		if err := rows.Scan(&n.ID, &n.Kind, &n.ConversationID, &n.ArticleID); err != nil {
			return nil, fmt.Errorf("read unseen notices: %w", err)
		}
		list = append(list, n)
	}
	return list, rows.Err()
}

// mailedTo takes it on itself to tell somebody up to a notice; first is false when another node does.
func (s *Server) mailedTo(ctx context.Context, agentID, was, now int64) (first bool, err error) {
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO notice_wishes (agent_id) VALUES (?) ON CONFLICT DO NOTHING", agentID); err != nil {
			return fmt.Errorf("note mail: %w", err)
		}
		n, err := tx.Exec(ctx, "UPDATE notice_wishes SET mailed = ? WHERE agent_id = ? AND mailed = ?", now, agentID, was)
		first = n > 0
		return wrap("note mail", err)
	})
	return first, err
}

// digest is one mail about all of them, with links and without what customers wrote.
func (s *Server) digest(a handoff.Agent, list []Notice) string {
	words := map[string][2]string{NoticeMention: {"有同事提到您", "You were mentioned"}, NoticeWhisper: {"班组长的悄悄话", "A whisper from a lead"},
		NoticeAssigned: {"分配给您的会话", "Assigned to you"}, NoticeJoined: {"请您一起回复", "You were asked to answer too"}, NoticeSLA: {"快要超时或已超时", "A promised time is running out"},
		NoticeReturned: {"会话回来了", "A conversation came back"}, NoticeBadRating: {"差评", "A bad rating"},
		NoticeReviewAsked: {"请您审阅文章", "You are asked to review an article"}, NoticeReviewReturned: {"文章被退回修改", "Your article was returned"},
		NoticeReviewApproved: {"文章已通过审阅", "Your article was approved"}, NoticeArticleComment: {"文章有新评论", "A comment on your article"},
		NoticeArticleDue: {"文章该复查了", "An article is due for review"}, NoticeArticleTimer: {"文章的定时任务", "A planned step of an article"},
		NoticeGoldenBroke: {"黄金问题不再通过", "Golden questions fail"}}
	language, head := 0, fmt.Sprintf("您在回音有 %d 条未读提醒：", len(list))
	if a.Language == "en" {
		language, head = 1, fmt.Sprintf("You have %d notices in Huiyin that you have not seen:", len(list))
	}
	var b strings.Builder
	b.WriteString(head + "\n")
	for _, n := range list {
		place := fmt.Sprintf("inbox/all/%d", n.ConversationID)
		if n.ArticleID != 0 {
			place = fmt.Sprintf("knowledge/%d", n.ArticleID)
		}
		if n.Kind == NoticeGoldenBroke {
			place = "knowledge/golden"
		}
		fmt.Fprintf(&b, "\n- %s: %s/console/%s", words[n.Kind][language], s.PublicURL, place)
	}
	return b.String()
}
