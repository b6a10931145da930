//go:build unix

package live

import (
	"errors"
	"net"
	"syscall"
)

// writeNow writes as much as the connection takes without waiting: nothing where that cannot be told.
func writeNow(conn net.Conn, b []byte) (n int, err error) {
	direct, ok := conn.(syscall.Conn)
	if !ok {
		return 0, nil
	}
	raw, err := direct.SyscallConn()
	if err != nil {
		return 0, err
	}
	gone := raw.Write(func(fd uintptr) bool {
		n, err = syscall.Write(int(fd), b)
		return true
	})
	if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR) {
		err = nil
	}
	return max(n, 0), errors.Join(gone, err)
}
