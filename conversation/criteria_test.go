package conversation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// meant says in plain words what criteria let through; whoever looks is agent 7.
func meant(c *conversation.Conversation, want conversation.Criteria, now time.Time) bool {
	owners := slices.Clone(want.Owners)
	for i, id := range owners {
		if id == conversation.Looker {
			owners[i] = 7
		}
	}
	one := func(n int, fits bool) bool { return n == 0 || fits }
	return one(len(want.Status), slices.Contains(want.Status, c.Status)) && one(len(want.Inboxes), slices.Contains(want.Inboxes, c.InboxID)) &&
		one(len(want.Teams), slices.Contains(want.Teams, c.TeamID)) && one(len(want.Owners), slices.Contains(owners, c.AgentID)) &&
		one(len(want.Tags), slices.ContainsFunc(c.Tags, func(t string) bool { return slices.Contains(want.Tags, t) })) &&
		!slices.ContainsFunc(c.Tags, func(t string) bool { return slices.Contains(want.WithoutTags, t) }) &&
		one(len(want.Priorities), slices.Contains(want.Priorities, c.Priority.String())) &&
		one(len(want.Languages), slices.Contains(want.Languages, c.Language)) && (!want.Unread || c.Unread > 0) &&
		(want.WaitingMinutes == 0 || c.Status == conversation.Open && !c.WaitingSince.IsZero() && now.Sub(c.WaitingSince) >= time.Duration(want.WaitingMinutes)*time.Minute) &&
		(want.CreatedAfter == nil || !c.CreatedAt.Before(*want.CreatedAfter)) && (want.CreatedBefore == nil || c.CreatedAt.Before(*want.CreatedBefore)) &&
		(want.CreatedDays == 0 || !c.CreatedAt.Before(now.AddDate(0, 0, -want.CreatedDays)))
}

func criteria(h house) []conversation.Criteria {
	at := h.DB.Now().Add(-10 * time.Second)
	return []conversation.Criteria{{}, {Status: []conversation.Status{conversation.Open, conversation.Snoozed}}, {Inboxes: []int64{2}}, {Teams: []int64{0, 2}},
		{Owners: []int64{0}}, {Owners: []int64{conversation.Looker}}, {Owners: []int64{0, 14}}, {Tags: []string{"vip", "none"}}, {WithoutTags: []string{"vip"}},
		{Tags: []string{"vip"}, Status: []conversation.Status{conversation.Open}}, {Priorities: []string{"high", "urgent"}}, {Languages: []string{"en"}},
		{Unread: true}, {Unread: true, Status: []conversation.Status{conversation.Pending}, WithoutTags: []string{"vip"}}, {WaitingMinutes: 1}, {CreatedAfter: &at},
		{CreatedBefore: &at}, {CreatedDays: 1}, {Channels: []string{"webchat"}}, {Channels: []string{"nothing"}}, {Tiers: []string{"gold"}},
		{Priorities: []string{"urgent"}, Owners: []int64{conversation.Looker}, Teams: []int64{1, 2, 3}}}
}

func crowd(h house) []*conversation.Conversation {
	all := h.mixed(60)
	for i, c := range all {
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			c, err := h.Load(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			c.Priority, c.Language = conversation.Priority(i%4), []string{"zh", "en"}[i%2]
			return h.Save(ctx, tx, c)
		})
	}
	h.pass(2 * time.Minute)
	for i := range all {
		all[i] = h.get(all[i].ID)
	}
	return all
}

func TestCriteriaListSortAndCountTheSame(t *testing.T) {
	onBoth(t, func(h house) {
		all := crowd(h)
		now := h.DB.Now()
		for name, scope := range scopes() {
			list := criteria(h)
			if name != "everything" && name != "two teams" { // of the others nobody is agent 7
				list = slices.DeleteFunc(list, func(c conversation.Criteria) bool { return slices.Contains(c.Owners, conversation.Looker) })
			}
			counts, err := h.CountEach(context.Background(), h.DB, scope, list, now)
			if err != nil {
				h.t.Fatal(err)
			}
			for i, c := range list {
				if len(c.Channels)+len(c.Tiers) > 0 {
					continue
				}
				var want []int64
				var unread int64
				for _, one := range all {
					if scope.Sees(one) && meant(one, c, now) {
						want = append(want, one.ID)
						unread += int64(min(one.Unread, 1))
					}
				}
				if got := counts[i]; got.Total != int64(len(want)) || got.Unread != unread || got.AtLeast {
					h.t.Errorf("%s, %+v: counted %+v, want %d with %d unread", name, c, got, len(want), unread)
				}
				for _, sort := range []conversation.Sort{conversation.ByNewest, conversation.ByWaiting, conversation.ByPriority} {
					if got := h.pages(scope, c, sort, now); !slices.Equal(slices.Sorted(slices.Values(got)), want) || !inOrder(h, got, sort) {
						h.t.Errorf("%s, %+v by %s: %v, want %v", name, c, sort, got, want)
					}
				}
			}
		}
	})
}

