package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// What an operator asks the provider of an inbox: whether the settings work, its menu, its codes.

// askTimeout bounds such a question.
const askTimeout = 30 * time.Second

// opened is an inbox with its secrets and its channel.
func (s *Server) opened(ctx context.Context, id int64) (conversation.Inbox, channels.Adapter, error) {
	i, err := s.Conversations.Inbox(ctx, s.DB, id)
	if err != nil {
		return i, nil, err
	}
	a, ok := s.adapter(i.Kind)
	if !ok {
		return i, nil, notFound()
	}
	i, err = s.Vault.Open(i)
	return i, a, err
}

// refusedBy tells the operator in the provider's words what it did not do.
func refusedBy(err error) error {
	var field *conversation.FieldError
	var refused *channels.SendError
	switch {
	case errors.As(err, &field):
		return err
	case errors.As(err, &refused):
		return &fault{status: http.StatusBadGateway, code: "provider", detail: refused.Reason}
	}
	return &fault{status: http.StatusBadGateway, code: "provider", detail: err.Error()}
}

// cannot is the answer for a channel that has no such thing.
func cannot(what string) error {
	return &fault{status: http.StatusNotFound, code: "not_found", detail: what}
}

// CheckInbox tries an inbox's settings out.
func (s *Server) CheckInbox(ctx context.Context, r api.CheckInboxRequestObject) (api.CheckInboxResponseObject, error) {
	inbox, a, err := s.opened(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	checker, ok := a.(channels.Checker)
	if !ok {
		return nil, cannot("this channel has nothing to try out")
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if err := checker.Check(ctx, inbox); err != nil {
		s.Log.Info("an inbox's settings do not work", "inbox", r.Id, "error", err)
		return api.CheckInbox200JSONResponse{Detail: opt(err.Error())}, nil
	}
	return api.CheckInbox200JSONResponse{Ok: true}, nil
}

func (s *Server) menus(ctx context.Context, id int64) (conversation.Inbox, channels.Menus, error) {
	inbox, a, err := s.opened(ctx, id)
	if err != nil {
		return inbox, nil, err
	}
	m, ok := a.(channels.Menus)
	if !ok {
		return inbox, nil, cannot("this channel shows no menu")
	}
	return inbox, m, nil
}

// GetInboxMenu reads the menu from the provider.
func (s *Server) GetInboxMenu(ctx context.Context, r api.GetInboxMenuRequestObject) (api.GetInboxMenuResponseObject, error) {
	inbox, m, err := s.menus(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	menu, err := m.Menu(ctx, inbox)
	if err != nil {
		return nil, refusedBy(err)
	}
	return api.GetInboxMenu200JSONResponse{Items: viewMenu(menu)}, nil
}

// PublishInboxMenu has the provider show another menu.
func (s *Server) PublishInboxMenu(ctx context.Context, r api.PublishInboxMenuRequestObject) (api.PublishInboxMenuResponseObject, error) {
	inbox, m, err := s.menus(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	menu := readMenu(r.Body.Items)
	if err := m.PublishMenu(asking, inbox, menu); err != nil {
		return nil, refusedBy(err)
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		return s.note(ctx, tx, "menu_published", object("inbox", inbox.ID), fmt.Sprint(len(menu)))
	})
	return api.PublishInboxMenu200JSONResponse{Items: viewMenu(menu)}, err
}

func viewMenu(menu []channels.MenuItem) []api.MenuItem {
	shown := make([]api.MenuItem, 0, len(menu))
	for _, m := range menu {
		item := api.MenuItem{Label: m.Label, Ask: opt(m.Ask), Url: opt(m.URL), AppId: opt(m.App.ID), AppPage: opt(m.App.Page)}
		if len(m.Items) > 0 {
			item.Items = viewMenu(m.Items)
		}
		shown = append(shown, item)
	}
	return shown
}

func readMenu(items []api.MenuItem) []channels.MenuItem {
	menu := make([]channels.MenuItem, 0, len(items))
	for _, i := range items {
		m := channels.MenuItem{Label: i.Label, Ask: val(i.Ask), URL: val(i.Url), App: channels.MiniApp{ID: val(i.AppId), Page: val(i.AppPage)}}
		if len(i.Items) > 0 {
			m.Items = readMenu(i.Items)
		}
		menu = append(menu, m)
	}
	return menu
}

// MakeInboxCode has the provider make a code.
func (s *Server) MakeInboxCode(ctx context.Context, r api.MakeInboxCodeRequestObject) (api.MakeInboxCodeResponseObject, error) {
	inbox, a, err := s.opened(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	codes, ok := a.(channels.Codes)
	if !ok {
		return nil, cannot("this channel makes no codes")
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	code, err := codes.Code(ctx, inbox, r.Body.Scene, time.Duration(val(r.Body.Days))*24*time.Hour)
	if err != nil {
		return nil, refusedBy(err)
	}
	return api.MakeInboxCode201JSONResponse{Content: code.Content, Picture: opt(code.Picture), Until: optTime(code.Until)}, nil
}
