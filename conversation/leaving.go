package conversation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"huiyin/db"
)

// Files are kept by their content, so bytes that no row names may be uploaded again in the very moment in which they are deleted. A mark
// keeps the two apart. It is set in the transaction that finds no row, and says "gone" after the bytes are deleted. Who puts bytes reads
// the mark before, and waits while they are being deleted; the row is taken only while the mark is still the one that was read, since
// then no deletion has begun in between. Either the row is first, and the bytes stay, or it is refused, and the upload is repeated.

const (
	leavingFor  = 2 * time.Minute // a deletion takes less; one that does not end in it died with its node, and another does it again
	leavingKept = 24 * time.Hour  // how long it is known that bytes were deleted: longer than any upload is under way
	settleFor   = 3 * time.Second // how long an upload waits for a deletion
	settleLook  = 20 * time.Millisecond
)

// leftError refuses an upload whose bytes were deleted at that moment. It is an ErrUnavailable: the same succeeds when it is repeated.
type leftError struct{ sum string }

// Error says what to do.
func (e leftError) Error() string {
	return "the file " + e.sum + " was being tidied away at this very moment; upload it again"
}

// Is makes it an ErrUnavailable.
func (e leftError) Is(target error) bool { return target == ErrUnavailable }

// leaving is a deletion; the zero value is none.
type leaving struct {
	mark  string
	since time.Time
	gone  bool
}

// underWay tells whether somebody is at it.
func (l leaving) underWay() bool { return l.mark != "" && !l.gone }

func (s *Store) leaving(ctx context.Context, from db.Querier, sum string) (l leaving, err error) {
	var since int64
	var gone int
	err = from.QueryRow(ctx, "SELECT mark, since, gone FROM leaving_files WHERE sha256 = ?", sum).Scan(&l.mark, &since, &gone)
	if db.NoRows(err) {
		return leaving{}, nil
	}
	if err != nil {
		return leaving{}, fmt.Errorf("look whether a file is being deleted: %w", err)
	}
	l.since, l.gone = db.Time(since), gone == 1
	return l, nil
}

// settle waits until nobody deletes the bytes, and gives the mark of the last deletion.
func (s *Store) settle(ctx context.Context, files Files, sum string) (mark string, err error) {
	late := time.NewTimer(settleFor)
	defer late.Stop()
	for {
		l, err := s.leaving(ctx, s.DB, sum)
		if err != nil || !l.underWay() {
			return l.mark, err
		}
		if s.DB.Now().Sub(l.since) > leavingFor {
			if err := s.removeUnnamed(ctx, files, sum); err != nil {
				return "", err
			}
			continue
		}
		select {
		case <-late.C:
			return "", leftError{sum}
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(settleLook):
		}
	}
}

// stays makes sure that the bytes of a row about to be stored are there, and stay at least until it is decided.
func (s *Store) stays(ctx context.Context, tx *db.Tx, f Stored) error {
	if err := tx.LockShared(ctx, lockOf(f.SHA256)); err != nil {
		return err
	}
	l, err := s.leaving(ctx, tx, f.SHA256)
	if err == nil && (l.underWay() || l.mark != "" && l.mark != f.left) {
		err = leftError{f.SHA256}
	}
	return err
}

// lockOf is the lock on what becomes of bytes.
func lockOf(sum string) int64 {
	key, _ := strconv.ParseUint(sum[:min(len(sum), 16)], 16, 64) // another's lock would do as well
	return int64(key)
}

// removeUnnamed deletes bytes unless a row names them, or somebody else is deleting them.
func (s *Store) removeUnnamed(ctx context.Context, files Files, sum string) error {
	begun := time.Now()
	mark, err := s.letGo(ctx, sum)
	if err != nil || mark == "" {
		return err
	}
	if time.Since(begun) > leavingFor/2 {
		return nil // this node was held up; another may be at it soon
	}
	if err := files.Remove(sum); err != nil {
		return err // the mark stays, and it is done again
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE leaving_files SET gone = 1 WHERE sha256 = ? AND mark = ?", sum, mark)
		return wrap("note that a file is deleted", err)
	})
}

// letGo decides whether bytes are deleted, and sets the mark; "" when they are not.
func (s *Store) letGo(ctx context.Context, sum string) (mark string, err error) {
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		mark = ""
		if err := tx.Lock(ctx, lockOf(sum)); err != nil {
			return err
		}
		named, err := s.queryAttachments(ctx, tx, "sha256 = ? LIMIT 1", sum)
		if err != nil {
			return err
		}
		l, err := s.leaving(ctx, tx, sum)
		if err != nil || l.underWay() && tx.Now.Sub(l.since) <= leavingFor {
			return err
		}
		if len(named) > 0 {
			_, err := tx.Exec(ctx, "DELETE FROM leaving_files WHERE sha256 = ? AND gone = 0", sum)
			return wrap("keep a file", err)
		}
		mark = rand.Text()
		_, err = tx.Exec(ctx, "INSERT INTO leaving_files (sha256, mark, since) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET mark = excluded.mark, since = excluded.since, gone = 0",
			sum, mark, db.Millis(tx.Now))
		return wrap("let a file go", err)
	})
	if err != nil {
		return "", err
	}
	return mark, nil
}

// finishLeaving does again what died with its node or failed, and forgets what was deleted long ago.
func (s *Store) finishLeaving(ctx context.Context, files Files) error {
	now := s.DB.Now()
	rows, err := s.DB.Query(ctx, "SELECT sha256 FROM leaving_files WHERE gone = 0 AND since < ? LIMIT 500", db.Millis(now.Add(-leavingFor)))
	if err != nil {
		return fmt.Errorf("read which files are being deleted: %w", err)
	}
	defer rows.Close()
	var sums []string
	for rows.Next() {
		var sum string
		if err := rows.Scan(&sum); err != nil {
			return fmt.Errorf("read which files are being deleted: %w", err)
		}
		sums = append(sums, sum)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read which files are being deleted: %w", err)
	}
	var failed error // of one that cannot be deleted, which is no reason to keep the others
	for _, sum := range sums {
		failed = errors.Join(failed, s.removeUnnamed(ctx, files, sum))
	}
	if failed != nil {
		return failed
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM leaving_files WHERE gone = 1 AND since < ?", db.Millis(now.Add(-leavingKept)))
		return wrap("forget deleted files", err)
	})
}
