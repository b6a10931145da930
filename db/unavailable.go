package db

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrUnavailable means that nothing was stored because the database cannot store now: the disk is full, the file
// is locked by somebody else, or PostgreSQL cannot be reached. The same may succeed later.
var ErrUnavailable = errors.New("the database cannot store anything at the moment")

// classify marks the errors of a database that is there but cannot work.
func classify(err error) error {
	if err == nil || errors.Is(err, ErrUnavailable) || !unavailable(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

func unavailable(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
			return true
		}
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) { // classes 53 (resources), 57 (operator's intervention), 58 (system); a standby, or made read-only
		return pg.Code == "25006" || len(pg.Code) == 5 && (pg.Code[:2] == "53" || pg.Code[:2] == "57" || pg.Code[:2] == "58")
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn)
}
