package knowledge

import (
	"context"
	"fmt"
	"time"

	"huiyin/db"
)

// Rules hold for all articles, whatever road a change comes by.
type Rules struct {
	FourEyes   bool  // an article is approved by a second person before it is published
	ReviewDays int   // what is published is looked at again after so many days; 0: no such date is set
	Version    int64 // rises with every save; 0: never saved
}

// MaxReviewDays is the longest time after which an article is looked at again.
const MaxReviewDays = 3650

// ReadRules reads the rules; the zero ones when none were ever saved.
func ReadRules(ctx context.Context, from db.Querier) (Rules, error) {
	var r Rules
	var eyes int
	err := from.QueryRow(ctx, "SELECT four_eyes, review_days, version FROM knowledge_rules WHERE id = 1").Scan(&eyes, &r.ReviewDays, &r.Version)
	if err != nil && !db.NoRows(err) {
		return Rules{}, fmt.Errorf("read knowledge rules: %w", err)
	}
	r.FourEyes = eyes == 1
	return r, nil
}

// SaveRules writes the rules on top of the version that was read; ErrConflict when somebody else has saved meanwhile.
func SaveRules(ctx context.Context, tx *db.Tx, r Rules) (Rules, error) {
	if r.ReviewDays < 0 || r.ReviewDays > MaxReviewDays {
		return Rules{}, &Invalid{"review_days", fmt.Sprintf("from 0 to %d days", MaxReviewDays)}
	}
	n, err := tx.Exec(ctx, "INSERT INTO knowledge_rules (id, four_eyes, review_days, version) SELECT 1, ?, ?, 1 WHERE ? = 0 ON CONFLICT DO NOTHING",
		number(r.FourEyes), r.ReviewDays, r.Version)
	if err == nil && r.Version > 0 {
		n, err = tx.Exec(ctx, "UPDATE knowledge_rules SET four_eyes = ?, review_days = ?, version = version + 1 WHERE id = 1 AND version = ?",
			number(r.FourEyes), r.ReviewDays, r.Version)
	}
	if err != nil {
		return Rules{}, fmt.Errorf("save knowledge rules: %w", err)
	}
	if n == 0 {
		return Rules{}, ErrConflict
	}
	r.Version++
	return r, nil
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// after is the day on which something published now is looked at again; the zero time when there is no such rule.
func (r Rules) after(now time.Time) time.Time {
	if r.ReviewDays == 0 {
		return time.Time{}
	}
	return now.AddDate(0, 0, r.ReviewDays)
}
