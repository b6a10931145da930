package conversation

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"huiyin/db"
)

// View is a standing selection of the inbox page.
type View string

// The views.
const (
	ViewMine     View = "mine"
	ViewQueue    View = "queue"
	ViewBot      View = "bot"
	ViewSnoozed  View = "snoozed"
	ViewResolved View = "resolved"
	ViewAll      View = "all"
)

// Scope is what a person may see: everything, or what has no team, is a team's of theirs or is their own.
type Scope struct {
	All     bool
	AgentID int64
	TeamIDs []int64
}

// Sees tells whether the conversation is in scope.
func (sc Scope) Sees(c *Conversation) bool {
	if sc.All || c.TeamID == 0 || (c.AgentID == sc.AgentID && c.AgentID != 0) {
		return true
	}
	for _, t := range sc.TeamIDs {
		if t == c.TeamID {
			return true
		}
	}
	return false
}

// limit adds the scope to the conditions on a table.
func (sc Scope) limit(w *where, table string) {
	if !sc.All {
		w.add("("+table+".team_id IN ("+marks(len(sc.TeamIDs)+1)+") OR "+table+".agent_id = ? AND "+table+".agent_id <> 0)", append(sc.teams(), sc.AgentID)...)
	}
}

// teams are those in scope, and no team.
func (sc Scope) teams() []any {
	teams := []any{int64(0)}
	for _, id := range sc.TeamIDs {
		teams = append(teams, id)
	}
	return teams
}

// Filter selects conversations. Zero values do not filter.
type Filter struct {
	View                     View
	Scope                    Scope
	Status                   Status
	InboxID, TeamID, AgentID int64
	Tag, Query               string
	Unread                   bool
	Criteria                 Criteria
	Sort                     Sort
	After                    Place
	Limit                    int
	Now                      time.Time // for criteria that tell how long ago

	dialect db.Dialect
}

// Place is where a page ended: the order key and the id of its last conversation, and in which part of a sorted list.
type Place struct {
	Key, ID int64
	Part    int
}

// String is the place as an opaque cursor.
func (p Place) String() string {
	text := strconv.FormatInt(p.Key, 36) + "-" + strconv.FormatInt(p.ID, 36)
	if p.Part > 0 {
		text += "-" + strconv.Itoa(p.Part)
	}
	return text
}

// ParsePlace reads a cursor.
func ParsePlace(s string) (Place, bool) {
	words := strings.Split(s, "-")
	if len(words) < 2 || len(words) > 3 {
		return Place{}, false
	}
	k, err1 := strconv.ParseInt(words[0], 36, 64)
	n, err2 := strconv.ParseInt(words[1], 36, 64)
	p := Place{Key: k, ID: n}
	if len(words) == 3 {
		part, err := strconv.Atoi(words[2])
		if err != nil || part < 1 || part > 9 {
			return Place{}, false
		}
		p.Part = part
	}
	return p, err1 == nil && err2 == nil
}

// Count is a kept counter: conversations, and how many of them hold something unread.
type Count struct{ Total, Unread int64 }

// Counts reads the kept counters of every view.
func (s *Store) Counts(ctx context.Context, from db.Querier, scope Scope) (map[View]Count, error) {
	var w where
	scope.limit(&w, "t")
	rows, err := from.Query(ctx, `SELECT t.status, CASE WHEN t.agent_id = ? AND t.agent_id <> 0 THEN 1 ELSE 0 END,
 CASE WHEN t.agent_id = 0 THEN 1 ELSE 0 END, SUM(t.total), SUM(t.unread) FROM tallies t WHERE 1 = 1`+w.text+
		` GROUP BY 1, 2, 3`, append([]any{scope.AgentID}, w.args...)...)
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	defer rows.Close()
	counts := map[View]Count{}
	for rows.Next() {
		var status Status
		var mine, unowned bool
		var n Count
		if err := rows.Scan(&status, &mine, &unowned, &n.Total, &n.Unread); err != nil {
			return nil, fmt.Errorf("read counters: %w", err)
		}
		for _, v := range viewsOf(status, mine, unowned) {
			counts[v] = Count{counts[v].Total + n.Total, counts[v].Unread + n.Unread}
		}
	}
	return counts, rows.Err()
}

func viewsOf(status Status, mine, unowned bool) []View {
	views := []View{ViewAll}
	switch status {
	case Pending:
		views = append(views, ViewBot)
	case Snoozed:
		views = append(views, ViewSnoozed)
	case Resolved:
		views = append(views, ViewResolved)
	case Open:
		if mine {
			views = append(views, ViewMine)
		}
		if unowned {
			views = append(views, ViewQueue)
		}
	}
	return views
}

