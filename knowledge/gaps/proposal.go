package gaps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Proposal is a question that the bot failed and what an agent answered. A person makes something of it, or nothing.
type Proposal struct {
	ID, ConversationID, Seq  int64
	InboxID, TeamID, AgentID int64
	Question, Answer         string // without the customer's name and numbers
	Article                  int64  // an agent said that it would have been right, and Answer is empty; 0: nobody did
	At                       time.Time
}

// Proposals reads the newest open ones that somebody may see, before an id (0: from the newest).
func (s *Store) Proposals(ctx context.Context, scope conversation.Scope, before int64, limit int) ([]Proposal, error) {
	if before == 0 {
		before = 1 << 62
	}
	return s.proposals(ctx, s.DB, isOpen+" AND p.turn_id < ?"+scoped(scope, "t.")+" ORDER BY p.turn_id DESC LIMIT ?", before, limit)
}

// Proposal reads one open proposal that somebody may see.
func (s *Store) Proposal(ctx context.Context, from db.Querier, scope conversation.Scope, id int64) (Proposal, error) {
	found, err := s.proposals(ctx, from, isOpen+" AND p.turn_id = ?"+scoped(scope, "t."), id)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Proposal{}, err
	}
	return found[0], nil
}

func (s *Store) proposals(ctx context.Context, from db.Querier, where string, args ...any) ([]Proposal, error) {
	rows, err := from.Query(ctx, `SELECT p.turn_id, p.conversation_id, t.question_id, p.reply_id, p.agent_id, t.inbox_id, t.team_id, p.at, t.part, p.article_id
 FROM gap_pairs p JOIN gap_turns t ON t.message_id = p.turn_id WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	defer rows.Close()
	type places struct {
		question, reply int64
		part            int
	}
	var list []Proposal
	var of []places
	var ids []int64
	for rows.Next() {
		var p Proposal
		var w places
		var at int64
		if err := rows.Scan(&p.ID, &p.ConversationID, &w.question, &w.reply, &p.AgentID, &p.InboxID, &p.TeamID, &at, &w.part, &p.Article); err != nil {
			return nil, fmt.Errorf("read proposals: %w", err)
		}
		p.At = db.Time(at)
		list, of, ids = append(list, p), append(of, w), append(ids, w.question, w.reply)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	words, err := s.Conversations.WordsOf(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	contacts, err := s.contactsOf(ctx, from, words)
	if err != nil {
		return nil, err
	}
	kept := list[:0]
	for i, p := range list {
		asked, said := words[of[i].question], words[of[i].reply]
		p.Seq = asked.Seq
		p.Question, p.Answer = tidy(partOf(asked.Text, of[i].part), contacts[asked.ContactID]), hide(said.Text, contacts[asked.ContactID])
		if p.Question != "" && (p.Answer != "" || p.Article != 0) {
			kept = append(kept, p)
		}
	}
	return kept, nil
}

// isOpen are the proposals that nobody has decided about: what was measured, and what agents said.
const isOpen = "p.state IN ('open', 'said')"

// Suggest notes what an agent said who marked an automatic answer as wrong: which article would have been right.
func (s *Store) Suggest(ctx context.Context, tx *db.Tx, m conversation.Message, agentID, article int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO gap_pairs (turn_id, conversation_id, question_id, reply_id, agent_id, inbox_id, team_id, at, state, article_id)
 VALUES (?, ?, 0, 0, ?, ?, 0, ?, 'said', ?) ON CONFLICT (turn_id) DO UPDATE SET reply_id = 0, agent_id = excluded.agent_id, at = excluded.at, state = 'said',
 article_id = excluded.article_id`, m.ID, m.ConversationID, agentID, m.InboxID, db.Millis(tx.Now), article)
	return wrap("keep proposal", err)
}

// Finish closes a proposal: it became part of an article, or nothing (article 0).
func (s *Store) Finish(ctx context.Context, tx *db.Tx, id, article int64) error {
	state := "used"
	if article == 0 {
		state = "dismissed"
	}
	n, err := tx.Exec(ctx, "UPDATE gap_pairs SET state = ?, article_id = ? WHERE turn_id = ? AND state IN ('open', 'said')", state, article, id)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrap("close proposal", err)
}
