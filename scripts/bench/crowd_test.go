package main

import (
	"bufio"
	"net"
	"strings"
	"testing"
	"time"
)

func TestProcessorTime(t *testing.T) {
	for stat, want := range map[string]time.Duration{
		"7 (huiyin) S 1 7 7 0 -1 4194560 1 2 3 4 150 50 0 0 20 0":      2 * time.Second,
		"7 (a name) with) S 1 7 7 0 -1 4194560 1 2 3 4 1 0 0 0 20 0 9": 10 * time.Millisecond,
	} {
		if got, err := processorTimeIn(stat); err != nil || got != want {
			t.Errorf("%q: %v, %v", stat, got, err)
		}
	}
	for _, stat := range []string{"", "7 (huiyin) S 1", "7 (huiyin) S 1 7 7 0 -1 4194560 1 2 3 4 x y 0 0 20"} {
		if got, err := processorTimeIn(stat); err == nil {
			t.Errorf("%q is taken as %v", stat, got)
		}
	}
}

func TestTheCrowdAnswersPings(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	v := &visitor{conn: ours, from: bufio.NewReader(ours)}
	answered := make(chan string, 1)
	go func() {
		_, _ = theirs.Write([]byte("\x89\x02hi"))
		pong := make([]byte, 8)
		_, _ = theirs.Read(pong)
		answered <- string(pong)
		_, _ = theirs.Write(append([]byte("\x81\x7e\x01\x2c"), strings.Repeat("x", 300)...))
	}()
	text, err := v.frame()
	if err != nil || string(text) != strings.Repeat("x", 300) {
		t.Fatalf("%q %v", text, err)
	}
	if got := <-answered; got != "\x8a\x82\x00\x00\x00\x00hi" {
		t.Fatalf("answered %q", got)
	}
}
