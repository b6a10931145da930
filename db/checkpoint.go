package db

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"
)

const (
	checkpointPages = 8000        // how long the write-ahead log grows before it is copied back
	checkpointRest  = 1000        // how much of it may be left for the writer to copy: a pause for those who write
	checkpointMost  = 64_000      // how long the log may be at most before the writer copies all of it
	besideWithin    = time.Second // a copying beside the writer waits for a connection
	checkpointLook  = 8           // commits from one look at its length to the next
	checkpointAgain = time.Second // after one that failed
)

// copier copies the write-ahead log back into the database, in place of SQLite, which keeps to itself when that fails. Most of it is
// copied by another connection while the writer goes on; the writer copies the rest, so that the log can begin anew.
//
// While somebody reads an old state SQLite copies a part, does not sync it, and counts it as copied. The sync at the end of a later
// copying is to make it durable. When that fails, the pages count as clean (decision 0092), and the next try, which copies only what is not
// counted, succeeds without writing them: the log begins anew, and a power cut takes what was in it. So after a failure nothing counts as copied.
type copier struct {
	line    *line
	pool    *sql.DB
	path    string
	beside  chan error // what became of a copying beside the writer; nil: there is none
	commits int
	again   time.Time // not before
	index   *os.File  // of the log; closed last, since closing it lets go of SQLite's locks on it (fcntl(2))
	broken  bool      // the index cannot be written, so the log stays as it is; the next process begins a new one
}

// committed looks after the log now and then.
func (c *copier) committed() {
	if c.commits++; c.commits < checkpointLook || c.resting() {
		return
	}
	c.commits = 0
	log, err := c.pragma(c.line.conn, "NOOP")
	if err != nil || log.pages < checkpointPages {
		return
	}
	if c.underWay() && log.pages < checkpointMost {
		return
	}
	c.wait()
	if c.resting() { // the copying that has just ended failed
		return
	}
	if log.pages-log.copied > checkpointRest && log.pages < checkpointMost {
		c.begin()
		return
	}
	_ = c.copy() // it is tried again; until then everything is in the log
}

// resting tells whether nothing is to be copied: after a failure for a moment, or at all.
func (c *copier) resting() bool { return c.broken || time.Now().Before(c.again) }

// begin begins to copy what is in the log now, beside the writer, who does not copy meanwhile.
func (c *copier) begin() {
	beside := make(chan error, 1)
	c.beside = beside
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), besideWithin)
		defer cancel()
		conn, err := c.pool.Conn(ctx)
		if err != nil {
			beside <- nil // all connections are in use: another time
			return
		}
		defer func() { _ = conn.Close() }()
		_, err = c.pragma(conn, "PASSIVE")
		beside <- err
	}()
}

// underWay tells whether somebody copies beside the writer.
func (c *copier) underWay() bool {
	if c.beside == nil {
		return false
	}
	select {
	case err := <-c.beside:
		c.beside = nil
		_ = c.ended(err)
		return false
	default:
		return true
	}
}

// wait waits until nobody copies beside the writer.
func (c *copier) wait() {
	if c.beside == nil {
		return
	}
	err := <-c.beside
	c.beside = nil
	_ = c.ended(err)
}

// copy copies as much of the log as readers leave room for.
func (c *copier) copy() error {
	_, err := c.pragma(c.line.conn, "PASSIVE")
	return c.ended(err)
}

// ended has nothing count as copied after a copying that failed.
func (c *copier) ended(err error) error {
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

// logged is how many pages are in the log, and how many of them are copied.
type logged struct{ pages, copied int }

func (c *copier) pragma(by interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, mode string) (l logged, err error) {
	var busy int
	err = by.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &l.pages, &l.copied)
	return l, err
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
