package mirror

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// follow reads the next events and marks the places of the conversations that moved as due, in one transaction with
// how far it has read.
func (m *Mirror) follow(ctx context.Context) (more bool, err error) {
	at, err := m.cursor(ctx, m.DB, "")
	if err != nil {
		return false, err
	}
	_, last, err := m.Conversations.EventRange(ctx, m.DB)
	if err != nil || at == last {
		return false, err
	}
	err = m.DB.Tx(ctx, func(tx *db.Tx) error {
		more, err = m.followTx(ctx, tx)
		return err
	})
	return more, err
}

// cursor is how far the events were read; -1 before the first time.
func (m *Mirror) cursor(ctx context.Context, from db.Querier, lock string) (int64, error) {
	var n int64
	err := from.QueryRow(ctx, "SELECT n FROM mirror_cursors WHERE board = ?"+lock, m.Board.Name()).Scan(&n)
	if db.NoRows(err) {
		return -1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read cursor: %w", err)
	}
	return n, nil
}

func (m *Mirror) followTx(ctx context.Context, tx *db.Tx) (more bool, err error) {
	at, err := m.cursor(ctx, tx, tx.ForUpdate())
	if err != nil {
		return false, err
	}
	first, last, err := m.Conversations.EventRange(ctx, tx)
	if err != nil {
		return false, err
	}
	if at < 0 || at < first-1 { // new, or away for longer than events are kept: what waits now is looked at as a whole
		return false, m.begin(ctx, tx, last)
	}
	events, err := m.Conversations.Events(ctx, tx, at, batch)
	if err != nil || len(events) == 0 {
		return false, err
	}
	seen := map[int64]bool{}
	for _, e := range events {
		if e.ConversationID == 0 || seen[e.ConversationID] {
			continue
		}
		seen[e.ConversationID] = true
		if err := m.moved(ctx, tx, e.ConversationID); err != nil {
			return false, err
		}
	}
	return len(events) == batch, m.saveCursor(ctx, tx, events[len(events)-1].N)
}

// begin starts from now: places that exist are looked at again, and conversations in human hands are taken up.
func (m *Mirror) begin(ctx context.Context, tx *db.Tx, last int64) error {
	if _, err := tx.Exec(ctx, stir+" WHERE board = ?", append(stirred(tx.Now), m.Board.Name())...); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := m.takeUp(ctx, tx); err != nil {
		return err
	}
	return m.saveCursor(ctx, tx, last)
}

// takeUp marks the places of conversations in human hands, and makes those that the board wants and has not.
func (m *Mirror) takeUp(ctx context.Context, tx *db.Tx) error {
	rows, err := tx.Query(ctx, "SELECT id FROM conversations WHERE status = ? ORDER BY id", conversation.Open)
	if err != nil {
		return fmt.Errorf("take up conversations: %w", err)
	}
	ids, err := scanIDs(rows)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := m.moved(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// Anew has the board look again, after a change of its settings, at what is not resolved and at all that waits after a
// failure, and take up the conversations that it has come to want.
func (m *Mirror) Anew(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, stir+" WHERE board = ? AND conversation_id IN (SELECT id FROM conversations WHERE status <> ?)",
		append(stirred(tx.Now), m.Board.Name(), conversation.Resolved)...)
	if err != nil {
		return fmt.Errorf("look anew: %w", err)
	}
	if err := m.takeUp(ctx, tx); err != nil {
		return err
	}
	return Retry(ctx, tx, m.Board.Name())
}

func (m *Mirror) saveCursor(ctx context.Context, tx *db.Tx, n int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO mirror_cursors (board, n) VALUES (?, ?) ON CONFLICT (board) DO UPDATE SET n = excluded.n", m.Board.Name(), n)
	if err != nil {
		return fmt.Errorf("save cursor: %w", err)
	}
	return nil
}

// stir marks places as moved and due: what is said now does not wait for a later look, nor for the next try after a
// failure, but a place that rests is left in peace until then.
const stir = "UPDATE mirrors SET moved = moved + 1, due_at = CASE WHEN due_at <= ? THEN due_at WHEN rest_until > ? THEN rest_until ELSE CAST(? AS BIGINT) END"

func stirred(now time.Time) []any {
	at := db.Millis(now)
	return []any{at, at, at}
}

// moved marks the place of a conversation as due, and makes one for a conversation that the board wants.
func (m *Mirror) moved(ctx context.Context, tx *db.Tx, conversationID int64) error {
	n, err := tx.Exec(ctx, stir+" WHERE board = ? AND conversation_id = ?", append(stirred(tx.Now), m.Board.Name(), conversationID)...)
	if err != nil {
		return fmt.Errorf("mark conversation %d: %w", conversationID, err)
	}
	if n > 0 {
		return nil
	}
	c, err := m.Conversations.Get(ctx, tx, conversationID)
	if errors.Is(err, conversation.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	wanted, err := m.Board.Wants(ctx, tx, c)
	if err != nil || !wanted {
		return err
	}
	_, err = tx.Insert(ctx, "INSERT INTO mirrors (board, conversation_id, seq, due_at) VALUES (?, ?, ?, ?)", m.Board.Name(), conversationID, c.LastSeq, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("make a place for conversation %d: %w", conversationID, err)
	}
	return nil
}
