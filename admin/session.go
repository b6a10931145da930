package admin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"huiyin/db"
)

const (
	cookieName    = "huiyin_session"
	sessionIdle   = 12 * time.Hour     // without a request
	sessionLife   = 7 * 24 * time.Hour // at most
	sessionNoted  = time.Minute        // requests in between are not written
	maxClientText = 200
)

// session is one signed-in browser.
type session struct {
	id, agentID            int64
	created, seen, expires time.Time
}

// newSecret makes an unguessable word of 256 bits.
func newSecret() (string, error) {
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("make secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// secretHash is what is stored of a secret; being random it needs no salt.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// startSession signs a person in and returns the token for the cookie.
func startSession(ctx context.Context, tx *db.Tx, agentID int64, address, client string) (token string, err error) {
	if token, err = newSecret(); err != nil {
		return "", err
	}
	if len(client) > maxClientText {
		client = client[:maxClientText]
	}
	_, err = tx.Exec(ctx, "INSERT INTO sessions (token_hash, agent_id, created_at, seen_at, expires_at, address, client) VALUES (?, ?, ?, ?, ?, ?, ?)",
		secretHash(token), agentID, db.Millis(tx.Now), db.Millis(tx.Now), db.Millis(tx.Now.Add(sessionIdle)), address, strings.ToValidUTF8(client, ""))
	return token, wrap("start session", err)
}

// sessionOf finds the session behind a token; ok is false when it is over.
func (a Accounts) sessionOf(ctx context.Context, token string) (s session, ok bool, err error) {
	var created, seen, expires int64
	err = a.db.QueryRow(ctx, "SELECT id, agent_id, created_at, seen_at, expires_at FROM sessions WHERE token_hash = ?", secretHash(token)).
		Scan(&s.id, &s.agentID, &created, &seen, &expires)
	if db.NoRows(err) {
		return session{}, false, nil
	}
	if err != nil {
		return session{}, false, fmt.Errorf("read session: %w", err)
	}
	s.created, s.seen, s.expires = db.Time(created), db.Time(seen), db.Time(expires)
	return s, a.db.Now().Before(s.expires), nil
}

// keepSession moves the end of a session that is used.
func (a Accounts) keepSession(ctx context.Context, s session) error {
	now := a.db.Now()
	if now.Sub(s.seen) < sessionNoted {
		return nil
	}
	end := now.Add(sessionIdle)
	if last := s.created.Add(sessionLife); end.After(last) {
		end = last
	}
	return a.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE sessions SET seen_at = ?, expires_at = ? WHERE id = ?", db.Millis(now), db.Millis(end), s.id)
		return wrap("keep session", err)
	})
}

// endSessions ends all sessions of a person but one.
func endSessions(ctx context.Context, tx *db.Tx, agentID, but int64) error {
	_, err := tx.Exec(ctx, "DELETE FROM sessions WHERE agent_id = ? AND id <> ?", agentID, but)
	return wrap("end sessions", err)
}

func endSession(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "DELETE FROM sessions WHERE id = ?", id)
	return wrap("end session", err)
}

// cookie carries a session's token; an empty one takes the cookie away.
func (s *Server) cookie(token string) *http.Cookie {
	c := &http.Cookie{Name: cookieName, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(s.PublicURL, "https:"), MaxAge: int(sessionLife / time.Second)}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}
