package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"huiyin/db"
)

// Inbox is a configured channel. Settings hold what may be shown; Secrets, opened by the sealer that the
// store's user brings, what may not.
type Inbox struct {
	ID                               int64
	Kind, Name                       string
	Bot                              bool
	TeamID                           int64
	Settings                         map[string]string // secrets included once opened
	Sealed                           string            // the secret settings, encrypted
	Version                          int64
	CreatedAt, UpdatedAt, ArchivedAt time.Time
}

func (i Inbox) firstStatus() Status {
	if i.Bot {
		return Pending
	}
	return Open
}

func (i Inbox) firstReason() string {
	if i.Bot {
		return ""
	}
	return "no_bot"
}

const inboxColumns = "id, kind, name, bot, team_id, settings, secrets, created_at, updated_at, archived_at, version"

// Inboxes reads all inboxes that are in service.
func (s *Store) Inboxes(ctx context.Context, from db.Querier) ([]Inbox, error) {
	return s.queryInboxes(ctx, from, "archived_at = 0 ORDER BY id")
}

// Inbox reads one inbox; an archived one is not found.
func (s *Store) Inbox(ctx context.Context, from db.Querier, id int64) (Inbox, error) {
	found, err := s.queryInboxes(ctx, from, "id = ? AND archived_at = 0", id)
	if err != nil {
		return Inbox{}, err
	}
	if len(found) == 0 {
		return Inbox{}, fmt.Errorf("inbox %d: %w", id, ErrNotFound)
	}
	return found[0], nil
}

// LoadInbox is Inbox for a change in this transaction: nobody else changes it meanwhile.
func (s *Store) LoadInbox(ctx context.Context, tx *db.Tx, id int64) (Inbox, error) {
	var one int64
	if err := tx.QueryRow(ctx, "SELECT id FROM inboxes WHERE id = ?"+tx.ForUpdate(), id).Scan(&one); err != nil && !db.NoRows(err) {
		return Inbox{}, fmt.Errorf("lock inbox %d: %w", id, err)
	}
	return s.Inbox(ctx, tx, id)
}

// AllInboxes reads every inbox, archived ones too, for showing old conversations.
func (s *Store) AllInboxes(ctx context.Context, from db.Querier) ([]Inbox, error) {
	return s.queryInboxes(ctx, from, "1 = 1 ORDER BY id")
}

func (s *Store) queryInboxes(ctx context.Context, from db.Querier, where string, args ...any) ([]Inbox, error) {
	rows, err := from.Query(ctx, "SELECT "+inboxColumns+" FROM inboxes WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read inboxes: %w", err)
	}
	defer rows.Close()
	var found []Inbox
	for rows.Next() {
		i, err := scanInbox(rows)
		if err != nil {
			return nil, fmt.Errorf("read inboxes: %w", err)
		}
		found = append(found, i)
	}
	return found, rows.Err()
}

// scanInbox reads an inbox from a row that has other columns before it.
func scanInbox(row scanner, before ...any) (i Inbox, err error) {
	var settings string
	var created, updated, archived int64
	if err := row.Scan(append(before, &i.ID, &i.Kind, &i.Name, &i.Bot, &i.TeamID, &settings, &i.Sealed, &created, &updated, &archived, &i.Version)...); err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(settings), &i.Settings); err != nil {
		return i, fmt.Errorf("inbox %d: settings: %w", i.ID, err)
	}
	i.CreatedAt, i.UpdatedAt, i.ArchivedAt = db.Time(created), db.Time(updated), db.Time(archived)
	return i, nil
}

// columnsOf names the columns of one table among several.
func columnsOf(table, columns string) string {
	return table + "." + strings.ReplaceAll(columns, ", ", ", "+table+".")
}

// CreateInbox stores a new inbox and returns it with its id. Settings must hold no secrets; those are in Sealed.
func (s *Store) CreateInbox(ctx context.Context, tx *db.Tx, i Inbox) (Inbox, error) {
	settings, err := encodeAttributes(i.Settings)
	if err != nil {
		return Inbox{}, err
	}
	i.CreatedAt, i.UpdatedAt, i.Version = tx.Now, tx.Now, 1
	i.ID, err = tx.Insert(ctx, "INSERT INTO inboxes (kind, name, bot, team_id, settings, secrets, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		i.Kind, i.Name, truth(i.Bot), i.TeamID, settings, i.Sealed, db.Millis(tx.Now), db.Millis(tx.Now))
	if err != nil {
		return Inbox{}, fmt.Errorf("create inbox: %w", err)
	}
	return i, nil
}

// SaveInbox writes an inbox's name, settings, bot switch, team and whether it is archived.
func (s *Store) SaveInbox(ctx context.Context, tx *db.Tx, i Inbox) error {
	settings, err := encodeAttributes(i.Settings)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE inboxes SET name = ?, bot = ?, team_id = ?, settings = ?, secrets = ?, updated_at = ?, archived_at = ?, version = version + 1 WHERE id = ?",
		i.Name, truth(i.Bot), i.TeamID, settings, i.Sealed, db.Millis(tx.Now), db.Millis(i.ArchivedAt), i.ID)
	if err != nil {
		return fmt.Errorf("save inbox %d: %w", i.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("inbox %d: %w", i.ID, ErrNotFound)
	}
	if s.OnInbox != nil {
		tx.OnCommit(func() { s.OnInbox(i.ID) })
	}
	return nil
}
