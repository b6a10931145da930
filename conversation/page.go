package conversation

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"huiyin/db"
)

// Each message moves its conversation in every index that is ordered by the last message, so there is one such
// index, by status, inbox and team, and one for the conversations that an agent holds. A page is merged from runs:
// stretches of those indexes, each in order. Which runs there are is read from the kept counters.

// inPlaces is every conversation, found by the index from the places that the counters know.
const inPlaces = `(SELECT DISTINCT status, inbox_id, team_id FROM tallies WHERE total > 0) p
 JOIN conversations c ON c.status = p.status AND c.inbox_id = p.inbox_id AND c.team_id = p.team_id`

// run is one stretch: the conversations of a status, inbox and team, or, when agent is not 0, of a status and an agent.
type run struct {
	status             Status
	inbox, team, agent int64
	outside            bool // an agent's own conversations with teams that are not in scope
}

// List reads one page: newest message first, or by place in the queue.
func (s *Store) List(ctx context.Context, from db.Querier, f Filter) (found []*Conversation, next *Place, err error) {
	f.Criteria.promised = s.Promised
	if f.sorted() {
		return s.listSorted(ctx, from, f)
	}
	f.Sort, f.After.Part = "", 0
	if found, err = s.listRest(ctx, from, f); err != nil {
		return nil, nil, err
	}
	if len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[f.Limit-1]
		next = &Place{Key: f.key(last), ID: last.ID}
	}
	return found, next, nil
}

// pageQuery is empty when nothing can be found.
func (s *Store) pageQuery(ctx context.Context, from db.Querier, f Filter) (string, []any, error) {
	if f.View == ViewQueue || strings.TrimSpace(f.Query) != "" {
		query, args := f.query()
		return query, args, nil
	}
	runs, err := s.runs(ctx, from, f)
	if err != nil || len(runs) == 0 {
		return "", nil, err
	}
	f.dialect = s.DB.Dialect()
	query, args := f.merge(runs)
	return query, args, nil
}

func (f Filter) key(c *Conversation) int64 {
	if f.View == ViewQueue {
		return c.queueOrder()
	}
	return c.LastMessageAt.UnixMilli()
}

// query is the page of the queue, which has an index of its own, or of a search, which finds few.
func (f Filter) query() (string, []any) {
	w := where{}
	f.Scope.limit(&w, "c")
	f.place(&w, "c")
	f.rest(&w)
	f.search(&w)
	f.after(&w)
	order := " ORDER BY c.last_message_at DESC, c.id DESC LIMIT ?"
	if f.View == ViewQueue {
		order = " ORDER BY c.queue_order, c.id LIMIT ?"
	}
	return "SELECT " + conversationColumns + " FROM conversations c WHERE 1 = 1" + w.text + order, append(w.args, f.Limit+1)
}

// merge is the page as the first rows of all runs together.
func (f Filter) merge(runs []run) (string, []any) {
	newest, args := f.newest(runs)
	return "SELECT " + conversationColumns + " FROM conversations c WHERE c.id IN (" + newest + ") ORDER BY c.last_message_at DESC, c.id DESC", args
}

// newest selects the ids of the first rows of all runs together. SQLite merges the runs by itself, each read as far as it is
// needed; PostgreSQL, which does so or reads whole stretches as it sees fit, is told how far each is needed at most.
func (f Filter) newest(runs []run) (string, []any) {
	var arms []string
	var args []any
	limit := strconv.Itoa(f.Limit + 1)
	for i, r := range runs {
		w := where{}
		f.stretch(&w, r)
		f.rest(&w)
		f.Sort.others(&w)
		f.after(&w)
		arm := "SELECT c.id AS id, c.last_message_at AS said FROM conversations c WHERE 1 = 1" + w.text
		if f.dialect == db.Postgres {
			arm = "SELECT * FROM (" + arm + " ORDER BY c.last_message_at DESC, c.id DESC LIMIT " + limit + ") r" + strconv.Itoa(i)
		}
		arms = append(arms, arm)
		args = append(args, w.args...)
	}
	if f.dialect == db.Postgres {
		return "SELECT id FROM (" + strings.Join(arms, " UNION ALL ") + " ORDER BY said DESC, id DESC LIMIT " + limit + ") r", args
	}
	return "SELECT id FROM (" + strings.Join(arms, " UNION ALL ") + " ORDER BY said DESC, id DESC LIMIT ?) r", append(args, f.Limit+1)
}

func (f Filter) stretch(w *where, r run) {
	if r.agent == 0 {
		w.add("c.status = ? AND c.inbox_id = ? AND c.team_id = ?", string(r.status), r.inbox, r.team)
		f.Criteria.owned(w, "c", f.Scope.AgentID)
		return
	}
	w.add("c.agent_id = ? AND c.agent_id <> 0 AND c.status = ?", r.agent, string(r.status))
	if f.InboxID != 0 {
		w.add("c.inbox_id = ?", f.InboxID)
	}
	if f.TeamID != 0 {
		w.add("c.team_id = ?", f.TeamID)
	}
	f.Criteria.place(w, "c", f.Scope.AgentID)
	if r.outside {
		w.add("c.team_id NOT IN ("+marks(len(f.Scope.TeamIDs)+1)+")", f.Scope.teams()...)
		return
	}
	f.Scope.limit(w, "c")
}

