package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"huiyin/db"
)

// Setting is a named piece of the organisation's configuration, kept as JSON. Version rises with every save; 0: never saved.
type Setting struct {
	Value     json.RawMessage
	Version   int64
	ChangedAt time.Time
	ChangedBy string
}

// AnswerSettingsName is the name of the setting that says how the bot is to answer.
const AnswerSettingsName = "answers"

// ReadSetting reads a setting; the zero one when it was never saved.
func ReadSetting(ctx context.Context, from db.Querier, name string) (Setting, error) {
	var s Setting
	var value string
	var at int64
	err := from.QueryRow(ctx, "SELECT value, version, changed_at, changed_by FROM settings WHERE name = ?", name).Scan(&value, &s.Version, &at, &s.ChangedBy)
	if db.NoRows(err) {
		return Setting{}, nil
	}
	if err != nil {
		return Setting{}, fmt.Errorf("read setting %s: %w", name, err)
	}
	s.Value, s.ChangedAt = json.RawMessage(value), db.Time(at)
	return s, nil
}

// saveSetting writes a setting on top of the version that was read; a conflict when somebody else has saved meanwhile.
func saveSetting(ctx context.Context, tx *db.Tx, name string, s Setting) error {
	if s.Version == 0 {
		n, err := tx.Exec(ctx, "INSERT INTO settings (name, value, version, changed_at, changed_by) VALUES (?, ?, 1, ?, ?) ON CONFLICT DO NOTHING",
			name, string(s.Value), db.Millis(tx.Now), s.ChangedBy)
		return saved(n, err)
	}
	n, err := tx.Exec(ctx, "UPDATE settings SET value = ?, version = version + 1, changed_at = ?, changed_by = ? WHERE name = ? AND version = ?",
		string(s.Value), db.Millis(tx.Now), s.ChangedBy, name, s.Version)
	return saved(n, err)
}

func saved(n int64, err error) error {
	if err != nil {
		return fmt.Errorf("save setting: %w", err)
	}
	if n == 0 {
		return conflict("conflict", "somebody else has changed this meanwhile; load it again")
	}
	return nil
}
