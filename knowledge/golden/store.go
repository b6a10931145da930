package golden

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

// ErrStated refuses to give a question another expectation than somebody has stated.
var ErrStated = errors.New("this golden question is there already, and something else is expected")

// AddNew is Add for those who may not change what others have stated.
func AddNew(ctx context.Context, tx *db.Tx, q Question) (Question, error) {
	if err := q.clean(); err != nil {
		return Question{}, err
	}
	id, err := sameAs(ctx, tx, q)
	switch {
	case err != nil:
		return Question{}, err
	case id == 0:
		return Add(ctx, tx, q)
	}
	there, err := Get(ctx, tx, id)
	if err == nil && there.Wanted != q.Wanted {
		err = ErrStated
	}
	return there, err
}

// sameAs finds the same question for the same asker; 0 when there is none.
func sameAs(ctx context.Context, tx *db.Tx, q Question) (id int64, err error) {
	err = tx.QueryRow(ctx, "SELECT id FROM golden_questions WHERE deleted_at = 0 AND question = ? AND language = ? AND channel = ? AND tier = ? AND asked_at = ?",
		q.Question, q.Language, q.Channel, q.Tier, db.Millis(q.At)).Scan(&id)
	if err != nil && !db.NoRows(err) {
		return 0, fmt.Errorf("look for golden question: %w", err)
	}
	return id, nil
}

