package conversation

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Day is what happened since a time, and what is waiting now.
type Day struct {
	Received           int // messages of customers
	Helpful, Unhelpful int // verdicts on answers given since then
	Active             int // conversations in which something was said
	SolvedByBot        int // of them: the bot had the last word, it was no question back, and no human was needed
	HandedOff          int // of them: a human was needed
	Waiting, Open      int // now
	LongestWaitSince   time.Time
}

const talkOfDay = `SELECT COALESCE(SUM(CASE WHEN m.sender = 'contact' THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN m.helpful = 1 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN m.helpful = 0 THEN 1 ELSE 0 END), 0)
 FROM ` + inPlaces + ` AND c.last_message_at >= ? JOIN messages m ON m.conversation_id = c.id AND m.created_at >= ? WHERE 1 = 1`

const mattersOfDay = `SELECT COUNT(*), COALESCE(SUM(CASE WHEN c.handoff_reason = '' AND c.agent_id = 0 AND c.last_sender = 'bot' AND c.misunderstood = 0 THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN c.handoff_reason <> '' THEN 1 ELSE 0 END), 0) FROM ` + inPlaces + ` AND c.last_message_at >= ? WHERE 1 = 1`

const (
	standOfDay   = `SELECT COALESCE(SUM(CASE WHEN t.agent_id = 0 THEN t.total ELSE 0 END), 0), COALESCE(SUM(t.total), 0) FROM tallies t WHERE t.status = 'open'`
	longestOfDay = `SELECT COALESCE(MIN(c.queued_at), 0) FROM conversations c WHERE c.queue_order <> 0`
)

// Since reads what happened since a time in the conversations in scope. It looks only at those in which something was said since.
func (s *Store) Since(ctx context.Context, from db.Querier, since time.Time, scope Scope) (Day, error) {
	var d Day
	var longest int64
	at := db.Millis(since)
	var of, stands where
	scope.limit(&of, "c")
	scope.limit(&stands, "t")
	err := from.QueryRow(ctx, talkOfDay+of.text, append([]any{at, at}, of.args...)...).Scan(&d.Received, &d.Helpful, &d.Unhelpful)
	if err == nil {
		err = from.QueryRow(ctx, mattersOfDay+of.text, append([]any{at}, of.args...)...).Scan(&d.Active, &d.SolvedByBot, &d.HandedOff)
	}
	if err == nil {
		err = from.QueryRow(ctx, standOfDay+stands.text, stands.args...).Scan(&d.Waiting, &d.Open)
	}
	if err == nil {
		err = from.QueryRow(ctx, longestOfDay+of.text, of.args...).Scan(&longest)
	}
	if err != nil {
		return Day{}, fmt.Errorf("read the day: %w", err)
	}
	d.LongestWaitSince = db.Time(longest)
	return d, nil
}
