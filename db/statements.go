package db

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"sync"
)

// preparer is what can prepare a statement: a pool, or one connection.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// Once marks a query whose text differs from call to call (a list of ids written into it): it is not kept.
const Once = "/*once*/"

// maxStatements bounds the cache; the product's own queries are far fewer.
const maxStatements = 1024

// statements keeps prepared statements by their text.
type statements struct {
	mu     sync.RWMutex
	byText map[string]*sql.Stmt
}

func newStatements() *statements { return &statements{byText: map[string]*sql.Stmt{}} }

// get returns the prepared statement, or nil for a query that is not kept and has to be run as it stands.
func (s *statements) get(ctx context.Context, on preparer, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	stmt, full := s.byText[query], len(s.byText) >= maxStatements
	s.mu.RUnlock()
	if stmt != nil || full || strings.Contains(query, Once) {
		return stmt, nil
	}
	return s.prepare(ctx, on, query)
}

func (s *statements) prepare(ctx context.Context, on preparer, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt := s.byText[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := on.PrepareContext(ctx, query)
	if err == nil {
		s.byText[query] = stmt
	}
	return stmt, err
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for text, stmt := range s.byText {
		_ = stmt.Close()
		delete(s.byText, text)
	}
}

// dollars turns "?" placeholders into PostgreSQL's "$1", "$2", …, leaving quoted text alone.
func dollars(query string) string {
	if !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 16)
	n, quoted := 0, false
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case c == '\'':
			quoted = !quoted
			b.WriteByte(c)
		case c == '?' && !quoted:
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
