package admin_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
	"huiyin/knowledge/golden"
)

// writes makes an article with a key.
func (h *house) writes(key, question string) knowledge.Article {
	h.t.Helper()
	var a knowledge.Article
	h.tx(func(tx *db.Tx) (err error) {
		a, err = knowledge.Create(context.Background(), tx, knowledge.Author{Name: "e"}, knowledge.NewArticle{Key: key,
			Content: knowledge.Content{Question: map[string]string{"en": question}, Answer: map[string]string{"en": "So."}}})
		return err
	})
	return a
}

// computes ends the oldest job with a result.
func (h *house) computes(e golden.Ended) {
	h.t.Helper()
	h.tx(func(tx *db.Tx) error {
		leases, err := golden.Queue().Claim(context.Background(), tx, "w", time.Minute, 1)
		if err != nil || len(leases) != 1 {
			return fmt.Errorf("%d jobs: %w", len(leases), err)
		}
		return golden.End(context.Background(), tx, leases[0], e)
	})
}

func TestGoldenQuestions(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor, agent := h.as(handoff.Editor), h.as(handoff.AgentRole)
		a := h.writes("invoice", "How do I get an invoice?")
		c := h.says("x", "invoice please")
		var q struct {
			ID             int64 `json:"id"`
			Version        int64 `json:"version"`
			ConversationID int64 `json:"conversation_id"`
		}
		made := map[string]any{"expect": "article", "article_id": a.ID, "conversation_id": c.ID, "seq": 1}
		agent.do("POST", "/golden", made).want(http.StatusCreated).has(`"question":"invoice please"`, `"channel":"page"`, `"article_title":"How do I get an invoice?"`, `"outcome":""`).into(&q)
		if q.ConversationID != c.ID {
			t.Errorf("the agent does not learn where it comes from: %+v", q)
		}
		page := editor.do("GET", "/golden?q=INVOICE&outcome=new", nil).want(http.StatusOK).has(`"total":1`, `"question":"invoice please"`)
		if strings.Contains(string(page.text), "conversation_id") {
			t.Error("an editor is shown a conversation")
		}
		editor.do("POST", "/golden", made).fails(http.StatusNotFound, "not_found")
		editor.do("POST", "/golden", map[string]any{"question": "x", "expect": "none", "conversation_id": 0}).want(http.StatusCreated)
		agent.do("POST", "/golden", map[string]any{"question": "x", "expect": "handoff"}).fails(http.StatusConflict, "golden_stated")
		agent.do("POST", "/golden", map[string]any{"question": "x", "expect": "none"}).want(http.StatusCreated).has(`"expect":"none"`)
		editor.do("POST", "/golden", map[string]any{"question": "x", "expect": "handoff"}).want(http.StatusCreated).has(`"expect":"handoff"`)
		bot := h.botSays(c.ID, "hello", `{"rule":"x"}`)
		agent.do("POST", "/golden", map[string]any{"expect": "none", "conversation_id": c.ID, "seq": bot.Seq}).fails(http.StatusUnprocessableEntity, "invalid")
		agent.do("POST", "/golden", map[string]any{"expect": "article", "question": "y"}).fails(http.StatusUnprocessableEntity, "invalid")

		path := fmt.Sprintf("/golden/%d", q.ID)
		saved := map[string]any{"question": "a bill", "expect": "handoff", "version": q.Version, "at": "2026-01-01T00:00:00Z", "note": "n"}
		editor.do("PATCH", path, saved).want(http.StatusOK).has(`"question":"a bill"`, `"expect":"handoff"`, `"at":"2026-01-01T00:00:00Z"`)
		editor.do("PATCH", path, saved).fails(http.StatusConflict, "conflict")
		editor.do("PATCH", path, map[string]any{"expect": "none"}).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("DELETE", path, nil).want(http.StatusNoContent)
		editor.do("DELETE", path, nil).fails(http.StatusNotFound, "not_found")
		editor.do("POST", path+"/undelete", map[string]any{}).want(http.StatusNoContent)
		editor.do("GET", "/golden?limit=1", nil).has(`"next":`, `"total":2`)
		h.as(handoff.Owner).do("GET", "/audit", nil).has("golden_added", "golden_changed", "golden_deleted", "golden_restored")
	})
}

