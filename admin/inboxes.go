package admin

import (
	"context"
	"fmt"
	"html"
	"strings"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// adapter finds the channel of a kind.
func (s *Server) adapter(kind string) (channels.Adapter, bool) {
	for _, a := range s.Adapters {
		if a.Kind().Name == kind {
			return a, true
		}
	}
	return nil, false
}

// ListInboxKinds shows every kind of channel with its settings.
func (s *Server) ListInboxKinds(context.Context, api.ListInboxKindsRequestObject) (api.ListInboxKindsResponseObject, error) {
	kinds := make(api.ListInboxKinds200JSONResponse, 0, len(s.Adapters))
	for _, a := range s.Adapters {
		k := a.Kind()
		_, webhook := a.(channels.Webhook)
		_, showcase := a.(channels.Showcase)
		_, checks := a.(channels.Checker)
		_, menus := a.(channels.Menus)
		_, codes := a.(channels.Codes)
		shown := api.InboxKind{Kind: k.Name, Name: viewWords(k.Title), Webhook: webhook, Shown: opt(showcase), Checks: checks, Menus: menus, Codes: codes, Settings: []api.Setting{}}
		for _, setting := range k.Settings {
			shown.Settings = append(shown.Settings, viewSetting(setting))
		}
		kinds = append(kinds, shown)
	}
	return kinds, nil
}

// ListInboxes shows the inboxes in service; their settings only to those who may change them.
func (s *Server) ListInboxes(ctx context.Context, _ api.ListInboxesRequestObject) (api.ListInboxesResponseObject, error) {
	found, err := s.Conversations.Inboxes(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := make(api.ListInboxes200JSONResponse, 0, len(found))
	for _, i := range found {
		view, err := s.viewInbox(ctx, i)
		if err != nil {
			return nil, err
		}
		shown = append(shown, view)
	}
	return shown, nil
}

// GetInbox shows one inbox.
func (s *Server) GetInbox(ctx context.Context, r api.GetInboxRequestObject) (api.GetInboxResponseObject, error) {
	i, err := s.Conversations.Inbox(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewInbox(ctx, i)
	return api.GetInbox200JSONResponse(shown), err
}

// CreateInbox makes an inbox.
func (s *Server) CreateInbox(ctx context.Context, r api.CreateInboxRequestObject) (api.CreateInboxResponseObject, error) {
	inbox := conversation.Inbox{Kind: r.Body.Kind, Name: r.Body.Name, Bot: or(r.Body.Bot, true), TeamID: val(r.Body.TeamId)}
	inbox, err := s.sealed(inbox, r.Body.Settings)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		if err := s.checkInbox(ctx, tx, inbox); err != nil {
			return err
		}
		made, err := s.Conversations.CreateInbox(ctx, tx, inbox)
		if err != nil {
			return err
		}
		inbox = made
		return s.note(ctx, tx, "inbox_created", object("inbox", made.ID), made.Kind)
	})
	if err != nil {
		return nil, err
	}
	s.names.forget()
	shown, err := s.viewInbox(ctx, inbox)
	return api.CreateInbox201JSONResponse(shown), err
}

// PatchInbox changes an inbox.
func (s *Server) PatchInbox(ctx context.Context, r api.PatchInboxRequestObject) (api.PatchInboxResponseObject, error) {
	var inbox conversation.Inbox
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if inbox, err = s.Conversations.LoadInbox(ctx, tx, r.Id); err != nil {
			return err
		}
		if err := sameVersion(r.Body.Version, inbox.Version); err != nil {
			return err
		}
		if inbox, err = s.changeInbox(ctx, tx, inbox, r.Body); err == nil {
			inbox.Version++
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.names.forget()
	shown, err := s.viewInbox(ctx, inbox)
	return api.PatchInbox200JSONResponse(shown), err
}

func (s *Server) changeInbox(ctx context.Context, tx *db.Tx, i conversation.Inbox, p *api.InboxPatch) (conversation.Inbox, error) {
	i.Name, i.Bot, i.TeamID = or(p.Name, i.Name), or(p.Bot, i.Bot), or(p.TeamId, i.TeamID)
	if len(p.Settings) > 0 {
		var err error
		if i, err = s.sealed(i, p.Settings); err != nil {
			return i, err
		}
	}
	if err := s.checkInbox(ctx, tx, i); err != nil {
		return i, err
	}
	if err := s.Conversations.SaveInbox(ctx, tx, i); err != nil {
		return i, err
	}
	return i, s.note(ctx, tx, "inbox_changed", object("inbox", i.ID), changedSettings(p))
}

// changedSettings names the settings that were changed, never their values.
func changedSettings(p *api.InboxPatch) string {
	var keys []string
	for key := range p.Settings {
		keys = append(keys, key)
	}
	return strings.Join(keys, ", ")
}

// ArchiveInbox takes an inbox out of service.
func (s *Server) ArchiveInbox(ctx context.Context, r api.ArchiveInboxRequestObject) (api.ArchiveInboxResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		i, err := s.Conversations.LoadInbox(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		i.ArchivedAt = tx.Now
		if err := s.Conversations.SaveInbox(ctx, tx, i); err != nil {
			return err
		}
		return s.note(ctx, tx, "inbox_archived", object("inbox", i.ID), i.Name)
	})
	s.names.forget()
	return api.ArchiveInbox204Response{}, err
}

// sealed lays changed settings over those the inbox has, checks them and seals the secret ones.
func (s *Server) sealed(i conversation.Inbox, changes map[string]string) (conversation.Inbox, error) {
	a, ok := s.adapter(i.Kind)
	if !ok {
		return i, invalid("kind", fmt.Sprintf("there is no kind of inbox %q; GET /inbox-kinds lists them", i.Kind))
	}
	opened, err := s.Vault.Open(i)
	if err != nil {
		return i, err
	}
	if opened.Settings, err = a.Kind().Apply(opened.Settings, changes); err != nil {
		return i, err
	}
	return s.Vault.Close(a.Kind(), opened)
}

func (s *Server) checkInbox(ctx context.Context, tx *db.Tx, i conversation.Inbox) error {
	if strings.TrimSpace(i.Name) == "" {
		return invalid("name", "give the inbox a name")
	}
	if i.TeamID == 0 {
		return nil
	}
	if _, err := s.Desk.Team(ctx, tx, i.TeamID); err != nil {
		return invalid("team_id", "there is no such team")
	}
	return nil
}

func (s *Server) viewInbox(ctx context.Context, i conversation.Inbox) (api.Inbox, error) {
	shown := api.Inbox{Id: i.ID, Version: i.Version, Kind: i.Kind, Name: i.Name, Bot: i.Bot, TeamId: opt(i.TeamID), CreatedAt: i.CreatedAt}
	if !whoOf(ctx).allows(s.spec.operations["patchInbox"]) {
		return shown, nil
	}
	opened, err := s.Vault.Open(i)
	if err != nil {
		s.Log.Warn("the secrets of an inbox cannot be read", "inbox", i.ID, "error", err)
		opened = i
	}
	shown.Settings = map[string]string{}
	a, ok := s.adapter(i.Kind)
	if !ok {
		return shown, nil
	}
	shown.Settings = a.Kind().Masked(opened.Settings)
	trouble, err := s.Conversations.Trouble(ctx, s.DB, i.ID)
	if err != nil {
		return shown, err
	}
	shown.Trouble = opt(trouble)
	if _, ok := a.(channels.Webhook); ok {
		shown.CallbackUrl = opt(fmt.Sprintf("%s/hooks/%d", s.PublicURL, i.ID))
	}
	if _, ok := a.(channels.Pages); ok {
		shown.Embed = opt(fmt.Sprintf(`<script src="%s/widget.js" data-inbox="%d" async></script>`, html.EscapeString(s.PublicURL), i.ID))
		shown.PageUrl = opt(s.pageURL(i))
	}
	return shown, nil
}

func viewWords(w channels.Words) api.Words { return api.Words{Zh: w.Zh, En: w.En} }

func viewSetting(s channels.Setting) api.Setting {
	shown := api.Setting{Key: s.Key, Type: api.SettingType(s.Type), Required: s.Required, Secret: s.Secret, Default: opt(s.Default),
		Label: viewWords(s.Label), Help: viewWords(s.Help)}
	for _, o := range s.Options {
		shown.Options = append(shown.Options, api.Option{Value: o.Value, Label: viewWords(o.Label)})
	}
	return shown
}
