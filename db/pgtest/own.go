package pgtest

import (
	"net/url"
	"os"
	"strconv"
	"syscall"
	"testing"
)

// Own is a server of one test, which may stop it and start it again. What it has acknowledged outlives its process.
type Own struct {
	dir, programs string
	stop          func(os.Signal) // nil: it is stopped
}

// StartOwn starts a server, which goes with the test.
func StartOwn(t testing.TB) *Own {
	t.Helper()
	programs, err := findPrograms()
	if err != nil && os.Getenv("HUIYIN_TEST_POSTGRES") != "" {
		t.Skipf("a PostgreSQL that may be stopped is missing: %v", err)
	}
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	dir, err := os.MkdirTemp("", folderPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		t.Fatal(err)
	}
	o := &Own{dir: dir, programs: programs}
	t.Cleanup(func() { o.Stop(true); _ = os.RemoveAll(dir) })
	if err := makeCluster(dir, programs); err != nil {
		t.Fatal(err)
	}
	o.Again(t)
	return o
}

// URL is the address of its only database.
func (o *Own) URL() string {
	address := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: url.Values{"host": {o.dir}, "sslmode": {"disable"}}.Encode()}
	return address.String()
}

// Stop ends the server: in order, which cuts all connections, or at once, so that it has to recover.
func (o *Own) Stop(atOnce bool) {
	if o.stop == nil {
		return
	}
	how := syscall.SIGINT
	if atOnce {
		how = syscall.SIGQUIT
	}
	o.stop(how)
	o.stop = nil
}

// Again starts the server after Stop.
func (o *Own) Again(t testing.TB) {
	t.Helper()
	stop, err := launch(o.dir, o.programs, "on")
	if err != nil {
		t.Error(err)
		return
	}
	o.stop = stop
}
