package main

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	s, err := parseStat("42 (postgres: a b) c) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 100")
	if want := (stat{7, 2 * time.Second, 500 * time.Millisecond}); err != nil || s != want {
		t.Errorf("%+v, %v", s, err)
	}
	for _, bad := range []string{"", "42 (x) S 7", "42 (x) S 7 42 42 0 -1 4194560 1 2 3 4 a 50 30 20 20"} {
		if _, err := parseStat(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestOwnProcessIsRead(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("there is no /proc here")
	}
	pid := os.Getpid()
	if up, err := parent(pid); err != nil || up != os.Getppid() {
		t.Errorf("parent %d, %v", up, err)
	}
	if size, err := resident(pid); err != nil || size < 1<<20 {
		t.Errorf("%v bytes, %v", size, err)
	}
	own, err := processorTime(pid)
	if err != nil {
		t.Fatal(err)
	}
	if family, err := familyTime(pid); err != nil || family < own {
		t.Errorf("%v with children, %v without, %v", family, own, err)
	}
	if _, err := readStat(-1); err == nil {
		t.Error("a process that is none was read")
	}
}

func TestADelayedLineIsLateAndInOrder(t *testing.T) {
	folder := t.TempDir()
	echo, err := net.Listen("unix", filepath.Join(folder, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = echo.Close() })
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for in := bufio.NewReader(c); ; {
					text, err := in.ReadString('\n')
					if err != nil {
						return
					}
					_, _ = c.Write([]byte(text))
				}
			}()
		}
	}()
	const wait = 20 * time.Millisecond
	l, err := delayed("postgres://postgres@/x?host="+folder, wait)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	in := bufio.NewReader(c)
	began := time.Now()
	for _, text := range []string{"one\n", "two\n", "three\n"} {
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := in.ReadString('\n'); err != nil || got != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	if took := time.Since(began); took < 6*wait {
		t.Errorf("three times there and back took %v", took)
	}
}

func TestSteepest(t *testing.T) {
	if most := steepest([]float64{0, 10, 20, 60, 100, 110, 110}, 2); most != 40 {
		t.Errorf("%v a step", most)
	}
	if most := steepest([]float64{0, 10}, 2); most != 0 {
		t.Errorf("of too little: %v", most)
	}
}
