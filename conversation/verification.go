package conversation

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"huiyin/db"
)

// A code that was sent to an address and comes back from the customer proves that the address is theirs. Of the code only a
// keyed hash is kept, tries are few, and it does not last.

// CodeDigits is how long a code is.
const CodeDigits = 6

const (
	codeLasts     = 10 * time.Minute
	codeTries     = 5
	codesAtOnce   = 3 // that a conversation may have open, and an address be sent in an hour
	codesPerHours = time.Hour
)

// The states of a verification.
const (
	CodeOpen    = "open"
	CodeProved  = "proved"
	CodeFailed  = "failed"  // too many wrong tries, or it could not be sent
	CodeExpired = "expired" // only as read: an open one whose time is over
)

// Verification is a code on its way.
type Verification struct {
	ID, ConversationID, InboxID, AgentID int64
	Address, State                       string
	Tries                                int
	CreatedAt, ExpiresAt                 time.Time
}

// ErrTooManyCodes refuses another code for now.
var ErrTooManyCodes = errors.New("too many codes were sent; wait an hour")

// ErrWrongCode refuses what is not the code; it tells nothing else.
var ErrWrongCode = errors.New("this is not the code, or it has run out")

// hash is the keyed hash of a code for one address of one conversation.
func (s *Store) hash(conversationID, inboxID int64, address, code string) string {
	mac := hmac.New(sha256.New, s.CodeKey)
	fmt.Fprintf(mac, "%d\x00%d\x00%s\x00%s", conversationID, inboxID, address, code)
	return hex.EncodeToString(mac.Sum(nil))
}

// BeginVerification notes that a code is about to be sent to an address, which the caller then does.
func (s *Store) BeginVerification(ctx context.Context, tx *db.Tx, v Verification, code string) (Verification, error) {
	if len(s.CodeKey) == 0 {
		return v, errors.New("no key for codes")
	}
	var ofConversation, ofAddress int
	since := db.Millis(tx.Now.Add(-codesPerHours))
	err := tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM verifications WHERE conversation_id = ? AND created_at > ?),
 (SELECT COUNT(*) FROM verifications WHERE inbox_id = ? AND address = ? AND created_at > ?)`, v.ConversationID, since, v.InboxID, v.Address, since).
		Scan(&ofConversation, &ofAddress)
	if err != nil {
		return v, fmt.Errorf("count codes: %w", err)
	}
	if ofConversation >= codesAtOnce || ofAddress >= codesAtOnce {
		return v, ErrTooManyCodes
	}
	v.State, v.CreatedAt, v.ExpiresAt = CodeOpen, tx.Now, tx.Now.Add(codeLasts)
	v.ID, err = tx.Insert(ctx, `INSERT INTO verifications (conversation_id, inbox_id, address, code_hash, state, agent_id, created_at, expires_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, v.ConversationID, v.InboxID, v.Address, s.hash(v.ConversationID, v.InboxID, v.Address, code), v.State,
		v.AgentID, db.Millis(v.CreatedAt), db.Millis(v.ExpiresAt))
	return v, wrap("begin verification", err)
}

// DropVerification notes that a code could not be sent.
func (s *Store) DropVerification(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "UPDATE verifications SET state = ?, settled_at = ? WHERE id = ? AND state = ?", CodeFailed, db.Millis(tx.Now), id, CodeOpen)
	return wrap("drop verification", err)
}

// Verifications reads the codes of a conversation, newest first.
func (s *Store) Verifications(ctx context.Context, from db.Querier, conversationID int64, now time.Time) ([]Verification, error) {
	rows, err := from.Query(ctx, `SELECT id, conversation_id, inbox_id, agent_id, address, state, tries, created_at, expires_at FROM verifications
 WHERE conversation_id = ? ORDER BY id DESC LIMIT 20`, conversationID)
	if err != nil {
		return nil, fmt.Errorf("read verifications: %w", err)
	}
	defer rows.Close()
	var found []Verification
	for rows.Next() {
		var v Verification
		var created, expires int64
		if err := rows.Scan(&v.ID, &v.ConversationID, &v.InboxID, &v.AgentID, &v.Address, &v.State, &v.Tries, &created, &expires); err != nil {
			return nil, fmt.Errorf("read verifications: %w", err)
		}
		v.CreatedAt, v.ExpiresAt = db.Time(created), db.Time(expires)
		if v.State == CodeOpen && !v.ExpiresAt.After(now) {
			v.State = CodeExpired
		}
		found = append(found, v)
	}
	return found, rows.Err()
}

