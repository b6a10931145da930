package knowledge

import (
	"context"
	"fmt"

	"huiyin/db"
)

// Publish gives the newest revision to the customers. ErrNotApproved when the rules ask for a second person's approval
// and there is none of this revision.
func Publish(ctx context.Context, tx *db.Tx, id, version int64) (Article, error) {
	a, err := edit(ctx, tx, id, version)
	if err != nil {
		return Article{}, err
	}
	return publishRevision(ctx, tx, a, a.DraftRevision)
}

// publishRevision gives one revision of an article to the customers; what was planned to be published is past then.
func publishRevision(ctx context.Context, tx *db.Tx, a Article, revision int64) (Article, error) {
	if err := mayAnswer(ctx, tx, a, revision); err != nil {
		return Article{}, err
	}
	if a.Status == Published && a.PublishedRevision == revision {
		return a, nil
	}
	if err := mustBeApproved(ctx, tx, a.ID, revision); err != nil {
		return Article{}, err
	}
	if err := dropTimers(ctx, tx, a.ID, PublishTimer); err != nil {
		return Article{}, err
	}
	if revision == a.DraftRevision {
		if err := endReview(ctx, tx, a.ID); err != nil {
			return Article{}, err
		}
	}
	rules, err := ReadRules(ctx, tx)
	if err != nil {
		return Article{}, err
	}
	if again := rules.after(tx.Now); !again.IsZero() && !a.ReviewBy.After(tx.Now) {
		if err := remindBy(ctx, tx, Author{}, a.ID, again); err != nil {
			return Article{}, err
		}
	}
	return setStatus(ctx, tx, a.ID, Published, revision)
}

func mayAnswer(ctx context.Context, tx *db.Tx, a Article, revision int64) error {
	c := a.Content
	if revision != a.DraftRevision {
		r, err := GetRevision(ctx, tx, revision)
		if err != nil {
			return err
		}
		c = r.Content
	}
	if !c.Answers() {
		return &Invalid{"answer", "write the answer before publishing"}
	}
	return nil
}

// endReview clears where the review stands; what was decided stays on record.
func endReview(ctx context.Context, tx *db.Tx, id int64) error {
	if err := closeRequests(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE articles SET review = '', reviewer_id = 0 WHERE id = ? AND review <> ''", id); err != nil {
		return fmt.Errorf("end review of article %d: %w", id, err)
	}
	return nil
}

// Unpublish takes the article away from the customers; it is a draft again, and does not expire any more.
func Unpublish(ctx context.Context, tx *db.Tx, id, version int64) (Article, error) {
	return withdraw(ctx, tx, id, version, Draft)
}

// Archive takes the article away from the customers and out of the editors' way; what was planned for it is off.
// SaveDraft or Publish work on it as before, and Unpublish brings it back as a draft.
func Archive(ctx context.Context, tx *db.Tx, id, version int64) (Article, error) {
	return withdraw(ctx, tx, id, version, Archived)
}

func withdraw(ctx context.Context, tx *db.Tx, id, version int64, to Status) (Article, error) {
	a, err := edit(ctx, tx, id, version)
	if err != nil {
		return Article{}, err
	}
	if a.Status == to {
		return a, nil
	}
	return setStatus(ctx, tx, id, to, 0)
}

func setStatus(ctx context.Context, tx *db.Tx, id int64, to Status, published int64) (Article, error) {
	if err := endPlans(ctx, tx, id, to); err != nil {
		return Article{}, err
	}
	_, err := tx.Exec(ctx, "UPDATE articles SET status = ?, published_revision_id = ?, updated_at = ?, version = version + 1 WHERE id = ?",
		string(to), published, db.Millis(tx.Now), id)
	if err != nil {
		return Article{}, fmt.Errorf("set article %d %s: %w", id, to, err)
	}
	if err := logChange(ctx, tx, id); err != nil {
		return Article{}, err
	}
	return Get(ctx, tx, id)
}

// endPlans drops what was planned for an article and makes no sense in its new state.
func endPlans(ctx context.Context, tx *db.Tx, id int64, to Status) error {
	switch to {
	case Draft:
		return dropTimers(ctx, tx, id, ExpireTimer)
	case Archived:
		if err := endReview(ctx, tx, id); err != nil {
			return err
		}
		return dropTimers(ctx, tx, id, PublishTimer, ExpireTimer, RemindTimer)
	}
	return nil
}