// Get reads one conversation.
func (s *Store) Get(ctx context.Context, from db.Querier, id int64) (*Conversation, error) {
	c, err := scanConversation(from.QueryRow(ctx, "SELECT "+conversationColumns+" FROM conversations c WHERE c.id = ?", id))
	if db.NoRows(err) {
		return nil, fmt.Errorf("conversation %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read conversation %d: %w", id, err)
	}
	return c, nil
}

// GetAll reads several conversations by id.
func (s *Store) GetAll(ctx context.Context, from db.Querier, ids []int64) (map[int64]*Conversation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := idMarks(ids)
	return s.collect(ctx, from, "c.id IN ("+list+")", args...)
}

// OfContact reads those of a contact's conversations that are in scope, newest first, below an id (0: from the newest).
func (s *Store) OfContact(ctx context.Context, from db.Querier, contactID int64, scope Scope, below int64, limit int) ([]*Conversation, error) {
	w := where{}
	w.add("c.contact_id = ?", contactID)
	scope.limit(&w, "c")
	if below > 0 {
		w.add("c.id < ?", below)
	}
	rows, err := from.Query(ctx, "SELECT "+conversationColumns+" FROM conversations c WHERE 1 = 1"+w.text+" ORDER BY c.id DESC LIMIT ?", append(w.args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("read conversations: %w", err)
	}
	defer rows.Close()
	var found []*Conversation
	for rows.Next() {
		c, err := scanConversation(rows)
		if err != nil {
			return nil, fmt.Errorf("read conversations: %w", err)
		}
		found = append(found, c)
	}
	return found, rows.Err()
}

func (s *Store) collect(ctx context.Context, from db.Querier, where string, args ...any) (map[int64]*Conversation, error) {
	rows, err := from.Query(ctx, "SELECT "+conversationColumns+" FROM conversations c WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read conversations: %w", err)
	}
	defer rows.Close()
	found := map[int64]*Conversation{}
	for rows.Next() {
		c, err := scanConversation(rows)
		if err != nil {
			return nil, fmt.Errorf("read conversations: %w", err)
		}
		found[c.ID] = c
	}
	return found, rows.Err()
}

// MostAhead is how many who wait before a conversation are counted: nobody cares for the exact place behind so many.
const MostAhead = 10_000

// countAhead reads the stretch of the queue's index before a place, and nothing behind it.
const countAhead = `SELECT COUNT(*) FROM (SELECT 1 FROM conversations q WHERE q.queue_order <> 0 AND q.team_id = ?
 AND (q.queue_order, q.id) < (?, ?) LIMIT ?) before`

// Ahead counts who is before the conversation in its team's queue, up to MostAhead.
func (s *Store) Ahead(ctx context.Context, from db.Querier, c *Conversation) (int, error) {
	var n int
	if err := from.QueryRow(ctx, countAhead, c.TeamID, c.queueOrder(), c.ID, MostAhead).Scan(&n); err != nil {
		return 0, fmt.Errorf("read queue: %w", err)
	}
	return n, nil
}

// Queue reads the ids of a team's waiting conversations in their order.
func (s *Store) Queue(ctx context.Context, from db.Querier, teamID int64, limit int) ([]int64, error) {
	return s.ids(ctx, from, "SELECT id FROM conversations WHERE queue_order <> 0 AND team_id = ? ORDER BY queue_order, id LIMIT ?", teamID, limit)
}

// DueSnoozes reads the ids of snoozed conversations whose time has come.
func (s *Store) DueSnoozes(ctx context.Context, from db.Querier, limit int) ([]int64, error) {
	return s.ids(ctx, from, "SELECT id FROM conversations WHERE snoozed_until <> 0 AND snoozed_until <= ? ORDER BY snoozed_until LIMIT ?", db.Millis(s.DB.Now()), limit)
}

// Quiet reads the ids of the conversations with a status in which nothing was said since a time.
func (s *Store) Quiet(ctx context.Context, from db.Querier, status Status, since int64, limit int) ([]int64, error) {
	return s.ids(ctx, from, "SELECT c.id FROM "+inPlaces+" AND c.status = ? AND c.last_message_at < ? ORDER BY c.last_message_at LIMIT ?", status, since, limit)
}

func (s *Store) ids(ctx context.Context, from db.Querier, query string, args ...any) ([]int64, error) {
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read conversations: %w", err)
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// maxMarks bounds the lists that get placeholders.
const maxMarks = 64

// idMarks is a list of ids as placeholders and what stands for them, repeating the last id up to a power of two: few
// texts for what is read all the time, so that they are prepared once. A long list is written into the query.
func idMarks(ids []int64) (list string, args []any) {
	if len(ids) == 0 || len(ids) > maxMarks {
		return idList(ids), nil
	}
	n := 1
	for n < len(ids) {
		n *= 2
	}
	args = make([]any, n)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	return marks(n), args
}

// idList writes ids into a query; being numbers they need no placeholder.
func idList(ids []int64) string {
	if len(ids) == 0 {
		return "-1"
	}
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	return db.Once + strings.Join(words, ", ")
}
