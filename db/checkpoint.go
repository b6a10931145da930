package db

import (
	"context"
	"fmt"
	"os"
	"time"
)

const (
	checkpointPages = 8000        // how long the write-ahead log grows before it is copied back: copying is a pause for those who write
	checkpointLook  = 8           // commits from one look at its length to the next
	checkpointAgain = time.Second // after one that failed
)

// copier copies the write-ahead log back into the database, in place of SQLite, which keeps to itself when that fails.
//
// While somebody reads an old state SQLite copies a part, does not sync it, and counts it as copied. The sync at the end of a later
// copying is to make it durable. When that fails, the pages count as clean (decision 0092), and the next try, which copies only what is not
// counted, succeeds without writing them: the log begins anew, and a power cut takes what was in it. So after a failure nothing counts as copied.
type copier struct {
	line    *line
	path    string
	commits int
	again   time.Time // not before
	index   *os.File  // of the log; closed last, since closing it lets go of SQLite's locks on it (fcntl(2))
	broken  bool      // the index cannot be written, so the log stays as it is; the next process begins a new one
}

// committed looks after the log now and then.
func (c *copier) committed() {
	if c.commits++; c.commits < checkpointLook || c.broken || time.Now().Before(c.again) {
		return
	}
	c.commits = 0
	if pages, err := c.pragma("NOOP"); err != nil || pages < checkpointPages {
		return
	}
	_ = c.copy() // it is tried again; until then everything is in the log
}

// copy copies as much of the log as readers leave room for.
func (c *copier) copy() error {
	_, err := c.pragma("PASSIVE")
	if err == nil {
		return nil
	}
	c.again = time.Now().Add(checkpointAgain)
	if forgetting := c.forget(); forgetting != nil {
		c.broken = true
		err = fmt.Errorf("%w; and %w", err, forgetting)
	}
	return fmt.Errorf("copy the log into the database: %w", err)
}

func (c *copier) pragma(mode string) (pages int, err error) {
	var busy, copied int
	err = c.line.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &copied)
	return pages, err
}

// backfillAt is where the log's index says how much of the log is copied (https://www.sqlite.org/walformat.html#the_wal_index_header).
// Nobody else copies, so nobody else writes there, and to say less than is true only has it copied again.
const backfillAt = 96

// forget has nothing count as copied.
func (c *copier) forget() (err error) {
	if c.index == nil {
		if c.index, err = os.OpenFile(c.path+"-shm", os.O_RDWR, 0); err != nil {
			return err
		}
	}
	_, err = c.index.WriteAt(make([]byte, 4), backfillAt)
	return err
}

// close is called when no connection is open any more.
func (c *copier) close() {
	if c.index != nil {
		_ = c.index.Close()
	}
}
