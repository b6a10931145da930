// Package pgtest gives tests a real PostgreSQL: one server for each test process, a fresh database for each call. It
// starts and stops what it needs and knows nothing of our tables. Where HUIYIN_TEST_POSTGRES names a server on which
// databases may be created, that server is used and left running.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes and drops databases
)

// URL makes an empty database and returns its address, as `--db` takes it. The database goes when the test ends. A
// test that cannot have PostgreSQL fails and says what to install; none is skipped.
func URL(t testing.TB) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := "huiyin_" + strings.ToLower(rand.Text())
	if err := server.exec("CREATE DATABASE " + name + " TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	address, err := server.database(name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Main runs a package's tests and then stops the server they started, if any:
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
// Without it, and after a kill, the server still ends with the process on Linux, but its folder stays until the next
// start clears it away.
func Main(m *testing.M) {
	defer stopShared()
	m.Run()
}

// running is the one server of this test process.
type running struct {
	mutex  sync.Mutex
	server *server
	err    error
}

var process running

func shared() (*server, error) {
	process.mutex.Lock()
	defer process.mutex.Unlock()
	if process.server == nil && process.err == nil {
		process.server, process.err = open()
	}
	return process.server, process.err
}

func stopShared() {
	process.mutex.Lock()
	defer process.mutex.Unlock()
	if process.server != nil {
		process.server.stop()
		process.server = nil
	}
}

func open() (*server, error) {
	if address := os.Getenv("HUIYIN_TEST_POSTGRES"); address != "" {
		return &server{address: address, stop: func() {}}, nil
	}
	return start()
}

// server is a running PostgreSQL, reached as a user who may create databases.
type server struct {
	address string
	stop    func()
}

func (s *server) exec(statement string) error {
	db, err := sql.Open("pgx", s.address)
	if err != nil {
		return fmt.Errorf("open test server: %w", err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("test server: %s: %w", statement, err)
	}
	return nil
}

func (s *server) database(name string) (string, error) {
	address, err := url.Parse(s.address)
	if err != nil {
		return "", fmt.Errorf("HUIYIN_TEST_POSTGRES: %w", err)
	}
	address.Path = "/" + name
	return address.String(), nil
}
