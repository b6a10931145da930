package gaps

import (
	"context"
	"fmt"
	"time"

	"huiyin/conversation"
)

// Span says which figures to read: the days from one to another, both included, of what somebody may see.
type Span struct {
	From, To   int // days, such as 20261122
	Scope      conversation.Scope
	InboxID    int64
	ArticleID  int64
	RevisionID int64
	Articles   map[int64]bool // nil: all
}

// Counts are the figures of some days.
type Counts map[Kind]int64

// Quality is what a page of figures shows.
type Quality struct {
	All, Before       Counts // Before: of as many days right before
	Days              map[int]Counts
	Inboxes, Articles map[int64]Counts
	Revisions         map[int64]Counts // only of one article
	Zone              string
	At                time.Time // when it was measured last
	Behind            bool      // not everything is measured yet
}

// Read reads figures.
func (s *Store) Read(ctx context.Context, q Span) (Quality, error) {
	zone, err := s.Zone(ctx)
	if err != nil {
		return Quality{}, err
	}
	r := Quality{All: Counts{}, Before: Counts{}, Days: map[int]Counts{}, Inboxes: map[int64]Counts{}, Articles: map[int64]Counts{}, Revisions: map[int64]Counts{}, Zone: zone.String()}
	if r.At, r.Behind, err = s.standing(ctx); err != nil {
		return r, err
	}
	err = s.each(ctx, q, func(p place, n int64) {
		r.All[p.kind] += n
		at(r.Days, p.day)[p.kind] += n
		at(r.Inboxes, p.inbox)[p.kind] += n
		if p.article != 0 {
			at(r.Articles, p.article)[p.kind] += n
		}
		if q.ArticleID != 0 {
			at(r.Revisions, p.revision)[p.kind] += n
		}
	})
	if err != nil {
		return r, err
	}
	return r, s.each(ctx, q.before(), func(p place, n int64) { r.Before[p.kind] += n })
}

func at[K comparable](all map[K]Counts, key K) Counts {
	if all[key] == nil {
		all[key] = Counts{}
	}
	return all[key]
}

// before are as many days right before those of the span.
func (q Span) before() Span {
	from, to := dateOf(q.From), dateOf(q.To)
	days := int(to.Sub(from).Hours()/24) + 1
	q.From, q.To = dayOf(from.AddDate(0, 0, -days)), dayOf(from.AddDate(0, 0, -1))
	return q
}

func dateOf(day int) time.Time {
	return time.Date(day/10000, time.Month(day/100%100), day%100, 0, 0, 0, 0, time.UTC)
}

func (s *Store) each(ctx context.Context, q Span, take func(p place, n int64)) error {
	where, args := "day BETWEEN ? AND ?"+scoped(q.Scope, ""), []any{q.From, q.To}
	for _, one := range []struct {
		column string
		id     int64
	}{{"inbox_id", q.InboxID}, {"article_id", q.ArticleID}, {"revision_id", q.RevisionID}} {
		if one.id != 0 {
			where, args = where+" AND "+one.column+" = ?", append(args, one.id)
		}
	}
	rows, err := s.DB.Query(ctx, "SELECT day, kind, inbox_id, article_id, revision_id, SUM(n) FROM gap_days WHERE "+where+" GROUP BY 1, 2, 3, 4, 5", args...)
	if err != nil {
		return fmt.Errorf("read quality: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		var n int64
		if err := rows.Scan(&p.day, &p.kind, &p.inbox, &p.article, &p.revision, &n); err != nil {
			return fmt.Errorf("read quality: %w", err)
		}
		if n != 0 && (q.Articles == nil || q.Articles[p.article]) {
			take(p, n)
		}
	}
	return rows.Err()
}

// standing tells when the figures were measured last, and whether something is left to measure.
func (s *Store) standing(ctx context.Context) (at time.Time, behind bool, err error) {
	st, found, err := readState(ctx, s.DB)
	if err != nil || !found {
		return time.Time{}, true, err
	}
	left, err := s.Conversations.IDsAfter(ctx, s.DB, st.measured, 1)
	return st.at, len(left) > 0, err
}

// Around counts an article's figures in some days before a day and as many from it on; Effect says whether that is enough to tell.
func (s *Store) Around(ctx context.Context, q Span, day, days int) (Effect, error) {
	e := Effect{Before: Counts{}, After: Counts{}, Days: days}
	begin := dateOf(day)
	q.From, q.To = dayOf(begin.AddDate(0, 0, -days)), dayOf(begin.AddDate(0, 0, days-1))
	return e, s.each(ctx, q, func(p place, n int64) {
		if p.day < day {
			e.Before[p.kind] += n
		} else {
			e.After[p.kind] += n
		}
	})
}

// Effect is what was different after a publication.
type Effect struct {
	Before, After Counts
	Days          int
}

// leastJudged is how many answers somebody must have judged, before and after, for their shares to be compared.
const leastJudged = 10

// Enough tells whether there are enough judged answers on both sides to speak of an effect.
func (e Effect) Enough() bool {
	return e.Before.Judged() >= leastJudged && e.After.Judged() >= leastJudged
}

// Judged is how many answers somebody judged.
func (c Counts) Judged() int64 { return c[KindRight] + c[KindWrong] }
