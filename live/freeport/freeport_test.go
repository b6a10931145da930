package freeport_test

import (
	"net"
	"testing"

	"huiyin/live/freeport"
)

func TestNoPortIsGivenTwice(t *testing.T) {
	seen := map[int]bool{}
	for range 300 {
		port := freeport.Take(t)
		if seen[port] {
			t.Fatalf("port %d is given twice", port)
		}
		seen[port] = true
	}
	address := freeport.Address(t)
	for range 2 { // a server starts there, and again
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
	}
}
