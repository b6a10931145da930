package admin_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"huiyin/admin"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// answers is a bot of few words.
func (h *house) answers() admin.Answers {
	return admin.Answers{
		Shipped: json.RawMessage(`{"wrong_in_100":2,"offering":"normal","handoff_after":2,"handoff_on_complaint":true,"handoff_on_anger":true,"handoff_after_insults":2,"remind_after_minutes":0,"mask_phones":true,"order_patterns":[],"products":[]}`),
		Meaning: func(_ context.Context, settings json.RawMessage) (admin.AnswerMeaning, error) {
			var w struct {
				WrongIn100 float64 `json:"wrong_in_100"`
			}
			err := json.Unmarshal(settings, &w)
			return admin.AnswerMeaning{AnswerFrom: 1 - w.WrongIn100/10, LookedAt: 5}, err
		},
		Original: func(ctx context.Context, from db.Querier, id int64) (string, string, error) {
			sealed, err := h.store.Original(ctx, from, id)
			return strings.TrimPrefix(sealed, "sealed:"), "", err
		},
		ChangeTriggers: func(_, wanted json.RawMessage) (json.RawMessage, error) {
			if strings.Contains(string(wanted), "wrong") {
				return nil, &conversation.FieldError{Field: "rules[0].name", Message: "this is wrong"}
			}
			return json.RawMessage(`{"last":1,"rules":` + string(wanted) + `}`), nil
		},
		TryTriggers: func(_ context.Context, _ json.RawMessage, before int64) (admin.TriggerTrial, error) {
			return admin.TriggerTrial{LookedAt: 500, HandedThen: 1, HandedNow: 2, Next: before + 7, Rules: []admin.TriedRule{{Matched: 3, Changed: 1,
				Examples: []admin.TriedExample{{ConversationID: 9, Text: "退款", Then: "answer", Now: "handoff", Changed: true}}}}}, nil
		},
		Replay: func(_ context.Context, explanation string) (admin.ReplayResult, error) {
			if explanation == `{}` {
				return admin.ReplayResult{}, admin.ErrNotAutomatic
			}
			return admin.ReplayResult{Then: json.RawMessage(explanation), Now: json.RawMessage(`{"rule":"now"}`), Decision: "answer", Text: "**now**", SaysArticle: true,
				Changes: []admin.ReplayChange{{What: "revision", Then: "1", Now: "2"}}}, nil
		},
	}
}

func wishes(change map[string]any) map[string]any {
	w := map[string]any{"wrong_in_100": 2, "offering": "normal", "handoff_after": 2, "handoff_on_complaint": true, "handoff_on_anger": true,
		"handoff_after_insults": 2, "remind_after_minutes": 0, "mask_phones": true, "order_patterns": []string{}, "products": []string{}}
	maps.Copy(w, change)
	return w
}

func TestAnswerSettings(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.Administrator)
		me.do("GET", "/answers/settings", nil).want(http.StatusOK).has(`"version":0`, `"wrong_in_100":2`, `"answer_from":0.8`, `"order_patterns":[]`)
		changed := wishes(map[string]any{"wrong_in_100": 1, "offering": "eagerly", "order_patterns": []string{" HY-\\d{6} ", "  "}, "products": []string{"光纤 500", "光纤 500"}})
		me.do("PUT", "/answers/settings", map[string]any{"version": 0, "wishes": changed}).want(http.StatusOK).
			has(`"version":1`, `"wrong_in_100":1`, `"answer_from":0.9`, `"order_patterns":["HY-\\d{6}"]`, `"products":["光纤 500"]`, `"changed_by":"`)
		me.do("PUT", "/answers/settings", map[string]any{"version": 0, "wishes": changed}).fails(http.StatusConflict, "conflict")
		me.do("PUT", "/answers/settings", map[string]any{"version": 1, "wishes": wishes(nil)}).want(http.StatusOK).has(`"version":2`)
		me.do("PUT", "/answers/settings", map[string]any{"version": 1, "wishes": changed}).fails(http.StatusConflict, "conflict")
		me.do("GET", "/audit", nil).has(`"answer_settings_changed"`, "wrong_in_100: 2 → 1", "products: 0 → 1 entries")
		stored, err := admin.ReadSetting(context.Background(), h.db, admin.AnswerSettingsName)
		if err != nil || stored.Version != 2 || !strings.Contains(string(stored.Value), `"wrong_in_100":2`) {
			t.Fatalf("%+v, %v", stored, err)
		}
	})
}

func TestAnswerSettingsAreChecked(t *testing.T) {
	h := open(t)
	me := h.as(handoff.Owner)
	for name, change := range map[string]map[string]any{
		"none wrong at all":      {"wrong_in_100": 0},
		"every second wrong":     {"wrong_in_100": 50},
		"unknown way of offer":   {"offering": "always"},
		"negative count":         {"handoff_after": -1},
		"no regular expression":  {"order_patterns": []string{"("}},
		"fits nothing":           {"order_patterns": []string{"x*"}},
		"a reminder after a day": {"remind_after_minutes": 2000},
	} {
		t.Run(name, func(t *testing.T) {
			me.do("PUT", "/answers/settings", map[string]any{"version": 0, "wishes": wishes(change)}).fails(http.StatusUnprocessableEntity, "invalid")
			me.do("POST", "/answers/settings/meaning", wishes(change)).fails(http.StatusUnprocessableEntity, "invalid")
		})
	}
	me.do("POST", "/answers/settings/meaning", wishes(map[string]any{"wrong_in_100": 5})).want(http.StatusOK).has(`"answer_from":0.5`, `"looked_at":5`)
	me.do("GET", "/answers/settings", nil).has(`"version":0`)
	h.as(handoff.AgentRole).do("GET", "/answers/settings", nil).want(http.StatusOK)
	h.as(handoff.AgentRole).do("PUT", "/answers/settings", map[string]any{"version": 0, "wishes": wishes(nil)}).fails(http.StatusForbidden, "forbidden")
}
