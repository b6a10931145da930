package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"huiyin/conversation"
)

// Filter narrows a search. Zero values do not.
type Filter struct {
	Query                    string
	Scope                    conversation.Scope
	InboxID, TeamID, AgentID int64
	Status                   conversation.Status
	Sender                   conversation.Sender
	Tag                      string
	Files                    bool // only what has a file
	From, To                 time.Time
	Below                    int64 // message id to go on below; 0: from the newest
	Limit                    int
}

// Hit is a message that was found, newest first.
type Hit struct {
	conversation.Indexed
	Pieces []Piece
}

// Found is a page of hits. Next goes on below it; 0: there is nothing more.
type Found struct {
	Hits []Hit
	Next int64
}

// tries bounds how often a page is filled up after hits were found that may not be shown any more.
const tries = 4

// Messages finds messages in the scope of whoever asks. What the index finds is read from the database again, so that a
// conversation that has just gone to another team is not shown, however far behind the index may be.
func (x *Index) Messages(ctx context.Context, q Filter) (Found, error) {
	list := parse(q.Query)
	f, _ := x.now()
	if f == nil {
		return Found{}, ErrRebuilding
	}
	if len(list) == 0 {
		return Found{}, nil
	}
	var found Found
	below := q.Below
	for range tries {
		ids, err := x.candidates(ctx, f, list, q, below)
		if err != nil {
			return Found{}, err
		}
		hits, err := x.read(ctx, q, list, ids)
		if err != nil {
			return Found{}, err
		}
		found.Hits = append(found.Hits, hits...)
		if len(ids) <= q.Limit {
			found.Next = 0
			break
		}
		below = ids[q.Limit-1]
		if found.Next = below; len(found.Hits) > 0 {
			break
		}
	}
	return found, nil
}

// candidates gives the newest messages that the index finds, one more than the page holds.
func (x *Index) candidates(ctx context.Context, f *file, list []wanted, q Filter, below int64) ([]int64, error) {
	low, high, err := f.between(ctx, q.From, q.To)
	if err != nil {
		return nil, x.failed(f, err)
	}
	if below > 0 {
		high = min(high, below-1)
	}
	ids, err := f.ids(ctx, "SELECT rowid FROM said WHERE said MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
		match(list, q.marks()), low, high, q.Limit+1)
	return ids, x.failed(f, err)
}

// read reads candidates from the database, as whoever asks may see them, and leaves out what does not fit any more.
func (x *Index) read(ctx context.Context, q Filter, list []wanted, ids []int64) ([]Hit, error) {
	messages, err := x.store.IndexedIn(ctx, x.from, q.Scope, ids[:min(len(ids), q.Limit)])
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, 0, len(messages))
	for _, m := range messages {
		if q.fits(m) {
			hits = append(hits, Hit{m, show(textOf(m), list)})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int { return int(b.ID - a.ID) })
	return hits, nil
}

func (q Filter) fits(m conversation.Indexed) bool {
	return (q.InboxID == 0 || m.InboxID == q.InboxID) && (q.TeamID == 0 || m.TeamID == q.TeamID) && (q.AgentID == 0 || m.AgentID == q.AgentID) &&
		(q.Status == "" || m.Status == q.Status) && (q.Sender == "" || m.Sender == q.Sender) && (q.Tag == "" || slices.Contains(m.Tags, q.Tag)) && (!q.Files || len(m.Files) > 0) && (q.From.IsZero() || !m.CreatedAt.Before(q.From)) && (q.To.IsZero() || m.CreatedAt.Before(q.To))
}

// marks are the filters as groups of marks, of each of which a message must have one.
func (q Filter) marks() []string {
	all := scopeMarks(q.Scope)
	for _, f := range []struct {
		on   bool
		mark string
	}{{q.InboxID != 0, mark(ofInbox, q.InboxID)}, {q.TeamID != 0, mark(ofTeam, q.TeamID)}, {q.AgentID != 0, mark(ofAgent, q.AgentID)},
		{q.Status != "", wordMark(ofStatus, string(q.Status))}, {q.Sender != "", wordMark(ofSender, string(q.Sender))},
		{q.Tag != "", wordMark(ofTag, q.Tag)}, {q.Files, mark(withFile, 0)}} {
		if f.on {
			all = append(all, f.mark)
		}
	}
	return all
}

