package admin

import (
	"context"
	"encoding/json"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// ListViews shows the saved views that the caller sees.
func (s *Server) ListViews(ctx context.Context, _ api.ListViewsRequestObject) (api.ListViewsResponseObject, error) {
	found, err := s.Desk.Views(ctx, s.DB, s.actor(ctx))
	shown := api.ListViews200JSONResponse{}
	for _, v := range found {
		shown = append(shown, viewSaved(v, s.actor(ctx)))
	}
	return shown, err
}

// CreateView saves a view.
func (s *Server) CreateView(ctx context.Context, r api.CreateViewRequestObject) (api.CreateViewResponseObject, error) {
	v, err := s.saveView(ctx, 0, r.Body)
	return api.CreateView201JSONResponse(v), err
}

// SaveView writes a view anew.
func (s *Server) SaveView(ctx context.Context, r api.SaveViewRequestObject) (api.SaveViewResponseObject, error) {
	v, err := s.saveView(ctx, r.Id, r.Body)
	return api.SaveView200JSONResponse(v), err
}

func (s *Server) saveView(ctx context.Context, id int64, in *api.SavedViewInput) (api.SavedView, error) {
	criteria, err := criteriaOf(in.Criteria)
	if err != nil {
		return api.SavedView{}, err
	}
	v := handoff.View{ID: id, Name: in.Name, Owned: ownedOf(in.Audience, in.TeamId), Criteria: criteria, Sort: conversation.Sort(val(in.Sort))}
	err = s.write(ctx, func(tx *db.Tx) (err error) {
		if v, err = s.Desk.SaveView(ctx, tx, v, s.actor(ctx)); err != nil || v.Owned.Audience == handoff.Private {
			return err
		}
		return s.note(ctx, tx, "view_saved", object("view", v.ID), v.Name)
	})
	if err != nil {
		return api.SavedView{}, err
	}
	return viewSaved(v, s.actor(ctx)), nil
}

// DeleteView removes a view.
func (s *Server) DeleteView(ctx context.Context, r api.DeleteViewRequestObject) (api.DeleteViewResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error { return s.Desk.DeleteView(ctx, tx, r.Id, s.actor(ctx)) })
	return api.DeleteView204Response{}, err
}

func ownedOf(audience *api.Audience, team *int64) handoff.Owned {
	return handoff.Owned{Audience: handoff.Audience(val(audience)), TeamID: val(team)}
}

// criteriaOf reads criteria, which are the same words here and there.
func criteriaOf(in api.Criteria) (conversation.Criteria, error) {
	text, err := json.Marshal(in)
	if err != nil {
		return conversation.Criteria{}, err
	}
	return conversation.ParseCriteria(text)
}

func viewSaved(v handoff.View, reader handoff.Agent) api.SavedView {
	shown := api.SavedView{Id: v.ID, Name: v.Name, Audience: api.Audience(v.Owned.Audience), TeamId: opt(v.Owned.TeamID), Sort: opt(api.Sort(v.Sort)),
		Editable: v.Owned.ChangedBy(reader)}
	if text, err := json.Marshal(v.Criteria); err == nil {
		_ = json.Unmarshal(text, &shown.Criteria)
	}
	return shown
}

// savedCounts counts the saved views that the caller sees.
func (s *Server) savedCounts(ctx context.Context) ([]api.SavedCount, error) {
	views, err := s.Desk.Views(ctx, s.DB, s.actor(ctx))
	if err != nil || len(views) == 0 {
		return nil, err
	}
	list := make([]conversation.Criteria, len(views))
	for i, v := range views {
		list[i] = v.Criteria
	}
	counts, err := s.Conversations.CountEach(ctx, s.DB, whoOf(ctx).scope(), list, s.DB.Now())
	if err != nil {
		return nil, err
	}
	shown := make([]api.SavedCount, len(views))
	for i, v := range views {
		shown[i] = api.SavedCount{Id: v.ID, Total: int(counts[i].Total), Unread: int(counts[i].Unread), AtLeast: opt(counts[i].AtLeast)}
	}
	return shown, nil
}

// narrow adds what a saved view and a filter ask for.
func (s *Server) narrow(ctx context.Context, f *conversation.Filter, p api.ListConversationsParams) error {
	f.Sort, f.Now = conversation.Sort(val(p.Sort)), s.DB.Now()
	if p.Saved != nil {
		v, err := s.Desk.View(ctx, s.DB, *p.Saved, s.actor(ctx))
		if err != nil {
			return err
		}
		f.Criteria = v.Criteria
		if f.Sort == "" {
			f.Sort = v.Sort
		}
	}
	if p.Filter == nil {
		return nil
	}
	if p.Saved != nil {
		return invalid("filter", "name a saved view or a filter, not both")
	}
	var err error
	f.Criteria, err = conversation.ParseCriteria([]byte(*p.Filter))
	return err
}
