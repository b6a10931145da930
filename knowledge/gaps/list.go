package gaps

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/nlu"
	"huiyin/nlu/cluster"
)

const (
	// Weeks is how many weeks a trend shows, and longest how far back questions count.
	Weeks   = 12
	longest = 26
	week    = 7 * 24 * time.Hour
	// handedCost is what a question costs that ended with a person, beside one that did not.
	handedCost = 5
	// halfLife is after how many weeks a question weighs half.
	halfLife = 4
	// comesBack is what a dismissed group has to grow by to be open again: by half, and by a few.
	comesBack, comesBackLeast = 0.5, 5
	// sampled is how many questions of a group its title is chosen from.
	sampled = 20
)

// Gap is a group of questions that were asked in vain, with what it costs.
type Gap struct {
	ID, Version int64
	State       State
	Title       string
	Examples    []Example // a few, no text twice
	N           int64     // questions of the last half year
	Handed      int64     // of them those that ended with a person
	Since       int64     // asked again since it was answered or dismissed
	Why         map[Vain]int64
	Trend       [Weeks]int64 // by week, this one last
	Weight      float64      // docs/gaps.md has the formula
	Last        time.Time
	AgentID     int64
	ArticleID   int64
	Reason      string
	SettledAt   time.Time
}

// Query says which groups to read: of what somebody may see.
type Query struct {
	Scope    conversation.Scope
	State    State // empty: all
	AgentID  int64 // given to this one; 0: all
	InboxID  int64
	ID       int64 // only this one; 0: all
	Language string
	Offset   int
	Limit    int
}

// List reads groups, those with the greatest weight first, and how many there are.
func (s *Store) List(ctx context.Context, q Query) (list []Gap, total int, err error) {
	found, err := s.weighed(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	records, err := s.records(ctx)
	if err != nil {
		return nil, 0, err
	}
	for id, g := range found {
		r, known := records[id]
		if !known {
			continue
		}
		g.take(r)
		if (q.State == "" || g.State == q.State) && (q.AgentID == 0 || g.AgentID == q.AgentID) {
			list = append(list, *g)
		}
	}
	slices.SortFunc(list, func(a, b Gap) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID)) })
	total = len(list)
	list = list[min(q.Offset, total):]
	list = list[:min(q.Limit, len(list))]
	return list, total, s.name(ctx, q, list)
}

// take takes over what people made of the group. A dismissed one that grew is open.
func (g *Gap) take(r record) {
	g.Version, g.State, g.AgentID, g.ArticleID, g.Reason = r.version, r.state, r.agent, r.article, r.reason
	if r.settledAt == 0 {
		return
	}
	g.SettledAt = db.Time(r.settledAt)
	if g.State == Open || g.State == Writing {
		return
	}
	if g.State == Dismissed && g.Since >= int64(max(comesBackLeast, comesBack*float64(r.settledN))) {
		g.State = Open
	}
}

func (s *Store) records(ctx context.Context) (map[int64]record, error) {
	rows, err := s.DB.Query(ctx, groupColumns+" WHERE into_id = 0")
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	defer rows.Close()
	found := map[int64]record{}
	for rows.Next() {
		r, err := scanRecord(rows)
		if err != nil {
			return nil, fmt.Errorf("read groups: %w", err)
		}
		found[r.id] = r
	}
	return found, rows.Err()
}