func scopeMarks(s conversation.Scope) []string {
	if s.All {
		return nil
	}
	may := mark(ofTeam, 0)
	for _, id := range s.TeamIDs {
		may += mark(ofTeam, id)
	}
	if s.AgentID != 0 {
		may += mark(ofAgent, s.AgentID)
	}
	return []string{may}
}

// between gives the ids of what was said in a time; ids rise with time but for what was stored at once.
func (f *file) between(ctx context.Context, from, to time.Time) (low, high int64, err error) {
	low, high = 0, int64(1)<<62
	if !from.IsZero() {
		err = f.read.QueryRowContext(ctx, "SELECT COALESCE(MIN(low), 1) FROM hours WHERE hour >= ?", from.UnixMilli()/hour).Scan(&low)
	}
	if err == nil && !to.IsZero() {
		err = f.read.QueryRowContext(ctx, "SELECT COALESCE(MAX(high), 0) FROM hours WHERE hour <= ?", to.UnixMilli()/hour).Scan(&high)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("read search index: %w", err)
	}
	return low, high, nil
}

func (f *file) ids(ctx context.Context, query string, args ...any) ([]int64, error) {
	rows, err := f.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read search index: %w", err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	return ids, nil
}

// failed puts a file aside that cannot be read; the follower builds it anew.
func (x *Index) failed(f *file, err error) error {
	if !broken(err) {
		return err
	}
	x.log.Warn("the search index is damaged and is built anew from the database", "file", x.path, "reason", err)
	return errors.Join(ErrRebuilding, x.drop(f))
}

// Person is a contact that was found.
type Person struct {
	conversation.IndexedContact
	Pieces []Piece
}

// looked is how many contacts are looked at to show the best.
const looked = 60

// People finds contacts of whose conversations whoever asks may see one, those whose name begins with what was asked first.
func (x *Index) People(ctx context.Context, query string, scope conversation.Scope, limit int) ([]Person, error) {
	list := parse(query)
	f, _ := x.now()
	if f == nil {
		return nil, ErrRebuilding
	}
	if len(list) == 0 {
		return nil, nil
	}
	ids, err := f.ids(ctx, "SELECT rowid FROM people WHERE people MATCH ? ORDER BY rowid DESC LIMIT ?", match(list, scopeMarks(scope)), looked)
	if err != nil {
		return nil, x.failed(f, err)
	}
	contacts, err := x.store.IndexedContacts(ctx, x.from, ids)
	if err != nil {
		return nil, err
	}
	var found []Person
	for _, id := range ids {
		if c := contacts[id]; c != nil && mayMeet(scope, c) {
			found = append(found, Person{*c, show(lineOf(c, list), list)})
		}
	}
	slices.SortStableFunc(found, func(a, b Person) int { return begins(b, list) - begins(a, list) })
	return found[:min(len(found), limit)], nil
}

func mayMeet(scope conversation.Scope, c *conversation.IndexedContact) bool {
	return scope.All || slices.ContainsFunc(c.Hands, func(h conversation.Hands) bool {
		return scope.Sees(&conversation.Conversation{TeamID: h.TeamID, AgentID: h.AgentID})
	})
}

// lineOf is the one of a contact's names and addresses that was found.
func lineOf(c *conversation.IndexedContact, list []wanted) string {
	for _, line := range append([]string{c.Name, c.Phone, c.Email}, c.Addresses...) {
		if len(find(line, list)) > 0 {
			return line
		}
	}
	return c.Name
}

func begins(p Person, list []wanted) int {
	if spans := find(p.Name, list); len(spans) > 0 && spans[0][0] == 0 {
		return 1
	}
	return 0
}