// Typed compares a code that was typed in a conversation, by the customer or by the agent who was told it, with those on
// their way. The right one makes the address the customer's: its contact and theirs become one. Wrong ones count; the caller
// must commit also when ErrWrongCode is returned as the outcome.
func (s *Store) Typed(ctx context.Context, tx *db.Tx, c *Conversation, code string) (proved *Verification, err error) {
	code = strings.TrimSpace(code)
	if _, err := tx.Exec(ctx, `UPDATE verifications SET tries = tries + 1, state = CASE WHEN tries + 1 >= ? THEN ? ELSE state END
 WHERE conversation_id = ? AND state = ? AND expires_at > ?`, codeTries+1, CodeFailed, c.ID, CodeOpen, db.Millis(tx.Now)); err != nil {
		return nil, fmt.Errorf("count try: %w", err)
	}
	open, err := s.openCodes(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	for v, hash := range open {
		if subtle.ConstantTimeCompare([]byte(hash), []byte(s.hash(v.ConversationID, v.InboxID, v.Address, code))) == 1 {
			return &v, s.proved(ctx, tx, c, v)
		}
	}
	return nil, nil
}

func (s *Store) openCodes(ctx context.Context, tx *db.Tx, conversationID int64) (map[Verification]string, error) {
	rows, err := tx.Query(ctx, `SELECT id, conversation_id, inbox_id, agent_id, address, code_hash FROM verifications
 WHERE conversation_id = ? AND state = ? AND expires_at > ?`, conversationID, CodeOpen, db.Millis(tx.Now))
	if err != nil {
		return nil, fmt.Errorf("read codes: %w", err)
	}
	defer rows.Close()
	found := map[Verification]string{}
	for rows.Next() {
		var v Verification
		var hash string
		if err := rows.Scan(&v.ID, &v.ConversationID, &v.InboxID, &v.AgentID, &v.Address, &hash); err != nil {
			return nil, fmt.Errorf("read codes: %w", err)
		}
		found[v] = hash
	}
	return found, rows.Err()
}

// proved makes an address the customer's. One that is not known yet becomes a further identity of theirs.
func (s *Store) proved(ctx context.Context, tx *db.Tx, c *Conversation, v Verification) error {
	_, err := tx.Exec(ctx, "UPDATE verifications SET state = ?, settled_at = ? WHERE id = ?", CodeProved, db.Millis(tx.Now), v.ID)
	if err != nil {
		return fmt.Errorf("settle verification: %w", err)
	}
	own, err := s.Identity(ctx, tx, c.IdentityID)
	if err != nil {
		return err
	}
	if err := s.knowAddress(ctx, tx, own.HomeID, v.Address); err != nil {
		return err
	}
	other, err := s.lockIdentity(ctx, tx, v.InboxID, v.Address)
	if errors.Is(err, ErrNotFound) {
		_, err := tx.Exec(ctx, "INSERT INTO identities (inbox_id, address, contact_id, home_id, verified, created_at) VALUES (?, ?, ?, ?, 1, ?)",
			v.InboxID, v.Address, own.ContactID, own.HomeID, db.Millis(tx.Now))
		return errors.Join(wrap("make identity", err), s.tellProved(ctx, tx, c, v))
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE identities SET verified = 1 WHERE id = ?", other.ID); err != nil {
		return fmt.Errorf("save identity: %w", err)
	}
	if err := s.joinProved(ctx, tx, c, other.ContactID, v); err != nil {
		return err
	}
	return s.tellProved(ctx, tx, c, v)
}

// joinProved merges the two contacts into the one that is known longer.
func (s *Store) joinProved(ctx context.Context, tx *db.Tx, c *Conversation, other int64, v Verification) error {
	if other == c.ContactID {
		return nil
	}
	m := Merge{IntoID: min(other, c.ContactID), FromID: max(other, c.ContactID), Evidence: ByCode, Detail: v.Address, AgentID: v.AgentID}
	if err := s.lockTwo(ctx, tx, m.IntoID, m.FromID); err != nil {
		return err
	}
	m, err := s.merge(ctx, tx, m)
	c.ContactID = m.IntoID
	return err
}

// knowAddress notes on the contact that a phone or mail address is theirs.
func (s *Store) knowAddress(ctx context.Context, tx *db.Tx, contactID int64, address string) error {
	c, err := s.LoadContact(ctx, tx, contactID)
	if err != nil {
		return err
	}
	if mail := emailKey(address); mail != "" {
		if c.Email == "" || emailKey(c.Email) == mail {
			c.Email, c.EmailVerified = address, true
		}
	} else if phone := phoneKey(address); phone != "" && (c.Phone == "" || phoneKey(c.Phone) == phone) {
		c.Phone, c.PhoneVerified = "+"+strings.TrimPrefix(address, "+"), true
	}
	return s.SaveContact(ctx, tx, c)
}

func (s *Store) tellProved(ctx context.Context, tx *db.Tx, c *Conversation, v Verification) error {
	_, err := s.Activity(ctx, tx, c, "verified", map[string]string{"address": Masked(v.Address)}, "")
	return err
}

// Masked is an address of which only the ends can be read.
func Masked(address string) string {
	name, domain, mail := strings.Cut(address, "@")
	r := []rune(name)
	switch {
	case mail && len(r) > 1:
		return string(r[0]) + "***@" + domain
	case mail:
		return "***@" + domain
	case len(r) > 7:
		return string(r[:len(r)-8]) + "****" + string(r[len(r)-4:])
	}
	return "****"
}

// codeLike tells whether a customer's message may be a code typed back.
func codeLike(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) == CodeDigits && strings.Trim(text, "0123456789") == ""
}