// pages reads a list in small pages.
func (h house) pages(scope conversation.Scope, c conversation.Criteria, sort conversation.Sort, now time.Time) (ids []int64) {
	f := conversation.Filter{Scope: scope, Criteria: c, Sort: sort, Limit: 3, Now: now}
	for range 100 {
		page, next, err := h.List(context.Background(), h.DB, f)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, one := range page {
			ids = append(ids, one.ID)
		}
		if next == nil {
			return ids
		}
		again, ok := conversation.ParsePlace(next.String())
		if !ok {
			h.t.Fatalf("%s is no place", next)
		}
		f.After = again
	}
	return append(ids, -1)
}

// inOrder tells whether the conversations come in the order.
func inOrder(h house, ids []int64, sort conversation.Sort) bool {
	key := func(c *conversation.Conversation) string {
		newest := fmt.Sprintf("%020d %020d", int64(1e18)-c.LastMessageAt.UnixMilli(), int64(1e18)-c.ID)
		switch {
		case sort == conversation.ByWaiting && c.Status == conversation.Open && !c.WaitingSince.IsZero():
			return fmt.Sprintf("0 %020d %020d", c.WaitingSince.UnixMilli(), c.ID)
		case sort == conversation.ByPriority && c.Status != conversation.Resolved && c.Priority > conversation.Normal:
			return fmt.Sprint(3-int(c.Priority), newest)
		}
		return "9 " + newest
	}
	return slices.IsSortedFunc(ids, func(a, b int64) int { return strings.Compare(key(h.get(a)), key(h.get(b))) })
}

func TestCriteriaThatMeanNothing(t *testing.T) {
	for _, text := range []string{"", "[]", `{"status":["gone"]}`, `{"priorities":["soon"]}`, `{"color":"red"}`, `{} {}`, `{"tags":[""]}`, `{"waiting_minutes":-1}`,
		`{"tags":["` + strings.Repeat("x", 5000) + `"]}`, `{"owners":[` + strings.Repeat("1,", 60) + `1]}`} {
		if c, err := conversation.ParseCriteria([]byte(text)); err == nil {
			t.Errorf("%.60s was taken for %+v", text, c)
		}
	}
	if !conversation.ByWaiting.Valid() || conversation.Sort("size").Valid() {
		t.Error("orders")
	}
	for _, text := range []string{"", "a", "a-b-c-d", "a-b-0", "a-b-x", "!-1"} {
		if p, ok := conversation.ParsePlace(text); ok {
			t.Errorf("%s is a place: %+v", text, p)
		}
	}
}

func FuzzCriteria(f *testing.F) {
	f.Add([]byte(`{"status":["open"],"owners":[-1],"tags":["a"],"created_after":"2026-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, err := conversation.ParseCriteria(text); err == nil && c.Check() != nil {
			t.Errorf("%s passed and fails", text)
		}
	})
}

func TestTiersAreReadFromTheCustomer(t *testing.T) {
	onBoth(t, func(h house) {
		for i, tier := range []string{"gold", "silver", "go%d"} {
			if _, err := h.Record(context.Background(), h.inbox, conversation.Incoming{Address: fmt.Sprint("v", i), Text: "x",
				Profile: conversation.Profile{Attributes: map[string]string{"tier": tier}, Verified: true}}); err != nil {
				t.Fatal(err)
			}
		}
		for tier, want := range map[string]string{"gold": "[1]", "silver": "[2]", "go%d": "[3]", "g": "[]"} {
			got := h.pages(conversation.Scope{All: true}, conversation.Criteria{Tiers: []string{tier}}, "", h.DB.Now())
			if fmt.Sprint(got) != want {
				h.t.Errorf("%s: %v, want %s", tier, got, want)
			}
		}
	})
}

func TestRetag(t *testing.T) {
	onBoth(t, func(h house) {
		c := h.mixed(1)[0]
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			if _, err := h.KeepTag(ctx, tx, " wanted  tag "); err != nil {
				return err
			}
			loaded, err := h.Load(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			if err := h.SetTags(ctx, tx, loaded, []string{"a", "b"}); err != nil {
				return err
			}
			return h.Save(ctx, tx, loaded)
		})
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.Retag(ctx, tx, c.ID, "a", "b") })
		if got := h.get(c.ID).Tags; !slices.Equal(got, []string{"b"}) {
			t.Error(got)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.Retag(ctx, tx, c.ID, "b", "") })
		tags, err := h.Tags(context.Background(), h.DB)
		if err != nil || fmt.Sprint(tags) != "[{wanted tag 0}]" {
			t.Errorf("%v, %v", tags, err)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.ForgetTag(ctx, tx, "wanted tag") })
		if tags, _ := h.Tags(context.Background(), h.DB); len(tags) != 0 {
			t.Error(tags)
		}
		err = h.DB.Tx(context.Background(), func(tx *db.Tx) error { _, err := h.KeepTag(context.Background(), tx, " "); return err })
		if err == nil {
			t.Error("a tag without a name was kept")
		}
	})
}
