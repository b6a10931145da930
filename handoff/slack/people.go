package slack

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

const (
	codeLife  = 10 * time.Minute
	codeChars = 10
	guesses   = 20 // wrong codes that a user in Slack may type within codeLife
)

// Link is which user in Slack an agent is.
type Link struct {
	User     string
	OnDuty   bool // the agent has said online in Slack
	LinkedAt time.Time
}

// errBadCode refuses a code that is wrong or too old.
var errBadCode = errors.New("the code is wrong or too old")

// Code makes a code by which the agent proves in Slack who they are; an earlier one is good no more.
func (b *Board) Code(ctx context.Context, tx *db.Tx, agentID int64) (string, error) {
	code := rand.Text()[:codeChars]
	_, err := tx.Exec(ctx, `INSERT INTO slack_codes (agent_id, hash, expires_at) VALUES (?, ?, ?)
 ON CONFLICT (agent_id) DO UPDATE SET hash = excluded.hash, tries = 0, expires_at = excluded.expires_at`, agentID, hashOf(code), db.Millis(tx.Now.Add(codeLife)))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return code, nil
}

// hashOf is what is kept of a code. Codes have 50 bits and live ten minutes, so a plain hash will do.
func hashOf(code string) string {
	sum := sha256.Sum256([]byte(strings.ToUpper(strings.TrimSpace(code))))
	return hex.EncodeToString(sum[:])
}

// link makes the user in Slack, whom Slack has vouched for, the agent whose code they know.
func (b *Board) link(ctx context.Context, user, code string) (agentName string, err error) {
	if !b.mayGuess(user) {
		return "", errBadCode
	}
	err = b.DB.Tx(ctx, func(tx *db.Tx) error {
		agentName, err = b.linkTx(ctx, tx, user, code)
		return err
	})
	return agentName, err
}

// LinkTx is linking by a code for a user whom the caller has vouched for.
func (b *Board) LinkTx(ctx context.Context, tx *db.Tx, user, code string) error {
	_, err := b.linkTx(ctx, tx, user, code)
	return err
}

func (b *Board) linkTx(ctx context.Context, tx *db.Tx, user, code string) (agentName string, err error) {
	var agentID, until int64
	err = tx.QueryRow(ctx, "SELECT agent_id, expires_at FROM slack_codes WHERE hash = ?"+tx.ForUpdate(), hashOf(code)).Scan(&agentID, &until)
	if db.NoRows(err) || err == nil && until <= db.Millis(tx.Now) {
		return "", errBadCode
	}
	if err != nil {
		return "", fmt.Errorf("read the code: %w", err)
	}
	agent, err := b.Desk.Agent(ctx, tx, agentID)
	if err != nil || !agent.Active {
		return "", errors.Join(errBadCode, err)
	}
	for _, query := range []string{"DELETE FROM slack_codes WHERE agent_id = ?", "DELETE FROM slack_users WHERE agent_id = ?"} {
		if _, err := tx.Exec(ctx, query, agentID); err != nil {
			return "", fmt.Errorf("link: %w", err)
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO slack_users (agent_id, user_id, linked_at) VALUES (?, ?, ?)
 ON CONFLICT (user_id) DO UPDATE SET agent_id = excluded.agent_id, on_duty = 0, linked_at = excluded.linked_at`, agentID, user, db.Millis(tx.Now))
	if err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	return agent.Name, nil
}

// mayGuess bounds how many codes one user may try.
func (b *Board) mayGuess(user string) bool {
	return b.pace.reserve("code "+user, codeLife/guesses, guesses) <= 0
}

// Unlink ends that an agent is a user in Slack.
func (b *Board) Unlink(ctx context.Context, tx *db.Tx, agentID int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM slack_users WHERE agent_id = ?", agentID); err != nil {
		return fmt.Errorf("unlink: %w", err)
	}
	return nil
}

// LinkOf reads which user in Slack an agent is; ok is false when none.
func (b *Board) LinkOf(ctx context.Context, from db.Querier, agentID int64) (l Link, ok bool, err error) {
	var at int64
	err = from.QueryRow(ctx, "SELECT user_id, on_duty, linked_at FROM slack_users WHERE agent_id = ?", agentID).Scan(&l.User, &l.OnDuty, &at)
	if db.NoRows(err) {
		return Link{}, false, nil
	}
	if err != nil {
		return Link{}, false, fmt.Errorf("read link: %w", err)
	}
	l.LinkedAt = db.Time(at)
	return l, true, nil
}

// agentOf is which agent a user in Slack is; 0 when none.
func (b *Board) agentOf(ctx context.Context, user string) (int64, error) {
	var id int64
	err := b.DB.QueryRow(ctx, "SELECT agent_id FROM slack_users WHERE user_id = ?", user).Scan(&id)
	if err != nil && !db.NoRows(err) {
		return 0, fmt.Errorf("read link: %w", err)
	}
	return id, nil
}

// errNotLinked refuses somebody whose agent is not known.
var errNotLinked = fmt.Errorf("the user is not linked with an agent: %w", conversation.ErrNotFound)
