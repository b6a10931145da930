package admin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"huiyin/db"
)

// idempotencyFor is how long a key is remembered.
const idempotencyFor = 24 * time.Hour

// errRepeated says that a request with the same key has done its work already.
var errRepeated = errors.New("done before")

// claim is a caller's wish that a request be done once, however often it is sent.
type claim struct {
	caller, operation, key, bodyHash string
	taken                            bool
}

// take marks the key as used, in the transaction of the work itself, so that both are done or neither.
func (c *claim) take(ctx context.Context, tx *db.Tx) error {
	n, err := tx.Exec(ctx, "INSERT INTO idempotency (caller, operation, key, body_hash, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		c.caller, c.operation, c.key, c.bodyHash, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("take idempotency key: %w", err)
	}
	if n == 0 {
		return errRepeated
	}
	return nil
}

// write runs the one transaction of a handler. Domain calls inside it either all hold or none.
func (s *Server) write(ctx context.Context, fn func(*db.Tx) error) error {
	claim := callOf(ctx).claim
	if claim == nil || claim.taken {
		return s.DB.Tx(ctx, fn)
	}
	err := s.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := claim.take(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	})
	claim.taken = err == nil
	return err
}

// once runs the handler, or repeats the answer to the same request.
func (s *Server) once(op *operation, c echo.Context, call *call, next echo.HandlerFunc) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if key == "" || op.method != http.MethodPost || op.body == nil || op.public() {
		return next(c)
	}
	if len(key) > 100 {
		return invalid("Idempotency-Key", "is longer than 100 characters")
	}
	claim, err := newClaim(c, call.who, key)
	if err != nil {
		return err
	}
	if repeated, err := s.repeat(c, claim); repeated || err != nil {
		return err
	}
	call.claim = claim
	copied := &copier{ResponseWriter: c.Response().Writer}
	c.Response().Writer = copied
	err = next(c)
	c.Response().Writer = copied.ResponseWriter
	if errors.Is(err, errRepeated) {
		if repeated, err := s.repeat(c, claim); repeated || err != nil {
			return err
		}
	}
	if err == nil && claim.taken && !op.secret {
		return s.remember(c, claim, copied.text.Bytes())
	}
	return err
}

func newClaim(c echo.Context, who *principal, key string) (*claim, error) {
	r := c.Request()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	sum := sha256.Sum256(text)
	return &claim{caller: who.id(), operation: r.URL.Path, key: key, bodyHash: hex.EncodeToString(sum[:])}, nil
}

// repeat answers from memory when the key was used before.
func (s *Server) repeat(c echo.Context, claim *claim) (bool, error) {
	var hash, response string
	var status int
	err := s.DB.QueryRow(c.Request().Context(), "SELECT body_hash, status, response FROM idempotency WHERE caller = ? AND operation = ? AND key = ?",
		claim.caller, claim.operation, claim.key).Scan(&hash, &status, &response)
	switch {
	case db.NoRows(err):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read idempotency key: %w", err)
	case hash != claim.bodyHash:
		return true, &fault{status: http.StatusUnprocessableEntity, code: "idempotency_key_reused", detail: "this Idempotency-Key was used for another request"}
	case status == 0:
		return true, conflict("in_progress", "the same request has been done or is under way, its answer is not known yet; load the object to see")
	}
	c.Response().Header().Set("Idempotent-Replay", "true")
	return true, c.Blob(status, "application/json", []byte(response))
}

// remember keeps the answer for repeats. When that fails the work is done all the same.
func (s *Server) remember(c echo.Context, claim *claim, response []byte) error {
	ctx := context.WithoutCancel(c.Request().Context())
	err := s.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE idempotency SET status = ?, response = ? WHERE caller = ? AND operation = ? AND key = ?",
			c.Response().Status, string(response), claim.caller, claim.operation, claim.key)
		return err
	})
	if err != nil {
		s.Log.Warn("an answer could not be kept for repeats", "request", requestID(c), "error", err)
	}
	return nil
}

// copier keeps what it passes on.
type copier struct {
	http.ResponseWriter
	text bytes.Buffer
}

// Write passes on and keeps.
func (c *copier) Write(p []byte) (int, error) {
	c.text.Write(p)
	return c.ResponseWriter.Write(p)
}