// weighed counts the questions of the last half year by group.
func (s *Store) weighed(ctx context.Context, q Query) (map[int64]*Gap, error) {
	now := s.DB.Now()
	where, args := q.where("t.")
	rows, err := s.DB.Query(ctx, `SELECT t.group_id, t.vain, t.handed, (? - t.at) / ?, COUNT(*), MAX(t.at), SUM(CASE WHEN t.at > g.settled_at THEN 1 ELSE 0 END)
 FROM gap_turns t JOIN gap_groups g ON g.id = t.group_id WHERE t.vain <> '' AND t.at > ?`+where+` GROUP BY 1, 2, 3, 4`,
		append([]any{db.Millis(now), week.Milliseconds(), db.Millis(now.Add(-longest * week))}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("count questions asked in vain: %w", err)
	}
	defer rows.Close()
	found := map[int64]*Gap{}
	for rows.Next() {
		var id, ago, n, last, since int64
		var why Vain
		var handed bool
		if err := rows.Scan(&id, &why, &handed, &ago, &n, &last, &since); err != nil {
			return nil, fmt.Errorf("count questions asked in vain: %w", err)
		}
		g := found[id]
		if g == nil {
			g = &Gap{ID: id, Why: map[Vain]int64{}}
			found[id] = g
		}
		g.count(why, handed, max(0, ago), n)
		g.Since += since
		if at := db.Time(last); at.After(g.Last) {
			g.Last = at
		}
	}
	return found, rows.Err()
}

func (g *Gap) count(why Vain, handed bool, ago, n int64) {
	g.N += n
	g.Why[why] += n
	cost := 1.0
	if handed {
		g.Handed += n
		cost = handedCost
	}
	g.Weight += float64(n) * cost * math.Exp2(-float64(ago)/halfLife)
	if ago < Weeks {
		g.Trend[Weeks-1-ago] += n
	}
}

// where are the conditions of the query on turns.
func (q Query) where(of string) (string, []any) {
	text, args := scoped(q.Scope, of), []any{}
	if q.InboxID != 0 {
		text, args = text+" AND "+of+"inbox_id = ?", append(args, q.InboxID)
	}
	if q.Language != "" {
		text, args = text+" AND "+of+"language = ?", append(args, q.Language)
	}
	if q.ID != 0 {
		text, args = text+" AND "+of+"group_id = ?", append(args, q.ID)
	}
	return text, args
}

// scoped limits turns to those of teams that somebody sees, as conversations are.
func scoped(scope conversation.Scope, of string) string {
	if scope.All {
		return ""
	}
	return " AND " + of + "team_id IN (" + idList(append([]int64{0}, scope.TeamIDs...)) + ")"
}

// name gives every group its title, the question that is most like the others, and some examples.
func (s *Store) name(ctx context.Context, q Query, list []Gap) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]int64, len(list))
	for i, g := range list {
		ids[i] = g.ID
	}
	where, args := q.where("")
	turns, err := readTurns(ctx, s.DB, "message_id IN (SELECT message_id FROM (SELECT message_id, ROW_NUMBER() OVER (PARTITION BY group_id ORDER BY at DESC, message_id) AS place"+
		" FROM gap_turns WHERE vain <> '' AND group_id IN ("+idList(ids)+")"+where+") AS ranked WHERE place <= ?) ORDER BY at DESC, message_id", append(args, sampled)...)
	if err != nil {
		return err
	}
	found, err := s.examples(ctx, s.DB, turns)
	if err != nil {
		return err
	}
	groups, err := s.groupsOf(ctx, turns)
	if err != nil {
		return err
	}
	for i := range list {
		var own []Example
		for _, e := range found {
			if groups[e.Turn] == list[i].ID {
				own = append(own, e)
			}
		}
		list[i].call(own)
	}
	return nil
}

func (s *Store) groupsOf(ctx context.Context, turns []turn) (map[int64]int64, error) {
	ids := []int64{0}
	for _, t := range turns {
		ids = append(ids, t.message)
	}
	rows, err := s.DB.Query(ctx, "SELECT message_id, group_id FROM gap_turns WHERE message_id IN ("+idList(ids)+")")
	if err != nil {
		return nil, fmt.Errorf("read groups of questions: %w", err)
	}
	defer rows.Close()
	found := map[int64]int64{}
	for rows.Next() {
		var id, group int64
		if err := rows.Scan(&id, &group); err != nil {
			return nil, fmt.Errorf("read groups of questions: %w", err)
		}
		found[id] = group
	}
	return found, rows.Err()
}

// shownExamples is how many examples stand with a group in a list.
const shownExamples = 5

func (g *Gap) call(own []Example) {
	distinct := Distinct(own)
	if len(distinct) == 0 {
		return
	}
	texts := make([]cluster.Text, len(distinct))
	for i, e := range distinct {
		texts[i].Normalized = nlu.Normalize(e.Text)
	}
	at := cluster.Center(texts)
	g.Title = distinct[at].Text
	distinct = slices.Delete(distinct, at, at+1)
	g.Examples = distinct[:min(len(distinct), shownExamples)]
}

// Distinct leaves out what says the same as one before.
func Distinct(list []Example) []Example {
	seen, kept := map[string]bool{}, []Example{}
	for _, e := range list {
		if n := nlu.Analyze(e.Text).Query; !seen[n] {
			seen[n], kept = true, append(kept, e)
		}
	}
	return kept
}

// Questions reads the newest questions of a group that somebody may see.
func (s *Store) Questions(ctx context.Context, from db.Querier, scope conversation.Scope, id int64, limit int) ([]Example, error) {
	turns, err := readTurns(ctx, from, "group_id = ? AND vain <> ''"+scoped(scope, "")+" ORDER BY at DESC, message_id LIMIT ?", id, limit)
	if err != nil {
		return nil, err
	}
	return s.examples(ctx, from, turns)
}
