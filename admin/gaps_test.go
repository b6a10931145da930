package admin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
)

const notUnderstood = `{"asked":"x","language":"zh","decision":{"act":"ask"}}`

// inVain has customers ask what the bot does not know.
func (h *house) inVain(texts ...string) (last *conversation.Conversation, answer conversation.Message) {
	h.t.Helper()
	for i, text := range texts {
		last = h.says(fmt.Sprint(text, i), text)
		answer = h.botSays(last.ID, "请换个说法", notUnderstood)
	}
	return last, answer
}

// until asks again until the answer has all parts.
func (c *caller) until(path string, parts ...string) *answer {
	c.h.t.Helper()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(100 * time.Millisecond) {
		a, missing := c.do("GET", path, nil).want(http.StatusOK), false
		for _, part := range parts {
			missing = missing || !strings.Contains(string(a.text), part)
		}
		if !missing {
			return a
		}
	}
	return c.do("GET", path, nil).has(parts...)
}

type gapPage struct {
	Items []struct {
		ID        int64  `json:"id"`
		Version   int64  `json:"version"`
		Title     string `json:"title"`
		ArticleID int64  `json:"article_id"`
		Examples  []struct{ Turn int64 }
	}
}

// The road of a gap: asked in vain, seen, written, published, answered.
func TestGaps(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor, agent := h.as(handoff.Editor), h.as(handoff.AgentRole)
		h.inVain("可以到店自提吗", "能不能到店自提", "我想到店里自提可以吗", "发票抬头写错了怎么改")
		var page gapPage
		editor.until("/gaps?state=open", `"total":2`, `"n":3`, `"unanswered":3`).lacks(`"conversation_id"`).into(&page)
		agent.do("GET", "/gaps", nil).fails(http.StatusForbidden, "forbidden")
		h.as(handoff.Owner).do("GET", "/gaps", nil).want(http.StatusOK).has(`"conversation_id":`)
		g, other := page.Items[0], page.Items[1]
		path := fmt.Sprintf("/gaps/%d", g.ID)
		editor.do("GET", path, nil).want(http.StatusOK).has("可以到店自提吗", "能不能到店自提", `"channel":`)
		editor.do("GET", "/gaps/999", nil).fails(http.StatusNotFound, "not_found")
		editor.do("PATCH", path, map[string]any{"version": g.Version, "agent_id": 999}).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("PATCH", path, map[string]any{"version": g.Version, "state": "dismissed"}).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("PATCH", fmt.Sprintf("/gaps/%d", other.ID), map[string]any{"version": other.Version, "state": "dismissed", "reason": "为发票另有流程"}).want(http.StatusNoContent)
		editor.do("GET", "/gaps?state=dismissed", nil).has(`"total":1`, "为发票另有流程")
		editor.do("PATCH", fmt.Sprintf("/gaps/%d", other.ID), map[string]any{"version": other.Version, "state": "open"}).fails(http.StatusConflict, "conflict")
		var made struct {
			ID int64 `json:"article_id"`
		}
		editor.do("POST", path+"/draft", map[string]any{"version": g.Version}).want(http.StatusCreated).into(&made)
		article := fmt.Sprintf("/articles/%d", made.ID)
		editor.do("GET", article, nil).has(`"status":"draft"`, "可以到店自提吗", "能不能到店自提", "我想到店里自提可以吗")
		editor.do("GET", "/gaps?state=writing", nil).has(fmt.Sprintf(`"article_id":%d`, made.ID), `"article_title":`)
		var a struct{ Version int64 }
		editor.do("GET", article, nil).into(&a)
		editor.do("PATCH", article, map[string]any{"version": a.Version, "languages": map[string]any{"zh": map[string]any{"question": "可以到店自提吗", "similar": []string{"能不能到店自提"}, "answer": "可以。"}}}).want(http.StatusOK).into(&a)
		h.as(handoff.Owner).do("POST", article+"/publish", map[string]any{"version": a.Version}).want(http.StatusOK)
		editor.until("/gaps?state=answered", `"total":1`)
		editor.do("GET", "/quality?from=2026-01-01&to=2026-12-31", nil).want(http.StatusOK).has(`"asked":4`, `"enough":false`, fmt.Sprintf(`"article_id":%d`, made.ID))
		editor.do("GET", "/article-health", nil).want(http.StatusOK).has(`"unused":[]`)
		_, _, err := knowledge.ImportFile(context.Background(), h.db, knowledge.Author{Name: "Su"}, "f.csv", strings.NewReader("question,answer\n可以到店自提吗,可以，带上身份证。\n"), knowledge.ImportOptions{})
		h.must(err)
		var quality struct {
			Published []struct {
				Article int64 `json:"article_id"`
				Title   string
			}
		}
		editor.do("GET", "/quality?from=2026-01-01&to=2026-12-31", nil).into(&quality)
		if len(quality.Published) != 2 || quality.Published[0].Article != made.ID || quality.Published[0].Title != "可以到店自提吗" {
			t.Errorf("an import is a publication too: %+v", quality.Published)
		}
	})
}

