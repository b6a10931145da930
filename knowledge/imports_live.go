package knowledge

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"huiyin/db"
)

// An import writes drafts, and an undo writes back the old texts as drafts; customers go on getting what they got. When all is
// written, one transaction gives every article its goal. It is made of statements over all rows, so that it is short: on
// SQLite everybody waits for it.

// goalRemove is the goal of an article that an import had made and that goes again: it is archived with the others, and deleted
// afterwards.
const goalRemove = "removed"

const withGoal = "SELECT article_id FROM article_import_rows WHERE import_id = ? AND goal = ?"

// reachGoals makes every article of an import what it is to be.
func reachGoals(ctx context.Context, tx *db.Tx, id int64) error {
	if err := lockGoals(ctx, tx, id); err != nil {
		return fmt.Errorf("import %d at once: %w", id, err)
	}
	for _, step := range []func(context.Context, *db.Tx, int64) error{dropPlans, endReviews, remindAll, setGoals, logGoals} {
		if err := step(ctx, tx, id); err != nil {
			return fmt.Errorf("import %d at once: %w", id, err)
		}
	}
	// The rows follow the versions of the articles, by which an undo sees who has changed one since.
	if _, err := tx.Exec(ctx, "UPDATE article_import_rows SET version = version + 1, goal = CASE goal WHEN 'removed' THEN goal ELSE '' END WHERE import_id = ? AND goal <> ''", id); err != nil {
		return fmt.Errorf("import %d at once: %w", id, err)
	}
	return nil
}

// anyGoal tells whether an article of the import has a goal; most imports have one kind only, and each statement reads all rows.
func anyGoal(ctx context.Context, tx *db.Tx, id int64, goal string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM article_import_rows WHERE import_id = ? AND goal = ? LIMIT 1) x", id, goal).Scan(&n)
	return n > 0, err
}

// staged is what the rows of an import so far have done: the articles, and what each is to become. Rows do not see it of each
// other otherwise, since nothing is live before all is written. nil is of those that have their effect at once.
type staged struct{ kept, batch map[int64]Status }

// begin forgets what a transaction did that is run again.
func (s *staged) begin() {
	if s != nil {
		s.batch = map[int64]Status{}
	}
}

// keep is for a batch that is committed.
func (s *staged) keep() {
	if s == nil {
		return
	}
	if s.kept == nil {
		s.kept = map[int64]Status{}
	}
	maps.Copy(s.kept, s.batch)
	s.batch = nil
}

func (s *staged) put(article int64, goal Status) {
	if s != nil {
		s.batch[article] = goal
	}
}

// of tells whether rows above have touched an article, and what it is to become if they said so.
func (s *staged) of(article int64) (goal Status, touched bool) {
	if s == nil {
		return "", false
	}
	if goal, touched = s.batch[article]; !touched {
		goal, touched = s.kept[article]
	}
	return goal, touched
}

// goal is what an article is to become, and the version in which it was told so.
type goal struct {
	status            string
	revision, version int64
}

// setGoal gives an article its goal, which stands at the last of its rows; there is none beside it.
func setGoal(ctx context.Context, tx *db.Tx, id, article int64, g goal) error {
	return execAll(ctx, tx, statement{"UPDATE article_import_rows SET goal = '', goal_revision = 0 WHERE import_id = ? AND article_id = ?", []any{id, article}},
		statement{"UPDATE article_import_rows SET goal = ?, goal_revision = ?, version = CASE WHEN ? > 0 THEN ? ELSE version END WHERE import_id = ? AND n =" +
			" (SELECT MAX(n) FROM article_import_rows WHERE import_id = ? AND article_id = ? AND outcome IN ('added', 'changed'))",
			[]any{g.status, g.revision, g.version, g.version, id, id, article}})
}

type statement struct {
	text string
	args []any
}

