package admin

import (
	"context"
	"fmt"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge/help"
)

// GetHelpCentre shows how the public help centre is set up.
func (s *Server) GetHelpCentre(ctx context.Context, _ api.GetHelpCentreRequestObject) (api.GetHelpCentreResponseObject, error) {
	shown, err := s.helpCentre(ctx)
	return api.GetHelpCentre200JSONResponse(shown), err
}

func (s *Server) helpCentre(ctx context.Context) (api.HelpCentre, error) {
	stored, err := help.ReadSettings(ctx, s.DB)
	if err != nil {
		return api.HelpCentre{}, err
	}
	shown := api.HelpCentre{Settings: helpInput(stored), Address: s.Help.Home(stored), ChangedAt: optTime(stored.ChangedAt), ChangedBy: opt(stored.ChangedBy)}
	shown.OnColour, shown.AsText = legible(stored.Colour)
	shown.Chats = []struct {
		Id   int64  `json:"id"`
		Name string `json:"name"`
	}{}
	inboxes, err := s.Conversations.Inboxes(ctx, s.DB)
	if err != nil {
		return api.HelpCentre{}, err
	}
	for _, inbox := range inboxes {
		if inbox.Kind == s.Help.Channel {
			shown.Chats = append(shown.Chats, struct {
				Id   int64  `json:"id"`
				Name string `json:"name"`
			}{inbox.ID, inbox.Name})
		}
	}
	return shown, nil
}

func legible(colour string) (onColour, asText float32) {
	on, text := help.Legible(colour)
	return float32(on), float32(text)
}

func helpInput(h help.Settings) api.HelpCentreInput {
	in := api.HelpCentreInput{Version: h.Version, Open: h.Open, Indexable: h.Indexable, Name: h.Name, Intro: h.Intro, Colour: h.Colour, Logo: h.Logo,
		Links: []api.HelpCentreLink{}, BaseUrl: h.BaseURL, InboxId: h.Inbox}
	for _, l := range h.Links {
		in.Links = append(in.Links, api.HelpCentreLink{Text: l.Text, Url: l.URL})
	}
	return in
}

// helpSettings reads settings as they were sent. A chat must be one that a page can open.
func (s *Server) helpSettings(ctx context.Context, in *api.HelpCentreInput) (help.Settings, error) {
	h := help.Settings{Version: in.Version, Open: in.Open, Indexable: in.Indexable, Name: in.Name, Intro: in.Intro, Colour: in.Colour, Logo: in.Logo, BaseURL: in.BaseUrl, Inbox: in.InboxId}
	for _, l := range in.Links {
		h.Links = append(h.Links, help.Link{Text: l.Text, URL: l.Url})
	}
	if h.Inbox != 0 {
		inbox, err := s.Conversations.Inbox(ctx, s.DB, h.Inbox)
		if err != nil || inbox.Kind != s.Help.Channel {
			return h, invalid("inbox_id", "there is no such chat")
		}
	}
	return h.Clean()
}

// SaveHelpCentre stores how the help centre is set up; every node follows.
func (s *Server) SaveHelpCentre(ctx context.Context, r api.SaveHelpCentreRequestObject) (api.SaveHelpCentreResponseObject, error) {
	h, err := s.helpSettings(ctx, r.Body)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		if err := help.SaveSettings(ctx, tx, h, whoOf(ctx).name()); err != nil {
			return err
		}
		return s.note(ctx, tx, "help_centre_changed", object("help", h.Version+1), fmt.Sprintf("open %t, listed by search engines %t, address %q", h.Open, h.Indexable, h.BaseURL))
	})
	if err != nil {
		return nil, err
	}
	s.Help.Poke()
	shown, err := s.helpCentre(ctx)
	return api.SaveHelpCentre200JSONResponse(shown), err
}

// PreviewHelpCentre says where settings can be looked at before they are saved.
func (s *Server) PreviewHelpCentre(ctx context.Context, r api.PreviewHelpCentreRequestObject) (api.PreviewHelpCentreResponseObject, error) {
	h, err := s.helpSettings(ctx, r.Body)
	if err != nil {
		return nil, err
	}
	token, err := s.Help.Preview(h)
	if err != nil {
		return nil, err
	}
	shown := api.PreviewHelpCentre200JSONResponse{Path: help.Path + "/?preview=" + token}
	shown.OnColour, shown.AsText = legible(h.Colour)
	return shown, nil
}

// The lengths of the lists of what readers missed.
const (
	mostMissed     = 100
	mostComplaints = 100
	missedDays     = 30
)

// ListHelpCentreMissed shows editors what readers looked for in vain.
func (s *Server) ListHelpCentreMissed(ctx context.Context, r api.ListHelpCentreMissedRequestObject) (api.ListHelpCentreMissedResponseObject, error) {
	days := missedDays
	if r.Params.Days != nil {
		days = *r.Params.Days
	}
	searches, err := help.MissedSearches(ctx, s.DB, s.DB.Now().AddDate(0, 0, 1-days), mostMissed)
	if err != nil {
		return nil, err
	}
	complaints, err := help.Complaints(ctx, s.DB, 0, mostComplaints)
	if err != nil {
		return nil, err
	}
	shown := api.ListHelpCentreMissed200JSONResponse{Searches: []api.HelpCentreSearch{}, Complaints: []api.HelpCentreComplaint{}}
	for _, m := range searches {
		shown.Searches = append(shown.Searches, api.HelpCentreSearch{Term: m.Term, Language: m.Language, Nothing: m.Nothing, Unopened: m.Unopened, LastDay: m.Last, Path: help.SearchPath(m.Language, m.Term)})
	}
	for _, c := range complaints {
		title, err := s.titleOf(ctx, c.Article)
		if err != nil {
			return nil, err
		}
		shown.Complaints = append(shown.Complaints, api.HelpCentreComplaint{ArticleId: c.Article, Title: val(title), Language: c.Language, Reason: api.HelpCentreComplaintReason(c.Reason), Comment: c.Comment, At: c.At})
	}
	return shown, nil
}
