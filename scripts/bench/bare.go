package main

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver that the product uses
)

// The bare limits over HTTP: the least that a server on this machine can do with the same requests, in a process of
// its own as the product is. Echo stores nothing. File and SQLite make one row durable before they answer, and share
// the fsync among all who wait: group commit, with nothing looked up and nothing kept in order beside it.

const bareArgument = "bare-server"

// bareMost bounds how many rows share a commit, as in the product.
const bareMost = 128

// serveBare is the child process: it listens on the address and keeps its files in the folder.
func serveBare(address, folder string) error {
	file, err := os.OpenFile(filepath.Join(folder, "rows"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	rows, err := openBareSQLite(filepath.Join(folder, "bare.db"))
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("POST /echo", barely(func([]byte) error { return nil }))
	mux.HandleFunc("POST /file", barely(newCommits(appendRows(file)).put))
	mux.HandleFunc("POST /sqlite", barely(newCommits(insertRows(rows)).put))
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	return server.Serve(l)
}

// barely reads the body, has it stored and answers.
func barely(store func(body []byte) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = store(body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"stored":true}`)
	}
}

// commits shares a commit among all who come while the one before is under way.
type commits struct{ rows chan row }

type row struct {
	body []byte
	done chan error
}

func newCommits(commit func(batch []row) error) *commits {
	g := &commits{rows: make(chan row, 4*bareMost)}
	go func() {
		for first := range g.rows {
			batch := g.more([]row{first})
			err := commit(batch)
			for _, r := range batch {
				r.done <- err
			}
		}
	}()
	return g
}

func (g *commits) more(batch []row) []row {
	for len(batch) < bareMost {
		select {
		case r := <-g.rows:
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

func (g *commits) put(body []byte) error {
	r := row{body, make(chan error, 1)}
	g.rows <- r
	return <-r.done
}

// appendRows writes the batch behind what is there, and waits until the disk has it.
func appendRows(file *os.File) func([]row) error {
	var text []byte
	return func(batch []row) error {
		text = text[:0]
		for _, r := range batch {
			text = append(append(text, r.body...), '\n')
		}
		if _, err := file.Write(text); err != nil {
			return err
		}
		return file.Sync()
	}
}

func openBareSQLite(path string) (*sql.DB, error) {
	rows, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(8000)")
	if err != nil {
		return nil, err
	}
	rows.SetMaxOpenConns(1)
	_, err = rows.Exec("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, payload TEXT NOT NULL)")
	return rows, err
}

// insertRows inserts the batch in one transaction.
func insertRows(rows *sql.DB) func([]row) error {
	return func(batch []row) error {
		tx, err := rows.Begin()
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		insert, err := tx.Prepare("INSERT INTO bare (at, payload) VALUES (?, ?)")
		if err != nil {
			return err
		}
		for _, r := range batch {
			if _, err := insert.Exec(time.Now().UnixMilli(), string(r.body)); err != nil {
				return err
			}
		}
		return tx.Commit()
	}
}

// startBare starts this program again as the bare server.
func startBare() (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("start the bare server: %w", err)
	}
	return startChild(func(address, folder string) *exec.Cmd { return exec.Command(self, bareArgument, address, folder) })
}
