// Package redistest starts a real Redis for tests.
package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"huiyin/live/freeport"
)

// Server is a Redis that keeps nothing on disk.
type Server struct {
	t       testing.TB
	port    int
	process *exec.Cmd
}

// Start starts a server, which stops with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, port: freeport.Take(t)}
	t.Cleanup(s.Stop)
	s.Again()
	return s
}

// URL is the server's address.
func (s *Server) URL() string { return fmt.Sprintf("redis://127.0.0.1:%d/0", s.port) }

// Again starts a server that was stopped, empty and at the same address.
func (s *Server) Again() {
	s.t.Helper()
	program := os.Getenv("HUIYIN_TEST_REDIS")
	if program == "" {
		program = "redis-server"
	}
	s.process = exec.CommandContext(context.Background(), program, "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", s.t.TempDir())
	if err := s.process.Start(); err != nil {
		s.t.Fatalf("start Redis: %v; run scripts/ensure-redis, or name the program in HUIYIN_TEST_REDIS", err)
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if answer, err := s.Do("PING"); err == nil && strings.HasPrefix(answer, "+PONG") {
			return
		}
	}
	s.t.Fatal("Redis does not come up")
}

// Do sends a command without arguments that hold spaces, and gives the beginning of the answer.
func (s *Server) Do(command string) (string, error) {
	c, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), time.Second)
	if err != nil {
		return "", err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintf(c, "%s\r\n", command); err != nil {
		return "", err
	}
	answer := make([]byte, 512)
	n, err := c.Read(answer)
	return string(answer[:n]), err
}

// Stop ends the server as a crash does.
func (s *Server) Stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.process = nil
}

// Freeze lets the server take bytes and answer nothing, until Thaw.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(what syscall.Signal) {
	s.t.Helper()
	if err := s.process.Process.Signal(what); err != nil {
		s.t.Fatal(err)
	}
}
