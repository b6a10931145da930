package knowledge

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"huiyin/db"
)

// Happened is what a timer has done to an article. Trouble says why it could not; customers then get what they got before.
type Happened struct {
	Timer
	Article Article
}

// timerLease never runs out in practice: a timer is claimed and finished in one transaction.
const timerLease = time.Minute

// RunDue does what is due to articles, each in a transaction of its own in which also told is called; so each happens
// once, however many nodes look, and whoever has to know is told exactly then. It returns how many there were.
func RunDue(ctx context.Context, d *db.DB, told func(context.Context, *db.Tx, Happened) error) (int, error) {
	for n := 0; ; n++ {
		found := false
		err := d.Tx(ctx, func(tx *db.Tx) error {
			leases, err := Timers().Claim(ctx, tx, rand.Text(), timerLease, 1)
			if found = len(leases) > 0; err != nil || !found {
				return err
			}
			h, err := fire(ctx, tx, leases[0])
			if err != nil {
				return err
			}
			return told(ctx, tx, h)
		})
		if err != nil || !found {
			return n, err
		}
	}
}

// fire does what one timer says, and ends it.
func fire(ctx context.Context, tx *db.Tx, lease db.Lease) (Happened, error) {
	var h Happened
	var article, at int64
	err := tx.QueryRow(ctx, "SELECT article_id, kind, at, revision_id, by_id, by_name, reason FROM article_timers WHERE id = ?", lease.ID).
		Scan(&article, &h.Kind, &at, &h.Revision, &h.By.ID, &h.By.Name, &h.Reason)
	if err != nil {
		return h, fmt.Errorf("read timer %d: %w", lease.ID, err)
	}
	h.At = db.Time(at)
	if h.Article, err = lockArticle(ctx, tx, article); err != nil {
		return h, err
	}
	changed := h.Article
	switch h.Kind {
	case PublishTimer:
		changed, err = publishRevision(ctx, tx, h.Article, h.Revision)
	case ExpireTimer:
		changed, err = setStatus(ctx, tx, article, Archived, 0)
	}
	var invalid *Invalid
	if errors.Is(err, ErrNotApproved) || errors.As(err, &invalid) {
		h.Trouble = err.Error()
		return h, troubled(ctx, tx, lease, h.Trouble)
	}
	if err != nil {
		return h, err
	}
	h.Article = changed
	return h, dropTimers(ctx, tx, article, h.Kind)
}

// troubled keeps a timer that could not do its work, for people to see; it is not tried again.
func troubled(ctx context.Context, tx *db.Tx, lease db.Lease, trouble string) error {
	if err := Timers().Finish(ctx, tx, lease, time.Time{}); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE article_timers SET trouble = ? WHERE id = ?", trouble, lease.ID); err != nil {
		return fmt.Errorf("note trouble of timer: %w", err)
	}
	return nil
}

// lockArticle reads an article that nobody else changes until the transaction ends.
func lockArticle(ctx context.Context, tx *db.Tx, id int64) (Article, error) {
	var version int64
	err := tx.QueryRow(ctx, "SELECT version FROM articles WHERE id = ?"+tx.ForUpdate(), id).Scan(&version)
	if db.NoRows(err) {
		return Article{}, ErrNotFound
	}
	if err != nil {
		return Article{}, fmt.Errorf("read article %d: %w", id, err)
	}
	return Get(ctx, tx, id)
}
