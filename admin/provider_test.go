package admin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// platform is a channel whose provider can be asked; its mood says how it answers.
type platform struct{ menu []channels.MenuItem }

// Kind describes it.
func (*platform) Kind() channels.Kind {
	return channels.Kind{Name: "platform", Settings: []channels.Setting{{Key: "mood", Type: channels.Text}, {Key: "secret", Type: channels.Text, Secret: true}}}
}

// Send takes everything.
func (*platform) Send(context.Context, conversation.Inbox, channels.Outgoing) (channels.Accepted, error) {
	return channels.Accepted{}, nil
}

func (*platform) answer(i conversation.Inbox) error {
	if i.Settings["secret"] != "s3cret" {
		return errors.New("the secret does not fit")
	}
	switch i.Settings["mood"] {
	case "refuses":
		return &channels.SendError{Reason: "not for you", Err: errors.New("errcode 48001 for s3cret")}
	case "away":
		return errors.New("the platform could not be reached")
	case "picky":
		return &conversation.FieldError{Field: "items", Message: "has a label that is too long"}
	}
	return nil
}

// Check tries the settings out.
func (p *platform) Check(_ context.Context, i conversation.Inbox) error { return p.answer(i) }

// Menu is what was published last.
func (p *platform) Menu(_ context.Context, i conversation.Inbox) ([]channels.MenuItem, error) {
	return p.menu, p.answer(i)
}

// PublishMenu keeps a menu.
func (p *platform) PublishMenu(_ context.Context, i conversation.Inbox, menu []channels.MenuItem) error {
	err := p.answer(i)
	if err == nil {
		p.menu = menu
	}
	return err
}

// Code makes one that says its scene.
func (p *platform) Code(_ context.Context, i conversation.Inbox, scene string, lasting time.Duration) (channels.Code, error) {
	c := channels.Code{Content: "https://platform.example/?scene=" + scene, Picture: "https://platform.example/p.png"}
	if lasting > 0 {
		c.Until = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).Add(lasting)
	}
	return c, p.answer(i)
}

// platformInbox makes an inbox of it and gives its path.
func platformInbox(h *house, boss *caller, mood string) string {
	h.t.Helper()
	var made struct{ ID int64 }
	boss.do("POST", "/inboxes", map[string]any{"kind": "platform", "name": "P", "settings": map[string]string{"mood": mood, "secret": "s3cret"}}).
		want(http.StatusCreated).into(&made)
	return fmt.Sprintf("/inboxes/%d", made.ID)
}

func TestAskingTheProvider(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Administrator)
	path := platformInbox(h, boss, "fine")
	boss.do("POST", path+"/check", nil).want(http.StatusOK).has(`{"ok":true}`)
	boss.do("GET", path+"/menu", nil).want(http.StatusOK).has(`{"items":[]}`)
	menu := map[string]any{"items": []any{
		map[string]any{"label": "帮助", "items": []any{map[string]any{"label": "退货", "ask": "怎么退货"}, map[string]any{"label": "官网", "url": "https://x.cn"}}},
		map[string]any{"label": "商城", "url": "https://x.cn/old", "app_id": "wx1", "app_page": "pages/a"}}}
	const published = `{"items":[{"items":[{"ask":"怎么退货","label":"退货"},{"label":"官网","url":"https://x.cn"}],"label":"帮助"},{"app_id":"wx1","app_page":"pages/a","label":"商城","url":"https://x.cn/old"}]}`
	boss.do("POST", path+"/menu", menu).want(http.StatusOK).has(published)
	boss.do("GET", path+"/menu", nil).want(http.StatusOK).has(published)
	boss.do("POST", path+"/menu", map[string]any{"items": []any{}}).want(http.StatusOK).has(`{"items":[]}`)
	boss.do("GET", "/audit", nil).has("menu_published")
	boss.do("POST", path+"/codes", map[string]any{"scene": "shop-1"}).want(http.StatusCreated).has(`"content":"https://platform.example/?scene=shop-1"`, `"picture":`).lacks("until")
	boss.do("POST", path+"/codes", map[string]any{"scene": "x", "days": 2}).want(http.StatusCreated).has(`"until":"2030-01-03T00:00:00Z"`)
	boss.do("GET", "/inbox-kinds", nil).want(http.StatusOK).has(`"checks":true`, `"menus":true`, `"codes":true`, `"checks":false`)
}

func TestAProviderThatDoesNot(t *testing.T) {
	h := open(t)
	boss := h.as(handoff.Owner)
	menu, code := map[string]any{"items": []any{map[string]any{"label": "a", "ask": "b"}}}, map[string]any{"scene": "x"}
	for mood, words := range map[string]string{"refuses": "not for you", "away": "could not be reached"} {
		path := platformInbox(h, boss, mood)
		boss.do("POST", path+"/check", nil).want(http.StatusOK).has(`"ok":false`, words)
		boss.do("GET", path+"/menu", nil).fails(http.StatusBadGateway, "provider").has(words).lacks("s3cret")
		boss.do("POST", path+"/menu", menu).fails(http.StatusBadGateway, "provider").has(words).lacks("s3cret")
		boss.do("POST", path+"/codes", code).fails(http.StatusBadGateway, "provider").has(words).lacks("s3cret")
	}
	boss.do("POST", platformInbox(h, boss, "picky")+"/menu", menu).fails(http.StatusUnprocessableEntity, "invalid").has("label that is too long")
	boss.do("GET", "/audit", nil).lacks("menu_published")
}

func TestAskingWhatAChannelCannot(t *testing.T) {
	h := open(t)
	boss, path := h.as(handoff.Owner), ""
	var made struct{ ID int64 }
	boss.do("POST", "/inboxes", map[string]any{"kind": "page", "name": "Web"}).want(http.StatusCreated).into(&made)
	path = fmt.Sprintf("/inboxes/%d", made.ID)
	for _, none := range []string{path, "/inboxes/999"} {
		boss.do("POST", none+"/check", nil).fails(http.StatusNotFound, "not_found")
		boss.do("GET", none+"/menu", nil).fails(http.StatusNotFound, "not_found")
		boss.do("POST", none+"/menu", map[string]any{"items": []any{}}).fails(http.StatusNotFound, "not_found")
		boss.do("POST", none+"/codes", map[string]any{"scene": "x"}).fails(http.StatusNotFound, "not_found")
	}
	path = platformInbox(h, boss, "fine")
	for _, body := range []map[string]any{{}, {"scene": ""}, {"scene": "x", "days": -1}, {"scene": "x", "days": 400}} {
		boss.do("POST", path+"/codes", body).fails(http.StatusUnprocessableEntity, "invalid")
	}
	boss.do("POST", path+"/menu", map[string]any{"items": []any{map[string]any{"ask": "x"}}}).fails(http.StatusUnprocessableEntity, "invalid")
}

func TestTroubleIsShown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss, agent := h.as(handoff.Administrator), h.as(handoff.AgentRole)
		path := platformInbox(h, boss, "away")
		boss.do("GET", path, nil).want(http.StatusOK).lacks("trouble")
		h.tx(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), "INSERT INTO pulls (inbox_id, failure) SELECT MAX(id), 'the platform could not be reached' FROM inboxes")
			return err
		})
		boss.do("GET", path, nil).want(http.StatusOK).has(`"trouble":"the platform could not be reached"`)
		boss.do("GET", "/inboxes", nil).has(`"trouble":`)
		agent.do("GET", "/inboxes", nil).want(http.StatusOK).lacks("trouble")
	})
}
