package admin

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/handoff"
	"huiyin/knowledge"
)

func TestOptional(t *testing.T) {
	if opt("") != nil || opt(0) != nil || *opt("x") != "x" || optTime(time.Time{}) != nil {
		t.Error("zero is not left out, or more is")
	}
	word := "new"
	if or(&word, "old") != "new" || or(nil, "old") != "old" || val[int](nil) != 0 || val(&word) != "new" {
		t.Error("a member that was left out is not what it was")
	}
}

func testViewer() *viewer {
	return &viewer{
		names: &nameTable{
			inboxes: map[int64]conversation.Inbox{2: {ID: 2, Name: "Site", Kind: "webchat"}},
			agents:  map[int64]string{3: "Anna"},
			teams:   map[int64]string{4: "Network"},
		},
		contacts: map[int64]conversation.Contact{5: {ID: 5, Name: "Wang Li"}},
	}
}

func TestConversationView(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	v := testViewer().conversation(&conversation.Conversation{ID: 1, InboxID: 2, ContactID: 5, AgentID: 3, TeamID: 4, Status: conversation.Open,
		Priority: conversation.High, LastSeq: 7, LastMessageAt: at, Preview: "hi", LastSender: conversation.FromContact, Unread: 2,
		WaitingSince: at, CreatedAt: at, UpdatedAt: at, HandoffReason: "asked"})
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"inbox_name":"Site"`, `"channel":"webchat"`, `"contact":{"id":5,"name":"Wang Li"}`, `"agent":{"id":3,"name":"Anna"}`,
		`"team":{"id":4,"name":"Network"}`, `"priority":"high"`, `"status":"open"`, `"tags":[]`, `"last_sender":"contact"`,
		`"waiting_since":"2026-03-01T09:30:00Z"`, `"handoff_reason":"asked"`, `"unread":2`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	for _, not := range []string{"resolved_at", "snoozed_until", "queued_at", "queue_position", "subject", "language"} {
		if strings.Contains(string(text), not) {
			t.Errorf("%s in %s", not, text)
		}
	}
}

func TestAConversationOfNobody(t *testing.T) {
	v := testViewer().conversation(&conversation.Conversation{ID: 1, InboxID: 99, ContactID: 98})
	if v.Agent != nil || v.Team != nil || v.Contact.Name != "" || v.InboxName != "" {
		t.Errorf("%+v", v)
	}
}

func TestMessageView(t *testing.T) {
	yes := true
	for _, c := range []struct {
		name    string
		message conversation.Message
		want    []string
		not     []string
	}{
		{"plain text stays text", conversation.Message{Text: "<b>hi</b> **there**", Sender: conversation.FromContact},
			[]string{`"format":"text"`, `"attachments":[]`, `"delivery":""`}, []string{`"html"`, `"agent"`, `"explanation"`}},
		{"Markdown is rendered", conversation.Message{Text: "**there**", Sender: conversation.FromBot, Content: conversation.Content{Markdown: true}},
			[]string{`"format":"markdown"`, `\u003cstrong\u003ethere`}, nil},
		{"a mail's HTML is cleaned", conversation.Message{Text: "hi", HTML: `<p onclick="x">hi<script>y</script></p>`},
			[]string{`"html":"\u003cp\u003ehi\u003c/p\u003e"`}, []string{"onclick", "script"}},
		{"an activity", conversation.Message{Sender: conversation.FromSystem, Private: true,
			Content: conversation.Content{Activity: "claimed", ActivityData: map[string]string{"agent": "Anna"}}},
			[]string{`"activity":"claimed"`, `"activity_data":{"agent":"Anna"}`, `"private":true`}, nil},
		{"an answer", conversation.Message{Sender: conversation.FromBot, Explanation: `{"rule":"sure"}`, Helpful: &yes,
			Content: conversation.Content{Choices: []conversation.Choice{{Label: "Yes", Value: "y"}, {Label: "No"}}}},
			[]string{`"explanation":{"rule":"sure"}`, `"helpful":true`, `"choices":[{"label":"Yes","value":"y"},{"label":"No"}]`}, nil},
		{"a damaged explanation", conversation.Message{Sender: conversation.FromBot, Explanation: `{"rule`}, nil, []string{`"explanation"`}},
		{"an agent's", conversation.Message{Sender: conversation.FromAgent, AgentID: 3, Delivery: conversation.Failed, Reason: "blocked",
			Content: conversation.Content{ClientID: "c1"}},
			[]string{`"agent":{"id":3,"name":"Anna"}`, `"delivery":"failed"`, `"reason":"blocked"`, `"client_id":"c1"`}, nil},
		{"a file", conversation.Message{Attachments: []conversation.Attachment{{Key: "K", Name: "a.png", Type: "image/png", Size: 3, Width: 1, Height: 2}}},
			[]string{`"url":"/api/v1/attachments/K"`, `"width":1`, `"height":2`, `"size":3`}, []string{"sha256"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := json.Marshal(testViewer().message(c.message))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(string(text), want) {
					t.Errorf("no %s in %s", want, text)
				}
			}
			for _, not := range c.not {
				if strings.Contains(string(text), not) {
					t.Errorf("%s in %s", not, text)
				}
			}
		})
	}
}