// Another team's conversation makes no golden question, and is named to nobody who may not see it.
func TestGoldenOfAnotherTeam(t *testing.T) {
	h := open(t)
	c := h.says("x", "secret matter")
	h.tx(func(tx *db.Tx) error {
		team, err := h.desk.CreateTeam(context.Background(), tx, handoff.Team{Name: "other"})
		if err != nil {
			return err
		}
		loaded, err := h.store.Load(context.Background(), tx, c.ID)
		if err != nil {
			return err
		}
		loaded.TeamID = team.ID
		return h.store.Save(context.Background(), tx, loaded)
	})
	body := map[string]any{"expect": "none", "conversation_id": c.ID, "seq": 1}
	h.as(handoff.AgentRole).do("POST", "/golden", body).fails(http.StatusNotFound, "not_found")
	h.as(handoff.Owner).do("POST", "/golden", body).want(http.StatusCreated).has(`"conversation_id"`)
}

func TestGoldenRunsAndNight(t *testing.T) {
	h := open(t)
	editor := h.as(handoff.Editor)
	var job struct {
		ID int64 `json:"id"`
	}
	editor.do("POST", "/golden/runs", map[string]any{}).want(http.StatusAccepted).has(`"state":"waiting"`, `"kind":"run"`).into(&job)
	h.computes(golden.Ended{State: golden.Done, Result: golden.RunResult{Total: 3, Count: map[golden.Outcome]int{golden.Right: 2, golden.Wrong: 1}, Broke: []int64{4}}})
	editor.do("GET", fmt.Sprintf("/answers/jobs/%d", job.ID), nil).want(http.StatusOK).has(`"right":2`, `"broke":[4]`, `"state":"done"`)
	h.tx(func(tx *db.Tx) error {
		return golden.Keep(context.Background(), tx, golden.RunResult{Count: map[golden.Outcome]int{golden.Right: 5}}, true, "")
	})
	var runs struct {
		Night struct {
			Version int64 `json:"version"`
		} `json:"night"`
	}
	editor.do("GET", "/golden/runs", nil).want(http.StatusOK).has(`"right":5`, `"nightly":true`, `"time":"03:00"`, `"enabled":true`).into(&runs)
	night := map[string]any{"enabled": true, "time": "22:30", "version": runs.Night.Version}
	editor.do("PUT", "/golden/night", night).want(http.StatusOK).has(`"time":"22:30"`, `"next":`)
	editor.do("PUT", "/golden/night", night).fails(http.StatusConflict, "conflict")
	editor.do("PUT", "/golden/night", map[string]any{"enabled": true, "time": "25:00", "version": 2}).fails(http.StatusUnprocessableEntity, "invalid")
}

// The night is the organisation's: that of its opening hours until its zone is set, and it moves when that is.
func TestGoldenNightIsTheOrganisations(t *testing.T) {
	h := open(t)
	owner := h.as(handoff.Owner)
	h.tx(func(tx *db.Tx) error {
		_, err := h.desk.CreateSchedule(context.Background(), tx, handoff.Schedule{Name: "Office", Zone: "Asia/Shanghai", Week: "mon-fri 09:00-18:00"})
		return err
	})
	hour := func(zone string) int {
		var runs struct {
			Night struct {
				Zone string    `json:"zone"`
				Next time.Time `json:"next"`
			} `json:"night"`
		}
		owner.do("GET", "/golden/runs", nil).want(http.StatusOK).into(&runs)
		if runs.Night.Zone != zone {
			t.Errorf("the night is in %s, want %s", runs.Night.Zone, zone)
		}
		return runs.Night.Next.UTC().Hour()
	}
	owner.do("PUT", "/golden/night", map[string]any{"enabled": true, "time": "03:00", "version": 1}).want(http.StatusOK)
	if got := hour("Asia/Shanghai"); got != 19 {
		t.Errorf("03:00 in Shanghai is %d:00 UTC", got)
	}
	owner.do("PUT", "/reports/settings", map[string]any{"time_zone": "Asia/Tokyo", "version": 0}).want(http.StatusOK)
	if got := hour("Asia/Tokyo"); got != 18 {
		t.Errorf("03:00 in Tokyo is %d:00 UTC", got)
	}
}

