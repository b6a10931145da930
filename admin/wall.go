package admin

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// wallToken lets a big screen see figures.
type wallToken struct {
	id, team      int64
	name          string
	created, used time.Time
}

const (
	wallColumns   = "SELECT id, name, team_id, created_at, used_at FROM wall_tokens "
	wallUsedEvery = time.Minute
	maxWallTokens = 100
)

func (s *Server) wallTokens(ctx context.Context, from db.Querier, where string, args ...any) ([]wallToken, error) {
	rows, err := from.Query(ctx, wallColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read wall tokens: %w", err)
	}
	defer rows.Close()
	var found []wallToken
	for rows.Next() {
		var w wallToken
		var created, used int64
		if err := rows.Scan(&w.id, &w.name, &w.team, &created, &used); err != nil {
			return nil, fmt.Errorf("read wall tokens: %w", err)
		}
		w.created, w.used = db.Time(created), db.Time(used)
		found = append(found, w)
	}
	return found, rows.Err()
}

// ListWallTokens shows which screens may see figures.
func (s *Server) ListWallTokens(ctx context.Context, _ api.ListWallTokensRequestObject) (api.ListWallTokensResponseObject, error) {
	found, err := s.wallTokens(ctx, s.DB, "ORDER BY id LIMIT ?", maxWallTokens)
	if err != nil {
		return nil, err
	}
	named, err := s.names.table(ctx)
	shown := make(api.ListWallTokens200JSONResponse, 0, len(found))
	for _, w := range found {
		shown = append(shown, viewWallToken(w, named))
	}
	return shown, err
}

func viewWallToken(w wallToken, named *nameTable) api.WallToken {
	shown := api.WallToken{Id: w.id, Name: w.name, TeamId: opt(w.team), CreatedAt: w.created, LastUsedAt: optTime(w.used)}
	if named != nil {
		shown.Team = opt(named.teams[w.team])
	}
	return shown
}

// CreateWallToken makes a screen's token and shows it this once.
func (s *Server) CreateWallToken(ctx context.Context, r api.CreateWallTokenRequestObject) (api.CreateWallTokenResponseObject, error) {
	w := wallToken{name: strings.Join(strings.Fields(r.Body.Name), " "), team: val(r.Body.TeamId)}
	if w.name == "" {
		return nil, invalid("name", "give the screen a name that tells where it hangs")
	}
	secret, err := newSecret()
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		if w.team != 0 {
			if _, err := s.Desk.Team(ctx, tx, w.team); err != nil {
				return invalid("team_id", "there is no such team")
			}
		}
		w.created = tx.Now
		w.id, err = tx.Insert(ctx, "INSERT INTO wall_tokens (token_hash, name, team_id, created_at) VALUES (?, ?, ?, ?)", secretHash(secret), w.name, w.team, db.Millis(tx.Now))
		if err != nil {
			return fmt.Errorf("create wall token: %w", err)
		}
		return s.note(ctx, tx, "wall_token_created", object("wall", w.id), w.name)
	})
	if err != nil {
		return nil, err
	}
	named, err := s.names.table(ctx)
	// What stands behind # is not sent to servers, so it is in no log.
	return api.CreateWallToken201JSONResponse{Url: s.PublicURL + "/console/wall#" + secret, Token: viewWallToken(w, named)}, err
}

// RevokeWallToken turns a screen off.
func (s *Server) RevokeWallToken(ctx context.Context, r api.RevokeWallTokenRequestObject) (api.RevokeWallTokenResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "DELETE FROM wall_tokens WHERE id = ?", r.Id)
		if err != nil {
			return fmt.Errorf("revoke wall token: %w", err)
		}
		if n == 0 {
			return notFound()
		}
		return s.note(ctx, tx, "wall_token_revoked", object("wall", r.Id), "")
	})
	return api.RevokeWallToken204Response{}, err
}

// GetWall shows figures for a big screen.
func (s *Server) GetWall(ctx context.Context, r api.GetWallRequestObject) (api.GetWallResponseObject, error) {
	found, err := s.wallTokens(ctx, s.DB, "WHERE token_hash = ?", secretHash(r.Params.WallToken))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &fault{status: http.StatusUnauthorized, code: "unauthorized", detail: "this screen's link does not work; it may have been revoked"}
	}
	w := found[0]
	if err := s.noteWall(ctx, w); err != nil {
		return nil, err
	}
	scope := conversation.Scope{All: true}
	if w.team != 0 {
		scope = conversation.Scope{AgentID: -1, TeamIDs: []int64{w.team}}
	}
	return s.wall(ctx, w, scope)
}

func (s *Server) noteWall(ctx context.Context, w wallToken) error {
	if s.DB.Now().Sub(w.used) < wallUsedEvery {
		return nil
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE wall_tokens SET used_at = ? WHERE id = ?", db.Millis(tx.Now), w.id)
		return wrap("note wall token", err)
	})
}

func (s *Server) wall(ctx context.Context, w wallToken, scope conversation.Scope) (api.GetWall200JSONResponse, error) {
	day, err := s.overview.read(ctx, s, scope)
	if err != nil {
		return api.GetWall200JSONResponse{}, err
	}
	shown := api.GetWall200JSONResponse{At: s.DB.Now(), Name: w.name, ReceivedToday: day.Received, ConversationsToday: day.Active, SolvedByBotToday: day.SolvedByBot,
		HandedOffToday: day.HandedOff, Open: day.Open}
	if shown.Lines, err = s.boardLines(ctx, scope, w.team); err != nil {
		return shown, err
	}
	agents, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return shown, err
	}
	for _, a := range agents {
		if !a.Role.Serves() || w.team != 0 && !inTeam(a, w.team) {
			continue
		}
		switch a.Presence {
		case handoff.Online:
			shown.Online++
		case handoff.Away:
			shown.Away++
		}
	}
	risks, err := s.riskIDs(ctx)
	if err != nil {
		return shown, err
	}
	found, err := s.Conversations.GetAll(ctx, s.DB, risks)
	for _, c := range found {
		if scope.Sees(c) && (w.team == 0 || c.TeamID == w.team) {
			shown.AtRisk++
		}
	}
	return shown, err
}

func inTeam(a handoff.Agent, team int64) bool {
	for _, t := range a.TeamIDs {
		if t == team {
			return true
		}
	}
	return false
}