func TestArticleContent(t *testing.T) {
	category := "账单"
	in := &api.ArticleInput{Category: &category, Tags: []string{"bill"}, Languages: map[string]api.ArticleText{
		"zh": {Question: "问", Similar: []string{"别问"}, Answer: "答"}, "en": {Question: "Q", Answer: "A"}}}
	c := contentOf(in)
	if c.Category != category || c.Question["zh"] != "问" || c.Answer["en"] != "A" || !slices.Equal(c.Similar["zh"], []string{"别问"}) {
		t.Fatalf("%+v", c)
	}
	texts := viewTexts(c)
	if len(texts) != 2 || texts["en"].Similar == nil || texts["zh"].Answer != "答" {
		t.Errorf("%+v", texts)
	}
}

func TestImportReportTellsRefusalsFirst(t *testing.T) {
	r := knowledge.Report{Added: 1200, Refused: 2}
	for i := range 1200 {
		r.Rows = append(r.Rows, knowledge.RowReport{Line: i, Outcome: knowledge.Added})
	}
	r.Rows = append(r.Rows,
		knowledge.RowReport{Line: 1200, Outcome: knowledge.Refused, Field: "answer", Message: "write it"},
		knowledge.RowReport{Line: 1201, Outcome: knowledge.Refused, Message: "unreadable"})
	shown := viewReport(r)
	if shown.Added != 1200 || shown.Refused != 2 || len(shown.Rows) != maxReport {
		t.Fatalf("%d rows", len(shown.Rows))
	}
	if *shown.Rows[0].Reason != "answer: write it" || *shown.Rows[1].Reason != "unreadable" || shown.Rows[2].Line != 0 {
		t.Errorf("%+v", shown.Rows[:3])
	}
}

func TestTotals(t *testing.T) {
	c := knowledge.Counts{Total: 6, Draft: 1, Published: 2, Archived: 3}
	for status, want := range map[knowledge.Status]int{"": 6, knowledge.Draft: 1, knowledge.Published: 2, knowledge.Archived: 3} {
		if got := totalOf(c, status); got != want {
			t.Errorf("%q: %d", status, got)
		}
	}
}

func TestUserAndTeamViewsHaveNoNull(t *testing.T) {
	user, err := json.Marshal(viewUser(handoff.Agent{ID: 1, Name: "A", Email: "a@x", Role: handoff.Lead}))
	if err != nil || !strings.Contains(string(user), `"team_ids":[]`) || strings.Contains(string(user), "last_seen_at") {
		t.Errorf("%s, %v", user, err)
	}
	team, err := json.Marshal(viewTeam(handoff.Team{ID: 1, Name: "T"}))
	if err != nil || !strings.Contains(string(team), `"member_ids":[]`) {
		t.Errorf("%s, %v", team, err)
	}
}
