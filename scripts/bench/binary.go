package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	starts    = 5
	startWait = 10 * time.Second
	idleFor   = 3 * time.Second
)

// measureBinary starts the product several times on an empty folder each.
func measureBinary(bin string, f figures) error {
	info, err := os.Stat(bin)
	if err != nil {
		return err
	}
	f.set("Binary", "size-MB", float64(info.Size())/1e6)
	var times, sizes []float64
	for range starts {
		took, idle, err := startOnce(bin)
		if err != nil {
			return err
		}
		times, sizes = append(times, took.Seconds()), append(sizes, idle)
	}
	slices.Sort(times)
	slices.Sort(sizes)
	f.set("Binary", "start-s", times[starts/2])
	f.set("Binary", "start-min-s", times[0])
	f.set("Binary", "start-max-s", times[starts-1])
	f.set("Binary", "idle-MB", sizes[starts/2])
	return nil
}

// startOnce tells how long the product takes until it is ready to serve, and its resident memory when idle.
func startOnce(bin string) (took time.Duration, idle float64, err error) {
	data, err := os.MkdirTemp("", "huiyin-start-")
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = os.RemoveAll(data) }()
	address, err := freeAddress()
	if err != nil {
		return 0, 0, err
	}
	cmd := exec.Command(bin, "serve", "--listen", address, "--data", data)
	cmd.Stderr = os.Stderr
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	if err := ready("http://" + address + "/readyz"); err != nil {
		return 0, 0, err
	}
	took = time.Since(begin)
	time.Sleep(idleFor)
	idle, err = resident(cmd.Process.Pid)
	return took, idle, err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

func ready(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	for ctx.Err() == nil {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("%s did not answer 200 within %s", url, startWait)
}

// resident reads a process's resident memory in MB.
func resident(pid int) (float64, error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, err
	}
	return residentIn(string(status))
}

func residentIn(status string) (float64, error) {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("no VmRSS in the status of the process")
}
