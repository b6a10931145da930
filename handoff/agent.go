package handoff

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// Agent is a person with an account: whoever works at the desk or in its back office.
type Agent struct {
	ID                int64
	Name, Email       string
	Role              Role
	Language          string
	Active            bool
	Presence          Presence // effective at the time of reading
	SeenAt, CreatedAt time.Time
	TeamIDs           []int64
}

const (
	maxName  = 100
	maxEmail = 200

	// ownersLock is held while an owner loses the role, so that two cannot both be the last but one.
	ownersLock = 7002
)

const agentColumns = "id, name, email, role, language, active, presence, seen_at, created_at"

// Agents reads everybody, also those who are no longer active.
func (d *Desk) Agents(ctx context.Context, from db.Querier) ([]Agent, error) {
	return d.queryAgents(ctx, from, "1 = 1 ORDER BY id", "1 = 1")
}

// Agent reads one person.
func (d *Desk) Agent(ctx context.Context, from db.Querier, id int64) (Agent, error) {
	return one(d.queryAgents(ctx, from, "id = ?", "agent_id = ?", id))
}

// AgentByEmail finds a person by address, in whatever case it is written.
func (d *Desk) AgentByEmail(ctx context.Context, from db.Querier, email string) (Agent, error) {
	return one(d.queryAgents(ctx, from, "email = ?", "agent_id IN (SELECT id FROM agents WHERE email = ?)", cleanEmail(email)))
}

func one(found []Agent, err error) (Agent, error) {
	if err != nil {
		return Agent{}, err
	}
	if len(found) == 0 {
		return Agent{}, fmt.Errorf("agent: %w", conversation.ErrNotFound)
	}
	return found[0], nil
}

func (d *Desk) queryAgents(ctx context.Context, from db.Querier, where, whereMember string, args ...any) ([]Agent, error) {
	found, err := d.scanAgents(ctx, from, where, args...)
	if err != nil {
		return nil, fmt.Errorf("read agents: %w", err)
	}
	teams, err := members(ctx, from, whereMember, args...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i].TeamIDs = teams.ofAgent[found[i].ID]
	}
	return found, nil
}

func (d *Desk) scanAgents(ctx context.Context, from db.Querier, where string, args ...any) ([]Agent, error) {
	rows, err := from.Query(ctx, "SELECT "+agentColumns+" FROM agents WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Agent
	now := d.DB.Now()
	for rows.Next() {
		var a Agent
		var seen, created int64
		if err := rows.Scan(&a.ID, &a.Name, &a.Email, &a.Role, &a.Language, &a.Active, &a.Presence, &seen, &created); err != nil {
			return nil, err
		}
		a.SeenAt, a.CreatedAt = db.Time(seen), db.Time(created)
		a.Presence = a.effective(now)
		found = append(found, a)
	}
	return found, rows.Err()
}

// CreateAgent stores a new person, active and in the teams given.
func (d *Desk) CreateAgent(ctx context.Context, tx *db.Tx, a Agent) (Agent, error) {
	if err := a.clean(); err != nil {
		return Agent{}, err
	}
	id, inserted, err := tx.InsertNew(ctx, `INSERT INTO agents (name, email, role, language, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT DO NOTHING`, a.Name, a.Email, a.Role, a.Language, db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return Agent{}, fmt.Errorf("create agent: %w", err)
	}
	if !inserted {
		return Agent{}, errEmailTaken()
	}
	if err := setTeams(ctx, tx, id, a.TeamIDs); err != nil {
		return Agent{}, err
	}
	return d.Agent(ctx, tx, id)
}

// SaveAgent writes a person's name, address, role, language, teams and whether they are active. The last active
// owner stays one. What a person who is no longer active still held goes back to the queue at the next sweep.
func (d *Desk) SaveAgent(ctx context.Context, tx *db.Tx, a Agent) error {
	if err := a.clean(); err != nil {
		return err
	}
	if err := d.keepAnOwner(ctx, tx, a); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE agents SET name = ?, email = ?, role = ?, language = ?, active = ?, updated_at = ? WHERE id = ?",
		a.Name, a.Email, a.Role, a.Language, truth(a.Active), db.Millis(tx.Now), a.ID)
	if db.IsUnique(err) {
		return errEmailTaken()
	}
	if err != nil {
		return fmt.Errorf("save agent %d: %w", a.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("agent %d: %w", a.ID, conversation.ErrNotFound)
	}
	d.presenceMoved(ctx, tx, nil)
	return setTeams(ctx, tx, a.ID, a.TeamIDs)
}

func errEmailTaken() error {
	return &conversation.FieldError{Field: "email", Message: "somebody has this address already"}
}

func (d *Desk) keepAnOwner(ctx context.Context, tx *db.Tx, a Agent) error {
	if a.Role == Owner && a.Active {
		return nil
	}
	if err := tx.Lock(ctx, ownersLock); err != nil {
		return fmt.Errorf("save agent %d: %w", a.ID, err)
	}
	var was, others int
	err := tx.QueryRow(ctx, `SELECT COALESCE(SUM(CASE WHEN id = ? THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN id <> ? THEN 1 ELSE 0 END), 0)
 FROM agents WHERE role = 'owner' AND active = 1`, a.ID, a.ID).Scan(&was, &others)
	if err != nil {
		return fmt.Errorf("save agent %d: %w", a.ID, err)
	}
	if was > 0 && others == 0 {
		return &conversation.FieldError{Field: "role", Message: "this is the last owner; make somebody else an owner first"}
	}
	return nil
}

func (a *Agent) clean() error {
	a.Name, a.Email = strings.Join(strings.Fields(a.Name), " "), cleanEmail(a.Email)
	if a.Language == "" {
		a.Language = "zh"
	}
	switch {
	case a.Name == "" || len([]rune(a.Name)) > maxName:
		return &conversation.FieldError{Field: "name", Message: "give a name of at most 100 characters"}
	case !validEmail(a.Email):
		return &conversation.FieldError{Field: "email", Message: "give a mail address like anna@example.com"}
	case !a.Role.Valid():
		return &conversation.FieldError{Field: "role", Message: "the role is owner, administrator, lead, agent or editor"}
	case a.Language != "zh" && a.Language != "en":
		return &conversation.FieldError{Field: "language", Message: "the language is zh or en"}
	}
	return nil
}

func cleanEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func validEmail(email string) bool {
	parsed, err := mail.ParseAddress(email)
	return err == nil && parsed.Address == email && len(email) <= maxEmail
}

// Load reads how many open conversations each agent holds.
func (d *Desk) Load(ctx context.Context, from db.Querier) (map[int64]int64, error) {
	return d.Conversations.OpenByAgent(ctx, from)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