// runs reads from the counters in which stretches there is something to find.
func (s *Store) runs(ctx context.Context, from db.Querier, f Filter) ([]run, error) {
	w := where{}
	f.place(&w, "t")
	if f.unread() {
		w.add("t.unread > 0")
	}
	if f.agent() != 0 {
		f.Scope.limit(&w, "t")
		return s.readRuns(ctx, from, "t.status, 0, 0, t.agent_id", w, false)
	}
	if f.Scope.All {
		return s.readRuns(ctx, from, "t.status, t.inbox_id, t.team_id, 0", w, false)
	}
	mine, own := w, w
	mine.add("t.team_id IN ("+marks(len(f.Scope.TeamIDs)+1)+")", f.Scope.teams()...)
	runs, err := s.readRuns(ctx, from, "t.status, t.inbox_id, t.team_id, 0", mine, false)
	if err != nil || f.Scope.AgentID == 0 {
		return runs, err
	}
	own.add("t.agent_id = ? AND t.team_id NOT IN ("+marks(len(f.Scope.TeamIDs)+1)+")", append([]any{f.Scope.AgentID}, f.Scope.teams()...)...)
	more, err := s.readRuns(ctx, from, "t.status, 0, 0, t.agent_id", own, true)
	return append(runs, more...), err
}

func (s *Store) readRuns(ctx context.Context, from db.Querier, columns string, w where, outside bool) ([]run, error) {
	rows, err := from.Query(ctx, "SELECT DISTINCT "+columns+" FROM tallies t WHERE t.total > 0"+w.text, w.args...)
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	defer rows.Close()
	var runs []run
	for rows.Next() {
		r := run{outside: outside}
		if err := rows.Scan(&r.status, &r.inbox, &r.team, &r.agent); err != nil {
			return nil, fmt.Errorf("list conversations: %w", err)
		}
		runs = append(runs, r)
	}
	return runs, rows.Err()
}

// agent is whose conversations are wanted; 0: anybody's.
func (f Filter) agent() int64 {
	if f.View == ViewMine {
		return f.Scope.AgentID
	}
	if owners := f.Criteria.owners(f.Scope.AgentID); f.AgentID == 0 && len(owners) == 1 && owners[0] > 0 {
		return owners[0]
	}
	return f.AgentID
}

// place adds what conversations and counters have in common.
func (f Filter) place(w *where, table string) {
	status := map[View]Status{ViewMine: Open, ViewBot: Pending, ViewSnoozed: Snoozed, ViewResolved: Resolved}[f.View]
	if status != "" {
		w.add(table+".status = ?", string(status))
	}
	if f.View == ViewMine {
		w.add(table+".agent_id = ? AND "+table+".agent_id <> 0", f.Scope.AgentID)
	}
	if f.View == ViewQueue {
		w.add(table + ".queue_order <> 0")
	}
	if f.Status != "" {
		w.add(table+".status = ?", string(f.Status))
	}
	if f.InboxID != 0 {
		w.add(table+".inbox_id = ?", f.InboxID)
	}
	if f.TeamID != 0 {
		w.add(table+".team_id = ?", f.TeamID)
	}
	if f.AgentID != 0 {
		w.add(table+".agent_id = ? AND "+table+".agent_id <> 0", f.AgentID)
	}
	f.Criteria.place(w, table, f.Scope.AgentID)
}

// rest adds what only the conversation itself tells.
func (f Filter) rest(w *where) {
	if f.unread() {
		w.add("c.unread > 0")
	}
	f.Criteria.rest(w, f.Now)
	if f.Tag != "" {
		w.add("EXISTS (SELECT 1 FROM conversation_tags t WHERE t.conversation_id = c.id AND t.tag = ?)", f.Tag)
	}
}

func (f Filter) unread() bool { return f.Unread || f.Criteria.Unread }

func (f Filter) after(w *where) {
	switch {
	case f.After == (Place{}):
	case f.View == ViewQueue:
		w.add("(c.queue_order, c.id) > (?, ?)", f.After.Key, f.After.ID)
	default:
		w.add("(c.last_message_at, c.id) < (?, ?)", f.After.Key, f.After.ID)
	}
}

func (f Filter) search(w *where) {
	text := strings.TrimSpace(f.Query)
	if text == "" {
		return
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64); err == nil && strings.HasPrefix(text, "#") {
		w.add("c.id = ?", id)
		return
	}
	like := "%" + likeEscape(strings.ToLower(text)) + "%"
	w.add(`c.contact_id IN (SELECT p.id FROM contacts p WHERE LOWER(p.name) LIKE ? ESCAPE '!' OR p.phone LIKE ? ESCAPE '!' OR LOWER(p.email) LIKE ? ESCAPE '!')`,
		like, like, like)
}

func likeEscape(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// where gathers conditions with their arguments.
type where struct {
	text string
	args []any
}

func (w *where) add(condition string, args ...any) {
	w.text += " AND " + condition
	w.args = append(w.args[:len(w.args):len(w.args)], args...)
}

// marks are n placeholders.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
