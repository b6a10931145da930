package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
)

// GetMe tells who is signed in.
func (s *Server) GetMe(ctx context.Context, _ api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	me, err := s.withPicture(ctx, s.me(whoOf(ctx)))
	return api.GetMe200JSONResponse(me), err
}

func (s *Server) withPicture(ctx context.Context, me api.Me) (api.Me, error) {
	p, err := s.Desk.Picture(ctx, s.DB, me.Id)
	if err != nil {
		return me, err
	}
	me.Picture = opt(p.URL())
	wishes, err := s.Desk.Wishes(ctx, s.DB, me.Id)
	me.UndoSeconds = opt(wishes.UndoSeconds)
	return me, err
}

func (s *Server) me(p *principal) api.Me {
	a := p.agent
	if p.key != nil {
		a = handoff.Agent{Name: p.key.Name, Role: handoff.Administrator, Language: "en", Presence: handoff.Offline}
	}
	return api.Me{Id: a.ID, Name: a.Name, Email: a.Email, Role: api.Role(a.Role), Language: api.MeLanguage(a.Language),
		Presence: api.Presence(a.Presence), Operations: s.allowed(p)}
}

// allowed are the operations that somebody may call.
func (s *Server) allowed(p *principal) []string {
	ids := []string{}
	for _, id := range s.spec.callable(p.role()) {
		if p.allows(s.spec.operations[id]) {
			ids = append(ids, id)
		}
	}
	return ids
}

// PatchMe changes what everybody may change of their own account.
func (s *Server) PatchMe(ctx context.Context, r api.PatchMeRequestObject) (api.PatchMeResponseObject, error) {
	who := whoOf(ctx)
	if who.key != nil {
		return nil, forbidden("a key has no account")
	}
	hash, err := s.changedPassword(ctx, who, r.Body)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *db.Tx) error { return s.changeMe(ctx, tx, who, r.Body, hash) })
	if err == nil && r.Body.Presence != nil {
		err = s.Desk.SetPresence(ctx, who.agent.ID, handoff.Presence(*r.Body.Presence))
	}
	if err != nil {
		return nil, err
	}
	if who.agent, err = s.Desk.Agent(ctx, s.DB, who.agent.ID); err != nil {
		return nil, err
	}
	s.names.forget()
	me, err := s.withPicture(ctx, s.me(who))
	return api.PatchMe200JSONResponse(me), err
}

// changedPassword is the hash of the new password; empty when it stays.
func (s *Server) changedPassword(ctx context.Context, who *principal, p *api.MePatch) (string, error) {
	if p.NewPassword == nil {
		return "", nil
	}
	call := callOf(ctx)
	if err := s.throttle.admit(who.agent.Email, call.address); err != nil {
		return "", err
	}
	ok, err := s.holds(ctx, who.agent.ID, val(p.OldPassword))
	if err != nil {
		return "", err
	}
	if !ok {
		s.throttle.fail(who.agent.Email, call.address)
		return "", invalid("old_password", "this is not your password")
	}
	return s.newHash(ctx, *p.NewPassword)
}

func (s *Server) changeMe(ctx context.Context, tx *db.Tx, who *principal, p *api.MePatch, hash string) error {
	a, err := s.Desk.Agent(ctx, tx, who.agent.ID)
	if err != nil {
		return err
	}
	if p.Name != nil || p.Language != nil {
		a.Name, a.Language = or(p.Name, a.Name), string(or(p.Language, api.MePatchLanguage(a.Language)))
		if err := s.Desk.SaveAgent(ctx, tx, a); err != nil {
			return err
		}
	}
	if p.Picture != nil {
		picture, err := handoff.ParsePicture(*p.Picture)
		if err != nil {
			return err
		}
		if err := s.Desk.SetPicture(ctx, tx, a.ID, picture); err != nil {
			return err
		}
	}
	if p.UndoSeconds != nil {
		if err := s.Desk.SaveWishes(ctx, tx, a.ID, handoff.Wishes{UndoSeconds: *p.UndoSeconds}); err != nil {
			return err
		}
	}
	if hash == "" {
		return nil
	}
	if err := SetPasswordHash(ctx, tx, a.ID, hash); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, a.ID, who.session.id); err != nil {
		return err
	}
	return s.note(ctx, tx, "password_changed", object("agent", a.ID), "")
}
