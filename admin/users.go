package admin

import (
	"context"
	"slices"
	"strings"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
)

// ListUsers shows everybody who has an account.
func (s *Server) ListUsers(ctx context.Context, _ api.ListUsersRequestObject) (api.ListUsersResponseObject, error) {
	agents, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	able, err := s.Desk.Abilities(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	users := make(api.ListUsers200JSONResponse, 0, len(agents))
	for _, a := range agents {
		user, err := withAbilities(viewUser(a), able[a.ID])
		if err != nil {
			return nil, err
		}
		users = append(users, user)
	}
	return users, nil
}

// CreateUser makes a person who can sign in.
func (s *Server) CreateUser(ctx context.Context, r api.CreateUserRequestObject) (api.CreateUserResponseObject, error) {
	user := handoff.Agent{Name: r.Body.Name, Email: r.Body.Email, Role: handoff.Role(r.Body.Role), TeamIDs: r.Body.TeamIds}
	if err := mayGive(whoOf(ctx), user.Role); err != nil {
		return nil, err
	}
	hash, err := s.newHash(ctx, r.Body.Password)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		made, err := s.createUser(ctx, tx, user, hash)
		if err != nil {
			return err
		}
		user = made
		return s.note(ctx, tx, "user_created", object("agent", made.ID), string(made.Role))
	})
	if err != nil {
		return nil, err
	}
	s.names.forget()
	return api.CreateUser201JSONResponse(viewUser(user)), nil
}

// PatchUser changes a person's account. Who is deactivated or gets a new password is signed out at once.
func (s *Server) PatchUser(ctx context.Context, r api.PatchUserRequestObject) (api.PatchUserResponseObject, error) {
	hash := ""
	if r.Body.Password != nil {
		var err error
		if hash, err = s.newHash(ctx, *r.Body.Password); err != nil {
			return nil, err
		}
	}
	var saved handoff.Agent
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		saved, err = s.changeUser(ctx, tx, r.Id, r.Body, hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.names.forget()
	able, err := s.Desk.Abilities(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	user, err := withAbilities(viewUser(saved), able[saved.ID])
	return api.PatchUser200JSONResponse(user), err
}

func (s *Server) changeUser(ctx context.Context, tx *db.Tx, id int64, p *api.UserPatch, hash string) (handoff.Agent, error) {
	a, err := s.Desk.Agent(ctx, tx, id)
	if err != nil {
		return handoff.Agent{}, err
	}
	who := whoOf(ctx)
	if err := mayGive(who, a.Role); err != nil {
		return handoff.Agent{}, err
	}
	a.Name, a.Role, a.Active = or(p.Name, a.Name), handoff.Role(or(p.Role, api.Role(a.Role))), or(p.Active, a.Active)
	if p.TeamIds != nil {
		a.TeamIDs = p.TeamIds
	}
	if err := mayGive(who, a.Role); err != nil {
		return handoff.Agent{}, err
	}
	if !a.Active && a.ID == who.agent.ID {
		return handoff.Agent{}, invalid("active", "you cannot deactivate yourself")
	}
	if err := s.Desk.SaveAgent(ctx, tx, a); err != nil {
		return handoff.Agent{}, err
	}
	if p.Abilities != nil {
		var able handoff.Abilities
		if err := convert(p.Abilities, &able); err != nil {
			return handoff.Agent{}, err
		}
		if err := s.Desk.SaveAbilities(ctx, tx, a.ID, able); err != nil {
			return handoff.Agent{}, err
		}
	}
	if err := s.changeAccess(ctx, tx, a, hash); err != nil {
		return handoff.Agent{}, err
	}
	if err := s.note(ctx, tx, "user_changed", object("agent", a.ID), changes(p)); err != nil {
		return handoff.Agent{}, err
	}
	return s.Desk.Agent(ctx, tx, id)
}

// changeAccess stores a new password and ends the sessions that may not go on.
func (s *Server) changeAccess(ctx context.Context, tx *db.Tx, a handoff.Agent, hash string) error {
	if hash != "" {
		if err := SetPasswordHash(ctx, tx, a.ID, hash); err != nil {
			return err
		}
	}
	if hash == "" && a.Active {
		return nil
	}
	return endSessions(ctx, tx, a.ID, 0)
}

// mayGive keeps owners among themselves: only an owner makes, changes or unmakes one.
func mayGive(who *principal, role handoff.Role) error {
	if role == handoff.Owner && who.role() != string(handoff.Owner) {
		return forbidden("only an owner may make or change an owner")
	}
	return nil
}

// changes names what a patch changes, for the audit log.
func changes(p *api.UserPatch) string {
	var words []string
	if p.Name != nil {
		words = append(words, "name")
	}
	if p.Role != nil {
		words = append(words, "role="+string(*p.Role))
	}
	if p.Active != nil {
		words = append(words, map[bool]string{true: "activated", false: "deactivated"}[*p.Active])
	}
	if p.Password != nil {
		words = append(words, "password")
	}
	if p.TeamIds != nil {
		words = append(words, "teams")
	}
	if p.Abilities != nil {
		words = append(words, "abilities")
	}
	return strings.Join(words, ", ")
}

func viewUser(a handoff.Agent) api.User {
	return api.User{Id: a.ID, Name: a.Name, Email: a.Email, Role: api.Role(a.Role), Active: a.Active, TeamIds: ids(a.TeamIDs),
		LastSeenAt: optTime(a.SeenAt), CreatedAt: a.CreatedAt}
}

// withAbilities shows what somebody can take on, when anything was said of it.
func withAbilities(u api.User, able handoff.Abilities) (api.User, error) {
	u.Abilities = &api.Abilities{}
	return u, convert(able, u.Abilities)
}

// ids is a list of ids that is never null.
func ids(list []int64) []int64 {
	if list == nil {
		return []int64{}
	}
	return slices.Clone(list)
}
