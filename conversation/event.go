package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// The kinds of events.
const (
	EventConversation = "conversation"  // a conversation changed
	EventMessage      = "message"       // a message was added; the conversation changed too
	EventMessageState = "message_state" // delivery, read state or verdict of a message changed
)

// TopicEvents is the live topic that pulses when there are new numbered events.
const TopicEvents = "events"

// eventLock is the name of the lock under which events are numbered, so that the numbers rise in commit order.
const eventLock = 7001

// Event is one numbered change. Numbers rise without gaps in the order of commits.
type Event struct {
	N              int64
	At             time.Time
	Kind           string
	ConversationID int64
	Seq            int64  // of the message, when the event is about one
	Sender         Sender // of a new message; told to OnChange, not stored
	Owed           bool   // the bot owes the customer an answer; told with a message of theirs, not stored
}

// note has the event numbered and stored as the last thing in the transaction.
func (s *Store) note(tx *db.Tx, e Event) {
	query := insertEventSQLite
	if tx.Dialect() == db.Postgres {
		query = insertEventPostgres
	}
	tx.Last(eventLock, query, db.Millis(tx.Now), e.Kind, e.ConversationID, e.Seq)
	if s.OnChange != nil {
		tx.OnCommit(func() { s.OnChange(e) })
	}
}

// The number is the greatest plus one. SQLite gives an INTEGER PRIMARY KEY just that when it is left out.
const (
	insertEventSQLite   = "INSERT INTO events (at, kind, conversation_id, seq) VALUES (?, ?, ?, ?)"
	insertEventPostgres = "INSERT INTO events (n, at, kind, conversation_id, seq) SELECT COALESCE(MAX(n), 0) + 1, ?, ?, ?, ? FROM events"
)

// Events reads up to limit events after number n, in order.
func (s *Store) Events(ctx context.Context, from db.Querier, n int64, limit int) ([]Event, error) {
	rows, err := from.Query(ctx, "SELECT n, at, kind, conversation_id, seq FROM events WHERE n > ? ORDER BY n LIMIT ?", n, limit)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	defer rows.Close()
	var events []Event
	for rows.Next() {
		var e Event
		var at int64
		if err := rows.Scan(&e.N, &at, &e.Kind, &e.ConversationID, &e.Seq); err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		e.At = db.Time(at)
		events = append(events, e)
	}
	return events, rows.Err()
}

// EventRange is the first and last event number kept; both 0 when there is none.
func (s *Store) EventRange(ctx context.Context, from db.Querier) (first, last int64, err error) {
	err = from.QueryRow(ctx, "SELECT (SELECT COALESCE(MIN(n), 0) FROM events), (SELECT COALESCE(MAX(n), 0) FROM events)").Scan(&first, &last)
	if err != nil {
		return 0, 0, fmt.Errorf("read event range: %w", err)
	}
	return first, last, nil
}

// PruneEvents forgets events older than before, keeping the newest so that numbers go on rising; what is kept has no
// gaps, though a later number may bear an earlier time.
func (s *Store) PruneEvents(ctx context.Context, before time.Time) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM events WHERE n < (SELECT MAX(n) FROM events)
 AND n < COALESCE((SELECT MIN(n) FROM events WHERE at >= ?), (SELECT MAX(n) FROM events))`, db.Millis(before))
		return err
	})
}
