package handoff

import (
	"context"
	"slices"

	"huiyin/conversation"
	"huiyin/db"
)

// Audience is whose a saved view or a macro is.
type Audience string

// The audiences.
const (
	Private Audience = "private" // its maker's
	ForTeam Audience = "team"
	ForAll  Audience = "all"
)

// Owned says whose something is.
type Owned struct {
	Audience        Audience
	AgentID, TeamID int64 // the maker, and the team of one for a team
}

// VisibleTo tells whether the agent sees it.
func (o Owned) VisibleTo(a Agent) bool {
	switch o.Audience {
	case Private:
		return o.AgentID == a.ID && a.ID != 0
	case ForTeam:
		return slices.Contains(a.TeamIDs, o.TeamID) || a.Role.seesAll()
	}
	return true
}

// ChangedBy tells whether the agent may write it: one's own always, a team's its leads, everybody's those who lead.
func (o Owned) ChangedBy(a Agent) bool {
	switch o.Audience {
	case Private:
		return o.AgentID == a.ID && a.ID != 0
	case ForTeam:
		return a.Role.Leads() && (slices.Contains(a.TeamIDs, o.TeamID) || a.Role.seesAll())
	}
	return a.Role.Leads()
}

// claimFor makes it the agent's and refuses an audience that they may not write for.
func (d *Desk) claimFor(ctx context.Context, tx *db.Tx, o *Owned, a Agent) error {
	if o.Audience == "" {
		o.Audience = Private
	}
	if o.Audience != ForTeam {
		o.TeamID = 0
	}
	switch o.Audience {
	case Private, ForAll:
	case ForTeam:
		if _, err := d.Team(ctx, tx, o.TeamID); err != nil {
			return asField(err, "team_id", "there is no such team")
		}
	default:
		return &conversation.FieldError{Field: "audience", Message: "must be private, team or all"}
	}
	if o.AgentID == 0 {
		o.AgentID = a.ID
	}
	if o.Audience == Private && a.ID == 0 {
		return &conversation.FieldError{Field: "audience", Message: "a key has nothing private; say team or all"}
	}
	if !o.ChangedBy(a) {
		return ErrForbidden
	}
	return nil
}