// What belongs to another team is in no lead's list.
func TestGapsKeepToTheTeams(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		c, _ := h.inVain("可以到店自提吗")
		h.tx(func(tx *db.Tx) error {
			team, err := h.desk.CreateTeam(context.Background(), tx, handoff.Team{Name: "Others"})
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
		var page gapPage
		h.as(handoff.Owner).until("/gaps", `"total":1`).into(&page)
		lead := h.as(handoff.Lead)
		lead.until("/gaps", `"total":0`)
		id := page.Items[0].ID
		path := fmt.Sprintf("/gaps/%d", id)
		lead.do("GET", path, nil).fails(http.StatusNotFound, "not_found")
		for action, body := range map[string]any{"/draft": map[string]any{"version": 1}, "/attach": map[string]any{"version": 1, "article_id": 1},
			"/merge": map[string]any{"into": id}, "/split": map[string]any{"turns": []int64{id}}} {
			lead.do("POST", path+action, body).fails(http.StatusNotFound, "not_found")
		}
	})
}

// Groups are put together and taken apart, and attached to articles.
func TestGapsByHand(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor := h.as(handoff.Editor)
		h.inVain("可以到店自提吗", "能不能到店自提", "发票抬头写错了怎么改")
		var page gapPage
		editor.until("/gaps", `"total":2`, `"n":2`).into(&page)
		into, from := page.Items[0], page.Items[1]
		editor.do("POST", fmt.Sprintf("/gaps/%d/merge", from.ID), map[string]any{"into": into.ID}).want(http.StatusNoContent)
		var one struct{ Examples []struct{ Turn int64 } }
		editor.do("GET", fmt.Sprintf("/gaps/%d", into.ID), nil).has(`"n":3`, "发票").into(&one)
		editor.do("POST", fmt.Sprintf("/gaps/%d/split", into.ID), map[string]any{"turns": []int64{one.Examples[0].Turn}}).want(http.StatusOK).has(`"id":`)
		var made struct{ ID, Version int64 }
		editor.do("POST", "/articles", map[string]any{"languages": map[string]any{"zh": map[string]any{"question": "自提", "similar": []string{}, "answer": "可以。"}}}).want(http.StatusCreated).into(&made)
		editor.do("GET", "/gaps", nil).into(&page)
		editor.do("POST", fmt.Sprintf("/gaps/%d/attach", page.Items[0].ID), map[string]any{"version": page.Items[0].Version, "article_id": 999}).fails(http.StatusNotFound, "not_found")
		editor.do("POST", fmt.Sprintf("/gaps/%d/attach", page.Items[0].ID), map[string]any{"version": page.Items[0].Version, "article_id": made.ID}).want(http.StatusOK)
		editor.do("GET", fmt.Sprintf("/articles/%d", made.ID), nil).has("自提吗")
	})
}

