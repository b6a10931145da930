package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	folderPrefix = "huiyin-pgtest-"
	startTimeout = 30 * time.Second
	// socketName is the file that PostgreSQL listens on in its folder: no port to collide on, no door for other users.
	socketName = ".s.PGSQL.5432"
)

var errNotInstalled = errors.New("not installed: run 'sudo apt-get install postgresql' (scripts/ensure-postgres does it as root), or set HUIYIN_TEST_POSTGRES")

// start makes a cluster in a folder of its own and waits until it answers.
func start() (*server, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	sweep(os.TempDir())
	dir, err := os.MkdirTemp("", folderPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, fmt.Errorf("folder for PostgreSQL: %w", err)
	}
	stop, err := startIn(dir, programs)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	address := url.URL{
		Scheme:   "postgres",
		User:     url.User("postgres"),
		Path:     "/postgres",
		RawQuery: url.Values{"host": {dir}, "sslmode": {"disable"}}.Encode(),
	}
	return &server{address: address.String(), stop: stop}, nil
}

func startIn(dir, programs string) (stop func(), err error) {
	if err := makeCluster(dir, programs); err != nil {
		return nil, err
	}
	stopIt, err := launch(dir, programs, "off")
	if err != nil {
		return nil, err
	}
	return func() {
		stopIt(stopSignal)
		_ = os.RemoveAll(dir) // what stays, the next start sweeps away
	}, nil
}

func makeCluster(dir, programs string) error {
	as, err := unprivileged(dir)
	if err != nil {
		return err
	}
	initdb := exec.Command(filepath.Join(programs, "initdb"),
		"-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = dir, as
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// launch starts the server of a cluster; stop sends it a signal and waits for its end.
func launch(dir, programs, synchronous string) (stop func(os.Signal), err error) {
	as, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	postgres := exec.Command(filepath.Join(programs, "postgres"), "-D", filepath.Join(dir, "data"), "-k", dir, "-h", "",
		"-c", "fsync=off", "-c", "synchronous_commit="+synchronous, "-c", "full_page_writes=off", "-c", "max_connections=200")
	postgres.Dir, postgres.SysProcAttr = dir, as
	return run(postgres, dir)
}

// run starts the server and waits for its socket. The thread that starts it must live as long as this process, since
// on Linux the server is told to end with that thread.
func run(postgres *exec.Cmd, dir string) (stop func(os.Signal), err error) {
	var log bytes.Buffer
	postgres.Stdout, postgres.Stderr = &log, &log
	started, ended := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := postgres.Start()
		started <- err
		if err == nil {
			_ = postgres.Wait() // how it ended shows in its log
			close(ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	stop = func(how os.Signal) {
		_ = postgres.Process.Signal(how) // it may have ended by itself
		<-ended
	}
	if !answers(dir, ended) {
		stop(stopSignal)
		return nil, fmt.Errorf("PostgreSQL did not start:\n%s", log.String())
	}
	return stop, nil
}

// answers waits until the server takes connections: its socket is there before it is ready, but then it is only busy
// starting, and the log's last file, postmaster.pid, says "ready".
func answers(dir string, ended <-chan struct{}) bool {
	deadline := time.Now().Add(startTimeout)
	for time.Now().Before(deadline) {
		select {
		case <-ended:
			return false
		case <-time.After(20 * time.Millisecond):
		}
		if ready(dir) {
			return true
		}
	}
	return false
}

func ready(dir string) bool {
	status, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil || !strings.Contains(string(status), "ready") {
		return false
	}
	connection, err := net.Dial("unix", filepath.Join(dir, socketName))
	if err != nil {
		return false
	}
	return connection.Close() == nil
}

// findPrograms is the folder of initdb and postgres: the newest that Debian installed, or what the PATH finds.
func findPrograms() (string, error) {
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(installed) > 0 {
		return filepath.Dir(slices.MaxFunc(installed, byVersion)), nil
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(initdb), nil
	}
	return "", errNotInstalled
}

func byVersion(a, b string) int {
	return version(a) - version(b)
}

// version reads 15 from /usr/lib/postgresql/15/bin/initdb; the old 9.6 counts as 0.
func version(initdb string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return n
}

// sweep removes the folders of test processes that no longer live.
func sweep(tmp string) {
	left, err := filepath.Glob(filepath.Join(tmp, folderPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), folderPrefix), "-")
		if n, err := strconv.Atoi(pid); err == nil && !alive(n) {
			_ = os.RemoveAll(dir) // another user's folder stays
		}
	}
}
