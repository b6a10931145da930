//go:build !linux

package forgetful

import "testing"

// Start skips the test: there is no FUSE here.
func Start(t testing.TB) *Disk {
	t.Helper()
	t.Skip("a disk that forgets needs FUSE on Linux")
	return newDisk()
}
