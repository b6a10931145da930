package mirror

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"huiyin/db"
)

// Place is where one conversation stands at a board, leased by who brings it in step.
type Place struct {
	ID             int64
	ConversationID int64
	Ref            string // where it is, in the board's own words; "" when it is not there yet
	Seq            int64  // the last message that was shown or passed over; at first the last when the board came to want it
	State          string // what the board keeps
	Unsure         bool   // the step after what was saved may have been taken: its answer was lost, or who took it died

	mirror *Mirror
	lease  db.Lease
	moved  int64
}

const selectPlace = "SELECT id, conversation_id, ref, seq, state, moved, problem FROM mirrors "

func (m *Mirror) load(ctx context.Context, l db.Lease) (*Place, error) {
	p := &Place{mirror: m, lease: l}
	var problem string
	row := m.DB.QueryRow(ctx, selectPlace+"WHERE id = ?", l.ID)
	if err := row.Scan(&p.ID, &p.ConversationID, &p.Ref, &p.Seq, &p.State, &p.moved, &problem); err != nil {
		return nil, fmt.Errorf("load place %d: %w", l.ID, err)
	}
	p.Unsure = l.Recovered || problem != ""
	return p, nil
}

// Save notes a step that the board has taken, and keeps the place for a while longer.
func (p *Place) Save(ctx context.Context) error {
	return p.mirror.DB.Tx(ctx, func(tx *db.Tx) error { return p.save(ctx, tx) })
}

func (p *Place) save(ctx context.Context, tx *db.Tx) error {
	n, err := tx.Exec(ctx, "UPDATE mirrors SET ref = ?, seq = ?, state = ?, problem = '', attempts = 0, lease_until = ? WHERE id = ? AND lease_token = ?",
		p.Ref, p.Seq, p.State, db.Millis(tx.Now.Add(lease)), p.ID, p.lease.Token)
	if err != nil {
		return fmt.Errorf("save place: %w", err)
	}
	if n == 0 {
		return db.ErrLeaseLost
	}
	p.lease.Attempts = 1 // it goes forward, so a failure from here on is the first
	return nil
}

// Post is a message that stands at the board by itself.
type Post struct {
	Seq   int64
	Ref   string // where it stands, in the board's own words
	Shown string // as what it was shown last
}

