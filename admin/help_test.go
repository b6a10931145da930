package admin_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
)

func helpWishes(change map[string]any) map[string]any {
	in := map[string]any{"version": 0, "open": true, "indexable": true, "name": map[string]string{"zh": " 星桥 帮助中心"}, "intro": map[string]string{}, "colour": "#0b7a6f",
		"logo": "", "links": []any{}, "base_url": "", "inbox_id": 0}
	for k, v := range change {
		in[k] = v
	}
	return in
}

func TestHelpCentreSettings(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.Administrator)
		me.do("GET", "/help-centre", nil).want(http.StatusOK).has(`"open":false`, `"version":0`, `"address":"https://help.example.com/help/"`, `"name":"Site"`)
		me.do("PUT", "/help-centre", helpWishes(map[string]any{"inbox_id": h.inbox.ID})).want(http.StatusOK).has(`"open":true`, `"version":1`, `"星桥 帮助中心"`, `"changed_by"`)
		me.do("PUT", "/help-centre", helpWishes(nil)).fails(http.StatusConflict, "conflict")
		for field, wrong := range map[string]any{"colour": "red", "base_url": "https://a.example/path", "inbox_id": 4711, "logo": "data:image/svg+xml;base64,AAAA",
			"links": []any{map[string]any{"text": map[string]string{"en": "x"}, "url": "javascript:alert(1)"}}, "name": map[string]string{"en": strings.Repeat("x", 41)}, "intro": map[string]string{"fr": "x"}} {
			me.do("PUT", "/help-centre", helpWishes(map[string]any{"version": 1, field: wrong})).fails(http.StatusUnprocessableEntity, "invalid").has(`"` + field + `"`)
		}
		me.do("POST", "/help-centre/preview", helpWishes(map[string]any{"colour": "#ffee00"})).want(http.StatusOK).has(`"/help/?preview=`, `"as_text":1.2`)
		me.do("GET", "/help-centre", nil).has(`"version":1`)
		me.do("GET", "/audit", nil).has(`"help_centre_changed"`, "open true")
	})
}

func TestHelpCentreMissed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.tx(func(tx *db.Tx) error {
			ctx := context.Background()
			a, err := knowledge.Create(ctx, tx, knowledge.Author{}, knowledge.NewArticle{Content: knowledge.Content{Question: map[string]string{"zh": "怎么开发票？"}, Answer: map[string]string{"zh": "在 App 里。"}}})
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "INSERT INTO help_votes (article_id, revision_id, visitor, language, helpful, reason, comment, at) VALUES (?, 1, 'v', 'zh', 0, 'wrong', '税号不对', ?)", a.ID, db.Millis(tx.Now)); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, "INSERT INTO help_searches (day, language, term, vain, shown, opened) VALUES (?, 'zh', '退订彩铃', 4, 2, 1), (?, 'en', 'e-sim', 0, 3, 3)", tx.Now.Format("2006-01-02"), tx.Now.Format("2006-01-02"))
			return err
		})
		h.as(handoff.Editor).do("GET", "/help-centre/missed?days=7", nil).want(http.StatusOK).
			has(`"term":"退订彩铃"`, `"nothing":4`, `"unopened":1`, `"path":"/help/zh/search?q=`, `"title":"怎么开发票？"`, `"reason":"wrong"`, `"comment":"税号不对"`).lacks("e-sim")
	})
}
