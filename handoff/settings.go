package handoff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/routing"
)

// RoutingSettings are how customers are ordered and given to agents, with who set it so. Version 0: as shipped.
type RoutingSettings struct {
	routing.Settings
	Version   int64
	ChangedAt time.Time
	ChangedBy string
}

// routingSettings remembers the settings read last, so that they are not parsed for every customer.
type routingSettings struct {
	version int64
	value   routing.Settings
}

// Routing reads how customers are ordered and given to agents. What is read may not be changed in place.
func (d *Desk) Routing(ctx context.Context, from db.Querier) (RoutingSettings, error) {
	var value string
	var at int64
	s := RoutingSettings{Settings: routing.Shipped()}
	err := from.QueryRow(ctx, "SELECT value, version, changed_at, changed_by FROM routing_settings WHERE id = 1").Scan(&value, &s.Version, &at, &s.ChangedBy)
	if db.NoRows(err) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read routing settings: %w", err)
	}
	s.ChangedAt = db.Time(at)
	if known, ok := d.knownRouting(s.Version); ok {
		s.Settings = known
		return s, nil
	}
	if s.Settings, err = ParseRouting([]byte(value)); err != nil {
		return s, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rules = routingSettings{s.Version, s.Settings}
	return s, nil
}

func (d *Desk) knownRouting(version int64) (routing.Settings, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rules.value, d.rules.version == version
}

// ParseRouting reads settings over those that are shipped, so that what was saved before a setting existed has its default.
func ParseRouting(text []byte) (routing.Settings, error) {
	s := routing.Shipped()
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("read routing settings: %w", err)
	}
	return s, s.Clean()
}

// SaveRouting writes how customers are ordered and given to agents, over the version that was read. The queues are put into
// the new order by Route, soon after.
func (d *Desk) SaveRouting(ctx context.Context, tx *db.Tx, s RoutingSettings) error {
	if err := s.Clean(); err != nil {
		var wrong *routing.Wrong
		if errors.As(err, &wrong) {
			return &conversation.FieldError{Field: wrong.Field, Message: wrong.Message}
		}
		return err
	}
	value, err := json.Marshal(s.Settings)
	if err != nil {
		return fmt.Errorf("save routing settings: %w", err)
	}
	n, err := tx.Exec(ctx, `INSERT INTO routing_settings (id, value, version, changed_at, changed_by) VALUES (1, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET value = excluded.value, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
 WHERE routing_settings.version = ?`, string(value), s.Version+1, db.Millis(tx.Now), s.ChangedBy, s.Version)
	if err != nil {
		return fmt.Errorf("save routing settings: %w", err)
	}
	if n == 0 {
		return ErrChanged
	}
	d.mayRoute(tx)
	return nil
}

// reordered bounds how many conversations are put into a new order in one transaction.
const reordered = 200

// reorder puts the queues into the order of the settings, when those have changed since it was done.
func (d *Desk) reorder(ctx context.Context) error {
	var version, ordered int64
	err := d.DB.QueryRow(ctx, "SELECT version, ordered FROM routing_settings WHERE id = 1").Scan(&version, &ordered)
	if db.NoRows(err) || err == nil && ordered >= version {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read routing settings: %w", err)
	}
	for last := int64(0); ; {
		if last, err = d.Conversations.Reorder(ctx, last, reordered); err != nil {
			return fmt.Errorf("order queues: %w", err)
		}
		if last == 0 {
			break
		}
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE routing_settings SET ordered = ? WHERE id = 1 AND ordered < ?", version, version)
		return err
	})
}
