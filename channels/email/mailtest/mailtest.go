// Package mailtest gives tests real mail servers: Dovecot for IMAP and Exim for SMTP, on free ports, in a folder of their
// own, with a user of no rights. It knows nothing of ours. Where they are not installed a test that asks for them fails.
package mailtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/live/freeport"
)

// Password is everybody's, until it is changed.
const Password = "secret"

// Servers are a Dovecot and an Exim over the same mailboxes. Mail to anybody at a domain that ends in .example stays here.
type Servers struct {
	IMAP, IMAPS, SMTP, SMTPS string // addresses
	Certificate              string // of them all, PEM; for mail.example and 127.0.0.1

	dir     string
	users   []string
	stopped chan struct{}
	running sync.WaitGroup
}

// errMissing says what to install.
var errMissing = errors.New("not installed: run 'sudo apt-get install dovecot-imapd exim4-daemon-light' (scripts/ensure-mail does it as root)")

// Start starts the servers for a test, with some mailboxes, and stops them after it.
func Start(t testing.TB, users ...string) *Servers {
	t.Helper()
	var ports [4]string
	for i := range ports {
		ports[i] = freeport.Address(t)
	}
	s, err := start(users, ports)
	if err != nil {
		t.Fatalf("mail servers for tests: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the mail servers' logs:\n%s", s.logs())
		}
		s.stop()
	})
	return s
}

func start(users []string, ports [4]string) (*Servers, error) {
	for _, program := range []string{dovecotProgram, eximProgram} {
		if _, err := os.Stat(program); err != nil {
			return nil, fmt.Errorf("%s: %w", program, errMissing)
		}
	}
	dir, err := os.MkdirTemp("", "huiyin-mail-")
	if err != nil {
		return nil, err
	}
	s := &Servers{dir: dir, stopped: make(chan struct{})}
	if err := s.begin(users, ports); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return s, nil
}

// begin writes the folder and runs the programs in it.
func (s *Servers) begin(users []string, ports [4]string) error {
	s.IMAP, s.IMAPS, s.SMTP, s.SMTPS = ports[0], ports[1], ports[2], ports[3]
	if err := s.furnish(users); err != nil {
		return err
	}
	as, err := unprivileged(s.dir)
	if err != nil {
		return err
	}
	var started []chan error
	for _, command := range [][]string{{dovecotProgram, "-F", "-c", s.path("dovecot.conf")}, {s.path("exim"), "-C", s.path("exim.conf"), "-bdf", "-q2s"}} {
		c := exec.Command(command[0], command[1:]...)
		c.Dir, c.SysProcAttr = s.dir, as
		c.Stdout, c.Stderr = s.output(filepath.Base(command[0])), s.output(filepath.Base(command[0]))
		up := make(chan error, 1)
		started = append(started, up)
		s.running.Go(func() { s.run(c, up) })
	}
	for _, up := range started {
		if err := <-up; err != nil {
			s.stop()
			return err
		}
	}
	for _, address := range ports {
		if err := answers(address); err != nil {
			logs := s.logs()
			s.stop()
			return fmt.Errorf("%w\n%s", err, logs)
		}
	}
	return nil
}

// run runs a program until stop. The thread that starts it must live as long as this process, since on Linux the program is
// told to end with that thread.
func (s *Servers) run(c *exec.Cmd, up chan<- error) {
	runtime.LockOSThread()
	err := c.Start()
	up <- err
	if err != nil {
		return
	}
	go func() {
		<-s.stopped
		_ = c.Process.Signal(stopSignal)
	}()
	_ = c.Wait() // how it ended shows in its log
}

func (s *Servers) stop() {
	close(s.stopped)
	s.running.Wait()
	for range 20 { // children that are still ending write into it
		if err := os.RemoveAll(s.dir); err == nil {
			time.Sleep(10 * time.Millisecond)
			if _, err := os.Stat(s.dir); err != nil {
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *Servers) path(name string) string { return filepath.Join(s.dir, name) }

func (s *Servers) output(name string) *os.File {
	f, err := os.OpenFile(s.path(name+".out"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil
	}
	return f
}

// logs are what the servers have to say.
func (s *Servers) logs() string {
	var all bytes.Buffer
	for _, pattern := range []string{"*.out", "*.log"} {
		found, _ := filepath.Glob(s.path(pattern)) // the pattern is well formed
		for _, name := range found {
			text, _ := os.ReadFile(name)
			if n := len(text); n > 4000 {
				text = text[n-4000:]
			}
			fmt.Fprintf(&all, "%s:\n%s\n", filepath.Base(name), text)
		}
	}
	return all.String()
}

// answers waits until somebody listens.
func answers(address string) error {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			return c.Close()
		}
	}
	return fmt.Errorf("nobody listens at %s", address)
}

// Mails reads what is in a mailbox, oldest first.
func (s *Servers) Mails(user string) []string {
	var mails []string
	for _, folder := range []string{"cur", "new"} {
		found, _ := filepath.Glob(s.path(filepath.Join("mail", user, folder, "*"))) // the pattern is well formed
		for _, name := range found {
			if text, err := os.ReadFile(name); err == nil {
				mails = append(mails, string(text))
			}
		}
	}
	return mails
}

// SetPassword changes everybody's password.
func (s *Servers) SetPassword(password string) error {
	var lines bytes.Buffer
	for _, user := range s.users {
		fmt.Fprintf(&lines, "%s:{PLAIN}%s\n", user, password)
	}
	return errors.Join(os.WriteFile(s.path("password"), []byte(password), 0o644), os.WriteFile(s.path("passwd"), lines.Bytes(), 0o644))
}

// Route has Exim hand mail for a domain to an address, such as a server of the test's own.
func (s *Servers) Route(domain, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	return os.WriteFile(s.path("routes"), []byte(domain+": "+host+"::"+port+"\n"), 0o644)
}

// Renumber gives a mailbox a new UIDVALIDITY, as a restored backup does: what Dovecot keeps beside the mails is lost.
func (s *Servers) Renumber(user string) error {
	found, err := filepath.Glob(s.path(filepath.Join("mail", user, "dovecot*")))
	for _, name := range found {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// LoseFlags has all mails of a mailbox look new.
func (s *Servers) LoseFlags(user string) error {
	found, err := filepath.Glob(s.path(filepath.Join("mail", user, "cur", "*")))
	for _, name := range found {
		base, _, _ := strings.Cut(name, ":2,")
		err = errors.Join(err, os.Rename(name, base+":2,"))
	}
	return err
}

// Drop puts a mail into a mailbox as a mail server would.
func (s *Servers) Drop(user, name, raw string) error {
	at := s.path(filepath.Join("mail", user, "tmp", name))
	if err := os.WriteFile(at, []byte(raw), 0o644); err != nil {
		return err
	}
	return os.Rename(at, s.path(filepath.Join("mail", user, "new", name)))
}
