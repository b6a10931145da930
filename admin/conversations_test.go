package admin_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

type listed struct {
	Items []struct {
		ID      int64
		Unread  int
		Preview string
		Tags    []string
		Contact struct{ Name string }
	}
	Next string
}

func (l listed) ids() []int64 {
	var ids []int64
	for _, c := range l.Items {
		ids = append(ids, c.ID)
	}
	return ids
}

func TestConversationList(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		bot, first, second := h.says("bot", "<b>宽带</b>断了"), h.queued("q1", "human"), h.queued("q2", "human please")
		var l listed
		list := func(query string) listed {
			t.Helper()
			l = listed{}
			me.do("GET", "/conversations"+query, nil).want(http.StatusOK).into(&l)
			return l
		}
		for _, c := range []struct {
			query string
			want  []int64
		}{
			{"?view=queue", []int64{first.ID, second.ID}},
			{"?view=bot", []int64{bot.ID}},
			{"?view=mine", nil},
			{"?status=open", []int64{second.ID, first.ID}},
			{"?q=q1", []int64{first.ID}},
			{fmt.Sprintf("?q=%%23%d", second.ID), []int64{second.ID}},
			{"?q=nobody", nil},
			{"?unread=true&view=bot", []int64{bot.ID}},
			{fmt.Sprintf("?inbox_id=%d", h.inbox.ID+1), nil},
			{"?team_id=77", nil},
			{"?agent_id=77", nil},
			{"?tag=vip", nil},
		} {
			got := list(c.query).ids()
			if slices.Sort(got); c.query != "?view=queue" {
				slices.Sort(c.want)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.query, got, c.want)
			}
		}
		if list("?view=bot"); l.Items[0].Preview != "<b>宽带</b>断了" || l.Items[0].Contact.Name != "Customer bot" || l.Items[0].Unread != 1 || l.Items[0].Tags == nil {
			t.Errorf("%+v", l.Items[0])
		}
		me.do("GET", "/conversations/counts", nil).want(http.StatusOK).has(`"queue":{"total":2,"unread":2}`, `"bot":{"total":1,"unread":1}`, `"mine":{"total":0,"unread":0}`)
		me.do("GET", fmt.Sprintf("/conversations/%d", second.ID), nil).want(http.StatusOK).has(`"queue_position":2`, `"handoff_reason":"asked"`, `"channel":"page"`)
	})
}

func TestConversationPagesMeetEveryOneOnce(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	for i := range 23 {
		h.queued(fmt.Sprint("c", i), "human")
	}
	for _, view := range []string{"all", "queue"} {
		seen := map[int64]bool{}
		path := "/conversations?limit=5&view=" + view
		for cursor := ""; ; {
			var l listed
			me.do("GET", path+cursor, nil).want(http.StatusOK).into(&l)
			for _, id := range l.ids() {
				if seen[id] {
					t.Fatalf("%s: %d twice", view, id)
				}
				seen[id] = true
			}
			if l.Next == "" {
				break
			}
			cursor = "&cursor=" + l.Next
		}
		if len(seen) != 23 {
			t.Errorf("%s: %d of 23", view, len(seen))
		}
	}
}

func TestConversationLabels(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		path := fmt.Sprintf("/conversations/%d", h.queued("a", "human").ID)
		me.do("PATCH", path, map[string]any{"tags": []string{" vip ", "vip", "5G"}, "priority": "urgent", "subject": "Broadband"}).
			want(http.StatusOK).has(`"tags":["vip","5G"]`, `"priority":"urgent"`, `"subject":"Broadband"`)
		me.do("GET", "/tags", nil).want(http.StatusOK).has("vip", "5G")
		me.do("PATCH", path, map[string]any{"tags": []string{}}).want(http.StatusOK).has(`"tags":[]`, `"priority":"urgent"`)
		me.do("GET", path+"/messages", nil).has(`"activity":"tagged"`, `"added":"vip, 5G"`, `"removed":"vip, 5G"`, `"activity":"prioritised"`, `"agent":"agent"`)
		me.do("PATCH", path, map[string]any{"priority": "soon"}).fails(http.StatusUnprocessableEntity, "invalid")
		var before, after []any
		me.do("GET", path+"/messages", nil).into(&before)
		me.do("PATCH", path, map[string]any{"priority": "urgent", "tags": []string{}}).want(http.StatusOK)
		if me.do("GET", path+"/messages", nil).into(&after); len(after) != len(before) {
			t.Error("a change that changes nothing leaves a line")
		}
	})
}

