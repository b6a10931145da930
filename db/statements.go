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

// maxStatements bounds the cache; the product's own queries are far fewer, so reaching it means a query is
// built from input, and such a query is prepared anew each time.
const maxStatements = 1024

// statements keeps prepared statements by their text.
type statements struct {
	mu     sync.RWMutex
	byText map[string]*sql.Stmt
}

func newStatements() *statements { return &statements{byText: map[string]*sql.Stmt{}} }

func (s *statements) get(ctx context.Context, on preparer, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	stmt := s.byText[query]
	s.mu.RUnlock()
	if stmt != nil {
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
	if err != nil {
		return nil, err
	}
	if len(s.byText) >= maxStatements {
		s.dropAll()
	}
	s.byText[query] = stmt
	return stmt, nil
}

func (s *statements) dropAll() {
	for text, stmt := range s.byText {
		_ = stmt.Close()
		delete(s.byText, text)
	}
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropAll()
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
