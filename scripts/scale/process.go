package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a node of the product's.
type process struct {
	url string
	cmd *exec.Cmd
}

const startWithin = 30 * time.Second

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// startRedis starts a Redis that keeps nothing on disk.
func startRedis() (p *process, url string, err error) {
	address, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, "", err
	}
	p = &process{cmd: exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")}
	return p, "redis://" + address + "/0", p.cmd.Start()
}

func (b *bench) serve(database, data string, flags ...string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	flags = append([]string{"serve", "--listen", address, "--data", data, "--db", database, "--log-level", "error"}, flags...)
	p := &process{url: "http://" + address, cmd: exec.Command(b.bin, flags...)}
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for end := time.Now().Add(startWithin); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		response, err := http.Get(p.url + "/readyz")
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return p, nil
		}
	}
	p.stop()
	return nil, errors.New("the node does not serve")
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func (b *bench) call(args ...string) ([]byte, error) {
	return b.run(append(args, "--data", b.data, "--db", b.url)...)
}

// run runs a command; what it printed is given with the error too.
func (b *bench) run(args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, b.bin, args...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return out, fmt.Errorf("huiyin %s: %w", args[0], err)
	}
	return out, nil
}

// shareKey lets a second node open what the first one has sealed.
func shareKey(from, to string) error {
	key, err := os.ReadFile(filepath.Join(from, "secret.key"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "secret.key"), key, 0o600)
}

// clockTick is the unit of processor times in /proc: USER_HZ, which is 100 wherever Linux runs Go (proc(5)).
const clockTick = 10 * time.Millisecond

// stat is what /proc says of a process (proc_pid_stat(5)).
type stat struct {
	parent     int
	own, ended time.Duration // processor time of its own, and of its children that have ended
}

func readStat(pid int) (stat, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	return parseStat(string(text))
}

// parseStat reads the fields behind the name, which may hold spaces and ends with a bracket.
func parseStat(text string) (s stat, err error) {
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 15 {
		return s, fmt.Errorf("no processor times in %q", text)
	}
	var n [5]int64
	for i, at := range []int{1, 11, 12, 13, 14} {
		if n[i], err = strconv.ParseInt(fields[at], 10, 64); err != nil {
			return s, fmt.Errorf("no processor times in %q: %w", text, err)
		}
	}
	return stat{int(n[0]), time.Duration(n[1]+n[2]) * clockTick, time.Duration(n[3]+n[4]) * clockTick}, nil
}

func processorTime(pid int) (time.Duration, error) {
	s, err := readStat(pid)
	return s.own, err
}

func parent(pid int) (int, error) {
	s, err := readStat(pid)
	return s.parent, err
}

// familyTime is the processor time of a process and its children, those that have ended included.
func familyTime(root int) (time.Duration, error) {
	s, err := readStat(root)
	if err != nil {
		return 0, err
	}
	all := s.own + s.ended
	found, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, file := range found {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		if s, err := parseStat(string(text)); err == nil && s.parent == root {
			all += s.own
		}
	}
	return all, nil
}

// childrenTime is the processor time of our children that have ended: the generators.
func childrenTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return 0, err
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// resident is a process's resident memory in bytes.
func resident(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, fmt.Errorf("no memory in %q", text)
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize()), err
}

func machine() string {
	return fmt.Sprintf("%d processors, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}
