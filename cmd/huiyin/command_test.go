package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// answer is what a call gave back.
type answer struct {
	code      int
	out, errs string
}

// callWith is call with something on standard input.
func callWith(stdin string, args ...string) answer {
	var out, errs bytes.Buffer
	code := run(args, strings.NewReader(stdin), &out, &errs)
	return answer{code, out.String(), errs.String()}
}

// usageCases are calls that touch no data.
var usageCases = []struct {
	name, args string
	code       int
	out, errs  string // what is in them; an empty one must be empty
}{
	{"no command", "", 2, "", `expected one of "serve", "migrate", "backup"`},
	{"help", "--help", 0, "self-hosted customer-service hub", ""},
	{"help of a command", "ledger check --help", 0, "--inbox=ID", ""},
	{"unknown command", "bogus", 2, "", "unexpected argument bogus; see huiyin --help"},
	{"mistyped command", "usr list", 2, "", `did you mean "user"?`},
	{"half a command", "ledger", 2, "", `expected "check"`},
	{"unknown flag", "user list --dta x", 2, "", `unknown flag --dta, did you mean one of "--data"`},
	{"flag without a value", "user list --data", 2, "", "--data: expected string value"},
	{"missing flags", "user create --email a@example.com", 2, "", "missing flags: --name=STRING, --role=STRING"},
	{"role that there is not", "user create --email a@b.cc --name A --role boss --password-stdin", 2, "", `--role must be one of "owner"`},
	{"no password on standard input", "user create --email a@b.cc --name A --role agent", 2, "", "with --password-stdin"},
	{"id that is no number", "inbox set one --set a=b", 2, "", "expected a valid 64 bit int"},
	{"id that is too large", "ledger check --inbox 99999999999999999999", 2, "", "99999999999999999999"},
	{"setting without a value", "inbox set 1", 2, "", "missing flags: --set=KEY=VALUE"},
	{"kind that there is not", "inbox create --kind telepathy --name T", 2, "", `no channel of the kind "telepathy"; known are`},
	{"file of an unknown form", "article import a.pdf", 2, "", "documents of the form .pdf are not supported"},
	{"argument too many", "backup a.zip b.zip", 2, "", "unexpected argument b.zip"},
	{"control characters", "user list --\x1b[31m", 2, "", "huiyin: unknown flag"},
	{"database of an unknown kind", "user list --db mysql://root@localhost/x", 1, "", "neither postgres://… nor a file path"},
	{"configuration that is not there", "user list --config /no/such/file.yaml", 2, "", "no such file or directory"},
	{"backup that is not there", "restore /no/such/backup.zip", 1, "", "open the backup /no/such/backup.zip"},
}

func TestUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range usageCases {
		t.Run(c.name, func(t *testing.T) {
			got := callWith("", strings.Fields(c.args)...)
			if got.code != c.code || !fits(got.out, c.out) || !fits(got.errs, c.errs) {
				t.Errorf("huiyin %s\nexit code %d, want %d\nstdout %q\nstderr %q", c.args, got.code, c.code, got.out, got.errs)
			}
			if n := strings.Count(got.errs, "\n"); n > 1 {
				t.Errorf("an error of %d lines: %q", n, got.errs)
			}
		})
	}
}

func fits(text, want string) bool {
	if want == "" {
		return text == ""
	}
	return strings.Contains(text, want)
}

func TestErrorsAreOneLineWithoutSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	got := callWith("", "user", "list", "--db", "postgres://huiyin:hunter2@127.0.0.1:1/x?connect_timeout=1")
	if got.code != 1 || strings.Count(got.errs, "\n") != 1 || strings.Contains(got.errs, "hunter2") {
		t.Errorf("%+v", got)
	}
}

func TestFlagsComeFromEnvironmentAndFile(t *testing.T) {
	t.Chdir(t.TempDir())
	file := writeFile(t, "huiyin.yaml", "data: from-file\npublic_url: https://file.example\n")
	must(t, callWith("correct horse battery", "user", "create", "--data", "from-flag", "--email", "flag@example.com", "--name", "F", "--role", "owner", "--password-stdin"))
	for name, args := range map[string][]string{
		"from-flag": {"migrate", "--data", "from-flag", "--config", file},
		"from-file": {"migrate", "--config", file},
		"from-env":  {"migrate"},
	} {
		t.Run(name, func(t *testing.T) {
			if name != "from-file" {
				t.Setenv("HUIYIN_DATA", "from-env")
			}
			must(t, callWith("", args...))
			if _, err := os.Stat(filepath.Join(name, "huiyin.db")); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := os.Stat("data"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the default folder was touched: %v", err)
	}
	for content, want := range map[string]string{"data: [unclosed": "configuration file", "publicurl: https://x.example": `no flag "publicurl"`} {
		bad := writeFile(t, "bad.yaml", content)
		if got := callWith("", "migrate", "--config", bad); got.code != 2 || !strings.Contains(got.errs, want) {
			t.Errorf("%q: %+v", content, got)
		}
	}
}

// must stops the test unless the call went well.
func must(t *testing.T, a answer) answer {
	t.Helper()
	if a.code != 0 {
		t.Fatalf("exit code %d\nstdout %s\nstderr %s", a.code, a.out, a.errs)
	}
	return a
}

// decode reads what a call printed with --json.
func decode[T any](t *testing.T, a answer) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(must(t, a).out), &value); err != nil {
		t.Fatalf("%v in %q", err, a.out)
	}
	return value
}
