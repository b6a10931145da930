package golden

import (
	"context"
	"fmt"
	"strings"

	"huiyin/db"
)

// Filter chooses questions of a list.
type Filter struct {
	Outcome string // an Outcome, "failed" for all that do not pass, "new" for those that never ran; empty: all
	Text    string // part of the question
	Article int64
	Below   int64 // those with smaller ids; 0: from the newest on
	Limit   int   // 0: all
}

// List reads questions, the newest first.
func List(ctx context.Context, from db.Querier, f Filter) ([]Question, error) {
	where, args := []string{"deleted_at = 0"}, []any{}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	switch f.Outcome {
	case "":
	case "new":
		add("outcome = ''")
	case "failed":
		add("outcome NOT IN ('', 'right')")
	default:
		add("outcome = ?", f.Outcome)
	}
	if text := strings.ToLower(strings.TrimSpace(f.Text)); text != "" {
		add(`LOWER(question) LIKE ? ESCAPE '!'`, "%"+strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text)+"%")
	}
	if f.Article != 0 {
		add("article_id = ?", f.Article)
	}
	if f.Below != 0 {
		add("id < ?", f.Below)
	}
	end := " ORDER BY id DESC"
	if f.Limit > 0 {
		end += fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	return read(ctx, from, "WHERE "+strings.Join(where, " AND ")+end, args...)
}

// Counts are how many questions there are, by how they fared last.
type Counts struct{ Total, New, Right, Offered, Wrong, Unanswered int }

// Count counts all questions.
func Count(ctx context.Context, from db.Querier) (Counts, error) {
	var c Counts
	rows, err := from.Query(ctx, "SELECT outcome, COUNT(*) FROM golden_questions WHERE deleted_at = 0 GROUP BY outcome")
	if err != nil {
		return c, fmt.Errorf("count golden questions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var outcome Outcome
		var n int
		if err := rows.Scan(&outcome, &n); err != nil {
			return c, fmt.Errorf("count golden questions: %w", err)
		}
		c.Total += n
		*map[Outcome]*int{NotRun: &c.New, Right: &c.Right, Offered: &c.Offered, Wrong: &c.Wrong, Unanswered: &c.Unanswered}[outcome] += n
	}
	return c, rows.Err()
}

// Of reads the questions that were made from messages of a conversation.
func Of(ctx context.Context, from db.Querier, conversationID int64) ([]Question, error) {
	return read(ctx, from, "WHERE conversation_id = ? AND deleted_at = 0 ORDER BY id", conversationID)
}
