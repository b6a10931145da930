package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// stopSignal ends PostgreSQL at once: the data are thrown away.
const stopSignal = syscall.SIGQUIT

// unprivileged says as whom the server runs, since PostgreSQL refuses root, and lets it die with the thread that
// started it. The folder is made that user's own.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Pdeathsig: stopSignal}
	if os.Getuid() != 0 {
		return attributes, nil
	}
	uid, gid, err := serverUser()
	if err != nil {
		return nil, err
	}
	attributes.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		return nil, fmt.Errorf("folder for PostgreSQL: %w", err)
	}
	return attributes, nil
}

func serverUser() (uid, gid uint32, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		u, uidErr := strconv.ParseUint(account.Uid, 10, 32)
		g, gidErr := strconv.ParseUint(account.Gid, 10, 32)
		return uint32(u), uint32(g), errors.Join(uidErr, gidErr)
	}
	return 0, 0, errors.New("PostgreSQL refuses to run as root and there is neither a user postgres nor nobody")
}

func alive(pid int) bool {
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
