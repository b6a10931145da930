package gaps

import (
	"context"
	"fmt"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/nlu"
	"huiyin/nlu/cluster"
)

const (
	// mostGrouped is how many questions are compared, the newest ones; older ones stay in their groups.
	mostGrouped = 100_000
	// textPage is how many texts are read at once, and writePage how many rows are written in one transaction.
	textPage, writePage = 1000, 500
)

// member is a question asked in vain.
type member struct {
	turn, question, group int64
	part                  int
}

// Group puts the questions without a group into groups. It reads and compares outside of any transaction; of several nodes that do so
// at once the last one to begin writes.
func (s *Store) Group(ctx context.Context) error {
	if waiting, err := s.waiting(ctx); err != nil || !waiting {
		return err
	}
	round, err := s.begin(ctx)
	if err != nil {
		return err
	}
	members, err := s.members(ctx)
	if err != nil {
		return err
	}
	texts, err := s.normalized(ctx, members)
	if err != nil {
		return err
	}
	judged, err := s.judged(ctx)
	if err != nil {
		return err
	}
	g := grouping{store: s, round: round, members: members, heads: map[int]int64{}}
	return g.write(ctx, cluster.Group(texts, cluster.Options{Fixed: judged}))
}

// waiting tells whether one of the newest questions has no group yet. That is first asked of all of them, which costs nothing.
func (s *Store) waiting(ctx context.Context) (bool, error) {
	for _, among := range []string{"SELECT 1 FROM gap_turns WHERE vain <> '' AND group_id = 0 LIMIT 1",
		fmt.Sprintf("SELECT 1 FROM (SELECT group_id FROM gap_turns WHERE vain <> '' ORDER BY message_id DESC LIMIT %d) AS newest WHERE group_id = 0 LIMIT 1", mostGrouped)} {
		var n int
		if err := s.DB.QueryRow(ctx, "SELECT COUNT(*) FROM ("+among+") AS found").Scan(&n); err != nil || n == 0 {
			return false, wrap("look for questions without a group", err)
		}
	}
	return true, nil
}

// begin takes the next round for this node.
func (s *Store) begin(ctx context.Context) (round int64, err error) {
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE gap_state SET round = round + 1 WHERE id = 1"); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "SELECT round FROM gap_state WHERE id = 1").Scan(&round)
	})
	return round, wrap("begin grouping", err)
}

// members are the newest questions asked in vain, in their order.
func (s *Store) members(ctx context.Context) ([]member, error) {
	rows, err := s.DB.Query(ctx, `SELECT message_id, question_id, part, group_id FROM (SELECT message_id, question_id, part, group_id FROM gap_turns
 WHERE vain <> '' ORDER BY message_id DESC LIMIT ?) AS newest ORDER BY message_id`, mostGrouped)
	if err != nil {
		return nil, fmt.Errorf("read questions asked in vain: %w", err)
	}
	defer rows.Close()
	var list []member
	for rows.Next() {
		var m member
		if err := rows.Scan(&m.turn, &m.question, &m.part, &m.group); err != nil {
			return nil, fmt.Errorf("read questions asked in vain: %w", err)
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

// normalized are the questions as they are compared, without the greeting around them.
func (s *Store) normalized(ctx context.Context, members []member) ([]cluster.Text, error) {
	texts := make([]cluster.Text, len(members))
	for from := 0; from < len(members); from += textPage {
		page := members[from:min(from+textPage, len(members))]
		found, err := s.wordsOf(ctx, s.DB, page)
		if err != nil {
			return nil, err
		}
		for i, m := range page {
			texts[from+i] = cluster.Text{Normalized: nlu.Analyze(partOf(found[m.question].Text, m.part)).Query, Group: m.group}
		}
	}
	return texts, nil
}

func (s *Store) wordsOf(ctx context.Context, from db.Querier, members []member) (map[int64]conversation.Words, error) {
	ids := make([]int64, len(members))
	for i, m := range members {
		ids[i] = m.question
	}
	return s.Conversations.WordsOf(ctx, from, ids)
}

// partOf is the part of a message that was decided on by itself; 0: all of it.
func partOf(text string, part int) string {
	parts := nlu.Parts(text)
	if part < 1 || part > len(parts) {
		return text
	}
	return parts[part-1].Text
}

// judged are the groups that somebody has decided something about.
func (s *Store) judged(ctx context.Context) (map[int64]bool, error) {
	rows, err := s.DB.Query(ctx, "SELECT id FROM gap_groups WHERE judged = 1 AND into_id = 0")
	if err != nil {
		return nil, fmt.Errorf("read judged groups: %w", err)
	}
	defer rows.Close()
	found := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read judged groups: %w", err)
		}
		found[id] = true
	}
	return found, rows.Err()
}

// grouping writes what one round has found.
type grouping struct {
	store   *Store
	round   int64
	members []member
	heads   map[int]int64 // the group of each place
}

// write moves every question whose group is another one now, some at a time so that nobody waits.
func (g *grouping) write(ctx context.Context, places []int) error {
	var moved []int
	for i, at := range places {
		if g.members[i].group == 0 || g.members[i].group != g.members[at].group {
			moved = append(moved, i)
		}
	}
	for from := 0; from < len(moved); from += writePage {
		page := moved[from:min(from+writePage, len(moved))]
		done := map[int]int64{}
		ours := true
		err := g.store.DB.Tx(ctx, func(tx *db.Tx) (err error) {
			clear(done)
			if ours, err = g.ours(ctx, tx); err != nil || !ours {
				return err
			}
			return g.move(ctx, tx, page, places, done)
		})
		if err != nil || !ours {
			return wrap("write groups", err)
		}
		for at, id := range done {
			g.heads[at] = id
		}
	}
	return nil
}

// ours tells whether no other node has begun a round, and nobody has changed the groups by hand, since this one began.
func (g *grouping) ours(ctx context.Context, tx *db.Tx) (bool, error) {
	var round int64
	err := tx.QueryRow(ctx, "SELECT round FROM gap_state WHERE id = 1"+tx.ForUpdate()).Scan(&round)
	return round == g.round, err
}

func (g *grouping) move(ctx context.Context, tx *db.Tx, page, places []int, made map[int]int64) error {
	for _, i := range page {
		to, err := g.head(ctx, tx, places[i], made)
		if err != nil {
			return err
		}
		m := g.members[i]
		if _, err := tx.Exec(ctx, "UPDATE gap_turns SET group_id = ? WHERE message_id = ? AND group_id = ?", to, m.turn, m.group); err != nil {
			return err
		}
		if m.group != 0 {
			if _, err := tx.Exec(ctx, "UPDATE gap_groups SET into_id = ? WHERE id = ? AND into_id = 0", to, m.group); err != nil {
				return err
			}
		}
	}
	return nil
}

// head is the group of a place: the one that its text has, else a new one.
func (g *grouping) head(ctx context.Context, tx *db.Tx, at int, made map[int]int64) (int64, error) {
	if id := g.members[at].group; id != 0 {
		return id, nil
	}
	if id, known := g.heads[at]; known {
		return id, nil
	}
	if id, known := made[at]; known {
		return id, nil
	}
	id, err := newGroup(ctx, tx, Open)
	made[at] = id
	return id, err
}

func newGroup(ctx context.Context, tx *db.Tx, state State) (int64, error) {
	id, err := tx.Insert(ctx, "INSERT INTO gap_groups (state, created_at) VALUES (?, ?)", string(state), db.Millis(tx.Now))
	return id, wrap("make group", err)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
