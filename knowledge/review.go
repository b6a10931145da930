package knowledge

import (
	"context"
	"fmt"
	"strings"
	"time"

	"huiyin/db"
)

// ReviewState is where the review of an article's newest revision stands.
type ReviewState string

// The states of a review. An edit ends an approval, because only what was read is approved.
const (
	NoReview ReviewState = ""
	Asked    ReviewState = "asked"
	Returned ReviewState = "returned"
	Approved ReviewState = "approved"

	withdrawn ReviewState = "withdrawn" // of a request that was taken back or is past
)

// Review is one request to look at an article, or an approval that nobody had asked for.
type Review struct {
	Revision   int64 // id of the revision that was there when it was asked for, or decided
	State      ReviewState
	AskedBy    Author
	AskedAt    time.Time
	AskedWords string
	Reviewer   int64 // who was asked; 0: whoever may
	DecidedBy  Author
	DecidedAt  time.Time
	Words      string // what was said with the decision
}

// ReviewOf reads an article's newest review; found is false when there was none yet.
func ReviewOf(ctx context.Context, from db.Querier, id int64) (r Review, found bool, err error) {
	var asked, decided int64
	err = from.QueryRow(ctx, "SELECT revision_id, state, asked_by, asked_name, asked_at, asked_words, reviewer_id, decided_by, decided_name, decided_at, words"+
		" FROM article_reviews WHERE article_id = ? ORDER BY id DESC LIMIT 1", id).
		Scan(&r.Revision, &r.State, &r.AskedBy.ID, &r.AskedBy.Name, &asked, &r.AskedWords, &r.Reviewer, &r.DecidedBy.ID, &r.DecidedBy.Name, &decided, &r.Words)
	if db.NoRows(err) {
		return Review{}, false, nil
	}
	if err != nil {
		return Review{}, false, fmt.Errorf("read review of article %d: %w", id, err)
	}
	r.AskedAt, r.DecidedAt = db.Time(asked), db.Time(decided)
	return r, true, nil
}

// IsApproved tells whether a second person has approved this very revision.
func IsApproved(ctx context.Context, from db.Querier, article, revision int64) (bool, error) {
	var n int
	err := from.QueryRow(ctx, "SELECT COUNT(*) FROM article_reviews WHERE article_id = ? AND revision_id = ? AND state = ?",
		article, revision, string(Approved)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read approval of article %d: %w", article, err)
	}
	return n > 0, nil
}

// AskReview asks somebody, or whoever may (reviewer 0), to look at the newest revision. A request that is open is replaced.
func AskReview(ctx context.Context, tx *db.Tx, by Author, id, version, reviewer int64, words string) (Article, error) {
	a, words, err := reviewed(ctx, tx, id, version, words)
	if err != nil {
		return Article{}, err
	}
	if !a.Content.Answers() {
		return Article{}, &Invalid{"answer", "write the answer before asking for a review"}
	}
	if reviewer != 0 && reviewer == by.ID {
		return Article{}, &Invalid{"reviewer", "a review is by a second person"}
	}
	if err := closeRequests(ctx, tx, id); err != nil {
		return Article{}, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO article_reviews (article_id, revision_id, state, asked_by, asked_name, asked_at, asked_words, reviewer_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		id, a.DraftRevision, string(Asked), by.ID, by.Name, db.Millis(tx.Now), words, reviewer)
	if err != nil {
		return Article{}, fmt.Errorf("ask for review: %w", err)
	}
	return setReview(ctx, tx, id, Asked, reviewer)
}

// WithdrawReview takes a request back.
func WithdrawReview(ctx context.Context, tx *db.Tx, id, version int64) (Article, error) {
	a, err := edit(ctx, tx, id, version)
	if err != nil {
		return Article{}, err
	}
	if a.Review != Asked {
		return Article{}, &Invalid{"version", "nobody is asked to review this article"}
	}
	if err := closeRequests(ctx, tx, id); err != nil {
		return Article{}, err
	}
	return setReview(ctx, tx, id, NoReview, 0)
}

// ReturnReview gives the article back to who wrote it, with words that say why.
func ReturnReview(ctx context.Context, tx *db.Tx, by Author, id, version int64, words string) (Article, error) {
	a, words, err := reviewed(ctx, tx, id, version, words)
	if err != nil {
		return Article{}, err
	}
	if words == "" {
		return Article{}, &Invalid{"words", "say what is to be mended"}
	}
	return decide(ctx, tx, by, a, Returned, words)
}

// ApproveReview approves the newest revision, which somebody else must have written.
func ApproveReview(ctx context.Context, tx *db.Tx, by Author, id, version int64, words string) (Article, error) {
	a, words, err := reviewed(ctx, tx, id, version, words)
	if err != nil {
		return Article{}, err
	}
	writer, err := writerOf(ctx, tx, a)
	if err != nil {
		return Article{}, err
	}
	if by.ID == 0 || writer == by.ID {
		return Article{}, ErrOwnWork
	}
	return decide(ctx, tx, by, a, Approved, words)
}

// writerOf is who wrote the newest text: whoever has only moved it to another category since has not.
func writerOf(ctx context.Context, from db.Querier, a Article) (int64, error) {
	for before := 0; ; {
		list, err := Revisions(ctx, from, a.ID, before, maxPage)
		if err != nil {
			return 0, err
		}
		for i, r := range list {
			if r.Number == 1 || i+1 < len(list) && !onlyMoved(list[i+1].Content, r.Content) {
				return r.Author.ID, nil
			}
		}
		if len(list) < 2 {
			return 0, ErrNotFound // the first revision is always there
		}
		before = list[len(list)-1].Number + 1
	}
}

// onlyMoved tells whether nothing but the category is another.
func onlyMoved(before, after Content) bool {
	after.Category = before.Category
	return same(before, after)
}

// carryReview lets what was said and planned of a revision hold for the one that took its place when the article was only moved.
func carryReview(ctx context.Context, tx *db.Tx, a Article, from, to int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO article_reviews (article_id, revision_id, state, asked_by, asked_name, asked_at, asked_words, reviewer_id, decided_by, decided_name, decided_at, words)"+
		" SELECT article_id, CAST(? AS BIGINT), state, asked_by, asked_name, asked_at, asked_words, reviewer_id, decided_by, decided_name, decided_at, words"+
		" FROM article_reviews WHERE article_id = ? AND revision_id = ? AND state = ?", to, a.ID, from, string(Approved))
	if err == nil {
		_, err = tx.Exec(ctx, "UPDATE article_timers SET revision_id = ? WHERE article_id = ? AND revision_id = ?", to, a.ID, from)
	}
	if err == nil && from == a.DraftRevision {
		_, err = tx.Exec(ctx, "UPDATE articles SET review = ?, reviewer_id = ? WHERE id = ?", string(a.Review), a.Reviewer, a.ID)
	}
	if err != nil {
		return fmt.Errorf("carry review of article %d: %w", a.ID, err)
	}
	return nil
}

