package admin

import (
	"context"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
)

// ListTeams shows all teams.
func (s *Server) ListTeams(ctx context.Context, _ api.ListTeamsRequestObject) (api.ListTeamsResponseObject, error) {
	found, err := s.Desk.Teams(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	teams := make(api.ListTeams200JSONResponse, 0, len(found))
	for _, t := range found {
		teams = append(teams, viewTeam(t))
	}
	return teams, nil
}

// CreateTeam makes a team.
func (s *Server) CreateTeam(ctx context.Context, r api.CreateTeamRequestObject) (api.CreateTeamResponseObject, error) {
	var team handoff.Team
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if team, err = s.Desk.CreateTeam(ctx, tx, handoff.Team{Name: r.Body.Name, MemberIDs: r.Body.MemberIds}); err != nil {
			return err
		}
		return s.note(ctx, tx, "team_created", object("team", team.ID), "")
	})
	if err != nil {
		return nil, err
	}
	s.names.forget()
	return api.CreateTeam201JSONResponse(viewTeam(team)), nil
}

// PatchTeam renames a team and, when members are given, replaces them.
func (s *Server) PatchTeam(ctx context.Context, r api.PatchTeamRequestObject) (api.PatchTeamResponseObject, error) {
	var team handoff.Team
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if team, err = s.Desk.LoadTeam(ctx, tx, r.Id); err != nil {
			return err
		}
		if err := sameVersion(r.Body.Version, team.Version); err != nil {
			return err
		}
		team.Name = r.Body.Name
		if r.Body.MemberIds != nil {
			team.MemberIDs = r.Body.MemberIds
		}
		if err := s.Desk.SaveTeam(ctx, tx, team); err != nil {
			return err
		}
		if err := s.note(ctx, tx, "team_changed", object("team", team.ID), ""); err != nil {
			return err
		}
		team, err = s.Desk.Team(ctx, tx, r.Id)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.names.forget()
	return api.PatchTeam200JSONResponse(viewTeam(team)), nil
}

// ListAgents shows who can take conversations, with presence and load.
func (s *Server) ListAgents(ctx context.Context, _ api.ListAgentsRequestObject) (api.ListAgentsResponseObject, error) {
	found, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	load, err := s.Desk.Load(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	agents := api.ListAgents200JSONResponse{}
	for _, a := range found {
		if a.Active && a.Role.Serves() {
			agents = append(agents, api.Agent{Id: a.ID, Name: a.Name, Role: api.Role(a.Role), Presence: api.Presence(a.Presence),
				Open: int(load[a.ID]), TeamIds: ids(a.TeamIDs)})
		}
	}
	return agents, nil
}

func viewTeam(t handoff.Team) api.Team {
	return api.Team{Id: t.ID, Version: t.Version, Name: t.Name, MemberIds: ids(t.MemberIDs)}
}
