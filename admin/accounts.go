package admin

import (
	"context"
	"fmt"

	"huiyin/db"
	"huiyin/handoff"
)

// Accounts are how people and programs prove who they are: passwords, sessions and API keys. The command line
// uses them beside a running server.
type Accounts struct {
	db        *db.DB
	desk      *handoff.Desk
	passwords *passwords
}

// NewAccounts makes the accounts over a database.
func NewAccounts(database *db.DB, desk *handoff.Desk) Accounts {
	return Accounts{db: database, desk: desk, passwords: newPasswords()}
}

const (
	minPassword = 10
	maxPassword = 200
)

// CreateUser makes a person who can sign in.
func (a Accounts) CreateUser(ctx context.Context, user handoff.Agent, password string) (made handoff.Agent, err error) {
	hash, err := a.newHash(ctx, password)
	if err != nil {
		return handoff.Agent{}, err
	}
	err = a.db.Tx(ctx, func(tx *db.Tx) error {
		made, err = a.createUser(ctx, tx, user, hash)
		return err
	})
	return made, err
}

func (a Accounts) createUser(ctx context.Context, tx *db.Tx, user handoff.Agent, hash string) (handoff.Agent, error) {
	made, err := a.desk.CreateAgent(ctx, tx, user)
	if err != nil {
		return handoff.Agent{}, err
	}
	return made, SetPasswordHash(ctx, tx, made.ID, hash)
}

// SetPassword gives a person a new password and ends all their sessions.
func (a Accounts) SetPassword(ctx context.Context, agentID int64, password string) error {
	hash, err := a.newHash(ctx, password)
	if err != nil {
		return err
	}
	return a.db.Tx(ctx, func(tx *db.Tx) error {
		if err := SetPasswordHash(ctx, tx, agentID, hash); err != nil {
			return err
		}
		return endSessions(ctx, tx, agentID, 0)
	})
}

// newHash checks and hashes a password, outside of any transaction because it takes long.
func (a Accounts) newHash(ctx context.Context, password string) (string, error) {
	if n := len([]rune(password)); n < minPassword || n > maxPassword {
		return "", invalid("password", fmt.Sprintf("needs %d to %d characters", minPassword, maxPassword))
	}
	return a.passwords.hash(ctx, password)
}

// SetPasswordHash stores the hash of a person's password, as HashPassword makes it.
func SetPasswordHash(ctx context.Context, tx *db.Tx, agentID int64, hash string) error {
	_, err := tx.Exec(ctx, `INSERT INTO credentials (agent_id, hash, changed_at) VALUES (?, ?, ?)
 ON CONFLICT (agent_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at`, agentID, hash, db.Millis(tx.Now))
	return wrap("set password", err)
}

// hashOf reads the hash of a person's password; empty when they have none.
func (a Accounts) hashOf(ctx context.Context, agentID int64) (string, error) {
	var hash string
	err := a.db.QueryRow(ctx, "SELECT hash FROM credentials WHERE agent_id = ?", agentID).Scan(&hash)
	if db.NoRows(err) {
		return "", nil
	}
	return hash, wrap("read password", err)
}

// holds tells whether a person's password is this one; for nobody it takes as long and is false.
func (a Accounts) holds(ctx context.Context, agentID int64, password string) (bool, error) {
	hash := ""
	if agentID != 0 {
		var err error
		if hash, err = a.hashOf(ctx, agentID); err != nil {
			return false, err
		}
	}
	return a.passwords.matches(ctx, password, hash)
}
