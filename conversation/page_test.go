package conversation_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// mixed fills the store with conversations of every kind and returns them all.
func (h house) mixed(n int) []*conversation.Conversation {
	other := h.makeInbox(false)
	for i := range n {
		inbox := h.inbox
		if i%3 == 0 {
			inbox = other
		}
		r, err := h.Record(context.Background(), inbox, conversation.Incoming{Address: fmt.Sprint("v", i), Text: "x"})
		if err != nil {
			h.t.Fatal(err)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			c, err := h.Load(ctx, tx, r.Conversation.ID)
			if err != nil {
				return err
			}
			c.Status = []conversation.Status{conversation.Pending, conversation.Open, conversation.Snoozed, conversation.Resolved}[i/2%4]
			c.TeamID, c.AgentID = int64(i%4), int64(i%5)%3*7
			if i%7 == 0 {
				c.Unread = 0
			}
			if i%6 == 0 {
				if err := h.SetTags(ctx, tx, c, []string{"vip"}); err != nil {
					return err
				}
			}
			return h.Save(ctx, tx, c)
		})
		if i%5 == 0 {
			h.pass(time.Second)
		}
	}
	var all []*conversation.Conversation
	for id := int64(1); id <= int64(n); id++ {
		all = append(all, h.get(id))
	}
	return all
}

func scopes() map[string]conversation.Scope {
	return map[string]conversation.Scope{
		"everything": {All: true, AgentID: 7},
		"two teams":  {AgentID: 7, TeamIDs: []int64{1, 2}},
		"no team":    {AgentID: 14},
		"nobody":     {TeamIDs: []int64{3}},
	}
}

func filters() []conversation.Filter {
	all := []conversation.Filter{{Status: conversation.Open}, {InboxID: 2}, {TeamID: 1}, {AgentID: 7}, {Unread: true}, {Tag: "vip"},
		{InboxID: 1, Status: conversation.Resolved}, {AgentID: 14, TeamID: 2}, {Unread: true, InboxID: 2, Tag: "vip"}, {Query: "#5"}}
	for _, v := range []conversation.View{conversation.ViewMine, conversation.ViewQueue, conversation.ViewBot, conversation.ViewSnoozed,
		conversation.ViewResolved, conversation.ViewAll} {
		all = append(all, conversation.Filter{View: v}, conversation.Filter{View: v, InboxID: 2}, conversation.Filter{View: v, Unread: true},
			conversation.Filter{View: v, TeamID: 2})
	}
	return all
}

// fits says in plain words what the filter lets through.
func fits(c *conversation.Conversation, f conversation.Filter) bool {
	view := map[conversation.View]bool{"": true, conversation.ViewAll: true, conversation.ViewBot: c.Status == conversation.Pending,
		conversation.ViewQueue: c.Queueing(), conversation.ViewSnoozed: c.Status == conversation.Snoozed,
		conversation.ViewResolved: c.Status == conversation.Resolved,
		conversation.ViewMine:     c.Status == conversation.Open && c.AgentID == f.Scope.AgentID && c.AgentID != 0}[f.View]
	return view && f.Scope.Sees(c) && (f.Status == "" || c.Status == f.Status) && (f.InboxID == 0 || c.InboxID == f.InboxID) &&
		(f.TeamID == 0 || c.TeamID == f.TeamID) && (f.AgentID == 0 || c.AgentID == f.AgentID) && (!f.Unread || c.Unread > 0) &&
		(f.Tag == "" || slices.Contains(c.Tags, f.Tag)) && (f.Query == "" || f.Query == fmt.Sprint("#", c.ID))
}

func TestEveryFilterFindsWhatItSays(t *testing.T) {
	onBoth(t, func(h house) {
		all := h.mixed(90)
		for name, scope := range scopes() {
			for _, f := range filters() {
				f.Scope, f.Limit = scope, 4
				var want []int64
				for _, c := range all {
					if fits(c, f) {
						want = append(want, c.ID)
					}
				}
				got := h.walk(f)
				if f.View != conversation.ViewQueue && !slices.IsSortedFunc(got, newestFirst) {
					h.t.Errorf("%s, %+v: out of order", name, f)
				}
				ids := []int64{}
				for _, c := range got {
					ids = append(ids, c.ID)
				}
				if slices.Sort(ids); !slices.Equal(ids, want) {
					h.t.Errorf("%s, %+v: %v, want %v", name, f, ids, want)
				}
			}
		}
	})
}

func newestFirst(a, b *conversation.Conversation) int {
	return cmp.Or(b.LastMessageAt.Compare(a.LastMessageAt), cmp.Compare(b.ID, a.ID))
}

// walk reads all pages.
func (h house) walk(f conversation.Filter) (all []*conversation.Conversation) {
	h.t.Helper()
	for {
		page, next, err := h.List(context.Background(), h.DB, f)
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, page...)
		if next == nil {
			return all
		}
		f.After = *next
	}
}