// teams makes two teams, the agent in the first, and a conversation in the queue of each.
func (h *house) teams() (ours, theirs *conversation.Conversation) {
	h.t.Helper()
	boss := h.as(handoff.Owner)
	var a, b struct{ ID int64 }
	boss.do("POST", "/teams", map[string]any{"name": "Ours", "member_ids": []int64{h.people[handoff.AgentRole].ID}}).want(http.StatusCreated).into(&a)
	boss.do("POST", "/teams", map[string]any{"name": "Theirs"}).want(http.StatusCreated).into(&b)
	ours, theirs = h.queued("ours", "human"), h.queued("theirs", "human: the secret word")
	for c, team := range map[*conversation.Conversation]int64{ours: a.ID, theirs: b.ID} {
		h.tx(func(tx *db.Tx) error {
			_, err := h.desk.Transfer(h.t.Context(), tx, c.ID, h.people[handoff.Owner], handoff.Target{TeamID: team}, "")
			return err
		})
		c.TeamID = team
	}
	return ours, theirs
}

func TestAnotherTeamsConversationIsNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ours, theirs := h.teams()
		me := h.as(handoff.AgentRole)
		me.do("GET", "/conversations", nil).want(http.StatusOK).has(`"name":"Ours"`).lacks("Theirs", "secret word")
		me.do("GET", "/conversations/counts", nil).has(`"queue":{"total":1,"unread":1}`)
		me.do("GET", fmt.Sprintf("/conversations/%d", ours.ID), nil).want(http.StatusOK)
		path := fmt.Sprintf("/conversations/%d", theirs.ID)
		for _, c := range []struct {
			method, path string
			body         any
		}{
			{"GET", path, nil}, {"GET", path + "/messages", nil}, {"GET", path + "/suggestions", nil},
			{"PATCH", path, map[string]any{"subject": "x"}},
			{"POST", path + "/messages", map[string]any{"text": "x"}},
			{"POST", path + "/messages", map[string]any{"text": "x", "private": true}},
			{"POST", path + "/messages/1/retry", nil},
			{"POST", path + "/claim", nil}, {"POST", path + "/release", map[string]any{"to": "bot"}},
			{"POST", path + "/transfer", map[string]any{"team_id": ours.TeamID}},
			{"POST", path + "/resolve", nil}, {"POST", path + "/reopen", nil},
			{"POST", path + "/snooze", map[string]any{"until": h.db.Now().AddDate(0, 0, 1)}},
			{"POST", path + "/read", map[string]any{"seq": 1}}, {"POST", path + "/typing", map[string]any{"note": false}},
			{"GET", fmt.Sprintf("/contacts/%d", theirs.ContactID), nil},
			{"PATCH", fmt.Sprintf("/contacts/%d", theirs.ContactID), map[string]any{"name": "x"}},
			{"GET", fmt.Sprintf("/contacts/%d/conversations", theirs.ContactID), nil},
		} {
			me.do(c.method, c.path, c.body).fails(http.StatusNotFound, "not_found")
		}
		for _, c := range []*caller{h.as(handoff.Owner), h.as(handoff.Administrator), h.key("*")} {
			c.do("GET", path, nil).want(http.StatusOK).has("secret word")
		}
	})
}
