package db

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// busyTimeout is how long SQLite waits for others, in milliseconds.
const busyTimeout = 5000

// settle copies what stands in the write-ahead log into the database, syncs that, and empties the log.
//
// A commit whose sync failed was refused, yet its bytes may stand in the kernel's cache, marked as written. The process
// that refused it writes over them with its next commit. But one that starts later reads the log through that cache and
// takes the commit for a good one; commits that it then adds and syncs stand behind bytes that never reached the disk, and
// a power cut ends the log before them. So a process that is to acknowledge anything first leaves nothing in the log that
// it found there. unsettled: somebody was reading, so that the log could not be emptied.
func (l *line) settle(ctx context.Context) (unsettled bool, err error) {
	var inLog, copied int
	err = l.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&unsettled, &inLog, &copied)
	return unsettled, err
}

// settleEvery is how often it is tried again.
const settleEvery = time.Second

// settleSoon tries again to settle, without waiting for those who read.
func (w *writer) settleSoon() (err error) {
	if time.Since(w.settled) < settleEvery {
		return nil
	}
	w.settled = time.Now()
	defer func() {
		if err = errors.Join(err, w.plain("PRAGMA busy_timeout = "+strconv.Itoa(busyTimeout))); err != nil {
			w.unsettled, err = true, fmt.Errorf("settle: %w", err)
		}
	}()
	if err := w.plain("PRAGMA busy_timeout = 0"); err != nil {
		return err
	}
	if w.unsettled, err = w.line.settle(context.Background()); err != nil {
		err = w.copier.ended(err)
	}
	return err
}
