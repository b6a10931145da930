package mailtest

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// stopSignal ends a server.
const stopSignal = syscall.SIGTERM

// account is the user that the servers run as: our own, or one of no rights where we are root.
func account() (name, group string, uid, gid int, err error) {
	me, err := user.Current()
	if err == nil && os.Getuid() == 0 {
		me, err = user.Lookup("nobody")
	}
	if err != nil {
		return "", "", 0, 0, fmt.Errorf("a user for the mail servers: %w", err)
	}
	g, err := user.LookupGroupId(me.Gid)
	if err != nil {
		return "", "", 0, 0, fmt.Errorf("a group for the mail servers: %w", err)
	}
	uid, _ = strconv.Atoi(me.Uid) // numbers on Linux
	gid, _ = strconv.Atoi(me.Gid)
	return me.Username, g.Name, uid, gid, nil
}

// unprivileged says as whom the servers run, and lets them die with the thread that started them. The folder is made that user's own.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	as := &syscall.SysProcAttr{Pdeathsig: stopSignal}
	if os.Getuid() != 0 {
		return as, nil
	}
	_, _, uid, gid, err := account()
	if err != nil {
		return nil, err
	}
	as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return as, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, uid, gid)
	})
}
