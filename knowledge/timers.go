package knowledge

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// TimerKind is what happens to an article when a timer is due.
type TimerKind string

// The kinds of timers; an article has at most one of each.
const (
	PublishTimer TimerKind = "publish" // customers get the revision that was chosen when the time was set
	ExpireTimer  TimerKind = "expire"  // the article is archived
	RemindTimer  TimerKind = "remind"  // its owner is to look at it again
)

// Timer is something that is to happen to an article. It is a row, so that a restart does not lose it.
type Timer struct {
	Kind     TimerKind
	At       time.Time
	Revision int64 // id of the revision to publish
	By       Author
	Reason   string
	Trouble  string // why it did not happen; it is not tried again
}

// Timers are the rows of what is to happen to articles.
func Timers() db.Queue { return db.Queue{Table: "article_timers"} }

// maxAhead bounds how far away a timer may be.
const maxAhead = 10 * 365 * 24 * time.Hour

// TimersOf reads what is to happen to an article.
func TimersOf(ctx context.Context, from db.Querier, article int64) ([]Timer, error) {
	rows, err := from.Query(ctx, "SELECT kind, at, revision_id, by_id, by_name, reason, trouble FROM article_timers WHERE article_id = ? ORDER BY at, id", article)
	if err != nil {
		return nil, fmt.Errorf("read timers: %w", err)
	}
	defer rows.Close()
	var list []Timer
	for rows.Next() {
		var t Timer
		var at int64
		if err := rows.Scan(&t.Kind, &at, &t.Revision, &t.By.ID, &t.By.Name, &t.Reason, &t.Trouble); err != nil {
			return nil, fmt.Errorf("read timers: %w", err)
		}
		t.At = db.Time(at)
		list = append(list, t)
	}
	return list, rows.Err()
}

// setTimer sets the article's timer of a kind in the place of what was set; the zero time only takes it away.
func setTimer(ctx context.Context, tx *db.Tx, article int64, t Timer) error {
	if err := dropTimers(ctx, tx, article, t.Kind); err != nil || t.At.IsZero() {
		return err
	}
	at := db.Millis(t.At)
	_, err := tx.Exec(ctx, "INSERT INTO article_timers (article_id, kind, at, revision_id, by_id, by_name, reason, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		article, string(t.Kind), at, t.Revision, t.By.ID, t.By.Name, t.Reason, at)
	if err != nil {
		return fmt.Errorf("set timer: %w", err)
	}
	return nil
}

func dropTimers(ctx context.Context, tx *db.Tx, article int64, kinds ...TimerKind) error {
	for _, kind := range kinds {
		if _, err := tx.Exec(ctx, "DELETE FROM article_timers WHERE article_id = ? AND kind = ?", article, string(kind)); err != nil {
			return fmt.Errorf("drop timer: %w", err)
		}
	}
	return nil
}

// Plan is when an article is published and when it expires; a zero time is never.
type Plan struct {
	Publish, Expire time.Time
	Reason          string
}

// Schedule sets when the newest revision is published, and when the article expires. What was planned before is replaced.
func Schedule(ctx context.Context, tx *db.Tx, by Author, id, version int64, p Plan) (Article, error) {
	a, err := edit(ctx, tx, id, version)
	if err != nil {
		return Article{}, err
	}
	if err := p.check(tx.Now); err != nil {
		return Article{}, err
	}
	if err := a.plannable(p); err != nil {
		return Article{}, err
	}
	if !p.Publish.IsZero() {
		if err := mustBeApproved(ctx, tx, id, a.DraftRevision); err != nil {
			return Article{}, err
		}
	}
	for _, t := range []Timer{{Kind: PublishTimer, At: p.Publish, Revision: a.DraftRevision}, {Kind: ExpireTimer, At: p.Expire}} {
		t.By, t.Reason = by, p.Reason
		if err := setTimer(ctx, tx, id, t); err != nil {
			return Article{}, err
		}
	}
	return touch(ctx, tx, id)
}

func (a Article) plannable(p Plan) error {
	switch {
	case a.Status == Archived:
		return &Invalid{"status", "the article is archived; restore it first"}
	case !p.Publish.IsZero() && !a.Content.Answers():
		return &Invalid{"answer", "write the answer before publishing"}
	case !p.Publish.IsZero() && a.Status == Published && !a.Unpublished():
		return &Invalid{"publish_at", "this is what customers get already"}
	case !p.Expire.IsZero() && p.Publish.IsZero() && a.Status != Published:
		return &Invalid{"expires_at", "what is not published does not expire"}
	}
	return nil
}

func (p Plan) check(now time.Time) error {
	if err := checkText("reason", p.Reason, MaxWords); err != nil {
		return err
	}
	for field, at := range map[string]time.Time{"publish_at": p.Publish, "expires_at": p.Expire} {
		if at.IsZero() {
			continue
		}
		if !at.After(now) {
			return &Invalid{field, "this time is past"}
		}
		if at.Sub(now) > maxAhead {
			return &Invalid{field, "at most ten years ahead"}
		}
	}
	if !p.Expire.IsZero() && !p.Expire.After(p.Publish) {
		return &Invalid{"expires_at", "it must expire after it is published"}
	}
	return nil
}

// touch gives the article a new version, so that who has read the one before is told.
func touch(ctx context.Context, tx *db.Tx, id int64) (Article, error) {
	if _, err := tx.Exec(ctx, "UPDATE articles SET version = version + 1 WHERE id = ?", id); err != nil {
		return Article{}, fmt.Errorf("touch article %d: %w", id, err)
	}
	return Get(ctx, tx, id)
}
