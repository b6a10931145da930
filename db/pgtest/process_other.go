//go:build !linux

package pgtest

import (
	"os"
	"syscall"
)

// stopSignal ends PostgreSQL; here nothing ends it when the test process is killed.
var stopSignal = os.Interrupt

func unprivileged(string) (*syscall.SysProcAttr, error) {
	return nil, nil
}

// alive cannot be told here, so that folders of others are left alone.
func alive(int) bool {
	return true
}
