package gaps

import (
	"context"
	"fmt"
	"time"
)

// Use is how an article does: how it was used and judged in some days.
type Use struct {
	Counts
	Last int // the newest day on which it answered; 0: none
}

// Uses reads how all articles did since a day.
func (s *Store) Uses(ctx context.Context, since time.Time) (map[int64]Use, error) {
	zone, err := s.Zone(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.DB.Query(ctx, "SELECT article_id, kind, SUM(n), MAX(day) FROM gap_days WHERE article_id <> 0 AND day >= ? AND n > 0 GROUP BY 1, 2", dayOf(since.In(zone)))
	if err != nil {
		return nil, fmt.Errorf("read uses: %w", err)
	}
	defer rows.Close()
	found := map[int64]Use{}
	for rows.Next() {
		var id, n int64
		var kind Kind
		var day int
		if err := rows.Scan(&id, &kind, &n, &day); err != nil {
			return nil, fmt.Errorf("read uses: %w", err)
		}
		u := found[id]
		if u.Counts == nil {
			u.Counts = Counts{}
		}
		u.Counts[kind] += n
		if kind == KindAnswered {
			u.Last = max(u.Last, day)
		}
		found[id] = u
	}
	return found, rows.Err()
}

const (
	// leastDoubts is how many people must have found an article wrong, and doubtful from which share of those who judged it on, for
	// it to be listed.
	leastDoubts = 2
	doubtful    = 0.4
)

// Doubtful tells whether too many of those who judged an article found it wrong.
func (u Use) Doubtful() bool {
	bad := u.Counts[KindWrong]
	return bad >= leastDoubts && float64(bad) >= doubtful*float64(u.Judged())
}
