package forgetful

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/hanwen/go-fuse/v2/fuse"
)

// Start mounts a disk for a test, empty and with room without end. Where that is not allowed the test is skipped.
func Start(t testing.TB) *Disk {
	t.Helper()
	device, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("a disk that forgets needs FUSE, and /dev/fuse cannot be opened: %v", err)
	}
	_ = device.Close()
	d := newDisk()
	d.folder = t.TempDir()
	d.mount = d.attach
	if err := d.mount(); err != nil {
		t.Skipf("a disk that forgets needs the right to mount: %v", err)
	}
	t.Cleanup(func() {
		if err := d.umount(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// maxWrite bounds one write, so that a large one comes in parts that can be told apart.
const maxWrite = 128 << 10

func (d *Disk) attach() error {
	server, err := fuse.NewServer(served{fuse.NewDefaultRawFileSystem(), d}, d.folder, &fuse.MountOptions{FsName: "forgetful", Name: "forgetful",
		DirectMountStrict: true, DisableXAttrs: true, DisableReadDirPlus: true, MaxWrite: maxWrite, DisableSplice: true})
	if err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	go server.Serve()
	if err := server.WaitMount(); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	d.umount = func() error {
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) { // a process that was killed is a while in going
			err := server.Unmount()
			if err == nil {
				break
			}
			if time.Now().After(end) {
				return fmt.Errorf("unmount: %w", err)
			}
		}
		server.Wait()
		return nil
	}
	return nil
}