func TestReplayOfAChange(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		a, c := h.writes("invoice", "How do I get an invoice?"), h.says("x", "hello")
		var job struct {
			ID int64 `json:"id"`
		}
		editor.do("POST", "/answers/replays", map[string]any{}).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("POST", "/answers/replays", map[string]any{"publish": 9999}).fails(http.StatusNotFound, "not_found")
		editor.do("POST", "/answers/replays", map[string]any{"synonyms": [][]string{{"a", "b"}}}).want(http.StatusAccepted).into(&job)
		editor.do("DELETE", fmt.Sprintf("/answers/jobs/%d", job.ID), nil).want(http.StatusNoContent)
		h.computes(golden.Ended{State: golden.Cancelled})
		editor.do("GET", fmt.Sprintf("/answers/jobs/%d", job.ID), nil).has(`"state":"cancelled"`)
		editor.do("POST", "/answers/replays", map[string]any{"publish": a.ID}).want(http.StatusAccepted).into(&job)
		f := golden.Foresight{Counts: map[golden.Kind]int{golden.Lost: 2}, Differences: []golden.Difference{{Kind: golden.Lost, Asked: golden.Asked{Question: "is 13912345678 my number"}, Count: 2,
			Before: golden.Decided{Act: "answer", Article: a.ID, Title: "t"}, After: golden.Decided{Act: "ask", Offers: []golden.Candidate{{Article: 3, Title: "o"}}},
			Spots: []golden.Source{{ConversationID: c.ID, Seq: 1}}}}}
		h.computes(golden.Ended{State: golden.Done, Red: f.Red(), Result: &f})
		path := fmt.Sprintf("/answers/jobs/%d", job.ID)
		seen := editor.do("GET", path, nil).want(http.StatusOK).has(`"red":true`, `"lost":2`, `"kind":"lost"`, `"title":"o"`)
		if strings.Contains(string(seen.text), "conversation_id") || strings.Contains(string(seen.text), "13912345678") {
			t.Error("an editor is shown a conversation, or whose it is")
		}
		h.as(handoff.Owner).do("GET", path, nil).has(fmt.Sprintf(`"conversation_id":%d`, c.ID))
		h.publishing(editor, a)
	})
}

// publishing past a red list needs a reason, which the audit log keeps.
func (h *house) publishing(editor *caller, a knowledge.Article) {
	h.t.Helper()
	path := fmt.Sprintf("/articles/%d/publish", a.ID)
	editor.do("POST", path, map[string]any{"version": a.Version}).fails(http.StatusConflict, "red_list")
	editor.do("POST", path, map[string]any{"version": a.Version, "reason": "  "}).fails(http.StatusConflict, "red_list")
	editor.do("POST", path, map[string]any{"version": a.Version, "reason": "the old answer was wrong"}).want(http.StatusOK)
	b := h.writes("parcel", "Where is my parcel?")
	editor.do("POST", "/answers/replays", map[string]any{"publish": b.ID}).want(http.StatusAccepted)
	editor.do("POST", fmt.Sprintf("/articles/%d/publish", b.ID), map[string]any{"version": b.Version, "reason": "in a hurry"}).want(http.StatusOK)
	h.as(handoff.Owner).do("GET", "/audit", nil).has("despite the replay", "the old answer was wrong", "without the end of the replay: in a hurry")
}

