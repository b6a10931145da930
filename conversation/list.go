package conversation

import (
	"context"
	"fmt"
	"strconv"
	"strings"

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
	if sc.All || c.TeamID == 0 || c.AgentID == sc.AgentID {
		return true
	}
	for _, t := range sc.TeamIDs {
		if t == c.TeamID {
			return true
		}
	}
	return false
}

func (sc Scope) where(table string) (string, []any) {
	if sc.All {
		return "", nil
	}
	return " AND (" + table + ".team_id IN (" + idList(append([]int64{0}, sc.TeamIDs...)) + ") OR " + table + ".agent_id = ?)", []any{sc.AgentID}
}

// Filter selects conversations. Zero values do not filter.
type Filter struct {
	View                     View
	Scope                    Scope
	Status                   Status
	InboxID, TeamID, AgentID int64
	Tag, Query               string
	Unread                   bool
	After                    Place
	Limit                    int
}

// Place is where a page ended: the order key and the id of its last conversation.
type Place struct{ Key, ID int64 }

// String is the place as an opaque cursor.
func (p Place) String() string {
	return strconv.FormatInt(p.Key, 36) + "-" + strconv.FormatInt(p.ID, 36)
}

// ParsePlace reads a cursor.
func ParsePlace(s string) (Place, bool) {
	key, id, ok := strings.Cut(s, "-")
	if !ok {
		return Place{}, false
	}
	k, err1 := strconv.ParseInt(key, 36, 64)
	n, err2 := strconv.ParseInt(id, 36, 64)
	return Place{k, n}, err1 == nil && err2 == nil
}

// List reads one page: newest message first, or by place in the queue.
func (s *Store) List(ctx context.Context, from db.Querier, f Filter) (found []*Conversation, next *Place, err error) {
	query, args := f.query()
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, nil, fmt.Errorf("list conversations: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		c, err := scanConversation(rows)
		if err != nil {
			return nil, nil, fmt.Errorf("list conversations: %w", err)
		}
		found = append(found, c)
	}
	if len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[f.Limit-1]
		next = &Place{f.key(last), last.ID}
	}
	return found, next, rows.Err()
}

func (f Filter) key(c *Conversation) int64 {
	if f.View == ViewQueue {
		return c.queueOrder()
	}
	return c.LastMessageAt.UnixMilli()
}

func (f Filter) query() (string, []any) {
	where, args := f.Scope.where("c")
	add := func(condition string, values ...any) {
		where += " AND " + condition
		args = append(args, values...)
	}
	f.view(add)
	f.narrow(add)
	order := " ORDER BY c.last_message_at DESC, c.id DESC LIMIT ?"
	if f.View == ViewQueue {
		order = " ORDER BY c.queue_order, c.id LIMIT ?"
	}
	return "SELECT " + conversationColumns + " FROM conversations c WHERE 1 = 1" + where + order, append(args, f.Limit+1)
}

func (f Filter) view(add func(string, ...any)) {
	switch f.View {
	case ViewMine:
		add("c.agent_id = ? AND c.agent_id <> 0 AND c.status = 'open'", f.Scope.AgentID)
	case ViewQueue:
		add("c.queue_order <> 0")
	case ViewBot:
		add("c.status = 'pending'")
	case ViewSnoozed:
		add("c.status = 'snoozed'")
	case ViewResolved:
		add("c.status = 'resolved'")
	}
	if f.After == (Place{}) {
		return
	}
	if f.View == ViewQueue {
		add("(c.queue_order > ? OR (c.queue_order = ? AND c.id > ?))", f.After.Key, f.After.Key, f.After.ID)
		return
	}
	add("(c.last_message_at < ? OR (c.last_message_at = ? AND c.id < ?))", f.After.Key, f.After.Key, f.After.ID)
}

func (f Filter) narrow(add func(string, ...any)) {
	if f.Status != "" {
		add("c.status = ?", f.Status)
	}
	if f.InboxID != 0 {
		add("c.inbox_id = ?", f.InboxID)
	}
	if f.TeamID != 0 {
		add("c.team_id = ?", f.TeamID)
	}
	if f.AgentID != 0 {
		add("c.agent_id = ? AND c.agent_id <> 0", f.AgentID)
	}
	if f.Unread {
		add("c.unread > 0")
	}
	if f.Tag != "" {
		add("EXISTS (SELECT 1 FROM conversation_tags t WHERE t.conversation_id = c.id AND t.tag = ?)", f.Tag)
	}
	f.search(add)
}

func (f Filter) search(add func(string, ...any)) {
	text := strings.TrimSpace(f.Query)
	if text == "" {
		return
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64); err == nil && strings.HasPrefix(text, "#") {
		add("c.id = ?", id)
		return
	}
	like := "%" + likeEscape(strings.ToLower(text)) + "%"
	add(`c.contact_id IN (SELECT p.id FROM contacts p WHERE LOWER(p.name) LIKE ? ESCAPE '!' OR p.phone LIKE ? ESCAPE '!' OR LOWER(p.email) LIKE ? ESCAPE '!')`,
		like, like, like)
}

func likeEscape(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// Count is a kept counter: conversations, and how many of them hold something unread.
type Count struct{ Total, Unread int64 }

// Counts reads the kept counters of every view.
func (s *Store) Counts(ctx context.Context, from db.Querier, scope Scope) (map[View]Count, error) {
	where, args := scope.where("t")
	rows, err := from.Query(ctx, `SELECT t.status, CASE WHEN t.agent_id = ? AND t.agent_id <> 0 THEN 1 ELSE 0 END,
 CASE WHEN t.agent_id = 0 THEN 1 ELSE 0 END, SUM(t.total), SUM(t.unread) FROM tallies t WHERE 1 = 1`+where+
		` GROUP BY 1, 2, 3`, append([]any{scope.AgentID}, args...)...)
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
	return s.collect(ctx, from, "c.id IN ("+idList(ids)+")")
}

// OfContact reads a contact's conversations, newest first.
func (s *Store) OfContact(ctx context.Context, from db.Querier, contactID int64, limit int) ([]*Conversation, error) {
	rows, err := from.Query(ctx, "SELECT "+conversationColumns+" FROM conversations c WHERE c.contact_id = ? ORDER BY c.id DESC LIMIT ?", contactID, limit)
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

// Ahead counts who is before the conversation in its team's queue.
func (s *Store) Ahead(ctx context.Context, from db.Querier, c *Conversation) (int, error) {
	var n int
	row := from.QueryRow(ctx, `SELECT COUNT(*) FROM conversations q WHERE q.queue_order <> 0 AND q.team_id = ?
 AND (q.queue_order < ? OR (q.queue_order = ? AND q.id < ?))`, c.TeamID, c.queueOrder(), c.queueOrder(), c.ID)
	if err := row.Scan(&n); err != nil {
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
	return s.ids(ctx, from, "SELECT id FROM conversations WHERE status = ? AND last_message_at < ? ORDER BY last_message_at LIMIT ?", status, since, limit)
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