// What agents know becomes an article only through a person's hands, and a wrong answer a phrasing.
func TestAnswerProposals(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		editor, agent := h.as(handoff.Editor), h.as(handoff.AgentRole)
		var made struct{ ID, Version int64 }
		editor.do("POST", "/articles", map[string]any{"languages": map[string]any{"zh": map[string]any{"question": "自提", "similar": []string{}, "answer": "可以。"}}}).want(http.StatusCreated).into(&made)
		c := h.queued("b", "人工")
		h.botSays(c.ID, "…", notUnderstood)
		h.tx(func(tx *db.Tx) error {
			c, err := h.store.Load(context.Background(), tx, c.ID)
			if err != nil {
				return err
			}
			if _, err = h.store.Reply(context.Background(), tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: 2, Private: true, Text: "私下说的话不会进入知识库，无论多长都一样"}); err != nil {
				return err
			}
			_, err = h.store.Reply(context.Background(), tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: 2, Text: "可以的，下单时选到店自提，两小时后来取。"})
			c.Status = conversation.Resolved
			return errors.Join(err, h.store.Save(context.Background(), tx, c))
		})
		_, answer := h.inVain("能去店里拿吗")
		agent.do("PUT", fmt.Sprintf("/conversations/%d/messages/%d/wrong", answer.ConversationID, answer.Seq), map[string]any{"article_id": 999}).fails(http.StatusUnprocessableEntity, "invalid")
		agent.do("PUT", fmt.Sprintf("/conversations/%d/messages/%d/wrong", answer.ConversationID, answer.Seq), map[string]any{"article_id": made.ID}).want(http.StatusNoContent)
		var page struct {
			Items []struct {
				ID      int64 `json:"id"`
				Article int64 `json:"article_id"`
			}
		}
		editor.until("/answer-proposals", "两小时后来取", "能去店里拿吗").lacks("私下说", `"conversation_id"`).into(&page)
		if len(page.Items) != 2 || page.Items[0].Article != made.ID {
			t.Fatalf("%+v", page)
		}
		said, seen := fmt.Sprintf("/answer-proposals/%d", page.Items[0].ID), fmt.Sprintf("/answer-proposals/%d", page.Items[1].ID)
		editor.do("POST", said, map[string]any{"do": "phrasing", "question": "能去店里拿吗"}).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("POST", said, map[string]any{"do": "golden", "question": "能去店里拿吗"}).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("POST", said, map[string]any{"do": "phrasing", "question": "能去店里拿吗", "article_id": made.ID}).want(http.StatusOK)
		editor.do("GET", fmt.Sprintf("/articles/%d", made.ID), nil).has("能去店里拿吗")
		_, again := h.inVain("到店里拿货行吗")
		agent.do("PUT", fmt.Sprintf("/conversations/%d/messages/%d/wrong", again.ConversationID, again.Seq), map[string]any{"article_id": made.ID}).want(http.StatusNoContent)
		editor.until("/answer-proposals", "到店里拿货行吗")
		editor.do("POST", fmt.Sprintf("/answer-proposals/%d", again.ID), map[string]any{"do": "golden", "question": "到店里拿货行吗", "article_id": made.ID}).want(http.StatusOK)
		editor.do("POST", seen, map[string]any{"do": "draft", "question": "可以自提吗"}).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("POST", seen, map[string]any{"do": "draft", "question": "可以自提吗", "answer": "可以，两小时后来取。"}).want(http.StatusOK).has(`"article_id":`)
		editor.do("POST", seen, map[string]any{"do": "dismiss"}).fails(http.StatusNotFound, "not_found")
		editor.do("GET", "/answer-proposals", nil).has(`"items":[]`)
		editor.do("GET", "/synonyms/proposals", nil).want(http.StatusOK).has(`[]`)
		editor.do("POST", "/synonyms/proposals", map[string]any{"word": "取货", "other": "自提", "accept": true}).want(http.StatusNoContent)
		editor.do("POST", "/synonyms/proposals", map[string]any{"word": "来拿", "other": "自提", "accept": true}).want(http.StatusNoContent)
		editor.do("GET", "/synonyms", nil).has(`["自提","取货","来拿"]`)
		editor.do("POST", "/synonyms/proposals", map[string]any{"word": "a", "other": "b", "accept": false}).want(http.StatusNoContent)
		editor.do("GET", "/quality?from=2026-01-01&to=2026-12-31&article_id=1&revision=99", nil).fails(http.StatusUnprocessableEntity, "invalid")
		editor.do("GET", "/quality?from=2026-01-01&to=2026-12-31&category=none", nil).want(http.StatusOK).has(`"articles":[]`)
	})
}
