package pgtest

import (
	"bufio"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if os.Getenv("PGTEST_HOLD") != "" {
		holdAServer()
		return
	}
	Main(m)
}

func TestURLGivesAnEmptyDatabase(t *testing.T) {
	first, second := URL(t), URL(t)
	if first == second {
		t.Fatalf("two calls gave the same database %s", first)
	}
	execute(t, first, "CREATE TABLE seen (id int)")
	execute(t, second, "CREATE TABLE seen (id int)")
}

func TestURLDropsTheDatabase(t *testing.T) {
	var address string
	t.Run("use", func(t *testing.T) {
		address = URL(t)
		db := openDatabase(t, address)
		if err := db.Ping(); err != nil { // a connection left open must not keep the database
			t.Fatal(err)
		}
	})
	if err := openDatabase(t, address).Ping(); err == nil {
		t.Errorf("%s is still there after its test", address)
	}
}

func TestDatabaseKeepsTheRestOfTheAddress(t *testing.T) {
	for _, c := range []struct{ name, address, want string }{
		{"socket", "postgres://postgres@/postgres?host=%2Ftmp%2Fx", "postgres://postgres@/one?host=%2Ftmp%2Fx"},
		{"host, port and password", "postgres://a:b@h:5433/postgres?sslmode=disable", "postgres://a:b@h:5433/one?sslmode=disable"},
		{"no database", "postgres://a@h", "postgres://a@h/one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := (&server{address: c.address}).database("one")
			if err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	for path, want := range map[string]int{
		"/usr/lib/postgresql/15/bin/initdb":  15,
		"/usr/lib/postgresql/9.6/bin/initdb": 0,
		"/usr/local/bin/initdb":              0,
	} {
		if got := version(path); got != want {
			t.Errorf("%s: got %d, want %d", path, got, want)
		}
	}
}

func TestSweepTakesTheDeadOnly(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells which processes live")
	}
	tmp := t.TempDir()
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(tmp, folderPrefix+strconv.Itoa(dead.Process.Pid)+"-1")
	ours := filepath.Join(tmp, folderPrefix+strconv.Itoa(os.Getpid())+"-1")
	for _, dir := range []string{old, ours} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	sweep(tmp)
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("a dead process's folder stays")
	}
	if _, err := os.Stat(ours); err != nil {
		t.Errorf("a living process's folder went: %v", err)
	}
}

// TestServerDiesWithAKilledProcess starts this test binary once more, kills it and looks for its server.
func TestServerDiesWithAKilledProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a child with its parent")
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "HUIYIN_TEST_POSTGRES=", "PGTEST_HOLD=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the child told no address: %v", err)
	}
	dir := socketFolder(t, strings.TrimSpace(line))
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	for deadline := time.Now().Add(20 * time.Second); ready(dir); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server outlives the process that started it")
		}
	}
	sweep(filepath.Dir(dir))
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s stays", dir)
	}
}

// holdAServer is the child of the test above: it starts a server, tells its address and waits for the kill.
func holdAServer() {
	server, err := shared()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(server.address)
	time.Sleep(time.Minute)
}

func socketFolder(t *testing.T, address string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil || parsed.Query().Get("host") == "" {
		t.Fatalf("the child told %q", address)
	}
	return parsed.Query().Get("host")
}

func openDatabase(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func execute(t *testing.T, address, statement string) {
	t.Helper()
	if _, err := openDatabase(t, address).Exec(statement); err != nil {
		t.Fatal(err)
	}
}