// Add stores a new question. The same question for the same asker is not stored twice: the one there is gets the new expectation.
func Add(ctx context.Context, tx *db.Tx, q Question) (Question, error) {
	if err := q.clean(); err != nil {
		return Question{}, err
	}
	if err := mustHave(ctx, tx, q.Wanted); err != nil {
		return Question{}, err
	}
	var n int64
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM golden_questions WHERE deleted_at = 0").Scan(&n); err != nil {
		return Question{}, fmt.Errorf("count golden questions: %w", err)
	}
	if n >= MaxQuestions {
		return Question{}, &knowledge.Invalid{Field: "question", Message: "there are 20 000 golden questions; delete some first"}
	}
	same, err := sameAs(ctx, tx, q)
	if err != nil {
		return Question{}, err
	}
	if same != 0 {
		q.ID = same
		return restate(ctx, tx, q)
	}
	id, err := tx.Insert(ctx, `INSERT INTO golden_questions (question, language, channel, tier, asked_at, expect, article_id, note, conversation_id, seq,
 author_id, author_name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, q.Question, q.Language, q.Channel, q.Tier, db.Millis(q.At),
		string(q.Expect), q.Article, q.Note, q.Source.ConversationID, q.Source.Seq, q.Author.ID, q.Author.Name, db.Millis(tx.Now))
	if err != nil {
		return Question{}, fmt.Errorf("add golden question: %w", err)
	}
	return Get(ctx, tx, id)
}

// mustHave refuses an article that is not there.
func mustHave(ctx context.Context, from db.Querier, w Wanted) error {
	if w.Expect != ExpectArticle {
		return nil
	}
	var id int64
	err := from.QueryRow(ctx, "SELECT id FROM articles WHERE id = ?", w.Article).Scan(&id)
	if db.NoRows(err) {
		return &knowledge.Invalid{Field: "article_id", Message: "there is no such article"}
	}
	if err != nil {
		return fmt.Errorf("look for article %d: %w", w.Article, err)
	}
	return nil
}

// restate gives a question another expectation and forgets how it fared.
func restate(ctx context.Context, tx *db.Tx, q Question) (Question, error) {
	_, err := tx.Exec(ctx, `UPDATE golden_questions SET expect = ?, article_id = ?, note = CASE WHEN ? = '' THEN note ELSE ? END, version = version + 1,
 outcome = '', outcome_at = 0, broke_at = 0, decided = '' WHERE id = ? AND (expect <> ? OR article_id <> ? OR ? <> '')`, string(q.Expect), q.Article,
		q.Note, q.Note, q.ID, string(q.Expect), q.Article, q.Note)
	if err != nil {
		return Question{}, fmt.Errorf("restate golden question: %w", err)
	}
	return Get(ctx, tx, q.ID)
}

// Save changes a question that the editor read in this version. What it is asked as may change too; then how it fared is forgotten.
func Save(ctx context.Context, tx *db.Tx, q Question) (Question, error) {
	if err := q.clean(); err != nil {
		return Question{}, err
	}
	if err := mustHave(ctx, tx, q.Wanted); err != nil {
		return Question{}, err
	}
	n, err := tx.Exec(ctx, `UPDATE golden_questions SET question = ?, language = ?, channel = ?, tier = ?, asked_at = ?, expect = ?, article_id = ?, note = ?,
 version = version + 1, outcome = '', outcome_at = 0, broke_at = 0, decided = '' WHERE id = ? AND version = ? AND deleted_at = 0`, q.Question, q.Language,
		q.Channel, q.Tier, db.Millis(q.At), string(q.Expect), q.Article, q.Note, q.ID, q.Version)
	if err != nil {
		return Question{}, fmt.Errorf("save golden question %d: %w", q.ID, err)
	}
	now, err := Get(ctx, tx, q.ID)
	if err == nil && n == 0 {
		return Question{}, knowledge.ErrConflict
	}
	return now, err
}

// Delete takes a question out, and Undelete brings it back.
func Delete(ctx context.Context, tx *db.Tx, id int64) error {
	return mark(ctx, tx, id, db.Millis(tx.Now))
}

// Undelete brings a question back.
func Undelete(ctx context.Context, tx *db.Tx, id int64) error { return mark(ctx, tx, id, 0) }

func mark(ctx context.Context, tx *db.Tx, id, at int64) error {
	n, err := tx.Exec(ctx, "UPDATE golden_questions SET deleted_at = ? WHERE id = ?", at, id)
	if err != nil {
		return fmt.Errorf("delete golden question %d: %w", id, err)
	}
	if n == 0 {
		return knowledge.ErrNotFound
	}
	return nil
}

const columns = `id, question, language, channel, tier, asked_at, expect, article_id, note, conversation_id, seq, author_id, author_name, created_at, deleted_at,
 version, outcome, outcome_at, broke_at, decided`

// Get reads one question; a deleted one is not found.
func Get(ctx context.Context, from db.Querier, id int64) (Question, error) {
	list, err := read(ctx, from, "WHERE id = ? AND deleted_at = 0", id)
	if err == nil && len(list) == 0 {
		return Question{}, knowledge.ErrNotFound
	}
	if err != nil {
		return Question{}, err
	}
	return list[0], nil
}

func read(ctx context.Context, from db.Querier, where string, args ...any) ([]Question, error) {
	rows, err := from.Query(ctx, "SELECT "+columns+" FROM golden_questions "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read golden questions: %w", err)
	}
	defer rows.Close()
	list := []Question{}
	for rows.Next() {
		q, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, q)
	}
	return list, rows.Err()
}

func scan(rows *sql.Rows) (Question, error) {
	var q Question
	var asked, created, deleted, judged, broke int64
	var decided string
	err := rows.Scan(&q.ID, &q.Question, &q.Language, &q.Channel, &q.Tier, &asked, &q.Expect, &q.Article, &q.Note, &q.Source.ConversationID, &q.Source.Seq,
		&q.Author.ID, &q.Author.Name, &created, &deleted, &q.Version, &q.Outcome, &judged, &broke, &decided)
	if err != nil {
		return q, fmt.Errorf("read golden question: %w", err)
	}
	q.At, q.CreatedAt, q.DeletedAt, q.OutcomeAt, q.BrokeAt = timeOf(asked), timeOf(created), timeOf(deleted), timeOf(judged), timeOf(broke)
	if decided != "" {
		if err := json.Unmarshal([]byte(decided), &q.Decided); err != nil {
			return q, fmt.Errorf("read golden question %d: %w", q.ID, err)
		}
	}
	return q, nil
}

func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return db.Time(ms)
}
