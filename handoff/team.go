package handoff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Team is a group of agents with a queue of its own.
type Team struct {
	ID        int64
	Name      string
	MemberIDs []int64
	Version   int64
	CreatedAt time.Time
}

// Teams reads all teams with their members.
func (d *Desk) Teams(ctx context.Context, from db.Querier) ([]Team, error) {
	return queryTeams(ctx, from, "1 = 1 ORDER BY name, id", "1 = 1")
}

// Team reads one team.
func (d *Desk) Team(ctx context.Context, from db.Querier, id int64) (Team, error) {
	found, err := queryTeams(ctx, from, "id = ?", "team_id = ?", id)
	if err != nil {
		return Team{}, err
	}
	if len(found) == 0 {
		return Team{}, fmt.Errorf("team %d: %w", id, conversation.ErrNotFound)
	}
	return found[0], nil
}

// LoadTeam is Team for a change in this transaction: nobody else changes it meanwhile.
func (d *Desk) LoadTeam(ctx context.Context, tx *db.Tx, id int64) (Team, error) {
	var one int64
	if err := tx.QueryRow(ctx, "SELECT id FROM teams WHERE id = ?"+tx.ForUpdate(), id).Scan(&one); err != nil && !db.NoRows(err) {
		return Team{}, fmt.Errorf("lock team %d: %w", id, err)
	}
	return d.Team(ctx, tx, id)
}

func queryTeams(ctx context.Context, from db.Querier, where, whereMember string, args ...any) ([]Team, error) {
	found, err := scanTeams(ctx, from, where, args...)
	if err != nil {
		return nil, fmt.Errorf("read teams: %w", err)
	}
	in, err := members(ctx, from, whereMember, args...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i].MemberIDs = in.ofTeam[found[i].ID]
	}
	return found, nil
}

func scanTeams(ctx context.Context, from db.Querier, where string, args ...any) ([]Team, error) {
	rows, err := from.Query(ctx, "SELECT id, name, version, created_at FROM teams WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Team
	for rows.Next() {
		var t Team
		var created int64
		if err := rows.Scan(&t.ID, &t.Name, &t.Version, &created); err != nil {
			return nil, err
		}
		t.CreatedAt = db.Time(created)
		found = append(found, t)
	}
	return found, rows.Err()
}

// membership is who is in which team, seen from both sides.
type membership struct{ ofAgent, ofTeam map[int64][]int64 }

func members(ctx context.Context, from db.Querier, where string, args ...any) (membership, error) {
	m := membership{map[int64][]int64{}, map[int64][]int64{}}
	rows, err := from.Query(ctx, "SELECT team_id, agent_id FROM team_members WHERE "+where+" ORDER BY team_id, agent_id", args...)
	if err != nil {
		return m, fmt.Errorf("read team members: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var team, agent int64
		if err := rows.Scan(&team, &agent); err != nil {
			return m, fmt.Errorf("read team members: %w", err)
		}
		m.ofAgent[agent] = append(m.ofAgent[agent], team)
		m.ofTeam[team] = append(m.ofTeam[team], agent)
	}
	return m, rows.Err()
}

// CreateTeam stores a new team with its members.
func (d *Desk) CreateTeam(ctx context.Context, tx *db.Tx, t Team) (Team, error) {
	if err := t.clean(); err != nil {
		return Team{}, err
	}
	id, inserted, err := tx.InsertNew(ctx, "INSERT INTO teams (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING", t.Name, db.Millis(tx.Now))
	if err != nil {
		return Team{}, fmt.Errorf("create team: %w", err)
	}
	if !inserted {
		return Team{}, errTeamTaken()
	}
	if err := d.setMembers(ctx, tx, id, t.MemberIDs); err != nil {
		return Team{}, err
	}
	return d.Team(ctx, tx, id)
}

// SaveTeam writes a team's name and members.
func (d *Desk) SaveTeam(ctx context.Context, tx *db.Tx, t Team) error {
	if err := t.clean(); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE teams SET name = ?, version = version + 1 WHERE id = ?", t.Name, t.ID)
	if db.IsUnique(err) {
		return errTeamTaken()
	}
	if err != nil {
		return fmt.Errorf("save team %d: %w", t.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("team %d: %w", t.ID, conversation.ErrNotFound)
	}
	d.presenceMoved(ctx, tx, []int64{t.ID})
	return d.setMembers(ctx, tx, t.ID, t.MemberIDs)
}

func errTeamTaken() error {
	return &conversation.FieldError{Field: "name", Message: "another team has this name"}
}

func (t *Team) clean() error {
	t.Name = strings.Join(strings.Fields(t.Name), " ")
	if t.Name == "" || len([]rune(t.Name)) > maxName {
		return &conversation.FieldError{Field: "name", Message: "give a name of at most 100 characters"}
	}
	return nil
}

func (d *Desk) setMembers(ctx context.Context, tx *db.Tx, teamID int64, agentIDs []int64) error {
	return setPairs(ctx, tx, pairs{column: "team_id", id: teamID, other: "agent_id", table: "agents", field: "member_ids"}, agentIDs)
}

func setTeams(ctx context.Context, tx *db.Tx, agentID int64, teamIDs []int64) error {
	return setPairs(ctx, tx, pairs{column: "agent_id", id: agentID, other: "team_id", table: "teams", field: "team_ids"}, teamIDs)
}

// pairs names one side of the membership: whose rows are replaced, and where the other side's ids must exist.
type pairs struct {
	column       string
	id           int64
	other, table string
	field        string
}

func setPairs(ctx context.Context, tx *db.Tx, p pairs, ids []int64) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if _, err := tx.Exec(ctx, "DELETE FROM team_members WHERE "+p.column+" = ?", p.id); err != nil {
		return fmt.Errorf("set %s: %w", p.field, err)
	}
	for _, id := range ids {
		n, err := tx.Exec(ctx, "INSERT INTO team_members ("+p.column+", "+p.other+") SELECT ?, id FROM "+p.table+" WHERE id = ?", p.id, id)
		if err != nil {
			return fmt.Errorf("set %s: %w", p.field, err)
		}
		if n == 0 {
			return &conversation.FieldError{Field: p.field, Message: fmt.Sprintf("there is no %d", id)}
		}
	}
	return nil
}