// reviewed takes an article for a step of its review.
func reviewed(ctx context.Context, tx *db.Tx, id, version int64, words string) (Article, string, error) {
	words = strings.TrimSpace(words)
	if err := checkText("words", words, MaxWords); err != nil {
		return Article{}, "", err
	}
	a, err := edit(ctx, tx, id, version)
	if err != nil {
		return Article{}, "", err
	}
	if a.Status == Archived {
		return Article{}, "", &Invalid{"status", "the article is archived; restore it first"}
	}
	if !a.Unpublished() {
		return Article{}, "", &Invalid{"status", "there is nothing to review: this is what customers get already"}
	}
	return a, words, nil
}

// decide notes the decision on the open request, or alone where nobody had asked.
func decide(ctx context.Context, tx *db.Tx, by Author, a Article, state ReviewState, words string) (Article, error) {
	now := db.Millis(tx.Now)
	n, err := tx.Exec(ctx, "UPDATE article_reviews SET state = ?, revision_id = ?, decided_by = ?, decided_name = ?, decided_at = ?, words = ?"+
		" WHERE article_id = ? AND state = ?", string(state), a.DraftRevision, by.ID, by.Name, now, words, a.ID, string(Asked))
	if err == nil && n == 0 {
		_, err = tx.Exec(ctx, "INSERT INTO article_reviews (article_id, revision_id, state, decided_by, decided_name, decided_at, words) VALUES (?, ?, ?, ?, ?, ?, ?)",
			a.ID, a.DraftRevision, string(state), by.ID, by.Name, now, words)
	}
	if err != nil {
		return Article{}, fmt.Errorf("decide review: %w", err)
	}
	return setReview(ctx, tx, a.ID, state, 0)
}

func closeRequests(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "UPDATE article_reviews SET state = ?, decided_at = ? WHERE article_id = ? AND state = ?",
		string(withdrawn), db.Millis(tx.Now), id, string(Asked))
	if err != nil {
		return fmt.Errorf("close review: %w", err)
	}
	return nil
}

func setReview(ctx context.Context, tx *db.Tx, id int64, state ReviewState, reviewer int64) (Article, error) {
	_, err := tx.Exec(ctx, "UPDATE articles SET review = ?, reviewer_id = ?, version = version + 1 WHERE id = ?", string(state), reviewer, id)
	if err != nil {
		return Article{}, fmt.Errorf("set review of article %d: %w", id, err)
	}
	return Get(ctx, tx, id)
}

// mustBeApproved refuses to publish a revision that no second person has approved, where the rules ask for that.
func mustBeApproved(ctx context.Context, tx *db.Tx, article, revision int64) error {
	rules, err := ReadRules(ctx, tx)
	if err != nil || !rules.FourEyes {
		return err
	}
	approved, err := IsApproved(ctx, tx, article, revision)
	if err == nil && !approved {
		return ErrNotApproved
	}
	return err
}
