package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func TestOriginalsAreShownWithPermissionAndATrace(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		h.store.OnArrival = func(in *conversation.Incoming) error {
			if in.Text == "13812345678" {
				in.Text, in.Sealed = "138****5678", "sealed:13812345678"
				in.Entities = []conversation.Entity{{Kind: "phone", Text: "138****5678", Hidden: true}}
			}
			return nil
		}
		c, plain := h.queued("a", "13812345678"), h.says("b", "hello")
		path := fmt.Sprintf("/conversations/%d/messages/1/original", c.ID)
		agent, lead := h.as(handoff.AgentRole), h.as(handoff.Lead)
		agent.do("GET", fmt.Sprintf("/conversations/%d/messages", c.ID), nil).want(http.StatusOK).has(`"hidden":true`, `"text":"138****5678"`, `"kind":"phone"`)
		agent.do("POST", path, nil).fails(http.StatusForbidden, "forbidden")
		lead.do("POST", path, nil).want(http.StatusOK).has(`"text":"13812345678"`)
		h.tx(func(tx *db.Tx) error {
			_, err := h.desk.Claim(ctx, tx, c.ID, h.people[handoff.AgentRole], false)
			return err
		})
		agent.do("POST", path, nil).want(http.StatusOK).has(`"text":"13812345678"`)
		lead.do("POST", fmt.Sprintf("/conversations/%d/messages/1/original", plain.ID), nil).fails(http.StatusNotFound, "not_found")
		h.as(handoff.Owner).do("GET", "/audit", nil).has(`"original_shown"`, fmt.Sprintf(`"object":"conversation:%d"`, c.ID))
		entries, err := h.audited("original_shown")
		if err != nil || entries != 2 {
			t.Fatalf("%d looks on record, %v", entries, err)
		}
	})
}

// audited counts the entries of one kind in the audit log.
func (h *house) audited(action string) (n int, err error) {
	err = h.db.QueryRow(context.Background(), "SELECT COUNT(*) FROM audit WHERE action = ?", action).Scan(&n)
	return n, err
}

func TestArticleScope(t *testing.T) {
	h := open(t)
	me := h.as(handoff.Editor)
	text := map[string]any{"zh": map[string]any{"question": "怎么退款", "similar": []string{}, "answer": "基本"}}
	me.do("POST", "/articles", map[string]any{"languages": text, "audience": "internal", "valid_until": "2027-01-01T00:00:00Z",
		"variants": []map[string]any{{"tier": "vip", "answers": map[string]string{"zh": "贵宾"}}}}).want(http.StatusCreated).
		has(`"audience":"internal"`, `"valid_until":"2027-01-01T00:00:00Z"`, `"tier":"vip"`, `"zh":"贵宾"`)
	var a struct{ Version int64 }
	me.do("GET", "/articles/1", nil).into(&a)
	me.do("PATCH", "/articles/1", map[string]any{"version": a.Version, "languages": text, "note": "an older program"}).want(http.StatusOK).has(`"audience":"internal"`, `"贵宾"`)
	me.do("GET", "/articles/1", nil).into(&a)
	me.do("PATCH", "/articles/1", map[string]any{"version": a.Version, "languages": text, "audience": "public", "variants": []any{}}).want(http.StatusOK).has(`"audience":"public"`).lacks(`"variants"`)
	me.do("POST", "/articles", map[string]any{"languages": text, "audience": "secret"}).fails(http.StatusUnprocessableEntity, "invalid")
	me.do("POST", "/articles", map[string]any{"languages": text, "valid_from": "2027-01-01T00:00:00Z", "valid_until": "2026-01-01T00:00:00Z"}).fails(http.StatusUnprocessableEntity, "invalid")
	me.do("GET", "/articles/1/revisions", nil).has(`"audience":"internal"`, `"audience":"public"`)
	me.do("POST", "/answers/try", map[string]any{"text": "x", "channel": "email", "tier": "vip", "at": "2027-01-01T00:00:00Z", "internal": true}).want(http.StatusOK)
	if h.tried.Channel != "email" || h.tried.Tier != "vip" || h.tried.At.Year() != 2027 || !h.tried.Internal {
		t.Errorf("%+v", h.tried)
	}
}

func TestNoReplyIsTakenFromAnInternalArticle(t *testing.T) {
	h := open(t)
	text := map[string]any{"zh": map[string]any{"question": "怎么退款", "similar": []string{}, "answer": "先退一半"}}
	h.as(handoff.Editor).do("POST", "/articles", map[string]any{"languages": text, "audience": "internal"}).want(http.StatusCreated)
	c := h.queued("a", "退款")
	h.tx(func(tx *db.Tx) error {
		_, err := h.desk.Claim(context.Background(), tx, c.ID, h.people[handoff.AgentRole], false)
		return err
	})
	me, path := h.as(handoff.AgentRole), fmt.Sprintf("/conversations/%d/messages", c.ID)
	me.do("POST", path, map[string]any{"text": "先退一半", "article_id": 1}).fails(http.StatusUnprocessableEntity, "invalid")
	me.do("POST", path, map[string]any{"text": "先退一半", "article_id": 1, "private": true}).want(http.StatusCreated)
}