func TestBatch(t *testing.T) {
	h := open(t)
	editor := h.as(handoff.Editor)
	h.writes("invoice", "How do I get an invoice?")
	editor.upload("/answers/batch", "q.csv", []byte("question,expected\nbill,nosuch\n,none\n")).want(http.StatusAccepted).has(`"row":2`, `"field":"expected"`, `"row":3`, `"taken":0`)
	editor.upload("/answers/batch", "q.xls", []byte("\xd0\xcf\x11\xe0")).want(http.StatusAccepted).has(`old .xls`)
	editor.upload("/answers/batch", "q.csv", []byte("question\n")).want(http.StatusAccepted).has("no question")
	var started struct {
		Job struct {
			ID int64 `json:"id"`
		} `json:"job"`
	}
	editor.upload("/answers/batch?drafts=true", "q.csv", []byte("question,expected,channel,date\n=bill,invoice,sms,2026-11-30\nhello,,,\n")).want(http.StatusAccepted).has(`"taken":2`).into(&started)
	report := fmt.Sprintf("/answers/jobs/%d/report?format=csv", started.Job.ID)
	editor.do("GET", report, nil).fails(http.StatusNotFound, "not_found")
	var r golden.BatchResult
	r.Add(golden.BatchRow{Wanted: &golden.Wanted{Expect: golden.ExpectNone}}, golden.Decided{Act: "answer", Title: "Other", Confidence: 0.97, Rule: "sure"})
	r.Add(golden.BatchRow{}, golden.Decided{Act: "clarify", Offers: []golden.Candidate{{Title: "One", Confidence: 0.5}}})
	h.computes(golden.Ended{State: golden.Done, Result: &r})
	editor.do("GET", fmt.Sprintf("/answers/jobs/%d", started.Job.ID), nil).want(http.StatusOK).has(`"wrong":1`, `"expected":1`, `"expected":"invoice"`, `"name":"q.csv"`)
	csv := string(editor.do("GET", report, nil).want(http.StatusOK).text)
	for _, want := range []string{"'=bill", "wrong", "Other", "0.97", "One (50 %)", "offered articles"} {
		if !strings.Contains(csv, want) {
			t.Errorf("no %q in %s", want, csv)
		}
	}
	if zh := string(editor.do("GET", report+"&language=zh", nil).text); !strings.Contains(zh, "给出选项") || !strings.Contains(zh, "置信度") {
		t.Error(zh)
	}
	if xlsx := editor.do("GET", strings.Replace(report, "csv", "xlsx", 1), nil).want(http.StatusOK); !bytes.HasPrefix(xlsx.text, []byte("PK")) {
		t.Errorf("%.20q", xlsx.text)
	}
}

func TestGoldenTables(t *testing.T) {
	h := open(t)
	editor := h.as(handoff.Editor)
	h.writes("invoice", "How do I get an invoice?")
	editor.upload("/golden/import", "g.csv", []byte("问题,期望\n发票,\n")).want(http.StatusOK).has(`"taken":0`, "say what is expected")
	editor.upload("/golden/import", "g.csv", []byte("问题,期望,备注\n发票,how do i get an invoice?,n\n天气,无,\n人呢,转人工,\n")).want(http.StatusOK).has(`"taken":3`, `"faults":[]`)
	editor.do("GET", "/golden", nil).has(`"total":3`, `"expect":"handoff"`, `"expect":"none"`)
	csv := string(editor.do("GET", "/golden/export?format=csv", nil).want(http.StatusOK).text)
	if !strings.Contains(csv, "发票,invoice,") || !strings.Contains(csv, "天气,none") {
		t.Error(csv)
	}
	editor.upload("/golden/import", "g.csv", []byte(csv)).want(http.StatusOK).has(`"taken":3`)
	editor.do("GET", "/golden", nil).has(`"total":3`)
}
