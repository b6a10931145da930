package admin

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"huiyin/admin/api"
	"huiyin/db"
)

// auditEntry is one line of the audit log, which is only ever added to.
type auditEntry struct {
	id                                     int64
	at                                     time.Time
	actor, action, object, detail, address string
}

// note writes what the caller does into the audit log, in the transaction that does it.
func (s *Server) note(ctx context.Context, tx *db.Tx, action, object, detail string) error {
	c := callOf(ctx)
	return writeAudit(ctx, tx, auditEntry{actor: c.who.name(), action: action, object: object, detail: detail, address: c.address})
}

func writeAudit(ctx context.Context, tx *db.Tx, e auditEntry) error {
	_, err := tx.Exec(ctx, "INSERT INTO audit (at, actor, action, object, detail, address) VALUES (?, ?, ?, ?, ?, ?)",
		db.Millis(tx.Now), e.actor, e.action, e.object, e.detail, e.address)
	return wrap("write audit log", err)
}

// object names a thing in the audit log.
func object(kind string, id int64) string { return kind + ":" + strconv.FormatInt(id, 10) }

// readAudit reads a page, newest first, of the entries below an id (0: from the newest).
func readAudit(ctx context.Context, from db.Querier, below int64, limit int) ([]auditEntry, error) {
	if below == 0 {
		below = 1 << 62
	}
	rows, err := from.Query(ctx, "SELECT id, at, actor, action, object, detail, address FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", below, limit)
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	defer rows.Close()
	var found []auditEntry
	for rows.Next() {
		var e auditEntry
		var at int64
		if err := rows.Scan(&e.id, &at, &e.actor, &e.action, &e.object, &e.detail, &e.address); err != nil {
			return nil, fmt.Errorf("read audit log: %w", err)
		}
		e.at = db.Time(at)
		found = append(found, e)
	}
	return found, rows.Err()
}

// ListAudit shows the audit log.
func (s *Server) ListAudit(ctx context.Context, r api.ListAuditRequestObject) (api.ListAuditResponseObject, error) {
	below, err := parseIDCursor(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := pageSize(r.Params.Limit)
	found, err := readAudit(ctx, s.DB, below, limit+1)
	if err != nil {
		return nil, err
	}
	page := api.AuditPage{Items: make([]api.AuditEntry, 0, len(found))}
	if len(found) > limit {
		found = found[:limit]
		page.Next = opt(strconv.FormatInt(found[limit-1].id, 36))
	}
	for _, e := range found {
		page.Items = append(page.Items, api.AuditEntry{Id: e.id, At: e.at, Actor: e.actor, Action: e.action,
			Object: opt(e.object), Detail: opt(e.detail), Address: opt(e.address)})
	}
	return api.ListAudit200JSONResponse(page), nil
}

// parseIDCursor reads a cursor that is the last id of the page before; 0 when there is none.
func parseIDCursor(cursor *string) (int64, error) {
	if cursor == nil || *cursor == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(*cursor, 36, 64)
	if err != nil || id <= 0 {
		return 0, invalid("cursor", "this is not a cursor of this list")
	}
	return id, nil
}

const defaultPage = 30

func pageSize(limit *int) int {
	if limit == nil {
		return defaultPage
	}
	return *limit
}