func execAll(ctx context.Context, tx *db.Tx, list ...statement) error {
	for _, s := range list {
		if _, err := tx.Exec(ctx, s.text, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// lockGoals keeps the articles from being changed meanwhile.
func lockGoals(ctx context.Context, tx *db.Tx, id int64) error {
	if tx.ForUpdate() == "" {
		return nil
	}
	rows, err := tx.Query(ctx, "SELECT id FROM articles WHERE id IN (SELECT article_id FROM article_import_rows WHERE import_id = ? AND goal <> '') ORDER BY id"+tx.ForUpdate(), id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		continue
	}
	return rows.Err()
}

// leaveOvertaken leaves the articles that somebody has published or withdrawn while the import was under way, and those that
// a second person has to approve by now; what the import wrote is a draft of theirs.
func leaveOvertaken(ctx context.Context, tx *db.Tx, id int64) error {
	rules, err := ReadRules(ctx, tx)
	if err != nil {
		return err
	}
	const leave = "UPDATE article_import_rows SET goal = '', goal_revision = 0, message = ? WHERE import_id = ? AND goal <> ''"
	list := []statement{{leave + " AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = article_import_rows.article_id" +
		" AND a.status = CASE before_status WHEN '' THEN 'draft' ELSE before_status END AND a.published_revision_id = before_published)",
		[]any{"somebody published or withdrew it while the import was under way; what the file says is a draft", id}}}
	if rules.FourEyes {
		list = append(list, statement{leave + " AND goal = ? AND NOT EXISTS (SELECT 1 FROM article_reviews v WHERE v.article_id = article_import_rows.article_id" +
			" AND v.revision_id = goal_revision AND v.state = ?)", []any{"a second person must approve what is published; it is a draft", id, string(Published), string(Approved)}})
	}
	return execAll(ctx, tx, list...)
}

// dropPlans drops what was planned for the articles and makes no sense any more.
func dropPlans(ctx context.Context, tx *db.Tx, id int64) error {
	const drop = "DELETE FROM article_timers WHERE article_id IN (" + withGoal + ")"
	return execAll(ctx, tx, statement{drop + " AND kind = ?", []any{id, string(Published), string(PublishTimer)}},
		statement{drop + " AND kind = ?", []any{id, string(Draft), string(ExpireTimer)}},
		statement{drop, []any{id, string(Archived)}}, statement{drop, []any{id, goalRemove}})
}

// endReviews ends those of texts that are live now, or never will be.
func endReviews(ctx context.Context, tx *db.Tx, id int64) error {
	const past = "SELECT r.article_id FROM article_import_rows r JOIN articles a ON a.id = r.article_id WHERE r.import_id = ?" +
		" AND (r.goal IN ('archived', 'removed') OR r.goal = 'published' AND r.goal_revision = a.draft_revision_id)"
	return execAll(ctx, tx, statement{"UPDATE article_reviews SET state = ?, decided_at = ? WHERE state = ? AND article_id IN (" + past + ")",
		[]any{string(withdrawn), db.Millis(tx.Now), string(Asked), id}},
		statement{"UPDATE articles SET review = '', reviewer_id = 0 WHERE review <> '' AND id IN (" + past + ")", []any{id}})
}

// remindAll sets the day on which what is published is looked at again, where there is such a rule.
func remindAll(ctx context.Context, tx *db.Tx, id int64) error {
	rules, err := ReadRules(ctx, tx)
	if err != nil || rules.ReviewDays == 0 {
		return err
	}
	now, at := db.Millis(tx.Now), db.Millis(rules.after(tx.Now))
	due := "SELECT id FROM articles WHERE review_by <= ? AND id IN (" + withGoal + ")"
	args := []any{now, id, string(Published)}
	return execAll(ctx, tx, statement{"DELETE FROM article_timers WHERE kind = 'remind' AND article_id IN (" + due + ")", args},
		statement{"INSERT INTO article_timers (article_id, kind, at, revision_id, by_id, by_name, reason, due_at) SELECT id, 'remind', CAST(? AS BIGINT), 0, 0, '', '', CAST(? AS BIGINT)" +
			" FROM articles WHERE id IN (" + due + ")", append([]any{at, at}, args...)},
		statement{"UPDATE articles SET review_by = ? WHERE id IN (" + due + ")", append([]any{at}, args...)})
}

// setGoals makes it so.
func setGoals(ctx context.Context, tx *db.Tx, id int64) error {
	now := db.Millis(tx.Now)
	const set = "UPDATE articles SET status = ?, updated_at = ?, version = version + 1, published_revision_id = "
	const at = " WHERE id IN (" + withGoal + ")"
	const chosen = "(SELECT r.goal_revision FROM article_import_rows r WHERE r.import_id = ? AND r.article_id = articles.id AND r.goal = 'published')"
	for goal, to := range map[string]Status{string(Published): Published, string(Draft): Draft, string(Archived): Archived, goalRemove: Archived} {
		some, err := anyGoal(ctx, tx, id, goal)
		if err != nil {
			return err
		}
		if !some {
			continue
		}
		revision, args := "0", []any{string(to), now}
		if to == Published {
			revision, args = chosen, append(args, id)
		}
		if _, err := tx.Exec(ctx, set+revision+at, append(args, id, goal)...); err != nil {
			return err
		}
	}
	return nil
}

// logGoals tells those who follow the log of changes.
func logGoals(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Lock(ctx, changesLock); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO knowledge_changes (n, article_id, at)"+
		" SELECT (SELECT COALESCE(MAX(n), 0) FROM knowledge_changes) + ROW_NUMBER() OVER (ORDER BY article_id), article_id, CAST(? AS BIGINT)"+
		" FROM article_import_rows WHERE import_id = ? AND goal <> ''", db.Millis(tx.Now), id)
	return err
}

// removeSome deletes the next articles that go, of those behind one, and gives the last that it looked at; 0 when there are none.
// It is a transaction of its own, and not part of the one that everybody waits for: they are in no customer's way any more.
func removeSome(ctx context.Context, tx *db.Tx, id, after int64) (int64, error) {
	list, last, err := removable(ctx, tx, id, after)
	if err != nil || last == 0 {
		return 0, err
	}
	if err := remove(ctx, tx, list); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "UPDATE article_import_rows SET goal = '' WHERE import_id = ? AND goal = ? AND article_id > ? AND article_id <= ?", id, goalRemove, after, last)
	return last, err
}

// removable are the articles among the next that nobody has used or changed; last is the last of the next, 0 when there are none.
func removable(ctx context.Context, tx *db.Tx, id, after int64) (list []int64, last int64, err error) {
	rows, err := tx.Query(ctx, "SELECT r.article_id, a.used + a.helpful + a.unhelpful = 0 AND a.version = r.version FROM article_import_rows r JOIN articles a ON a.id = r.article_id"+
		" WHERE r.import_id = ? AND r.goal = ? AND r.article_id > ? ORDER BY r.article_id LIMIT ?", id, goalRemove, after, importBatch)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var free bool
		if err := rows.Scan(&last, &free); err != nil {
			return nil, 0, err
		}
		if free {
			list = append(list, last)
		}
	}
	return list, last, rows.Err()
}

// remove deletes articles that nobody has used.
func remove(ctx context.Context, tx *db.Tx, list []int64) error {
	if len(list) == 0 {
		return nil
	}
	in, ids := " IN (?"+strings.Repeat(", ?", len(list)-1)+")", make([]any, len(list))
	for i, id := range list {
		ids[i] = id
	}
	for _, table := range []string{"article_timers", "article_reviews", "article_comments", "article_visitors", "article_files", "article_typing", "article_tags", "article_revisions"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE article_id"+in, ids...); err != nil {
			return fmt.Errorf("delete articles: %w", err)
		}
	}
	if _, err := tx.Exec(ctx, "DELETE FROM articles WHERE id"+in, ids...); err != nil {
		return fmt.Errorf("delete articles: %w", err)
	}
	for _, article := range list {
		if err := logChange(ctx, tx, article); err != nil {
			return err
		}
	}
	return nil
}