// Posted notes a message that the board has shown, together with how far the place has come.
func (p *Place) Posted(ctx context.Context, post Post) error {
	return p.mirror.DB.Tx(ctx, func(tx *db.Tx) error {
		p.Seq = max(p.Seq, post.Seq)
		if err := p.save(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO mirror_posts (mirror_id, seq, ref, shown) VALUES (?, ?, ?, ?)
 ON CONFLICT (mirror_id, seq) DO UPDATE SET ref = excluded.ref, shown = excluded.shown`, p.ID, post.Seq, post.Ref, post.Shown)
		if err != nil {
			return fmt.Errorf("note post: %w", err)
		}
		return nil
	})
}

// Posts are the newest messages that were noted as standing at the board, in order.
func (p *Place) Posts(ctx context.Context, limit int) ([]Post, error) {
	rows, err := p.mirror.DB.Query(ctx, `SELECT seq, ref, shown FROM (SELECT seq, ref, shown FROM mirror_posts WHERE mirror_id = ? ORDER BY seq DESC LIMIT ?) p
 ORDER BY seq`, p.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	defer rows.Close()
	var posts []Post
	for rows.Next() {
		var post Post
		if err := rows.Scan(&post.Seq, &post.Ref, &post.Shown); err != nil {
			return nil, fmt.Errorf("read posts: %w", err)
		}
		posts = append(posts, post)
	}
	return posts, rows.Err()
}

// Leave ends where the conversation stands: the board shows it anew, elsewhere or not at all.
func (p *Place) Leave(ctx context.Context) error {
	was := p.Ref
	p.Ref = ""
	return p.mirror.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := p.save(ctx, tx); err != nil || was == "" {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM mirror_posts WHERE mirror_id = ?", p.ID); err != nil {
			return fmt.Errorf("leave: %w", err)
		}
		_, err := tx.Exec(ctx, "INSERT INTO mirror_past (board, ref, conversation_id) VALUES (?, ?, ?) ON CONFLICT (board, ref) DO NOTHING", p.mirror.Board.Name(), was, p.ConversationID)
		if err != nil {
			return fmt.Errorf("leave: %w", err)
		}
		return nil
	})
}

// done gives the place back; it is due again at once when the conversation has moved meanwhile.
func (p *Place) done(ctx context.Context) error {
	return p.release(ctx, "due_at = CASE WHEN moved = ? THEN NULL ELSE CAST(? AS BIGINT) END, rest_until = 0, problem = '', attempts = 0",
		func(now time.Time) []any { return []any{p.moved, db.Millis(now)} })
}

// postpone gives the place back for a while. It is due sooner when the conversation moves meanwhile or has moved already,
// but not while it rests.
func (p *Place) postpone(ctx context.Context, wait, rest time.Duration, problem *string) error {
	set, rest := "rest_until = ?, due_at = CASE WHEN moved = ? THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END", min(rest, wait)
	if problem == nil {
		set += ", attempts = 0"
	} else {
		set += ", problem = ?"
	}
	return p.release(ctx, set, func(now time.Time) []any {
		resting := db.Millis(now.Add(rest))
		args := []any{resting, p.moved, db.Millis(now.Add(wait)), resting}
		if problem != nil {
			args = append(args, *problem)
		}
		return args
	})
}

func (p *Place) release(ctx context.Context, set string, args func(now time.Time) []any) error {
	return p.mirror.DB.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE mirrors SET "+set+", lease_until = 0, lease_token = '', recovered = 0 WHERE id = ? AND lease_token = ?",
			append(args(tx.Now), p.ID, p.lease.Token)...)
		if err != nil {
			return fmt.Errorf("give place back: %w", err)
		}
		if n == 0 {
			return db.ErrLeaseLost
		}
		return nil
	})
}

// At finds the conversation that stands at a place of a board; 0 when none does.
func At(ctx context.Context, from db.Querier, board, ref string) (int64, error) {
	var id int64
	err := from.QueryRow(ctx, "SELECT conversation_id FROM mirrors WHERE board = ? AND ref = ?", board, ref).Scan(&id)
	if err != nil && !db.NoRows(err) {
		return 0, fmt.Errorf("find place: %w", err)
	}
	return id, nil
}

// Opening tells whether a conversation may stand at a board already whose place is not noted yet: between the desk's
// taking it and our learning so.
func Opening(ctx context.Context, from db.Querier, board string) (bool, error) {
	var n int
	err := from.QueryRow(ctx, "SELECT COUNT(*) FROM mirrors WHERE board = ? AND ref = '' AND due_at IS NOT NULL", board).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("find opening places: %w", err)
	}
	return n > 0, nil
}

// Past finds the conversation that once stood at a place of a board; 0 when none did.
func Past(ctx context.Context, from db.Querier, board, ref string) (int64, error) {
	var id int64
	err := from.QueryRow(ctx, "SELECT conversation_id FROM mirror_past WHERE board = ? AND ref = ?", board, ref).Scan(&id)
	if err != nil && !db.NoRows(err) {
		return 0, fmt.Errorf("find past place: %w", err)
	}
	return id, nil
}

// RefOf is where a conversation stands at a board; "" when it does not.
func RefOf(ctx context.Context, from db.Querier, board string, conversationID int64) (string, error) {
	var ref string
	err := from.QueryRow(ctx, "SELECT ref FROM mirrors WHERE board = ? AND conversation_id = ?", board, conversationID).Scan(&ref)
	if err != nil && !db.NoRows(err) {
		return "", fmt.Errorf("find place of conversation %d: %w", conversationID, err)
	}
	return ref, nil
}

// Retry has everything at a board tried at once that waits after a failure.
func Retry(ctx context.Context, tx *db.Tx, board string) error {
	_, err := tx.Exec(ctx, "UPDATE mirrors SET due_at = ?, rest_until = 0, attempts = 0 WHERE board = ? AND due_at > ?", db.Millis(tx.Now), board, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("retry: %w", err)
	}
	return nil
}

// Forget forgets where conversations stand at a board; those in human hands are shown there anew.
func Forget(ctx context.Context, tx *db.Tx, board string) error {
	for _, query := range []string{"DELETE FROM mirror_posts WHERE mirror_id IN (SELECT id FROM mirrors WHERE board = ?)", "DELETE FROM mirrors WHERE board = ?",
		"DELETE FROM mirror_past WHERE board = ?", "DELETE FROM mirror_cursors WHERE board = ?"} {
		if _, err := tx.Exec(ctx, query, board); err != nil {
			return fmt.Errorf("forget places: %w", err)
		}
	}
	return nil
}

// Waiting is how many conversations are not in step at a board, and what keeps the one that waits longest.
func Waiting(ctx context.Context, from db.Querier, board string) (n int, problem string, err error) {
	err = from.QueryRow(ctx, `SELECT COUNT(*), COALESCE((SELECT problem FROM mirrors WHERE board = ? AND problem <> '' ORDER BY due_at LIMIT 1), '')
 FROM mirrors WHERE board = ? AND due_at IS NOT NULL`, board, board).Scan(&n, &problem)
	if err != nil {
		return 0, "", fmt.Errorf("count places: %w", err)
	}
	return n, problem, nil
}

func scanIDs(rows *sql.Rows) (ids []int64, err error) {
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read ids: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