func TestQuietAndTheDayReadEveryPlace(t *testing.T) {
	onBoth(t, func(h house) {
		all := h.mixed(40)
		since := all[20].LastMessageAt
		var active, quiet int
		for _, c := range all {
			if !c.LastMessageAt.Before(since) {
				active++
			}
			if c.Status == conversation.Pending && c.LastMessageAt.Before(since) {
				quiet++
			}
		}
		ids, err := h.Quiet(context.Background(), h.DB, conversation.Pending, since.UnixMilli(), 100)
		if err != nil || len(ids) != quiet {
			h.t.Errorf("%d quiet, want %d; %v", len(ids), quiet, err)
		}
		day, err := h.Since(context.Background(), h.DB, since, conversation.Scope{All: true})
		if err != nil || day.Active != active {
			h.t.Errorf("%d active, want %d; %v", day.Active, active, err)
		}
	})
}

// TestPagesReadNoWholeTable asks the database how it would read the pages.
func TestPagesReadNoWholeTable(t *testing.T) {
	onBoth(t, func(h house) {
		h.mixed(40)
		for name, scope := range scopes() {
			for _, f := range filters() {
				f.Scope, f.Limit, f.After = scope, 4, conversation.Place{Key: h.now().UnixMilli(), ID: 50}
				query, args, err := h.PageQuery(context.Background(), f)
				if err != nil {
					h.t.Fatal(err)
				}
				if query == "" {
					continue
				}
				for _, step := range h.plan(query, args) {
					if step == "SCAN c" || strings.Contains(step, "Seq Scan on conversations") {
						h.t.Errorf("%s, %+v reads the whole table: %s", name, f, step)
					}
				}
			}
		}
	})
}

// A place in the queue is found from the stretch of the index that lies before it, and from nothing else.
func TestAPlaceInTheQueueReadsWhatIsBeforeIt(t *testing.T) {
	onBoth(t, func(h house) {
		h.mixed(40)
		var found bool
		steps := h.plan(conversation.CountAhead, []any{int64(1), h.now().UnixMilli(), int64(50), conversation.MostAhead})
		for _, step := range steps {
			lite := strings.Contains(step, "COVERING INDEX conversations_team_queue (team_id=? AND queue_order<?)")
			found = found || lite || strings.HasPrefix(step, "Index Cond: ") && strings.Contains(step, "ROW(queue_order, id) < ROW(")
		}
		if !found {
			h.t.Errorf("%q", steps)
		}
	})
}

func TestPlacesInTheQueueFollowItsOrder(t *testing.T) {
	onBoth(t, func(h house) {
		h.mixed(60)
		ctx := context.Background()
		teams, err := h.QueuedTeams(ctx, h.DB)
		if err != nil || len(teams) == 0 {
			h.t.Fatalf("%v, %v", teams, err)
		}
		for _, team := range teams {
			queue, err := h.Queue(ctx, h.DB, team, 100)
			if err != nil {
				h.t.Fatal(err)
			}
			for place, id := range queue {
				if ahead, err := h.Ahead(ctx, h.DB, h.get(id)); err != nil || ahead != place {
					h.t.Errorf("team %d: %d are before the one at %d; %v", team, ahead, place, err)
				}
			}
		}
	})
}

// plan is how the database would read. PostgreSQL reads a small table whole if it may.
func (h house) plan(query string, args []any) (steps []string) {
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		explain, columns := "EXPLAIN QUERY PLAN ", 4
		if tx.Dialect() == db.Postgres {
			explain, columns = "EXPLAIN ", 1
			if _, err := tx.Exec(ctx, "SET LOCAL enable_seqscan = off"); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, explain+query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var step string
			into := append(make([]any, 0, 4), new(any), new(any), new(any))[:columns-1]
			if err := rows.Scan(append(into, &step)...); err != nil {
				return err
			}
			steps = append(steps, strings.TrimSpace(step))
		}
		return rows.Err()
	})
	return steps
}

// A page is read in several steps; what moves from one stretch to another meanwhile must not fall between them.
func TestASnapshotListsWhatMovesMeanwhile(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{Address: "v1", Text: "x"}).Conversation.ID
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				default:
					h.change(id, func(c *conversation.Conversation) { c.TeamID++ })
				}
			}
		}()
		for range 200 {
			err := h.DB.Snapshot(context.Background(), func(from db.Querier) error {
				found, _, err := h.List(context.Background(), from, conversation.Filter{View: conversation.ViewAll, Scope: conversation.Scope{All: true}, Limit: 10})
				if err == nil && len(found) != 1 {
					t.Errorf("%d conversations", len(found))
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		close(stop)
		<-stopped
	})
}
