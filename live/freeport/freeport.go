// Package freeport gives tests addresses on this machine for servers that are started a moment later, and again after a
// kill. A port that the system hands out is lost to any other test in between; these lie below those, and a lock on a file
// keeps each for one test, whatever other test processes run.
package freeport

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Linux hands out 32768 and above (net.ipv4.ip_local_port_range), others 49152 and above (RFC 6335, section 6).
const (
	first = 20000
	last  = 32000
	tries = 1000
)

// Take gives a port on which nobody listens, and which no other test is given until this one ends.
func Take(t testing.TB) int {
	t.Helper()
	for range tries {
		port := first + rand.IntN(last-first)
		lock, err := take(port)
		if err != nil {
			continue
		}
		t.Cleanup(func() { _ = lock.Close() })
		return port
	}
	t.Fatalf("no free port between %d and %d", first, last)
	return 0
}

// Address is a free port of 127.0.0.1, as flags take it.
func Address(t testing.TB) string {
	t.Helper()
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(Take(t)))
}

func take(port int) (*os.File, error) {
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("huiyin-ports-%d", os.Getuid()))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(folder, strconv.Itoa(port)), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		_ = lock.Close()
		return nil, err
	}
	return lock, l.Close()
}
